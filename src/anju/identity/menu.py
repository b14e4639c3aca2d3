"""The menu of the office: declared once, shown to each person as far as his rights go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anju.kernel.scope import Actor

Counter = Callable[[Actor], dict[str, dict[str, int]]]


@dataclass(frozen=True)
class Item:
    """A page of the menu; it is shown to those who hold `right`."""

    key: str
    title: str
    icon: str
    path: str
    right: str


@dataclass(frozen=True)
class Group:
    """A heading of the menu with its pages."""

    title: str
    items: tuple[Item, ...]


_GROUPS: list[Group] = []
_COUNTERS: list[Counter] = []


def declare(groups: list[Group]) -> None:
    """Sets the menu; called once by the site."""
    _GROUPS[:] = groups


def counted(counter: Counter) -> Counter:
    """Declares a function that gives {item key: {count, late}} for the badges."""
    _COUNTERS.append(counter)
    return counter


def menu_of(actor: Actor) -> list[dict[str, Any]]:
    """The groups that hold at least one page this person may open."""
    shown = []
    for group in _GROUPS:
        items = [item for item in group.items if actor.may(item.right)]
        if items:
            entries = [{"key": i.key, "title": i.title, "icon": i.icon, "path": i.path} for i in items]
            shown.append({"title": group.title, "items": entries})
    return shown


def counts_of(actor: Actor) -> dict[str, dict[str, int]]:
    """The badges: how much waits behind each page and how much of it is late."""
    found: dict[str, dict[str, int]] = {}
    for counter in _COUNTERS:
        found.update(counter(actor))
    return found
