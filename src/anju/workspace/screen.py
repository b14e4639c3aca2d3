"""The big screen (PR-02): figures from the summary of estates, and the latest door events, within the actor's reach."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Sum

from anju.kernel import clock
from anju.kernel.errors import FieldError, Invalid
from anju.kernel.forms import dictionary
from anju.kernel.scope import Actor, restrict
from anju.kernel.scope.filters import division_prefix
from anju.workspace.models import DoorEvent, DoorWay, ScreenEstate

RIGHT = "workspace.screen.view"
OUTLINES = Path(__file__).parent / "definitions" / "outlines"
SILENT_AFTER = 60
FIGURES_SILENT_AFTER = 300
DOORS_SHOWN = 12
ESTATES_SHOWN = 12
DOORS_AT_ONCE = 200
AHEAD = 300
"""Seconds that a door's clock may be ahead of ours."""


@dataclass(frozen=True)
class EstateCount:
    """What one estate holds; a project without an estate counts with `estate_id` None and nothing in it."""

    project_id: int
    estate_id: int | None
    estate: str
    programme: str
    units: int
    rooms: int
    occupied: int
    vacant: int
    org_path: str
    division: str


@transaction.atomic
def keep_estates(counted: Iterable[EstateCount], at: datetime) -> int:
    """Replaces the summary as a whole; readers see the old one or the new one, never half. Gives the number of rows."""
    rows = [ScreenEstate(**asdict(each), counted_at=at) for each in counted]
    ScreenEstate.objects.all().delete()
    ScreenEstate.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


SUMS = {"units": Sum("units"), "rooms": Sum("rooms"), "occupied": Sum("occupied"), "vacant": Sum("vacant")}


def screen(actor: Actor) -> dict[str, Any]:
    """Everything the screen shows, with the time of each part and whether its source has fallen silent."""
    rows = restrict(ScreenEstate.objects.all(), actor, RIGHT)
    total = rows.aggregate(
        projects=Count("project_id", distinct=True), estates=Count("estate_id", distinct=True),
        counted_at=Max("counted_at"), **SUMS,
    )  # fmt: skip
    now = clock.now()
    doors = restrict(DoorEvent.objects.all(), actor, RIGHT, owner="source").order_by("-at", "-id")[:DOORS_SHOWN]
    heard = DoorEvent.objects.aggregate(at=Max("received_at"))["at"]
    return {
        "city": settings.ANJU_CITY["name"],
        "at": now,
        "totals": {key: total[key] or 0 for key in ("projects", "estates", *SUMS)}
        | {"occupancy": share(total["occupied"], total["units"])},
        "districts": districts(rows),
        "programmes": programmes(rows),
        "estates": [
            {**each, "occupancy": share(each["occupied"], each["units"])}
            for each in rows.filter(estate_id__isnull=False)
            .order_by("-units", "estate_id")
            .values("estate", "programme", "units", "occupied")[:ESTATES_SHOWN]
        ],
        "doors": [
            {
                "id": each.pk, "at": each.at, "place": each.place, "person": each.person_masked,
                "way": DoorWay(each.way).label, "passed": each.passed,
            }
            for each in doors
        ],
        "sources": [
            source("figures", "房源统计", total["counted_at"], now, FIGURES_SILENT_AFTER),
            source("doors", "门禁通行", heard, now, SILENT_AFTER),
        ],
    }  # fmt: skip


def share(part: int | None, whole: int | None) -> float | None:
    """A part in percent; None where there is nothing to divide by."""
    return round(100 * (part or 0) / whole, 1) if whole else None


def source(key: str, title: str, at: datetime | None, now: datetime, silent_after: int) -> dict[str, Any]:
    """When a source was last heard of, and whether that is too long ago."""
    silent = at is None or (now - at).total_seconds() > silent_after
    return {"key": key, "title": title, "at": at, "silent": silent}


def districts(rows: Any) -> list[dict[str, Any]]:
    """The figures by district, with units a square kilometre where the outline tells its area."""
    titles, areas = dictionary("division"), areas_km2()
    counted = rows.values("division").annotate(estates=Count("estate_id", distinct=True), **SUMS).order_by("division")
    return [
        {
            "code": each["division"], "title": titles.title(each["division"], each["division"]),
            **{key: each[key] or 0 for key in ("estates", *SUMS)},
            "occupancy": share(each["occupied"], each["units"]),
            "density": round(each["units"] / areas[each["division"]], 1) if areas.get(each["division"]) else None,
        }
        for each in counted
    ]  # fmt: skip


def programmes(rows: Any) -> list[dict[str, Any]]:
    """The figures by kind of housing."""
    titles = dictionary("programme")
    counted = rows.values("programme").annotate(**SUMS).order_by("-units", "programme")
    return [
        {"code": each["programme"], "title": titles.title(each["programme"], each["programme"]), "units": each["units"]}
        for each in counted
        if each["units"]
    ]


@cache
def outlines() -> dict[str, Any]:
    """The outlines of the city's districts (GeoJSON); none for a city without a file."""
    path = OUTLINES / f"{division_prefix(settings.ANJU_CITY['code'])}.json"
    empty = {"type": "FeatureCollection", "features": [], "synthetic": False}
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else empty
    return found


def areas_km2() -> dict[str, float]:
    """Each district's area in square kilometres."""
    return {each["properties"]["code"]: each["properties"]["area_km2"] for each in outlines()["features"]}


@dataclass(frozen=True)
class Door:
    """A door event as a source tells it; the person's name comes masked."""

    key: str
    at: datetime
    place: str
    division: str
    person: str
    way: str
    passed: bool


def take_doors(events: list[Door], source_ref: str, org_path: str) -> int:
    """Keeps door events, each once under its source's key; gives how many were new.

    Raises `Invalid` for a division elsewhere or a moment that has not come.
    """
    now = clock.now()
    city = division_prefix(settings.ANJU_CITY["code"])
    errors = []
    for at, each in enumerate(events):
        if not each.division.startswith(city):
            errors.append(FieldError(f"events.{at}.division", "area.unknown", "不是本市的区划"))
        if (each.at - now).total_seconds() > AHEAD:
            errors.append(FieldError(f"events.{at}.at", "door.future", "时间晚于现在"))
    if errors:
        raise Invalid(errors)
    before = DoorEvent.objects.filter(source=source_ref, key__in=[each.key for each in events]).count()
    DoorEvent.objects.bulk_create(
        [
            DoorEvent(
                source=source_ref, key=each.key, at=each.at, place=each.place, division=each.division,
                org_path=org_path, person_masked=each.person, way=each.way, passed=each.passed, received_at=now,
            )
            for each in events
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return len({each.key for each in events}) - before
