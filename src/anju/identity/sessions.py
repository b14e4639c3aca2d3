"""Sessions: opened at sign-in, looked up at each request, ended on the server.

What a member of staff must do before anything else (change his password, add a second factor) is found with the
session, in the same statement, and becomes the actor's demand.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from anju.identity import policy
from anju.identity.models import Session
from anju.identity.permissions import staff_actor as staff_actor
from anju.identity.remembered import remembered
from anju.kernel import clock
from anju.kernel.database import planned, steadily
from anju.kernel.errors import DomainError
from anju.kernel.scope import ANONYMOUS, Actor

COOKIES = {"staff": "anju_staff", "resident": "anju_resident"}
SEEN_EVERY = timedelta(seconds=60)

Loader = Callable[[int], Actor | None]
_LOADERS: dict[str, Loader] = {}

LIVE_SQL = "SELECT * FROM identity_live(%s::bytea, %s::text)"


def actor_loader(kind: str) -> Callable[[Loader], Loader]:
    """Declares how a session of a kind becomes an actor; None when the account may no longer be used."""

    def register(loader: Loader) -> Loader:
        _LOADERS[kind] = loader
        return loader

    return register


actor_loader("staff")(staff_actor)


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


class MustChangePassword(DomainError):
    """A one-time password, or one that is too old: it is changed before anything else (PR-23.1, NF-05.1)."""

    status, code, message = 403, "password.must_change", "请先修改密码"
    advice = "改好密码后就能继续办理"


class MustAddFactor(DomainError):
    """The role asks for a second factor that the account does not have yet (NF-05.1)."""

    status, code, message = 403, "second_factor.must_add", "请先设置第二因素"
    advice = "你的岗位要求登录时再验证一次：绑定动态口令或通行密钥后就能继续"


DEMANDS: dict[str, type[DomainError]] = {each.code: each for each in (MustChangePassword, MustAddFactor)}


def open_session(
    kind: str, account_id: int, request: HttpRequest, response: HttpResponse, *, factor: str = "password",
    demand: str = "",
) -> Session:  # fmt: skip
    """Begins a session and puts its token into a cookie of the answer.

    `factor` says by what the person proved himself, `demand` what he must do first.
    """
    token = secrets.token_urlsafe(32)
    moment, longest = clock.real_now(), longest_of(kind)
    session = Session.objects.create(
        digest=digest_of(token), kind=kind, account_id=account_id, created_at=moment, last_seen_at=moment,
        expires_at=moment + longest, address=address_of(request), agent=agent_of(request), factor=factor, demand=demand,
    )  # fmt: skip
    response.set_cookie(
        COOKIES[kind], token, max_age=int(longest.total_seconds()), httponly=True, samesite="Lax",
        secure=settings.ENV == "production", path="/",
    )  # fmt: skip
    return session


def longest_of(kind: str) -> timedelta:
    """How long a session of a kind lasts at most."""
    rule = policy.current()
    return timedelta(hours=rule.longest_hours) if kind == "staff" else timedelta(days=rule.resident_longest_days)


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


def agent_of(request: HttpRequest) -> str:
    """By which browser a request came, as it says itself."""
    return request.headers.get("User-Agent", "")[:200]


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
        if token and (actor := steadily(partial(_live, kind, token, request))):
            return actor
    return ANONYMOUS


def _live(kind: str, token: str, request: HttpRequest) -> Actor | None:
    # asked at every request, so without a model
    moment = clock.real_now()
    found = planned(LIVE_SQL, [digest_of(token), kind])
    if not found:
        return None
    (row,) = found
    session_id, account_id, last_seen_at, expires_at, demand, *rule, must_change, changed_at, age, rights = row
    idle, resident_idle = rule
    longest_idle = timedelta(minutes=idle) if kind == "staff" else timedelta(days=resident_idle)
    if moment > expires_at or moment - last_seen_at > longest_idle:
        return None
    load = _LOADERS[kind]
    actor = remembered(account_id, rights, load) if kind == "staff" else load(account_id)
    if actor is None:
        return None
    if moment - last_seen_at > SEEN_EVERY:
        Session.objects.filter(pk=session_id).update(last_seen_at=moment)
    if must_change or is_old(changed_at, age):
        demand = MustChangePassword.code
    wanted = DEMANDS[demand]() if demand else None
    return replace(actor, session_id=session_id, address=address_of(request), demand=wanted)


def is_old(changed_at: datetime | None, max_age_days: int) -> bool:
    """Whether a password is older than the rule allows; 0 days means no limit."""
    if not max_age_days or changed_at is None:
        return False
    return clock.now() - changed_at > timedelta(days=max_age_days)
