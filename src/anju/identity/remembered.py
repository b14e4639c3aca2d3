"""Members of staff remembered between two requests for as long as nobody's rights change.

What somebody may do is put together from roles, posts, grants and ceilings; most requests find all of it as the last one
did. The state of rights comes with the session (`identity_live` in the database) and is another one as soon as any of
it is written: a right taken away is gone at the next request (PR-22.1, SH-227.5).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from django.db import connection

from anju.kernel import clock
from anju.kernel.scope import Actor

# Whoever writes past triggers and all is found out by the signatures, which are looked at when an actor is loaded.
AGAIN_SECONDS = 30.0
MOST = 20_000
_kept: dict[tuple[str, int], tuple[str, date, float, Actor]] = {}


def remembered(account_id: int, state: str, load: Callable[[int], Actor | None]) -> Actor | None:
    """The actor of an account in this state of rights, on this day; loaded when it is not the one remembered."""
    key, day = (str(connection.settings_dict["NAME"]), account_id), clock.today()
    kept = _kept.get(key)
    if kept and kept[0] == state and kept[1] == day and time.monotonic() - kept[2] < AGAIN_SECONDS:
        return kept[3]
    actor = load(account_id)
    if actor is None:
        _kept.pop(key, None)
        return None
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = (state, day, time.monotonic(), actor)
    return actor
