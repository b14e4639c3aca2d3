"""The addresses of the API as a tree: Django tries patterns one after another, and there are hundreds of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern


class Branch(URLResolver):
    """A branch that tries only what can match: the patterns with the address's next part, and the variable ones."""

    def __init__(self, route: str, inside: Sequence[URLPattern | URLResolver], **named: Any) -> None:
        super().__init__(RoutePattern(route), inside, **named)
        self._inside, self._named = inside, named
        self._by_part: dict[str, URLResolver] = {}
        by_part = defaultdict(list)
        for place, each in enumerate(inside):
            by_part[next_part(each)].append(place)
        variable = by_part.pop("", [])
        self._variable = self._of(variable)
        for part, places in by_part.items():
            self._by_part[part] = self._of(sorted(places + variable))

    def _of(self, places: Sequence[int]) -> URLResolver:
        return URLResolver(self.pattern, [self._inside[place] for place in places], **self._named)

    def resolve(self, path: str) -> ResolverMatch:
        """The operation behind an address. Raises `Resolver404`."""
        matched = self.pattern.match(path)
        if not matched:
            raise Resolver404({"path": path})
        return self._by_part.get(matched[0].partition("/")[0], self._variable).resolve(path)


def next_part(pattern: URLPattern | URLResolver) -> str:
    """The literal part with which a pattern begins; empty where it begins with a variable."""
    head = str(pattern.pattern).partition("/")[0]
    return "" if "<" in head else head


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
            found.append(Branch(f"{place}/", _branched(inside)))
    return found


def _leaf(route: str, pattern: URLPattern) -> URLPattern:
    return URLPattern(
        RoutePattern(route, name=pattern.name, is_endpoint=True), pattern.callback, pattern.default_args, pattern.name
    )
