"""The signatures over rights at work: at sign-in, at each request as cheaply as it goes, and on every connection."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest

from anju.identity.models import Account
from anju.identity.permissions import staff_actor
from anju.kernel import audit
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor
from anju.trust.rights import Watch, account_faults

AGAIN_SECONDS = 30.0
# The last signature and what was written past the platform: when neither changed, nobody's rights did.
_STATE = "SELECT (SELECT max(id) FROM trust_signedbatch), (SELECT count(*) FROM trust_touched)"
_good: dict[tuple[str, int], tuple[tuple[Any, ...], float]] = {}
_told: dict[tuple[str, int], str] = {}
_watch = Watch()


class RightsTampered(DomainError):
    """Rows on which the account's rights rest were written past the platform; the account waits for an administrator."""

    status, code, message = 403, "rights.tampered", "账号的权限数据在平台外被改动，暂停使用"
    advice = "请联系安全管理员核查；核查后由安全管理员重新签名"


def watch(*, connection: BaseDatabaseWrapper, **told: Any) -> None:
    """Hangs the watch on a fresh connection."""
    if _watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(_watch)


def check_rights(account: Account, request: HttpRequest) -> None:
    """Raises `RightsTampered` at sign-in when what the account holds is not as it was signed (SH-233.5)."""
    if settings.ANJU_SIGNED_RIGHTS and not is_genuine(account.pk, fresh=True):
        raise RightsTampered


def guarded_staff_actor(account_id: int) -> Actor | None:
    """The member of staff, unless his rights were changed past the platform: then nobody."""
    if settings.ANJU_SIGNED_RIGHTS and not is_genuine(account_id):
        return None
    return staff_actor(account_id)


def is_genuine(account_id: int, *, fresh: bool = False) -> bool:
    """Whether all is as it was signed; remembered while nothing is signed or written, for half a minute at most."""
    key = (str(connection.settings_dict["NAME"]), account_id)
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        state = cursor.fetchone()
    known = _good.get(key)
    if not fresh and known and known[0] == state and time.monotonic() - known[1] < AGAIN_SECONDS:
        return True
    faults = account_faults(account_id)
    if not faults:
        if len(_good) > 20_000:
            _good.clear()
        _good[key] = (state, time.monotonic())
        _told.pop(key, None)
        return True
    _good.pop(key, None)
    if _told.get(key) != faults[0]:
        _told[key] = faults[0]
        audit.raise_alarm(
            "rights.tampered", f"权限数据在平台外被改动：{faults[0]}", subject=f"identity.account:{account_id}",
            details={"account": account_id, "faults": faults[:5]},
        )  # fmt: skip
    return False
