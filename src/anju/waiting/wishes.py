"""How many households in the queue wish for each project (SH-007.2); kept for a moment, since everybody asks."""

from __future__ import annotations

import time

from django.db import connection

from anju.kernel import clock
from anju.supply.wishes import counts_waiting

SECONDS = 60.0
COUNT = """
    SELECT wish::bigint, count(*) FROM waiting_entry, jsonb_array_elements_text(project_ids) AS wish
     WHERE state IN ('waiting', 'called', 'chosen') AND valid_until >= %s GROUP BY 1
"""
_kept: list[tuple[float, dict[int, int]]] = []


@counts_waiting
def by_project() -> dict[int, int]:
    """Households that wish for a project, at most a minute old."""
    if not _kept or time.monotonic() - _kept[0][0] > SECONDS:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [clock.today()])
            _kept[:] = [(time.monotonic(), dict(cursor.fetchall()))]
    return _kept[0][1]


def forget() -> None:
    """Counts anew at the next question."""
    _kept.clear()
