"""Puts the actor on each request, found when first asked for; the city's rules are read once a request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from anju.identity import policy
from anju.identity.sessions import actor_of


class WhoActs:
    """`request.actor`: a member of staff, a resident, or nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        with policy.read_once():
            return self.get_response(request)
