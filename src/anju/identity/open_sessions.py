"""One's sessions and other people's: seen, ended; a sign-in from a place not seen before is told (NF-05.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest

from anju.identity import policy
from anju.identity.models import Account, Session
from anju.identity.sessions import address_of, agent_of
from anju.kernel import audit, clock
from anju.kernel.errors import NotFound
from anju.kernel.scope import Actor
from anju.workspace.services import send_message

KNOWN_FOR = timedelta(days=90)
SHOWN = 50
PLACES = """
    SELECT EXISTS (SELECT FROM identity_session WHERE kind = 'staff' AND account_id = %s),
           EXISTS (SELECT FROM identity_session WHERE kind = 'staff' AND account_id = %s AND created_at >= %s
                      AND address = %s AND agent = %s)
"""
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser_of(agent: str) -> str:
    """A browser in a word or two, as far as it says what it is."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part) or "未知浏览器"


def live_sessions(kind: str, account_id: int, own: int = 0) -> list[dict[str, Any]]:
    """The sessions of an account that are still open, the newest first; `own` marks the one that asks."""
    moment, rule = clock.real_now(), policy.current()
    idle = timedelta(minutes=rule.idle_minutes) if kind == "staff" else timedelta(days=rule.resident_idle_days)
    found = Session.objects.filter(
        kind=kind, account_id=account_id, ended_at__isnull=True, expires_at__gt=moment, last_seen_at__gt=moment - idle
    ).order_by("-id")[:SHOWN]
    return [
        {
            "id": each.pk, "created_at": each.created_at, "last_seen_at": each.last_seen_at,
            "expires_at": each.expires_at, "address": each.address, "browser": browser_of(each.agent),
            "factor": each.factor, "own": each.pk == own,
        }
        for each in found
    ]  # fmt: skip


def end_one(actor: Actor, account_id: int, session_id: int) -> None:
    """Ends a session of an account; it is out at its next request. Raises `NotFound` for one that is not open."""
    found = Session.objects.filter(pk=session_id, kind="staff", account_id=account_id, ended_at__isnull=True)
    if not found.update(ended_at=clock.real_now()):
        raise NotFound
    audit.record(
        "change",
        actor=actor,
        subject=f"identity.account:{account_id}",
        title="结束会话",
        detail={"session": session_id},
    )


def tell_new_place(account: Account, request: HttpRequest) -> bool:
    """Sends a message when an account signs in from an address or a browser it was not seen with lately.

    The first sign-in of all tells nothing. Called before the new session is opened; says whether it was told.
    """
    if not policy.current().notify_new_place:
        return False
    address, agent = address_of(request), agent_of(request)
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [account.pk, account.pk, clock.real_now() - KNOWN_FOR, address, agent])
        seen_before, seen_here = cursor.fetchone()
    if seen_here or not seen_before:
        return False
    at = clock.now().astimezone(clock.SHANGHAI).strftime("%m月%d日 %H:%M")
    send_message(
        f"staff:{account.pk}", "账号在新的地方登录",
        f"{at}，你的账号在 {address}（{browser_of(agent)}）登录。不是你本人，请立即修改密码并联系管理员。",
        kind="security", link="/account", org_path=account.org_path, division=account.division,
    )  # fmt: skip
    return True
