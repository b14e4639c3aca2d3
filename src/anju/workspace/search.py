"""Search over everything: each context contributes a group; the page asks once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from anju.kernel.scope import Actor

SHORTEST = 2
LONGEST = 60
HITS_A_GROUP = 6


@dataclass(frozen=True)
class Hit:
    """One thing found: where it opens in the office, and two lines that tell it apart."""

    id: int | str
    title: str
    subtitle: str
    path: str


Finder = Callable[[Actor, str, int], list[Hit]]


@dataclass(frozen=True)
class Group:
    """A contributed group: its finder must itself keep to the actor's scope."""

    key: str
    title: str
    order: int
    find: Finder


_GROUPS: dict[str, Group] = {}


def searchable(key: str, *, title: str, order: int = 50) -> Callable[[Finder], Finder]:
    """Contributes a group. The finder gets the actor, the trimmed text and the most hits wanted, and answers only with
    rows the actor may see; groups appear by `order`, cases first."""

    def register(find: Finder) -> Finder:
        _GROUPS[key] = Group(key, title, order, find)
        return find

    return register


def search(actor: Actor, text: str) -> list[dict[str, Any]]:
    """The groups that found something. Shorter than two characters finds nothing; one hit more than shown says more."""
    wanted = text.strip()[:LONGEST]
    if len(wanted) < SHORTEST:
        return []
    found = []
    for group in sorted(_GROUPS.values(), key=lambda group: (group.order, group.key)):
        hits = group.find(actor, wanted, HITS_A_GROUP + 1)
        if hits:
            rows = [asdict(hit) for hit in hits[:HITS_A_GROUP]]
            found.append({"key": group.key, "title": group.title, "rows": rows, "more": len(hits) > HITS_A_GROUP})
    return found
