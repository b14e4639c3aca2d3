"""Operations of the second factor: the second step of signing in, and one's own page of it."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

from anju.identity import passkeys, second_factor
from anju.identity.api.accounts import RESET, in_charge
from anju.identity.api.sign_in import enter
from anju.identity.models import Account, TicketPurpose
from anju.identity.sessions import MustAddFactor
from anju.identity.sign_in import note_failure, refuse_unusable, tell_failure
from anju.kernel.http import PUBLIC, STAFF, Empty, Request, Routes

routes = Routes("/identity", title="第二因素")
ADDING = (MustAddFactor.code,)


class SecondStep(Schema):
    """The ticket of the first step, the way, and the code or what the key signed."""

    ticket: str = Field(max_length=100)
    way: Literal["totp", "passkey", "recovery"]
    code: str = Field("", max_length=40)
    credential: dict[str, Any] = Field(default_factory=dict)
    binding: str = Field("", max_length=100)


class TicketOnly(Schema):
    """The ticket of the first step."""

    ticket: str = Field(max_length=100)


class Code(Schema):
    """A code of the authenticator app."""

    code: str = Field(min_length=1, max_length=20)


class Password(Schema):
    """The password once more."""

    password: str = Field(min_length=1, max_length=200)


class NewPasskey(Schema):
    """A key that the browser made."""

    ticket: str = Field(max_length=100)
    credential: dict[str, Any]
    name: str = Field("", max_length=60)


def me(request: Request) -> Account:
    """The account of the person who asks."""
    return Account.objects.get(pk=request.actor.id)


@routes.act("/sign-in/second", right=PUBLIC, scope="none", atomic=False, summary="登录第二步")
def second_step(request: Request, body: SecondStep, response: HttpResponse) -> dict[str, Any]:
    ticket = second_factor.take_try(body.ticket, TicketPurpose.SIGN_IN)
    account = ticket.account
    refuse_unusable(account, request)
    proven = {
        "totp": lambda: second_factor.check_totp(account.pk, body.code),
        "recovery": lambda: second_factor.check_recovery(account.pk, body.code),
        "passkey": lambda: passkeys.check(ticket, body.credential),
    }[body.way]()
    if not proven:
        note_failure(account.pk)
        tell_failure(account.username, request, "第二因素")
        raise second_factor.WrongCode(field="code")
    second_factor.use_up(ticket)
    return enter(account, request, response, factor=f"{ticket.factor}+{body.way}", binding=body.binding)


@routes.act("/sign-in/ways", right=PUBLIC, scope="none", summary="登录第二步的方式")
def ways(request: Request, body: TicketOnly) -> dict[str, Any]:
    ticket = second_factor.live_ticket(body.ticket, TicketPurpose.SIGN_IN)
    options = passkeys.challenge(ticket.account, ticket)
    return {"ticket": body.ticket, "ways": second_factor.ways_of(ticket.account_id), "options": options}


@routes.read("/second-factor", right=STAFF, scope="self", during=ADDING, summary="我的第二因素")
def show(request: Request) -> dict[str, Any]:
    return second_factor.shown(me(request))


@routes.act("/second-factor/totp", right=STAFF, scope="self", during=ADDING, summary="绑定动态口令")
def begin_totp(request: Request, body: Empty) -> dict[str, Any]:
    return second_factor.begin_totp(me(request))


@routes.act("/second-factor/totp/confirm", right=STAFF, scope="self", during=ADDING, summary="启用动态口令")
def confirm_totp(request: Request, body: Code) -> dict[str, Any]:
    return {"recovery_codes": second_factor.confirm_totp(request.actor, body.code)}


@routes.act("/second-factor/totp/remove", right=STAFF, scope="self", summary="删除动态口令")
def remove_totp(request: Request, body: Password) -> dict[str, Any]:
    second_factor.remove_totp(request.actor, body.password)
    return second_factor.shown(me(request))


@routes.act("/second-factor/passkeys/options", right=STAFF, scope="self", during=ADDING, summary="准备通行密钥")
def begin_passkey(request: Request, body: Empty) -> dict[str, Any]:
    return passkeys.begin(me(request))


@routes.act("/second-factor/passkeys", right=STAFF, scope="self", during=ADDING, summary="绑定通行密钥")
def add_passkey(request: Request, body: NewPasskey) -> dict[str, Any]:
    return {"recovery_codes": passkeys.add(request.actor, body.ticket, body.credential, body.name)}


@routes.act("/second-factor/passkeys/{int:passkey_id}/remove", right=STAFF, scope="self", summary="删除通行密钥")
def remove_passkey(request: Request, passkey_id: int, body: Password) -> dict[str, Any]:
    passkeys.remove(request.actor, passkey_id, body.password)
    return second_factor.shown(me(request))


@routes.act("/second-factor/recovery-codes", right=STAFF, scope="self", summary="重新生成恢复码")
def recovery_codes(request: Request, body: Password) -> dict[str, Any]:
    second_factor.prove_again(me(request), body.password)
    return {"recovery_codes": second_factor.fresh_codes(request.actor)}


@routes.act("/accounts/{int:account_id}/reset-second-factor", right=RESET, scope="org_path", summary="重置第二因素")
def reset(request: Request, account_id: int, body: Empty) -> dict[str, Any]:
    second_factor.reset(request.actor, in_charge(account_id, request.actor, RESET))
    return {"reset": True}
