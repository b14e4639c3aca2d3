"""Operations of signing in and out, and of what a person may see."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

from anju.identity import captcha, passkeys, policy, second_factor, services
from anju.identity.menu import counts_of, menu_of
from anju.identity.models import Account, TicketPurpose
from anju.identity.open_sessions import tell_new_place
from anju.identity.sessions import MustAddFactor, address_of, end_session, is_old, open_session, staff_actor
from anju.identity.sign_in import WrongCredentials
from anju.identity.sso.attempts import bind
from anju.kernel import audit, clock
from anju.kernel.compiled import Compiled
from anju.kernel.http import PUBLIC, STAFF, Request, Routes
from anju.kernel.scope import Actor

routes = Routes("/identity", title="身份与权限")


class SignIn(Schema):
    """Account, password and the letters of a captcha."""

    account: str = Field(min_length=1, max_length=60)
    password: str = Field(min_length=1, max_length=200)
    captcha_id: uuid.UUID
    captcha: str = Field(min_length=1, max_length=12)
    binding: str = Field("", max_length=100)


_ACCOUNT = Compiled(
    lambda account: Account.objects.filter(pk=account).only("post", "must_change_password", "password_changed_at")
)


def me_json(actor: Actor, account: Account | None = None) -> dict[str, Any]:
    """Who is signed in, what he may do, and his menu. `account` is his row, where it was just read."""
    account = account or _ACCOUNT.one(actor.id)
    assert account is not None
    return {
        "kind": "staff",
        "id": actor.id,
        "name": actor.name,
        "account": actor.account,
        "post": account.post,
        "must_change_password": account.must_change_password
        or is_old(account.password_changed_at, policy.current().max_age_days),
        "today": clock.today(),
        "organisation": {
            "id": actor.org_id,
            "name": actor.org_name,
            "path": actor.org_path,
            "division": actor.division,
        },
        "city": {"code": settings.ANJU_CITY["code"], "name": settings.ANJU_CITY["name"]},
        "rights": {right: str(reach) for right, reach in actor.grants.items()},
        "menu": menu_of(actor),
    }


@routes.read("/captcha", right=PUBLIC, scope="none", summary="取图形验证码")
def fresh_captcha(request: Request) -> dict[str, Any]:
    made, image = captcha.make()
    return {"id": str(made.pk), "image": image, "expires_in": int(captcha.VALID.total_seconds())}


@routes.act("/sign-in", right=PUBLIC, scope="none", atomic=False, summary="工作人员登录")
def sign_in(request: Request, body: SignIn, response: HttpResponse) -> dict[str, Any]:
    account = services.sign_in(
        username=body.account, password=body.password, captcha_id=body.captcha_id, answer=body.captcha, request=request
    )
    return first_step_done(account, request, response, binding=body.binding)


def first_step_done(
    account: Account, request: Request, response: HttpResponse, *, factor: str = "password", binding: str = ""
) -> dict[str, Any]:
    """After the password (or the provider's word): in, or to the second step where the account has one."""
    ways = second_factor.ways_of(account.pk)
    if not ways:
        return enter(account, request, response, factor=factor, binding=binding)
    step = second_factor.give_ticket(account, TicketPurpose.SIGN_IN, factor=factor)
    options = passkeys.challenge(account, step.row)
    return {"second_factor": {"ticket": step.token, "ways": ways, "options": options}}


def enter(
    account: Account, request: Request, response: HttpResponse, *, factor: str = "password", binding: str = ""
) -> dict[str, Any]:
    """Opens a session for somebody who proved himself, and answers what the page shows next.

    `binding` is the ticket of one who came from a provider that does not know his account yet.
    """
    with transaction.atomic():
        if binding:
            bind(binding, "staff", account.pk)
        tell_new_place(account, request)
        Account.objects.filter(pk=account.pk).update(last_signed_in_at=clock.now())
        lacks = "+" not in factor and second_factor.is_required(account.pk)
        demand = MustAddFactor.code if lacks else ""
        session = open_session("staff", account.pk, request, response, factor=factor, demand=demand)
        actor = staff_actor(account.pk)
        if actor is None:
            raise WrongCredentials(field="password")
        audit.record(
            "sign_in", actor=actor, subject=f"identity.account:{account.pk}", title="登录",
            detail={"session": session.pk, "address": address_of(request), "factor": factor},
        )  # fmt: skip
    return me_json(actor, account) | {"must_add_factor": bool(demand)}


@routes.act("/sign-out", right=PUBLIC, scope="self", summary="退出登录")
def sign_out(request: Request, response: HttpResponse) -> dict[str, Any]:
    actor = request.actor
    if actor.is_staff:
        audit.record("sign_out", actor=actor, subject=f"identity.account:{actor.id}", title="退出登录")
    end_session("staff", request, response)
    return {"signed_out": True}


@routes.read("/me", right=STAFF, scope="self", summary="当前登录人")
def me(request: Request) -> dict[str, Any]:
    return me_json(request.actor)


@routes.read("/menu-counts", right=STAFF, scope="org_path", summary="菜单待办数")
def menu_counts(request: Request) -> dict[str, Any]:
    return counts_of(request.actor)
