"""From what roles, posts and grants say to what somebody may do: the widest of what he is given, under his ceilings.

The rows are found by one statement (`identity_actor` in the database); here they are put together. Nothing of it is
kept: a right taken away is gone at the next request (PR-22.1, SH-227.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from anju.kernel import clock
from anju.kernel.scope import Actor, Area, Reach
from anju.kernel.scope.actor import areas_at, narrowest, widest
from anju.kernel.scope.areas import Areas, division_prefix, intersection, union

ACTOR_SQL = "SELECT * FROM identity_actor(%s, %s)"
# From the narrowest to the widest; the widest of what somebody's roles say of a field counts.
FIELD_LEVELS = ("hidden", "masked", "shown", "editable")


@dataclass(frozen=True)
class Place:
    """Whose rights are meant: the office by which a reach is measured, and the author of one's own rows."""

    path: str
    division: str
    owner: str


Span = Reach | Areas


def staff_actor(account_id: int) -> Actor | None:
    """A member of staff with the rights held at this moment, of his own or of the colleague for whom he acts."""
    return actor_on(account_id, clock.today())


def actor_on(account_id: int, day: date) -> Actor | None:
    """The same, on a given day."""
    with connection.cursor() as cursor:
        cursor.execute(ACTOR_SQL, [account_id, day])
        row = cursor.fetchone()
    if row is None:
        return None
    number, name, username, org_id, org_name, path, division, absent, absent_name, sets, ceilings, suspended = row
    place = Place(path, division, f"staff:{absent or number}")
    grants, areas = granted(sets, ceilings, suspended, place)
    return Actor(
        kind="staff", id=number, name=f"{name[:20]}（代{absent_name[:20]}）" if absent else name, account=username,
        org_id=org_id, org_name=org_name, org_path=path, division=division, grants=grants, areas=areas,
        fields=fields_of(sets), stands_for=f"staff:{absent}" if absent else "",
    )  # fmt: skip


def granted(
    sets: Iterable[Mapping[str, Any]],
    ceilings: Iterable[Iterable[Mapping[str, Any]]] | None,
    suspended: Iterable[str],
    place: Place,
) -> tuple[dict[str, Reach], dict[str, Areas]]:
    """Each right with its reach, and the areas of those whose reach is chosen."""
    held = together(sets, place)
    if ceilings is not None:
        roof = together(map(narrowed, ceilings), place)
        held = {right: met for right in held.keys() & roof.keys() if (met := meet(held[right], roof[right], place))}
    for right in suspended:
        held.pop(right, None)
    grants, areas = dict[str, Reach](), dict[str, Areas]()
    for right, span in held.items():
        if isinstance(span, Reach):
            grants[right] = span
        else:
            grants[right], areas[right] = Reach.CHOSEN, span
    return grants, areas


def together(sets: Iterable[Mapping[str, Any]], place: Place) -> dict[str, Span]:
    """The widest that several sets of rights give."""
    held: dict[str, Span] = {}
    for each in sets:
        own = each.get("reaches") or {}
        usual = span_of(each["reach"], each)
        for right in each["rights"]:
            span = span_of(own[right], each) if right in own else usual
            before = held.get(right)
            if before is None:
                held[right] = span
            elif isinstance(before, Reach) and isinstance(span, Reach):
                held[right] = widest(before, span)
            else:
                held[right] = simple(union(areas_of(before, place), areas_of(span, place)))
    return held


def span_of(reach: str, each: Mapping[str, Any]) -> Span:
    """A reach of the scale, or the areas of the offices and divisions that a set names."""
    if reach != Reach.CHOSEN:
        return Reach(reach)
    return union(
        [Area(path=path) for path in each.get("paths") or ()],
        [Area(division=division_prefix(division)) for division in each.get("divisions") or ()],
    )


def areas_of(span: Span, place: Place) -> Areas:
    """What a reach comes to at a place."""
    return areas_at(span, place.path, place.division, place.owner) if isinstance(span, Reach) else span


def simple(areas: Areas) -> Span:
    """Everything is a reach of the scale."""
    return Reach.ALL if Area() in areas else areas


def meet(first: Span, second: Span, place: Place) -> Span | None:
    """What both open; None when that is nothing."""
    if isinstance(first, Reach) and isinstance(second, Reach):
        return narrowest(first, second)
    return simple(intersection(areas_of(first, place), areas_of(second, place))) or None


def narrowed(chain: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What is left at the end of a chain of grants: the rights of all its links, at the narrowest reach."""
    links = list(chain)
    rights = set(links[0]["rights"]).intersection(*(link["rights"] for link in links[1:]))
    reach = Reach(links[0]["reach"])
    for link in links[1:]:
        reach = narrowest(reach, Reach(link["reach"]))
    return {"rights": rights, "reach": reach}


def fields_of(sets: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Fields that are not seen or changed as declared: a set that opens the register without a word opens them fully.

    `fields` of a set maps a register's base of rights (`households.person`) to fields and levels.
    """
    openers = [each for each in sets if each["rights"]]
    spoken = {base for each in openers for base in each["fields"]}
    found: dict[str, dict[str, str]] = {}
    for base in spoken:
        views = [each["fields"].get(base, {}) for each in openers if f"{base}.view" in each["rights"]]
        views = views or [each["fields"].get(base, {}) for each in openers if base in each["fields"]]
        for field in views[0]:
            level = max((view.get(field, "editable") for view in views), key=FIELD_LEVELS.index)
            if level != "editable":
                found.setdefault(base, {})[field] = level
    return found
