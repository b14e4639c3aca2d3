"""What a sign-in at an application is worth: tokens for a code, fresh ones for a refresh token, and their end.

Tokens are opaque and looked up at each use: an application suspended, an account locked, a session ended count at once.
A code or a refresh token that comes a second time was stolen by one of its two bearers: the whole sign-in ends.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from anju.identity.models import Account, AppClient, AppLogin, AppToken, ClientKind
from anju.identity.openid import issuer, keys
from anju.identity.openid.clients import admits_person
from anju.identity.permissions import staff_actor
from anju.identity.sessions import digest_of
from anju.kernel import audit, clock
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor

ACCESS_LASTS = timedelta(minutes=10)
Kind = AppToken.Kind


class WrongGrant(DomainError):
    """Code or refresh token unknown, spent, too old, another application's (RFC 6749: invalid_grant)."""

    status, code, message = 400, "invalid_grant", "授权码或刷新令牌无效"
    advice = "请让用户重新登录这个应用"


class WrongToken(DomainError):
    """An access token that opens nothing (RFC 6750: invalid_token)."""

    status, code, message, advice = 401, "invalid_token", "访问令牌无效或已过期", "请用刷新令牌换取，或让用户重新登录"


class TooLittle(DomainError):
    """The token was not given for this (RFC 6750: insufficient_scope)."""

    status, code, message, advice = 403, "insufficient_scope", "令牌没有这项内容的授权", "请在 scope 中申请"


@dataclass(frozen=True)
class Bearer:
    """Who stands behind an access token: his sign-in and his rights at this moment."""

    login: AppLogin
    actor: Actor
    expires_at: datetime


def live_actor(login: AppLogin) -> Actor | None:
    """The person of a sign-in that still counts, else None."""
    session = login.session
    if login.ended_at is not None or session.ended_at is not None or session.expires_at <= clock.real_now():
        return None
    actor = staff_actor(login.account_id)
    return actor if actor is not None and admits_person(login.client, actor) else None


def for_code(client: AppClient, *, code: str, redirect: str, verifier: str) -> dict[str, Any]:
    """Tokens for a code (RFC 6749, 4.1.3). Raises `WrongGrant`; a code that comes again ends what it began."""
    with transaction.atomic():
        login = _login(AppLogin.objects.filter(client=client, code=digest_of(code)))
        spent = login is not None and login.exchanged_at is not None
        if login is not None and spent:
            _end(login, "授权码被重复使用")
        elif login is not None and _fits(login, redirect, verifier) and (actor := live_actor(login)) is not None:
            login.exchanged_at = clock.real_now()
            login.save(update_fields=["exchanged_at"])
            return _give(login, actor, fresh=True)
    raise WrongGrant


def for_refresh(client: AppClient, *, token: str) -> dict[str, Any]:
    """Tokens for a refresh token, which is spent by it. Raises `WrongGrant`; one spent already ends the sign-in."""
    with transaction.atomic():
        mine = AppToken.objects.filter(digest=digest_of(token), kind=Kind.REFRESH, login__client=client)
        found = mine.values_list("login_id", flat=True).first()
        login = _login(AppLogin.objects.filter(pk=found)) if found else None
        if login is not None:
            kept = mine.get()
            if kept.used_at is not None:
                _end(login, "刷新令牌被重复使用")
            elif (actor := live_actor(login)) is not None:
                mine.update(used_at=clock.real_now())
                return _give(login, actor)
    raise WrongGrant


def _login(rows: Any) -> AppLogin | None:
    """A sign-in, locked, so that of two who come with the same word one is the second."""
    found: AppLogin | None = (
        rows.select_related("client__application__menu", "session").select_for_update(of=("self",)).first()
    )
    return found


def _fits(login: AppLogin, redirect: str, verifier: str) -> bool:
    if login.code_expires_at <= clock.real_now() or login.redirect != redirect:
        return False
    if not login.challenge:
        # a verifier without a challenge: somebody took the challenge out on the way (RFC 9700, 2.1.1)
        return not verifier and login.client.kind != ClientKind.PUBLIC
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return hmac.compare_digest(hashed, login.challenge)


def _end(login: AppLogin, why: str) -> None:
    AppLogin.objects.filter(pk=login.pk, ended_at__isnull=True).update(ended_at=clock.real_now())
    audit.record(
        "change", actor=Actor(kind="staff", id=login.account_id), subject=f"identity.app:{login.client.application_id}",
        title=f"{why}，已结束在{login.client}的登录", detail={"login": login.pk},
    )  # fmt: skip


def _give(login: AppLogin, actor: Actor, *, fresh: bool = False) -> dict[str, Any]:
    moment = clock.real_now()
    access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    ends = min(moment + ACCESS_LASTS, login.session.expires_at)
    AppToken.objects.filter(login=login, kind=Kind.ACCESS, expires_at__lt=moment).delete()
    AppToken.objects.bulk_create(
        [
            AppToken(digest=digest_of(access), login=login, kind=Kind.ACCESS, expires_at=ends),
            AppToken(digest=digest_of(refresh), login=login, kind=Kind.REFRESH, expires_at=login.session.expires_at),
        ]
    )
    AppLogin.objects.filter(pk=login.pk).update(used_at=moment)
    claims = {
        **claims_of(login, actor), "iss": issuer(), "aud": login.client.client_id, "iat": int(moment.timestamp()),
        "exp": int(ends.timestamp()), "auth_time": int(login.session.created_at.timestamp()), "sid": str(login.session_id),
    } | ({"nonce": login.nonce} if fresh and login.nonce else {})  # fmt: skip
    return {
        "access_token": access, "token_type": "Bearer", "expires_in": int((ends - moment).total_seconds()),
        "refresh_token": refresh, "id_token": keys.sign(claims), "scope": " ".join(login.scopes),
    }  # fmt: skip


def claims_of(login: AppLogin, actor: Actor) -> dict[str, Any]:
    """What an application is told of a person, as far as he allowed it (OpenID Connect Core, 5.1 and 5.4)."""
    told: dict[str, Any] = {"sub": actor.ref}
    if "profile" in login.scopes:
        account = Account.objects.only("name", "username", "post").get(pk=actor.id)
        told |= {
            "name": account.name, "preferred_username": account.username, "post": account.post,
            "organisation": actor.org_name, "division": actor.division,
        }  # fmt: skip
    if "phone" in login.scopes:
        phone = Account.objects.only("phone").get(pk=actor.id).phone
        told |= {"phone_number": phone, "phone_number_verified": False} if phone else {}
    return told


def bearer(token: str, scope: str = "openid") -> Bearer:
    """Who calls with an access token. Raises `WrongToken`, `TooLittle`."""
    found = _access(token)
    actor = live_actor(found.login) if found else None
    if found is None or actor is None:
        raise WrongToken
    if scope not in found.login.scopes:
        raise TooLittle(details={"scope": scope})
    return Bearer(found.login, actor, found.expires_at)


def _access(token: str) -> AppToken | None:
    return (
        AppToken.objects.select_related("login__client__application__menu", "login__session")
        .filter(digest=digest_of(token), kind=Kind.ACCESS, expires_at__gt=clock.real_now())
        .first()
    )


def look(client: AppClient, token: str) -> dict[str, Any]:
    """What a token of the application's own is worth (RFC 7662); of any other only that it is not."""
    found = _access(token)
    actor = live_actor(found.login) if found and found.login.client_id == client.pk else None
    if found is None or actor is None:
        return {"active": False}
    return {
        "active": True, "scope": " ".join(found.login.scopes), "client_id": client.client_id, "sub": actor.ref,
        "username": actor.account, "token_type": "Bearer", "exp": int(found.expires_at.timestamp()), "iss": issuer(),
    }  # fmt: skip


def revoke(client: AppClient, token: str) -> None:
    """Ends a token of the application's own (RFC 7009); with a refresh token its whole sign-in. Another's stays."""
    mine = AppToken.objects.filter(digest=digest_of(token), login__client=client)
    AppLogin.objects.filter(tokens__in=mine.filter(kind=Kind.REFRESH)).update(ended_at=clock.real_now())
    mine.filter(kind=Kind.ACCESS).delete()


def forget_old() -> int:
    """Deletes what nothing can come of any more: sign-ins whose session ended a week ago; gives how many."""
    old = clock.real_now() - timedelta(days=7)
    return AppLogin.objects.filter(session__expires_at__lt=old).delete()[0]
