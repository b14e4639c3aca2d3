"""Applications that take part: their secrets, their addresses, and whether they and a person may use each other now."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from anju.identity.applications import in_range, permitted_by_menu
from anju.identity.models import AppClient, ApplicationState, AppLogin, ClientKind
from anju.identity.sessions import digest_of
from anju.kernel import audit, clock
from anju.kernel.errors import DomainError, FieldError
from anju.kernel.http.oauth import WrongClient
from anju.kernel.scope import Actor

SCOPES = {
    "openid": "你的账号",
    "profile": "姓名、岗位和所在机构",
    "phone": "手机号码",
    "menus": "你的菜单和在这个应用里的权限",
}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class UnknownClient(DomainError):
    """No such application, or one that is not in service. Nobody is sent anywhere."""

    code, message = "openid.unknown_client", "没有这个应用，或应用已停用"
    advice = "请从应用中心重新进入；仍不行，请联系应用的管理员"


class WrongRedirect(DomainError):
    """The address to come back to is not one that was registered, to the letter. Nobody is sent there."""

    code, message = "openid.wrong_redirect", "回调地址没有登记"
    advice = "请应用的管理员核对登记的回调地址，须逐字一致"


def lines(text: str) -> list[str]:
    """Addresses, one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def wrong_addresses(field: str, text: str) -> list[FieldError]:
    """What is wrong with addresses: https and whole, without fragment; http on one's own machine only (RFC 8252)."""
    return [
        FieldError(field, "address", f"“{line[:60]}”不能用：须为 https 完整地址，不带 #；本机调试可用 http")
        for line in lines(text)
        if not _fits(line)
    ]


def _fits(line: str) -> bool:
    try:
        parts = urlsplit(line)
        host = parts.hostname
    except ValueError:
        return False
    if (
        not host
        or parts.username is not None
        or "#" in line
        or "\\" in line
        or len(line) > 500
        or not line.isprintable()
    ):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)


def client_for(client_id: str, redirect: str) -> AppClient:
    """The application that sends a person here. Raises `UnknownClient`, `WrongRedirect`: then no redirect is safe."""
    found = AppClient.objects.select_related("application__menu").filter(client_id=client_id).first()
    if found is None or found.application.state != ApplicationState.PUBLISHED:
        raise UnknownClient
    if redirect not in lines(found.redirects):
        raise WrongRedirect
    return found


def proven(client_id: str, secret: str) -> AppClient:
    """An application that calls itself: by its secret, a public one by name alone. Raises `WrongClient`."""
    found = AppClient.objects.select_related("application__menu").filter(client_id=client_id).first()
    kept = bytes(found.secret_digest or b"") if found else b""
    fits = hmac.compare_digest(kept or bytes(32), digest_of(secret))
    public = found is not None and found.kind == ClientKind.PUBLIC and not secret
    if found is None or not (public or (kept and fits)) or found.application.state != ApplicationState.PUBLISHED:
        raise WrongClient
    return found


def admits_person(client: AppClient, actor: Actor) -> bool:
    """Whether an application is there for a person now (SH-224.2, SH-224.3)."""
    application = client.application
    found = in_range(actor).filter(pk=application.pk, state=ApplicationState.PUBLISHED).exists()
    return found and bool(permitted_by_menu(actor, [application]))


def new_secret(actor: Actor, client: AppClient) -> str:
    """Gives an application a new secret and ends the old one at once; told this once. Raises for a public one."""
    if client.kind == ClientKind.PUBLIC:
        raise DomainError("网页或手机应用不能保密，不用密钥", code="client.public", advice="它用 PKCE 证明自己")
    secret = secrets.token_urlsafe(32)
    AppClient.objects.filter(pk=client.pk).update(secret_digest=digest_of(secret), secret_at=clock.now())
    audit.record("change", actor=actor, subject=f"identity.clients:{client.pk}", title=f"签发{client}的接入密钥")
    return secret


def end_logins(client_ids: list[int]) -> int:
    """Ends every sign-in at these applications; their tokens are dead at the next call."""
    return AppLogin.objects.filter(client__in=client_ids, ended_at__isnull=True).update(ended_at=clock.real_now())
