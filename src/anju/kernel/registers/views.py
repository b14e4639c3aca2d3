"""A person's own named views of a register."""

from __future__ import annotations

import re
from typing import Any

from anju.kernel.errors import DomainError, NotFound
from anju.kernel.registers.lists import Query, narrowed, sort_of
from anju.kernel.registers.models import SavedView
from anju.kernel.registers.register import Register
from anju.kernel.scope import Actor

MAX_VIEWS = 30
PERSONAL = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?![0-9A-Za-z])")


def as_json(view: SavedView) -> dict[str, Any]:
    """A view as the page shows it."""
    return {
        "id": view.pk,
        "title": view.title,
        "filters": view.filters,
        "q": view.q,
        "sort": view.sort,
        "columns": view.columns,
    }


def of(register: str, actor: Actor) -> list[dict[str, Any]]:
    """The actor's own views of a register, oldest first."""
    return [as_json(view) for view in SavedView.objects.filter(register=register, owner=actor.ref).order_by("id")]


def listed(filters: dict[str, Any]) -> dict[str, list[str]]:
    """Filters with a list of texts each, as a query has them."""
    found = {key: [value] if isinstance(value, str) else list(value) for key, value in filters.items()}
    return {key: kept for key, values in found.items() if (kept := [value for value in values if value])}


def storable(text: str) -> str:
    """What was searched for, as far as it may be kept: nothing with a person's identity or mobile number in it."""
    joined = re.sub(r"[\s-]", "", text)
    return "" if PERSONAL.search(text) or PERSONAL.search(joined) else text[:60]


def save(register: Register[Any], actor: Actor, view: dict[str, Any]) -> dict[str, Any]:
    """Keeps a view; one of the same title is replaced. Refuses filters and orders that the register does not have."""
    filters = listed(view["filters"])
    narrowed(register, register.rows(actor), Query(filters), actor)
    if view["sort"]:
        sort_of(register, view["sort"])
    columns = [key for key in view["columns"] if key in register.own]
    titles = set(SavedView.objects.filter(register=register.key, owner=actor.ref).values_list("title", flat=True))
    if len(titles) >= MAX_VIEWS and view["title"] not in titles:
        raise DomainError(f"最多保存 {MAX_VIEWS} 个视图", code="register.too_many_views", advice="请先删除不用的视图")
    chosen = {"filters": filters, "q": storable(view["q"]), "sort": view["sort"], "columns": columns}
    [kept] = SavedView.objects.bulk_create(
        [SavedView(register=register.key, owner=actor.ref, title=view["title"], **chosen)],
        update_conflicts=True,
        unique_fields=["register", "owner", "title"],
        update_fields=list(chosen),
    )
    return as_json(kept)


def remove(register: str, actor: Actor, view_id: int) -> None:
    """Removes one's own view; `NotFound` for another's."""
    if not SavedView.objects.filter(register=register, owner=actor.ref, pk=view_id).delete()[0]:
        raise NotFound
