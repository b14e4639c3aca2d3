"""Areas: what a chosen reach comes to. A row lies in an area when it fits everything that the area names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


def division_prefix(division: str) -> str:
    """The leading digits that all divisions below share: `339900` gives `3399`, `330000` gives `33`."""
    while len(division) > 2 and division.endswith("00"):
        division = division[:-2]
    return division


@dataclass(frozen=True)
class Area:
    """Rows of offices: `path` with all below it unless `exact`, of a division's prefix, and of one author.

    What is empty does not narrow. The empty area is everything; no area at all is nothing.
    """

    path: str = ""
    exact: bool = False
    division: str = ""
    owner: str = ""

    def meet(self, other: Area) -> Area | None:
        """The rows that lie in both, or None when there can be none."""
        path, exact = self.path, self.exact
        if other.path:
            inner, outer = (self, other) if len(self.path) >= len(other.path) else (other, self)
            if not inner.path.startswith(outer.path) or (outer.exact and inner.path != outer.path):
                return None
            path, exact = inner.path, self.exact or other.exact
        narrow, wide = sorted((self.division, other.division), key=len, reverse=True)
        if not narrow.startswith(wide) or (self.owner and other.owner and self.owner != other.owner):
            return None
        return Area(path, exact, narrow, self.owner or other.owner)

    def within(self, other: Area) -> bool:
        """Whether every row of this area lies in the other."""
        return self.meet(other) == self


Areas = tuple[Area, ...]
EVERYTHING: Areas = (Area(),)


def union(*each: Iterable[Area]) -> Areas:
    """All the areas, without those that another one holds."""
    found = list(dict.fromkeys(area for areas in each for area in areas))
    return tuple(a for a in found if not any(a is not b and a.within(b) for b in found))


def intersection(first: Areas, second: Areas) -> Areas:
    """What lies in both."""
    return union([met for a in first for b in second if (met := a.meet(b)) is not None])


def covers(outer: Areas, inner: Areas) -> bool:
    """Whether each inner area lies in one of the outer ones."""
    return all(any(area.within(wide) for wide in outer) for area in inner)
