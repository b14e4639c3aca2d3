"""Sessions: opened at sign-in, looked up at each request, ended on the server."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from anju.identity.models import Session
from anju.kernel import clock
from anju.kernel.scope import ANONYMOUS, Actor, Reach
from anju.kernel.scope.actor import widest

COOKIES = {"staff": "anju_staff", "resident": "anju_resident"}
IDLE = {"staff": timedelta(minutes=30), "resident": timedelta(days=7)}
LONGEST = {"staff": timedelta(hours=12), "resident": timedelta(days=30)}
SEEN_EVERY = timedelta(seconds=60)

Loader = Callable[[int], Actor | None]
_LOADERS: dict[str, Loader] = {}

LIVE_SQL = """
    SELECT id, account_id, last_seen_at, expires_at FROM identity_session
     WHERE digest = %s AND kind = %s AND ended_at IS NULL
"""
STAFF_SQL = """
    SELECT account.id, account.name, account.username, account.organisation_id, organisation.name, organisation.path,
           organisation.division,
           (SELECT coalesce(json_agg(json_build_object('reach', role.reach, 'rights', role.rights)), '[]')
              FROM identity_account_roles AS held JOIN identity_role AS role ON role.id = held.role_id
             WHERE held.account_id = account.id)
      FROM identity_account AS account JOIN identity_organisation AS organisation
        ON organisation.id = account.organisation_id
     WHERE account.id = %s AND account.state = 'active' AND organisation.active
"""


def actor_loader(kind: str) -> Callable[[Loader], Loader]:
    """Declares how a session of a kind becomes an actor; None when the account may no longer be used."""

    def register(loader: Loader) -> Loader:
        _LOADERS[kind] = loader
        return loader

    return register


@actor_loader("staff")
def staff_actor(account_id: int) -> Actor | None:
    """A member of staff with the rights held at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(STAFF_SQL, [account_id])
        row = cursor.fetchone()
    if row is None:
        return None
    grants: dict[str, Reach] = {}
    roles: list[dict[str, Any]] = row[7]
    for role in roles:
        reach = Reach(role["reach"])
        for right in role["rights"]:
            grants[right] = widest(grants.get(right), reach)
    return Actor(
        kind="staff", id=row[0], name=row[1], account=row[2], org_id=row[3], org_name=row[4], org_path=row[5],
        division=row[6], grants=grants,
    )  # fmt: skip


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def open_session(kind: str, account_id: int, request: HttpRequest, response: HttpResponse) -> Session:
    """Begins a session and puts its token into a cookie of the answer."""
    token = secrets.token_urlsafe(32)
    moment = clock.real_now()
    session = Session.objects.create(
        digest=digest_of(token), kind=kind, account_id=account_id, created_at=moment, last_seen_at=moment,
        expires_at=moment + LONGEST[kind], address=address_of(request), agent=request.headers.get("User-Agent", "")[:200],
    )  # fmt: skip
    response.set_cookie(
        COOKIES[kind], token, max_age=int(LONGEST[kind].total_seconds()), httponly=True, samesite="Lax",
        secure=settings.ENV == "production", path="/",
    )  # fmt: skip
    return session


def end_session(kind: str, request: HttpRequest, response: HttpResponse) -> None:
    """Ends the session of a request on the server and takes the cookie back."""
    if token := request.COOKIES.get(COOKIES[kind]):
        Session.objects.filter(digest=digest_of(token), ended_at__isnull=True).update(ended_at=clock.real_now())
    response.delete_cookie(COOKIES[kind], path="/", samesite="Lax")


def end_all(kind: str, account_id: int, *, besides: int = 0) -> int:
    """Ends every open session of an account, after a change of password or a suspension."""
    return (
        Session.objects.filter(kind=kind, account_id=account_id, ended_at__isnull=True)
        .exclude(pk=besides)
        .update(ended_at=clock.real_now())
    )


def address_of(request: HttpRequest) -> str:
    """Where a request came from."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def client_kinds(request: HttpRequest) -> list[str]:
    """Which kind of session a request means: by its client header, else by the page it came from, else either."""
    named = request.headers.get("X-Anju-Client", "")
    if named in {"office", "citizen"}:
        return ["staff" if named == "office" else "resident"]
    referer = request.headers.get("Referer", "")
    staff_first = "/office" in referer or not referer
    return ["staff", "resident"] if staff_first else ["resident", "staff"]


def actor_of(request: HttpRequest) -> Actor:
    """Who stands behind a request; `ANONYMOUS` when no live session is found."""
    for kind in client_kinds(request):
        token = request.COOKIES.get(COOKIES[kind])
        if token and (actor := _live(kind, token, request)):
            return actor
    return ANONYMOUS


def _live(kind: str, token: str, request: HttpRequest) -> Actor | None:
    # asked at every request, so without a model
    moment = clock.real_now()
    with connection.cursor() as cursor:
        cursor.execute(LIVE_SQL, [digest_of(token), kind])
        row = cursor.fetchone()
    if row is None:
        return None
    session_id, account_id, last_seen_at, expires_at = row
    if expired(kind, last_seen_at, expires_at, moment):
        return None
    actor = _LOADERS[kind](account_id)
    if actor is None:
        return None
    if moment - last_seen_at > SEEN_EVERY:
        Session.objects.filter(pk=session_id).update(last_seen_at=moment)
    return replace(actor, session_id=session_id, address=address_of(request))


def expired(kind: str, last_seen_at: datetime, expires_at: datetime, moment: datetime) -> bool:
    """Whether a session idled too long or reached its longest duration."""
    return moment > expires_at or moment - last_seen_at > IDLE[kind]
