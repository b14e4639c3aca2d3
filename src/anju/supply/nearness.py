"""离我最近: how far projects are from where somebody looks, and those within so many kilometres; for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.db.models import Case, F, FloatField, IntegerField, QuerySet, Value, When
from django.db.models.functions import ASin, Cast, Cos, Least, Power, Radians, Round, Sin, Sqrt

from anju.kernel.errors import DomainError
from anju.supply.models import Project

EARTH = 6_371_000.0
FAR = 99_999_999
_DEGREE = 111.0
"""Kilometres a degree of latitude, a little less than there are: the box is never too small."""


@dataclass(frozen=True)
class Spot:
    """Where somebody looks from, in degrees, and how far he looks, in kilometres; no end where none is said."""

    longitude: float
    latitude: float
    within_km: int | None = None


def spot(longitude: float | None, latitude: float | None, within_km: int | None) -> Spot | None:
    """A spot from what was asked. Raises `DomainError` where half of it is missing."""
    if longitude is None and latitude is None and within_km is None:
        return None
    if longitude is None or latitude is None:
        raise DomainError(
            "没有说从哪里看",
            code="supply.spot_halfway",
            field="longitude",
            advice="经度和纬度要一起给，距离要和它们一起给",
        )
    return Spot(longitude, latitude, within_km)


def measured(rows: QuerySet[Project], at: Spot) -> QuerySet[Project]:
    """The projects with `distance`, metres along the surface (haversine), nearest first, by code where equally far.

    A project whose place is not known comes last, with `FAR`; within a distance it is left out.
    """
    if at.within_km is not None:
        up = at.within_km / _DEGREE
        across = up / max(cos(radians(at.latitude)), 0.01)
        rows = rows.filter(
            latitude__range=(at.latitude - up, at.latitude + up),
            longitude__range=(at.longitude - across, at.longitude + across),
        )
    here, there = Radians(Value(at.latitude)), Radians(Cast(F("latitude"), FloatField()))
    width = Radians(Cast(F("longitude"), FloatField()) - Value(at.longitude))
    half = Power(Sin((there - here) / 2.0), 2) + Cos(here) * Cos(there) * Power(Sin(width / 2.0), 2)
    surface = Value(2 * EARTH) * ASin(Sqrt(Least(half, Value(1.0))))
    known = When(latitude__isnull=False, then=Cast(Round(surface), IntegerField()))
    rows = rows.annotate(distance=Case(known, default=Value(FAR)))
    if at.within_km is not None:
        rows = rows.filter(distance__lte=at.within_km * 1000)
    return rows.order_by("distance", "code")


def place_of(row: Any) -> str:
    """Where a page ended."""
    return f"{row.distance}:{row.code}"


def after(rows: QuerySet[Any], cursor: str) -> QuerySet[Any]:
    """The measured projects behind the end of a page. Raises `DomainError` for what is not such an end."""
    distance, _, code = cursor.partition(":")
    if not (code and distance.isascii() and distance.isdigit() and len(distance) <= len(str(FAR))):
        raise DomainError("翻页位置不对", code="supply.page_unknown", field="cursor", advice="请从第一页重新看")
    return rows.filter(distance__gte=int(distance)).exclude(distance=int(distance), code__lte=code)
