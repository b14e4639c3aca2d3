"""Operations of single sign-on as provider: the description, a person's way to an application, the back channel."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from ninja import Form, Query, Schema
from pydantic import Field

from anju.identity.menu import menu_of
from anju.identity.models import AppConsent, AppLogin, SigningKey
from anju.identity.openid import clients, flow, issuer, keys, tokens
from anju.identity.openid.clients import SCOPES
from anju.identity.sessions import COOKIES
from anju.kernel import audit, clock
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.http import PUBLIC, STAFF, Empty, Request, Routes
from anju.kernel.http.oauth import WrongClient, client_of, refusal

routes = Routes("/identity/openid", title="应用单点登录")
KEYS = "trust.key.manage"
WORD = r"^[^\x00]*$"


class Asked(Schema):
    """An application's request, as it stands in the address."""

    client_id: str = Field("", max_length=60, pattern=WORD)
    redirect_uri: str = Field("", max_length=500, pattern=WORD)
    response_type: str = Field("", max_length=40)
    scope: str = Field("", max_length=200)
    state: str = Field("", max_length=500)
    nonce: str = Field("", max_length=200, pattern=WORD)
    code_challenge: str = Field("", max_length=128)
    code_challenge_method: str = Field("", max_length=10)
    prompt: str = Field("", max_length=20)

    def wish(self) -> flow.Wish:
        return flow.Wish(**{name: getattr(self, name) for name in flow.Wish.__dataclass_fields__})


class Decision(Asked):
    """The person's word on it."""

    agree: bool


class Exchange(Schema):
    """The forms of RFC 6749, 4.1.3 and 6; client and secret stand here or in a Basic Authorization header."""

    grant_type: str = Field("", max_length=40, examples=["authorization_code"])
    code: str = Field("", max_length=200)
    redirect_uri: str = Field("", max_length=500)
    code_verifier: str = Field("", max_length=128)
    refresh_token: str = Field("", max_length=200)
    client_id: str = Field("", max_length=60, pattern=WORD)
    client_secret: str = Field("", max_length=200)


class OneToken(Schema):
    """The form of RFC 7009 and RFC 7662."""

    token: str = Field("", max_length=200)
    client_id: str = Field("", max_length=60, pattern=WORD)
    client_secret: str = Field("", max_length=200)


class UnsupportedGrant(DomainError):
    """Another way of asking."""

    status, code, message = 400, "unsupported_grant_type", "不支持这种授权方式"
    advice = "grant_type 请用 authorization_code 或 refresh_token"


@routes.read("/.well-known/openid-configuration", right=PUBLIC, scope="none", summary="单点登录说明文件")
def description(request: Request) -> dict[str, Any]:
    own = issuer()
    return {
        "issuer": own, "authorization_endpoint": f"{own}/authorize", "token_endpoint": f"{own}/token",
        "userinfo_endpoint": f"{own}/userinfo", "jwks_uri": f"{own}/jwks", "revocation_endpoint": f"{own}/revoke",
        "introspection_endpoint": f"{own}/introspect", "end_session_endpoint": f"{own}/logout",
        "scopes_supported": list(SCOPES), "response_types_supported": ["code"], "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [keys.ALGORITHM], "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "prompt_values_supported": ["none", "consent"], "authorization_response_iss_parameter_supported": True,
        "claims_supported": [
            "sub", "name", "preferred_username", "post", "organisation", "division", "phone_number", "auth_time", "sid",
        ],
    }  # fmt: skip


@routes.read("/jwks", right=PUBLIC, scope="none", summary="单点登录的公钥")
def key_set(request: Request) -> dict[str, Any]:
    return keys.published()


@routes.read("/authorize", right=PUBLIC, scope="self", summary="从应用前往登录")
def authorize(request: Request, asked: Query[Asked]) -> HttpResponse:
    """At once back with a code, where the person is in and need not be asked; else to the page that asks."""
    wish, actor = asked.wish(), request.actor
    try:
        with transaction.atomic():
            client, scopes = flow.checked(wish)
            if not actor.is_staff or actor.demand is not None:
                if wish.prompt == "none":
                    raise flow.SentBack(wish, "login_required", "还没有登录")
                return to_page(request)
            flow.refuse_outsider(client, wish, actor)
            if flow.needs_consent(client, scopes, wish, actor):
                if wish.prompt == "none":
                    raise flow.SentBack(wish, "consent_required", "还没有同意")
                return to_page(request)
            return HttpResponseRedirect(flow.let_in(client, scopes, wish, actor))
    except flow.SentBack as sent:
        return HttpResponseRedirect(sent.url)


def to_page(request: HttpRequest) -> HttpResponse:
    """On to our own page with the same request; it signs in and asks."""
    return HttpResponseRedirect(f"/office/openid?{request.META.get('QUERY_STRING', '')}")


@routes.act("/ask", right=STAFF, scope="self", summary="应用申请登录的内容")
def ask(request: Request, body: Asked) -> dict[str, Any]:
    """What the page shows; where nothing is to be asked, the address to go on to."""
    wish, actor = body.wish(), request.actor
    try:
        client, scopes = flow.checked(wish)
        flow.refuse_outsider(client, wish, actor)
    except flow.SentBack as sent:
        return {"to": sent.url}
    if not flow.needs_consent(client, scopes, wish, actor):
        return {"to": flow.let_in(client, scopes, wish, actor)}
    return {
        "to": "", "application": str(client), "system": client.application.system, "name": actor.name,
        "account": actor.account, "scopes": [{"key": key, "title": SCOPES[key]} for key in scopes],
    }  # fmt: skip


@routes.act("/decide", right=STAFF, scope="self", summary="同意或拒绝应用登录")
def decide(request: Request, body: Decision) -> dict[str, Any]:
    wish, actor = body.wish(), request.actor
    try:
        client, scopes = flow.checked(wish)
        flow.refuse_outsider(client, wish, actor)
    except flow.SentBack as sent:
        return {"to": sent.url}
    if not body.agree:
        return {"to": flow.back(wish, error="access_denied", error_description="用户没有同意")}
    flow.agree(client, scopes, actor)
    return {"to": flow.let_in(client, scopes, wish, actor)}


@routes.act("/token", right=PUBLIC, scope="none", atomic=False, summary="应用换取令牌")
def token(request: Request, body: Form[Exchange]) -> Any:
    try:
        client = clients.proven(*client_of(request, body.client_id, body.client_secret))
        if body.grant_type == "authorization_code":
            return tokens.for_code(client, code=body.code, redirect=body.redirect_uri, verifier=body.code_verifier)
        if body.grant_type == "refresh_token":
            return tokens.for_refresh(client, token=body.refresh_token)
        raise UnsupportedGrant(field="grant_type")
    except DomainError as error:
        return refusal(error)


@routes.act("/revoke", right=PUBLIC, scope="none", summary="应用撤销令牌")
def revoke(request: Request, body: Form[OneToken]) -> Any:
    try:
        tokens.revoke(clients.proven(*client_of(request, body.client_id, body.client_secret)), body.token)
    except DomainError as error:
        return refusal(error)
    return {}


@routes.act("/introspect", right=PUBLIC, scope="none", summary="应用查验令牌")
def introspect(request: Request, body: Form[OneToken]) -> Any:
    try:
        name, secret = client_of(request, body.client_id, body.client_secret)
        if not secret:
            raise WrongClient
        return tokens.look(clients.proven(name, secret), body.token)
    except DomainError as error:
        return refusal(error)


def bearer_of(request: HttpRequest, scope: str = "openid") -> tokens.Bearer:
    """Who stands behind the token in the header; cookies say nothing here."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise tokens.WrongToken
    return tokens.bearer(text.strip(), scope)


@routes.read("/userinfo", right=PUBLIC, scope="self", summary="登录人信息（应用凭令牌读取）")
def userinfo(request: Request) -> Any:
    try:
        found = bearer_of(request)
    except DomainError as error:
        return refusal(error, "Bearer")
    return tokens.claims_of(found.login, found.actor)


@routes.read("/menus", right=PUBLIC, scope="self", summary="登录人的菜单和权限（应用凭令牌读取）")
def menus(request: Request) -> Any:
    try:
        found = bearer_of(request, "menus")
    except DomainError as error:
        return refusal(error, "Bearer")
    rights = found.login.client.application.rights
    return {"menu": menu_of(found.actor), "rights": [right for right in rights if found.actor.may(right)]}


@routes.read("/logout", right=PUBLIC, scope="self", summary="从应用退出登录")
def logout(
    request: Request, id_token_hint: str = "", post_logout_redirect_uri: str = "", state: str = ""
) -> HttpResponse:
    """Ends the session that an identity token names, with all sign-ins that came of it (RP-Initiated Logout 1.0)."""
    claims = keys.read(id_token_hint) if id_token_hint else None
    if claims is None:
        raise DomainError(
            "退出请求没有带有效的 id_token_hint",
            code="openid.no_hint",
            advice="请从应用里退出，或在本系统右上角退出登录",
        )
    own = str(request.actor.session_id) == claims.get("sid")
    to = flow.end_session(claims, post_logout_redirect_uri, state)
    response = HttpResponseRedirect(to or "/office/login")
    # the browser of somebody else who was sent here keeps its session
    if own:
        response.delete_cookie(COOKIES["staff"], path="/", samesite="Lax")
    return response


@routes.read("/logins", right=STAFF, scope="self", summary="我登录着的应用")
def logins(request: Request) -> dict[str, Any]:
    rows = AppLogin.objects.filter(
        account=request.actor.id, ended_at__isnull=True, exchanged_at__isnull=False, session__ended_at__isnull=True,
        session__expires_at__gt=clock.real_now(),
    ).select_related("client__application")  # fmt: skip
    return {
        "rows": [
            {
                "id": each.pk, "application": str(each.client), "began_at": each.began_at, "used_at": each.used_at,
                "scopes": [SCOPES[scope] for scope in each.scopes],
            }
            for each in rows.order_by("-id")[:50]
        ]
    }  # fmt: skip


@routes.act("/logins/{int:login_id}/end", right=STAFF, scope="self", summary="退出应用并撤回同意")
def end_login(request: Request, login_id: int, body: Empty) -> dict[str, Any]:
    mine = AppLogin.objects.filter(account=request.actor.id, ended_at__isnull=True)
    found = mine.filter(pk=login_id).select_related("client__application").first() if login_id < 2**63 else None
    if found is None:
        raise NotFound
    mine.filter(client=found.client_id).update(ended_at=clock.real_now())
    AppConsent.objects.filter(account=request.actor.id, client=found.client_id).delete()
    audit.record(
        "change",
        actor=request.actor,
        subject=f"identity.app:{found.client.application_id}",
        title=f"退出应用{found.client}",
    )
    return {"ended": True}


@routes.read("/keys", right=KEYS, scope="none", summary="单点登录签名密钥")
def signing_keys(request: Request) -> dict[str, Any]:
    rows = list(SigningKey.objects.order_by("-made_at"))
    return {"rows": [{"kid": each.kid, "made_at": each.made_at, "signs": each == rows[0]} for each in rows]}


@routes.act("/keys/renew", right=KEYS, scope="none", summary="更换单点登录签名密钥")
def renew_key(request: Request, body: Empty) -> dict[str, Any]:
    made = keys.renew()
    audit.record("act", actor=request.actor, subject="identity.openid", title="更换单点登录签名密钥")
    return {"kid": made.kid}
