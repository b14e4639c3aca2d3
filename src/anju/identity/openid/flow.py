"""A person's way to an application: the request it sends him with, his consent, the code he brings back.

OpenID Connect Core 1.0, section 3.1; PKCE (RFC 7636), S256 only, which a public application must use; the issuer is
named in every answer (RFC 9207).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from anju.identity.models import AppClient, AppConsent, AppLogin, ClientKind, Session
from anju.identity.openid import issuer
from anju.identity.openid.clients import SCOPES, admits_person, client_for, lines
from anju.identity.sessions import digest_of
from anju.kernel import audit, clock
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor

CODE_LASTS = timedelta(seconds=60)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Wish:
    """What an application asks for, as it stands in the address (RFC 6749, 4.1.1)."""

    client_id: str = ""
    redirect_uri: str = ""
    response_type: str = ""
    scope: str = ""
    state: str = ""
    nonce: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    prompt: str = ""


class SentBack(Exception):
    """The request is refused and the application is told so at its own address."""

    def __init__(self, wish: Wish, error: str, told: str) -> None:
        self.url = back(wish, error=error, error_description=told)
        super().__init__(error)


def back(wish: Wish, **told: str) -> str:
    """The application's address with an answer. Only for a wish whose address was found registered."""
    told |= {"iss": issuer()} | ({"state": wish.state} if wish.state else {})
    return f"{wish.redirect_uri}{'&' if '?' in wish.redirect_uri else '?'}{urlencode(told)}"


def checked(wish: Wish) -> tuple[AppClient, list[str]]:
    """The application and what it may ask for. Raises `UnknownClient`, `WrongRedirect`, else `SentBack`."""
    client = client_for(wish.client_id, wish.redirect_uri)
    if wish.response_type != "code":
        raise SentBack(wish, "unsupported_response_type", "response_type 须为 code")
    asked = wish.scope.split()
    if "openid" not in asked:
        raise SentBack(wish, "invalid_scope", "scope 须包含 openid")
    if set(asked) - set(client.scopes.split()):
        raise SentBack(wish, "invalid_scope", "申请了没有登记的内容")
    if wish.prompt not in {"", "none", "consent"}:
        raise SentBack(wish, "invalid_request", "prompt 只支持 none 和 consent")
    bound = wish.code_challenge or wish.code_challenge_method or client.kind == ClientKind.PUBLIC
    if bound and not (wish.code_challenge_method == "S256" and _CHALLENGE.fullmatch(wish.code_challenge)):
        raise SentBack(wish, "invalid_request", "须带 S256 的 code_challenge")
    return client, [scope for scope in SCOPES if scope in asked]


def needs_consent(client: AppClient, scopes: list[str], wish: Wish, actor: Actor) -> bool:
    """Whether the person has to be asked first."""
    if wish.prompt == "consent":
        return True
    if client.trusted:
        return False
    given = AppConsent.objects.filter(account=actor.id, client=client).values_list("scopes", flat=True).first()
    return not set(scopes) <= set(given or ())


def refuse_outsider(client: AppClient, wish: Wish, actor: Actor) -> None:
    """Raises `SentBack` for somebody whose application this is not."""
    if not admits_person(client, actor):
        raise SentBack(wish, "access_denied", "不在这个应用的使用范围内")


def agree(client: AppClient, scopes: list[str], actor: Actor) -> None:
    """Keeps that a person allowed this, for the next time too."""
    given, _ = AppConsent.objects.get_or_create(
        account_id=actor.id, client=client, defaults={"scopes": scopes, "given_at": clock.now()}
    )
    given.scopes, given.given_at = sorted({*given.scopes, *scopes}), clock.now()
    given.save(update_fields=["scopes", "given_at"])


def let_in(client: AppClient, scopes: list[str], wish: Wish, actor: Actor) -> str:
    """Where the person goes: the application's address with a code that serves once, for a minute.

    In the present transaction. A session must stand behind the actor: the tokens live as long as it does.
    """
    if not Session.objects.filter(pk=actor.session_id, ended_at__isnull=True).exists():
        raise DomainError("登录已结束", code="openid.no_session", advice="请重新登录")
    code, moment = secrets.token_urlsafe(32), clock.real_now()
    AppLogin.objects.create(
        client=client, account_id=actor.id, session_id=actor.session_id, scopes=scopes, code=digest_of(code),
        code_expires_at=moment + CODE_LASTS, redirect=wish.redirect_uri, challenge=wish.code_challenge,
        nonce=wish.nonce, began_at=moment,
    )  # fmt: skip
    audit.record(
        "sign_in", actor=actor, subject=f"identity.app:{client.application_id}", title=f"登录应用{client}",
        detail={"scopes": scopes, "address": actor.address},
    )  # fmt: skip
    return back(wish, code=code)


def end_session(claims: dict[str, Any], landing: str, state: str) -> str:
    """Ends the session that an identity token of ours names; gives the registered address to land on, or nothing.

    The token is proof enough: only the application and the person's browser ever had it. Sign-ins elsewhere that came of
    the same session are dead with it.
    """
    number = str(claims.get("sid", ""))
    session = Session.objects.filter(pk=int(number), kind="staff").first() if number.isdigit() else None
    client = AppClient.objects.filter(client_id=str(claims.get("aud", ""))).select_related("application").first()
    if session is None or client is None or f"staff:{session.account_id}" != claims.get("sub"):
        return ""
    if Session.objects.filter(pk=session.pk, ended_at__isnull=True).update(ended_at=clock.real_now()):
        audit.record(
            "sign_out", actor=Actor(kind="staff", id=session.account_id),
            subject=f"identity.account:{session.account_id}", title=f"从{client}退出登录",
        )  # fmt: skip
    if landing not in lines(client.landings):
        return ""
    return f"{landing}{'&' if '?' in landing else '?'}{urlencode({'state': state})}" if state else landing
