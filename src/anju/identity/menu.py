"""The menu of the office: shipped as a declaration, kept as rows, shown to each person as far as his rights go."""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured

from anju.identity.held import held_posts, held_roles, who
from anju.identity.models import ApplicationState, MenuItem
from anju.kernel.database import planned
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


class Line(NamedTuple):
    """What is asked of a line of the menu; the application behind it may be suspended (SH-224.2)."""

    id: int
    parent_id: int | None
    key: str
    title: str
    icon: str
    path: str
    right: str
    application_state: str | None


LINES = """
    SELECT item.id, item.parent_id, item.key, item.title, item.icon, item.path, item."right", application.state
      FROM identity_menuitem AS item LEFT JOIN identity_application AS application ON application.menu_id = item.id
     WHERE NOT item.hidden ORDER BY item.position, item.id
"""


def menu_of(actor: Actor) -> list[dict[str, Any]]:
    """The groups that hold at least one page this person may open, in their order, at any depth (SH-225.1, SH-225.3)."""
    barred = barred_for(who(actor))
    below: dict[int | None, list[Line]] = {}
    # asked whenever the office is opened: plain tuples, at a fifth of what models cost
    for line in map(Line._make, planned(LINES, [])):
        below.setdefault(line.parent_id, []).append(line)

    def shown(parent: int | None) -> list[dict[str, Any]]:
        entries = []
        for line in below.get(parent, ()):
            out_of_service = line.application_state == ApplicationState.SUSPENDED
            if line.id in barred or (line.right and not actor.may(line.right)) or out_of_service:
                continue
            inner = shown(line.id)
            if line.path or inner:
                entry = {"key": line.key, "title": line.title, "icon": line.icon, "path": line.path}
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


LIMITED = """
    SELECT menuitem_id, role_id, NULL FROM identity_menuitem_roles
    UNION ALL SELECT menuitem_id, NULL, post_id FROM identity_menuitem_posts
"""


def barred_for(account_id: int) -> set[int]:
    """The lines that are limited to roles or posts of which the person has none."""
    limits = planned(LIMITED, [])
    by_role = [(line, role) for line, role, _ in limits if role is not None]
    by_post = [(line, post) for line, _, post in limits if post is not None]
    roles = held_roles(account_id) if by_role else set()
    posts = held_posts(account_id) if by_post else set()
    open_to = {line for line, role in by_role if role in roles} | {line for line, post in by_post if post in posts}
    return {line for line, _ in by_role + by_post} - open_to


def counts_of(actor: Actor) -> dict[str, dict[str, int]]:
    """The badges: how much waits behind each page and how much of it is late."""
    found: dict[str, dict[str, int]] = {}
    for counter in _COUNTERS:
        found.update(counter(actor))
    return found
