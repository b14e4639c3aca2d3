"""项目地图: where projects stand and what they hold, by district, sector and project; one query over kept counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import ASin, Cast, Cos, Least, Radians, Sin, Sqrt

from anju.kernel.scope import Actor, restrict
from anju.kernel.scope.filters import division_prefix
from anju.supply.models import GONE, OCCUPIED, Project, UnitCount, UnitStatus

RIGHT = "supply.project.view"
EARTH = 6371.0088
"""The earth's mean radius in kilometres."""
KM_A_DEGREE = 2 * math.pi * EARTH / 360
_AVERAGE = DecimalField(max_digits=16, decimal_places=2)


@dataclass(frozen=True)
class MapFilter:
    """What is looked for: average rent in yuan a month and average area in ㎡ of what fits in a project.

    `division` is a district or a city, `sector` a sector's name; with `longitude` and `latitude` the projects within
    `radius` kilometres of that point, the nearest first.
    """

    division: str = ""
    sector: str = ""
    longitude: float | None = None
    latitude: float | None = None
    radius: float | None = None
    programme: str = ""
    status: str = ""
    layout: str = ""
    rent_min: int | None = None
    rent_max: int | None = None
    area_min: int | None = None
    area_max: int | None = None


def projects(actor: Actor, wanted: MapFilter) -> dict[str, Any]:
    """The projects within reach that hold units that fit, and their sums by district and by sector.

    A district or sector stands at the middle of its projects; projects without a place are listed, not drawn. Units that
    were given to another office (调配) are counted for it, and its people see where they stand: `own` is false there.
    """
    counts = restrict(UnitCount.objects.all(), actor, RIGHT, owner="project__created_by").exclude(status__in=GONE)
    if wanted.division:
        counts = counts.filter(project__division__startswith=division_prefix(wanted.division))
    if wanted.sector:
        counts = counts.filter(project__sector=wanted.sector)
    near = nearby(Project.objects.all(), wanted)
    if near is not None:
        counts = counts.filter(project__in=near)
    for key in ("programme", "status", "layout"):
        if chosen := [value for value in getattr(wanted, key).split(",") if value]:
            counts = counts.filter(**{f"{key}__in": chosen})
    grouped = counts.values(
        "project_id", "project__code", "project__name", "project__programme", "project__division", "project__sector",
        "project__street", "project__address", "project__longitude", "project__latitude",
    ).annotate(
        number=Sum("units"), area=Sum("floor_area"), money=Sum("rent"),
        rentable=Sum("units", filter=Q(status=UnitStatus.VACANT)), let=Sum("units", filter=Q(status__in=OCCUPIED)),
    ).filter(number__gt=0).annotate(
        rent_average=ExpressionWrapper(F("money") / F("number"), output_field=_AVERAGE),
        area_average=ExpressionWrapper(F("area") / F("number"), output_field=_AVERAGE),
    )  # fmt: skip
    for field, low, high in (
        ("rent_average", wanted.rent_min, wanted.rent_max),
        ("area_average", wanted.area_min, wanted.area_max),
    ):
        if low is not None:
            grouped = grouped.filter(**{f"{field}__gte": low})
        if high is not None:
            grouped = grouped.filter(**{f"{field}__lte": high})
    rows = [shown(dict(row)) for row in grouped.order_by("project__code")]
    own = set(restrict(Project.objects.all(), actor, RIGHT).values_list("pk", flat=True))
    for row in rows:
        row["own"] = row["id"] in own
        row["distance"] = None if near is None else near[row["id"]]
    if near is not None:
        rows.sort(key=lambda row: near[row["id"]])
    return {
        "projects": rows,
        "districts": clusters(rows, ("division",)),
        "sectors": clusters(rows, ("division", "sector")),
        "units": sum(row["units"] for row in rows),
    }


def nearby(projects: QuerySet[Project], wanted: MapFilter) -> dict[int, Decimal] | None:
    """Kilometres from the point to each project within the radius (haversine); None where none is asked for.

    The box around the circle comes first, so that the sine of every project of a country need not be taken.
    """
    if wanted.longitude is None or wanted.latitude is None or wanted.radius is None:
        return None
    high = wanted.radius / KM_A_DEGREE
    wide = min(180.0, high / max(math.cos(math.radians(wanted.latitude)), 0.01))
    box = projects.filter(
        latitude__range=(wanted.latitude - high, wanted.latitude + high),
        longitude__range=(wanted.longitude - wide, wanted.longitude + wide),
    )
    latitude, longitude = (Radians(Cast(F(key), FloatField())) for key in ("latitude", "longitude"))
    up = Sin((latitude - math.radians(wanted.latitude)) / 2.0)
    across = Sin((longitude - math.radians(wanted.longitude)) / 2.0)
    chord = up * up + Cos(latitude) * math.cos(math.radians(wanted.latitude)) * across * across
    distance = ExpressionWrapper(ASin(Sqrt(Least(chord, 1.0))) * (2 * EARTH), output_field=FloatField())
    found = box.annotate(km=distance).filter(km__lte=wanted.radius).values_list("pk", "km")
    return {pk: Decimal(str(km)).quantize(Decimal("0.01")) for pk, km in found}


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A project as the map and the list beside it show it."""
    return {
        "id": row["project_id"],
        **{key.removeprefix("project__"): value for key, value in row.items() if key.startswith("project__")},
        "units": row["number"], "rentable": row["rentable"] or 0, "let": row["let"] or 0,
        "rent": row["rent_average"].quantize(Decimal("0.01")), "area": row["area_average"].quantize(Decimal("0.01")),
    }  # fmt: skip


def clusters(rows: list[dict[str, Any]], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Sums over the projects that share keys, where at least one has a place."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        if row["longitude"] is not None and all(row[key] for key in keys):
            groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return [
        {
            **dict(zip(keys, group, strict=True)), "projects": len(members),
            "units": sum(row["units"] for row in members), "rentable": sum(row["rentable"] for row in members),
            **{
                key: round(sum(row[key] for row in members) / len(members), 6) for key in ("longitude", "latitude")
            },
        }
        for group, members in groups.items()
    ]  # fmt: skip
