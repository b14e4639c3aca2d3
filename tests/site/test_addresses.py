"""The tree of addresses answers as the list that it was made of."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, resolve
from django.urls.resolvers import RoutePattern

from anju.kernel.http import DECLARED
from anju.site.addresses import Branch, branched


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_literal_parts_become_branches_and_the_rest_is_tried_in_order() -> None:
    routes = ["a", "a/b", "a/<int:n>", "a/<word>/c", "<word>/d", "a/b/e", ""]
    tree = branched([path(route, view, name=route) for route in routes])
    assert [type(each) for each in tree] == [URLPattern, Branch, URLPattern, URLPattern]
    found = {"a/b": "a/b", "a/7": "a/<int:n>", "a/x/c": "a/<word>/c", "x/d": "<word>/d", "a/b/e": "a/b/e"}
    root = URLResolver(RoutePattern(""), tree)
    assert {address: root.resolve(address).url_name for address in found} == found


def test_every_declared_operation_is_reached() -> None:
    for declared in DECLARED:
        address = "/api" + "/".join(
            "7" if part.startswith(("<int", "{int")) else "x" if part.startswith(("<", "{")) else part
            for part in declared.path.split("/")
        )
        assert resolve(address).app_name == "ninja", declared.path
