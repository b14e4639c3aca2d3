"""Operations of single sign-on: the way to a provider and back, binding, one's own bindings."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from ninja import Schema
from pydantic import Field

from anju.identity import second_factor
from anju.identity.api.sign_in import enter
from anju.identity.models import Account, Audience, Provider, TicketPurpose
from anju.identity.sessions import open_session
from anju.identity.sign_in import refuse_unusable
from anju.identity.sso import attempts, people
from anju.identity.sso.people import people_of
from anju.kernel.errors import DomainError
from anju.kernel.http import PUBLIC, STAFF, Empty, Request, Routes

routes = Routes("/identity", title="单点登录")


@people("staff", home="/office/", sign_in="/office/login", bind="/office/login")
def no_staff_by_phone(profile: object) -> None:
    """A member of staff binds his account with its password: a telephone alone makes nobody an official."""


class Binding(Schema):
    """The ticket with which an unknown person binds an account."""

    binding: str = Field(max_length=100)


def away(path: str, told: dict[str, str], *, hidden: bool = False) -> HttpResponseRedirect:
    """On to a page of ours; what is `hidden` stands behind the # and reaches no server and no log."""
    return HttpResponseRedirect(f"{path}{'#' if hidden else '?'}{urlencode(told)}" if told else path)


@routes.read("/sso", right=PUBLIC, scope="none", summary="可用的统一身份认证")
def providers(request: Request, audience: Literal["staff", "resident"]) -> list[dict[str, str]]:
    return [{"key": each.key, "title": each.title} for each in attempts.providers(audience)]


@routes.read("/sso/{key}/start", right=PUBLIC, scope="none", summary="前往统一身份认证")
def start(request: Request, key: str, to: str = "") -> HttpResponse:
    begun = attempts.begin(key, to, request.COOKIES.get(attempts.COOKIE, ""))
    response = HttpResponseRedirect(begun.url)
    response.set_cookie(
        attempts.COOKIE, begun.browser, max_age=int(attempts.VALID.total_seconds()), httponly=True, samesite="Lax",
        secure=settings.ENV == "production", path="/api/identity/sso",
    )  # fmt: skip
    return response


@routes.read("/sso/{key}/callback", right=PUBLIC, scope="none", summary="从统一身份认证返回")
def callback(request: Request, key: str, state: str = "", code: str = "", ticket: str = "") -> HttpResponse:
    browser = request.COOKIES.get(attempts.COOKIE, "")
    try:
        came = attempts.finish(key, state=state, code=code, ticket=ticket, browser=browser)
        if came.account_id is None:
            return away(people_of(came.provider.audience).bind, {"binding": came.binding}, hidden=True)
        if came.provider.audience == Audience.STAFF:
            return staff_in(came.account_id, came.to, request)
        response = HttpResponseRedirect(came.to)
        open_session("resident", came.account_id, request, response, factor=f"sso:{came.provider.key}"[:20])
        return response
    except DomainError as error:
        found = Provider.objects.filter(key=key).values_list("audience", flat=True).first()
        return away(people_of(found or Audience.STAFF).sign_in, {"sso": error.code})


def staff_in(account_id: int, to: str, request: Request) -> HttpResponse:
    """A member of staff whose provider vouched for him: in, or to his second factor."""
    account = Account.objects.select_related("organisation").get(pk=account_id)
    refuse_unusable(account, request)
    factor = "sso"
    if second_factor.ways_of(account.pk):
        step = second_factor.give_ticket(account, TicketPurpose.SIGN_IN, factor=factor)
        return away("/office/login", {"second": step.token, "to": to}, hidden=True)
    response = HttpResponseRedirect(to)
    enter(account, request, response, factor=factor)
    return response


@routes.act("/sso/waiting", right=PUBLIC, scope="none", summary="待绑定的统一身份")
def waiting(request: Request, body: Binding) -> dict[str, Any]:
    provider, profile = attempts.waiting_profile(body.binding)
    return {"provider": provider.title, "name": profile.name, "audience": provider.audience}


@routes.read("/sso/own", right=STAFF, scope="self", summary="我绑定的统一身份")
def own(request: Request) -> list[dict[str, Any]]:
    return [
        {"id": each.pk, "provider": each.provider.title, "bound_at": each.bound_at, "last_used_at": each.last_used_at}
        for each in attempts.of_account(Audience.STAFF, request.actor.id)
    ]


@routes.act("/sso/own/{int:identity_id}/release", right=STAFF, scope="self", summary="解除统一身份")
def release(request: Request, identity_id: int, body: Empty) -> dict[str, Any]:
    attempts.release(request.actor, identity_id)
    return {"released": True}
