"""The menu of the office: shipped as a declaration, kept as rows, shown to each person as far as his rights go."""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from anju.identity.held import held_posts, held_roles, who
from anju.identity.models import ApplicationState, MenuItem
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
    """Sets the shipped menu; called once by the site. Raises ImproperlyConfigured for a key that stands twice."""
    keys = Counted(item.key for group in groups for item in group.items)
    if doubled := [key for key, times in keys.items() if times > 1]:
        raise ImproperlyConfigured(f"menu keys declared twice: {doubled}")
    _GROUPS[:] = groups


def declared() -> list[Group]:
    """The menu as it ships."""
    return list(_GROUPS)


def counted(counter: Counter) -> Counter:
    """Declares a function that gives {item key: {count, late}} for the badges."""
    _COUNTERS.append(counter)
    return counter


def sync() -> None:
    """Adds lines that an upgrade brought and takes away those that it took; what a city changed stays (PR-21)."""
    present = {item.key: item for item in MenuItem.objects.all()}
    wanted = set[str]()
    for place, group in enumerate(_GROUPS, start=1):
        heading = f"group.{group.title}"
        wanted |= {heading, *(item.key for item in group.items)}
        if heading not in present:
            present[heading] = MenuItem.objects.create(
                key=heading, title=group.title, icon="", position=place * 100, shipped=True
            )
        MenuItem.objects.bulk_create(
            MenuItem(
                key=item.key, title=item.title, icon=item.icon, path=item.path, right=item.right, shipped=True,
                parent=present[heading], position=number * 10,
            )
            for number, item in enumerate(group.items, start=1)
            if item.key not in present
        )  # fmt: skip
    gone = MenuItem.objects.filter(shipped=True).exclude(key__in=wanted)
    gone.filter(children__isnull=True, application__isnull=True).delete()


def menu_of(actor: Actor) -> list[dict[str, Any]]:
    """The groups that hold at least one page this person may open, in their order, at any depth (SH-225.1, SH-225.3)."""
    barred = barred_for(held_roles(who(actor)), held_posts(who(actor)))
    below: dict[int | None, list[MenuItem]] = {}
    for item in MenuItem.objects.filter(hidden=False).select_related("application").order_by("position", "id"):
        below.setdefault(item.parent_id, []).append(item)

    def shown(parent: int | None) -> list[dict[str, Any]]:
        entries = []
        for item in below.get(parent, ()):
            if item.pk in barred or (item.right and not actor.may(item.right)) or out_of_service(item):
                continue
            inner = shown(item.pk)
            if item.path or inner:
                entry = {"key": item.key, "title": item.title, "icon": item.icon, "path": item.path}
                entries.append(entry | ({"items": inner} if inner else {}))
        return entries

    groups = list[dict[str, Any]]()
    for entry in shown(None):
        if entry["path"]:
            # a page beside the headings stands in a group without one
            if not groups or groups[-1]["title"]:
                groups.append({"title": "", "items": []})
            groups[-1]["items"].append(entry)
        else:
            groups.append({"title": entry["title"], "items": entry.get("items", [])})
    return groups


def out_of_service(item: MenuItem) -> bool:
    """Whether the application behind a line is suspended (SH-224.2)."""
    return hasattr(item, "application") and item.application.state == ApplicationState.SUSPENDED


def barred_for(roles: set[int], posts: set[int]) -> set[int]:
    """The lines that are limited to roles or posts of which the person has none."""
    limited, open_to = set[int](), set[int]()
    for line, role in MenuItem.roles.through.objects.values_list("menuitem_id", "role_id"):
        limited.add(line)
        if role in roles:
            open_to.add(line)
    for line, post in MenuItem.posts.through.objects.values_list("menuitem_id", "post_id"):
        limited.add(line)
        if post in posts:
            open_to.add(line)
    return limited - open_to


def counts_of(actor: Actor) -> dict[str, dict[str, int]]:
    """The badges: how much waits behind each page and how much of it is late."""
    found: dict[str, dict[str, int]] = {}
    for counter in _COUNTERS:
        found.update(counter(actor))
    return found
