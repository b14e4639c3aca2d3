"""The unit-status board (房态图): one building as floors and cells, with its figures (SH-077)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from anju.kernel import clock
from anju.kernel.errors import NotFound
from anju.kernel.scope import Actor, restrict
from anju.supply.models import GONE, Building, Project, Unit, UnitCount, UnitStatus
from anju.supply.publishing import project_for
from anju.supply.words import held

RIGHT = "supply.unit.view"
EXPIRING_DAYS = 30
OCCUPIED = (UnitStatus.LET, UnitStatus.LEAVING)
CELL = (
    "id", "code", "room_no", "floor", "layout", "orientation", "floor_area", "rent", "status", "status_note", "status_since",
    "occupant_name_masked", "lease_end", "contract_id", "held_for", "channel",
)  # fmt: skip


def units_of(actor: Actor) -> QuerySet[Unit]:
    """The units within the actor's reach, without those that were split or merged away."""
    return restrict(Unit.objects.exclude(status__in=GONE), actor, RIGHT)


def projects(actor: Actor, programme: str = "") -> list[dict[str, Any]]:
    """Projects that have units within the actor's reach, or such of a programme, with counts by state (SH-077.2).

    So has one of another office that gave units to his, with the buildings of these.
    """
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    sums = restrict(UnitCount.objects.all(), actor, RIGHT, owner="project__created_by")
    if programme:  # the units' own: one may have changed its nature
        sums = sums.filter(programme=programme)
    for project_id, status, count in sums.values_list("project_id", "status").annotate(n=Sum("units")):
        if count:
            counted[project_id][status] = count
    found = Project.objects.filter(pk__in=list(counted))
    own = set(restrict(found, actor, RIGHT).values_list("pk", flat=True))
    shown = Q(project__in=own)
    if given := counted.keys() - own:
        units = restrict(Unit.objects.filter(project__in=given), actor, RIGHT)
        shown |= Q(pk__in=set(units.values_list("building", flat=True)))
    buildings: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in Building.objects.filter(shown).values("id", "name", "project_id", "estate__name", "floors"):
        buildings[row["project_id"]].append(
            {"id": row["id"], "name": row["name"], "estate": row["estate__name"], "floors": row["floors"]}
        )
    return [
        {
            **row,
            "counts": counted[row["id"]],
            "units": sum(counted[row["id"]].values()),
            "occupancy": rate(counted[row["id"]]),
            "buildings": sorted(buildings[row["id"]], key=lambda item: (item["estate"], by_number(item["name"]))),
        }
        for row in found.order_by("name_pinyin", "id").values("id", "code", "name", "programme", "division")
    ]


def board(actor: Actor, project_id: int, building_id: int | None) -> dict[str, Any]:
    """A building of a project (its first one when none is named) as the board draws it; `NotFound` out of reach."""
    project = project_for(actor, project_id, RIGHT)
    counted = units_of(actor).filter(project_id=project_id).values(
        "building_id", "building__name", "building__floors", "building__estate__name"
    ).annotate(units=Count("id"), occupied=Count("id", filter=Q(status__in=OCCUPIED)))  # fmt: skip
    buildings = [
        {
            "id": row["building_id"],
            "name": row["building__name"],
            "estate": row["building__estate__name"],
            "floors": row["building__floors"],
            "units": row["units"],
            "occupancy": percent(row["occupied"], row["units"]),
        }
        for row in counted
    ]
    buildings.sort(key=lambda item: (item["estate"], by_number(item["name"])))
    chosen = next((item for item in buildings if building_id in (None, item["id"])), None)
    if chosen is None:
        raise NotFound("这个项目没有这栋楼")
    cells = list(units_of(actor).filter(building_id=chosen["id"]).order_by("-floor", "room_no").values(*CELL))
    return {
        "project": {key: getattr(project, key) for key in ("id", "code", "name", "programme", "division")},
        "building": chosen | {"floor_area": sum((cell["floor_area"] for cell in cells), Decimal(0))},
        "buildings": buildings,
        **drawn(cells),
        "summary": summary(cells),
        "at": clock.now(),
    }


def drawn(cells: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Columns by place on the floor, floors from the top, a cell or nothing at each crossing.

    A second room of the same place (1 and 101 on the first floor) stands in a column of its own. A column says its
    layout and orientation where all its rooms have the same.
    """
    today = clock.today()
    columns: dict[str, dict[str, Any]] = {}
    floors: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for cell in cells:
        place = place_of(cell["room_no"], cell["floor"])
        while place in floors[cell["floor"]]:
            place += "′"
        column = columns.setdefault(place, {"key": place, "layout": cell["layout"], "orientation": cell["orientation"]})
        for key in ("layout", "orientation"):
            if column[key] != cell[key]:
                column[key] = ""
        left = (cell["lease_end"] - today).days if cell["lease_end"] else None
        floors[cell["floor"]][place] = cell | {
            "held_for": held(cell["held_for"]),
            "days_left": left,
            "expiring": left is not None and 0 <= left <= EXPIRING_DAYS,
            "rent_per_area": money(cell["rent"] / cell["floor_area"]),
        }
    order = sorted(columns)
    return {
        "columns": [columns[key] for key in order],
        "floors": [{"floor": floor, "cells": [row.get(key) for key in order]} for floor, row in floors.items()],
    }


def summary(cells: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The building's figures: states, rate, rents, and a line a layout."""
    today = clock.today()
    counts = Counter(cell["status"] for cell in cells)
    occupied = [cell for cell in cells if cell["status"] in OCCUPIED]
    area = sum((cell["floor_area"] for cell in cells), Decimal(0))
    vacant = [cell for cell in cells if cell["status"] == UnitStatus.VACANT]
    empty_days = [(today - cell["status_since"]).days for cell in vacant if cell["status_since"]]
    layouts: dict[str, Counter[str]] = defaultdict(Counter)
    for cell in cells:
        layouts[cell["layout"]][cell["status"]] += 1
    return {
        "units": len(cells),
        "counts": dict(counts),
        "occupancy": rate(counts),
        "vacant": len(vacant),
        "expiring": sum(
            1 for cell in cells if cell["lease_end"] and 0 <= (cell["lease_end"] - today).days <= EXPIRING_DAYS
        ),
        "average_rent": money(sum((cell["rent"] for cell in cells), Decimal(0)) / area) if area else None,
        "monthly_rent": money(sum((cell["rent"] for cell in occupied), Decimal(0))),
        "average_empty_days": round(sum(empty_days) / len(empty_days)) if empty_days else None,
        "layouts": [
            {
                "layout": layout,
                "units": sum(states.values()),
                "vacant": states[UnitStatus.VACANT],
                "occupancy": rate(states),
            }
            for layout, states in sorted(layouts.items(), key=lambda item: -sum(item[1].values()))
        ],
    }


def rate(counts: dict[str, int] | Counter[str]) -> Decimal | None:
    """Occupied units, those about to be left included, in percent of all."""
    return percent(sum(counts.get(status, 0) for status in OCCUPIED), sum(counts.values()))


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent with one place, nothing of nothing."""
    return (Decimal(100) * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def money(value: Decimal) -> Decimal:
    """Yuan with two places, half up."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def place_of(room_no: str, floor: int) -> str:
    """Where on its floor a unit stands: the room number without the floor in front."""
    text = room_no.removeprefix("B").removeprefix(str(abs(floor)))
    return text or room_no


def by_number(name: str) -> tuple[int, str]:
    """Buildings in the order of their numbers: 2号楼 before 10号楼."""
    found = re.search(r"\d+", name)
    return (int(found.group()) if found else 10**6, name)
