"""The addresses of the API as a tree: Django tries patterns one after another, and there are hundreds of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RoutePattern


def branched(patterns: Sequence[URLPattern]) -> list[URLPattern | URLResolver]:
    """The same patterns, those with the same literal first part under one branch, again and again.

    A branch stands where its first pattern stood. A literal part may so come before a variable one that was declared
    earlier, and is the better answer; a branch without an answer lets the next pattern try.
    """
    return _branched([(str(pattern.pattern), pattern) for pattern in patterns])


def _branched(routes: Sequence[tuple[str, URLPattern]]) -> list[URLPattern | URLResolver]:
    places: dict[str, list[tuple[str, URLPattern]]] = {}
    for number, (route, pattern) in enumerate(routes):
        head, slash, rest = route.partition("/")
        literal = slash and "<" not in head
        # no literal part contains a space, so a pattern of its own shares its place with nothing
        places.setdefault(head if literal else f"{number} ", []).append((rest if literal else route, pattern))
    found: list[URLPattern | URLResolver] = []
    for place, inside in places.items():
        if place.endswith(" "):
            found += [_leaf(route, pattern) for route, pattern in inside]
        else:
            found.append(URLResolver(RoutePattern(f"{place}/"), _branched(inside)))
    return found


def _leaf(route: str, pattern: URLPattern) -> URLPattern:
    return URLPattern(
        RoutePattern(route, name=pattern.name, is_endpoint=True), pattern.callback, pattern.default_args, pattern.name
    )
