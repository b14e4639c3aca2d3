"""The door for parties: authenticates each of their calls, admits or refuses it, counts it and writes it down.

A request without party credentials passes at the cost of one look-up in a dictionary. One with party credentials and a
session cookie is refused: a page of another site could then act in the name of whoever is signed in.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from anju.gateway import admission, calls, limits
from anju.gateway.catalogue import plain
from anju.gateway.models import Credential
from anju.gateway.signing import SCHEMES
from anju.identity import openid
from anju.identity.sessions import COOKIES, address_of
from anju.kernel import clock
from anju.kernel.errors import DomainError, NotFound, TooMany, Unavailable
from anju.kernel.http.json import dumps
from anju.kernel.scope import ANONYMOUS

log = logging.getLogger("anju.gateway")
Answer = Callable[[HttpRequest], HttpResponse]
TOKEN_PATHS = {"/api/open/token", "/api/open/token/revoke", *openid.BACK_CHANNEL}
# Headers that would change what a request means and that no signature covers.
UNSIGNED = {"HTTP_X_ANJU_SEARCH", "HTTP_X_HTTP_METHOD_OVERRIDE"}
OPEN_TO_PARTIES = {"Bearer", *SCHEMES}


class TwoIdentities(DomainError):
    """Party credentials and a session cookie in one request."""

    status, code, message = 400, "party.with_session", "请求同时带有接入凭证和登录会话"
    advice = "接口调用请不要带浏览器的登录 Cookie"


def of_party(request: HttpRequest) -> bool:
    """Whether a request comes from a party: it carries party credentials and no session cookie of ours.

    Only such a request is free of the rule that a page of ours must have sent it: a form of another site can neither
    set an Authorization header of these schemes, nor gain anything at the token's address without a client's secret.
    """
    scheme = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")[0]
    if scheme not in OPEN_TO_PARTIES and request.path not in TOKEN_PATHS:
        return False
    return not any(name in request.COOKIES for name in COOKIES.values())


@dataclass
class Passage:
    """One call on its way through the door."""

    began: float
    trace_id: str
    path: str = ""
    why: str = ""
    admitted: admission.Admitted | None = None
    room: limits.Room | None = None


class PartyDoor:
    """Middleware; stands after the one that puts the actor on the request, and replaces that actor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_AUTHORIZATION" not in request.META:
            return self.get_response(request)
        # what an application of ours brings there is a person's token, which the operation itself reads
        if request.path.startswith(openid.PREFIX):
            return self.get_response(request)
        if not request.path.startswith("/api/") or not _party_scheme(request):
            return self.get_response(request)
        passage = Passage(time.perf_counter(), calls.trace_of(request))
        request.actor = ANONYMOUS  # type: ignore[attr-defined]
        request.passage = passage  # type: ignore[attr-defined]
        response = self.get_response(request)
        _headers(response, passage)
        _note(request, response, passage)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], arguments: Any, named: Any
    ) -> HttpResponse | None:
        passage: Passage | None = getattr(request, "passage", None)
        if passage is None:
            return None
        try:
            _admit(request, passage)
        except DomainError as refusal:
            return refused(refusal)
        except (OperationalError, InterfaceError) as error:
            log.warning("the database does not answer at the door: %s", error)
            return refused(Unavailable("系统正在恢复，请求没有受理", code="server.database", advice="请稍后重试"))
        assert passage.admitted
        if not passage.admitted.test:
            return None
        # a trial does everything and leaves nothing
        with transaction.atomic():
            response = view(request, *arguments, **named)
            transaction.set_rollback(True)
        response.headers["X-Anju-Mode"] = "test"
        return response


def _party_scheme(request: HttpRequest) -> bool:
    return request.META["HTTP_AUTHORIZATION"].partition(" ")[0] in OPEN_TO_PARTIES


def _admit(request: HttpRequest, passage: Passage) -> None:
    """Puts the party on the request; raises what refuses it."""
    if not of_party(request):
        passage.why = "session"
        raise TwoIdentities
    match = request.resolver_match
    route = match.route if match else ""
    passage.path = operation_path(route)
    scheme, _, token = request.META["HTTP_AUTHORIZATION"].partition(" ")
    told = {"method": str(request.method), "path": passage.path, "address": address_of(request)}
    try:
        if scheme != "Bearer" and UNSIGNED.intersection(request.META):
            raise admission.Unknown("unsigned")
        if scheme == "Bearer":
            admitted = admission.by_token(token.strip(), **told)
        else:
            admitted = admission.by_signature(
                request.META["HTTP_AUTHORIZATION"], **told, asked=request.path,
                query=request.META.get("QUERY_STRING", ""), content=request.body,
            )  # fmt: skip
    except admission.Unknown as unknown:
        passage.why = unknown.why
        raise
    passage.admitted = admitted
    if admitted.stale:
        Credential.objects.filter(pk=admitted.credential_id).update(last_used_on=clock.real_now().date())
    if admitted.operation_id is None or admitted.service_id is None:
        raise NotFound("没有这个接口", advice="请查阅接入规范")
    if not admitted.allowed:
        raise admission.NotGranted
    passage.room = limits.take(admitted.actor.id, admitted.service_id, admitted.rate, admitted.quota)
    request.actor = admitted.actor  # type: ignore[attr-defined]


_PATHS: dict[str, str] = {}


def operation_path(route: str) -> str:
    """The address of an operation as the catalogue keeps it, from the route that Django matched."""
    if route not in _PATHS:
        path = route.removeprefix("api").replace("<", "{").replace(">", "}")
        _PATHS[route] = plain(path if path.startswith("/") else f"/{path}")
    return _PATHS[route]


def refused(refusal: DomainError) -> HttpResponse:
    """A refusal as every operation answers it, with the headers that its status asks for."""
    response = HttpResponse(dumps(refusal.as_json()), status=refusal.status, content_type="application/json")
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="anju"'
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.details["retry_after"])
        response.headers["RateLimit-Remaining"] = "0"
    return response


def _headers(response: HttpResponse, passage: Passage) -> None:
    response.headers["X-Trace-Id"] = passage.trace_id
    if room := passage.room:
        response.headers["RateLimit-Limit"] = str(room.limit)
        response.headers["RateLimit-Remaining"] = str(room.remaining)
        response.headers["RateLimit-Reset"] = str(room.reset)
        if room.quota_remaining is not None:
            response.headers["X-Quota-Remaining"] = str(room.quota_remaining)


def _note(request: HttpRequest, response: HttpResponse, passage: Passage) -> None:
    admitted = passage.admitted
    address = address_of(request)
    if admitted is None and not calls.worth_noting(address):
        return
    calls.note(
        calls.Line(
            at=clock.real_now(), party_id=admitted.actor.id if admitted else None,
            service_id=admitted.service_id if admitted else None,
            operation_id=admitted.operation_id if admitted else None, key_id=admitted.key_id if admitted else "",
            test=bool(admitted and admitted.test), method=str(request.method)[:8],
            path=(passage.path or request.path)[:200], status=response.status_code,
            result=passage.why or result_of(response), bytes_in=int(request.META.get("CONTENT_LENGTH") or 0),
            bytes_out=size_of(response),
            duration_us=int((time.perf_counter() - passage.began) * 1_000_000), trace_id=passage.trace_id,
            address=address, org_path=(admitted.actor.org_path if admitted else "") or "/",
            division=admitted.actor.division if admitted else "",
        )
    )  # fmt: skip


def size_of(response: HttpResponseBase) -> int:
    """The bytes of an answer; of one that is made while it is sent, what its head says."""
    return len(response.content) if isinstance(response, HttpResponse) else int(response.get("Content-Length") or 0)


def result_of(response: HttpResponse) -> str:
    """The code of a refusal, or `ok`."""
    if response.status_code < 400:
        return "ok"
    try:
        return str(orjson.loads(response.content)["code"])[:60]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return str(response.status_code)
