"""Operations of residents' accounts: codes, registration, sign-in, preferences."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

from anju.citizen import accounts, codes, sso
from anju.citizen.models import Resident, VerifiedState
from anju.citizen.verification import latest_of
from anju.identity.sessions import address_of, end_session, open_session
from anju.kernel import audit
from anju.kernel.errors import DomainError
from anju.kernel.http import PUBLIC, RESIDENT, Request, Routes
from anju.workspace.services import unread_count

routes = Routes("/citizen", title="居民账号")


class CodeWanted(Schema):
    """Where a code shall go, and what for. Codes for signing are asked for at the contract."""

    phone: str = Field(max_length=20)
    purpose: Literal["register", "reset", "bind"]


class CodeBrought(CodeWanted):
    """A code as typed."""

    code: str = Field(max_length=12)


class Credentials(Schema):
    """Telephone number and password."""

    phone: str = Field(max_length=20)
    password: str = Field(max_length=200)


class Proven(Credentials):
    """A new password, with the code itself or the ticket got for it."""

    code: str | None = Field(None, max_length=12)
    ticket: str | None = Field(None, max_length=64)


class Bound(Schema):
    """The ticket of a provider's unknown person, and the number he proves."""

    binding: str = Field(max_length=100)
    phone: str = Field(max_length=20)
    code: str = Field(max_length=12)


class Preferences(Schema):
    """What is remembered per person; what is left out stays."""

    city: str | None = Field(None, pattern=r"^[0-9]{6}$")
    large_type: bool | None = None


def me_json(resident: Resident) -> dict[str, Any]:
    """The account as its owner sees it."""
    refused = latest_of(resident) if resident.verified == VerifiedState.REFUSED else None
    return {
        "kind": "resident",
        "id": resident.pk,
        "phone": resident.phone_masked,
        "name": resident.name,
        "verified": resident.verified,
        "refusal": refused.reason if refused else None,
        "city": resident.city or None,
        "large_type": resident.large_type,
        "unread": unread_count(resident.ref),
    }


def _one_proof(body: Proven) -> dict[str, str | None]:
    if (body.code is None) == (body.ticket is None):
        raise DomainError("请输入短信验证码", code="code.missing", field="code", advice="先获取验证码再继续")
    return {"code": body.code, "ticket": body.ticket}


@routes.act("/codes", right=PUBLIC, scope="none", summary="获取短信验证码")
def ask_code(request: Request, body: CodeWanted) -> dict[str, Any]:
    issued = codes.issue_code(body.phone, body.purpose, address=address_of(request))
    return {"resend_after": issued.resend_after, "expires_in": issued.expires_in}


@routes.act("/check-code", right=PUBLIC, scope="none", atomic=False, summary="核对短信验证码")
def check_code(request: Request, body: CodeBrought) -> dict[str, Any]:
    return {"ticket": codes.exchange_for_ticket(body.phone, body.purpose, body.code)}


@routes.act("/register", right=PUBLIC, scope="none", atomic=False, summary="注册")
def register(request: Request, body: Proven, response: HttpResponse) -> dict[str, Any]:
    resident = accounts.register(body.phone, body.password, **_one_proof(body))
    open_session("resident", resident.pk, request, response)
    return me_json(resident)


@routes.act("/reset", right=PUBLIC, scope="none", atomic=False, summary="重设密码")
def reset(request: Request, body: Proven) -> dict[str, Any]:
    accounts.reset_password(body.phone, body.password, **_one_proof(body))
    return {"reset": True}


@routes.act("/sign-in", right=PUBLIC, scope="none", atomic=False, summary="居民登录")
def sign_in(request: Request, body: Credentials, response: HttpResponse) -> dict[str, Any]:
    resident = accounts.sign_in(body.phone, body.password, address=address_of(request))
    open_session("resident", resident.pk, request, response)
    return me_json(resident)


@routes.act("/bind", right=PUBLIC, scope="none", atomic=False, summary="绑定统一身份")
def bind(request: Request, body: Bound, response: HttpResponse) -> dict[str, Any]:
    resident, to = sso.bind_by_code(body.binding, body.phone, body.code)
    open_session("resident", resident.pk, request, response, factor="sso")
    return me_json(resident) | {"to": to}


@routes.act("/sign-out", right=PUBLIC, scope="self", summary="居民退出")
def sign_out(request: Request, response: HttpResponse) -> dict[str, Any]:
    if request.actor.is_resident:
        audit.record("sign_out", actor=request.actor, subject=f"citizen.resident:{request.actor.id}", title="居民退出")
    end_session("resident", request, response)
    return {"signed_out": True}


@routes.read("/session", right=PUBLIC, scope="self", summary="谁登录了")
def session(request: Request) -> dict[str, Any]:
    """The account behind this session; of a visitor nobody, which is no refusal: every page begins by asking."""
    return {"me": me_json(accounts.resident_of(request.actor)) if request.actor.is_resident else None}


@routes.read("/me", right=RESIDENT, scope="self", summary="我的账号")
def me(request: Request) -> dict[str, Any]:
    return me_json(accounts.resident_of(request.actor))


@routes.put("/preferences", right=RESIDENT, scope="self", summary="记住城市和字号")
def preferences(request: Request, body: Preferences) -> dict[str, Any]:
    resident = accounts.resident_of(request.actor)
    accounts.set_preferences(resident, city=body.city, large_type=body.large_type)
    return me_json(resident)
