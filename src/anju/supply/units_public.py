"""What everybody may know of single homes: those of a project, one, and those that somebody marked or compares (SH-006).

A unit is told once it is published, with how it stands; nothing is told of who lives in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from anju.kernel.errors import DomainError
from anju.supply.models import GONE, MediumKind, ProjectMedium, Unit, UnitStatus
from anju.supply.projects_public import MOST, information_of, project_by_code
from anju.supply.scene import medium_address
from anju.supply.standing import supply_of

SUPPLY = ("", "rentable")
_RANK = (MediumKind.ROOM, MediumKind.PLAN, MediumKind.PICTURE)


def published() -> QuerySet[Unit]:
    """The units that everybody may see, with what is told of them."""
    rows = Unit.objects.filter(published=True).exclude(status__in=GONE)
    return rows.select_related("project__information", "building")


def units(
    code: str, *, layout: str, area_min: int | None, rent_max: int | None, supply: str, cursor: str, limit: int
) -> dict[str, Any]:
    """A project's published units by code, a page; all that fit, or with `supply` those that can be let (SH-006.2).

    Homes that only the company's counter lets are among those that can be let, and say so: the project's figure counts
    them too. Raises `NotFound`, and `DomainError` for a supply condition that does not exist.
    """
    if supply not in SUPPLY:
        raise DomainError("没有这个供应条件", code="supply.condition_unknown", field="supply")
    rows = published().filter(project=project_by_code(code)).order_by("code")
    if supply:
        rows = rows.filter(status=UnitStatus.VACANT)
    if layout:
        rows = rows.filter(layout__in=layout.split(","))
    if area_min is not None:
        rows = rows.filter(floor_area__gte=area_min)
    if rent_max is not None:
        rows = rows.filter(rent__lte=rent_max)
    if cursor:
        rows = rows.filter(code__gt=cursor)
    limit = max(1, min(limit, MOST))
    found = list(rows[: limit + 1])
    listed = [
        {
            "id": one.pk, "code": one.code, "building_name": one.building.name, "floors": one.building.floors,
            "room_no": one.room_no, "floor": one.floor, "layout": one.layout, "floor_area": one.floor_area,
            "orientation": one.orientation, "rent": one.rent, "supply": supply_of(one),
        }
        for one in found[:limit]
    ]  # fmt: skip
    return {"rows": listed, "next": found[limit - 1].code if len(found) > limit else None}


def chosen(unit_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Units by their numbers, in that order; one that is not published, or no longer, is left out."""
    found = published().in_bulk(list(unit_ids))
    pictures = pictures_of(found)
    return [told(found[pk]) | {"picture": pictures.get(pk)} for pk in dict.fromkeys(unit_ids) if pk in found]


def told(unit: Unit) -> dict[str, Any]:
    """What anybody may know of a unit; expects what `published` loads with it."""
    return {
        "id": unit.pk,
        "code": unit.code,
        "address": unit.address,
        "project.code": unit.project.code,
        "project.name": unit.project.name,
        "project.address": unit.project.address,
        "project.sector": unit.project.sector,
        "building.name": unit.building.name,
        "building.floors": unit.building.floors,
        "room_no": unit.room_no,
        "programme": unit.programme,
        "division": unit.division,
        "floor": unit.floor,
        "layout": unit.layout,
        "floor_area": unit.floor_area,
        "orientation": unit.orientation,
        "rent": unit.rent,
        "supply": supply_of(unit),
        "longitude": unit.project.longitude,
        "latitude": unit.project.latitude,
        "fittings": information_of(unit.project).fittings,
        "conveniences": information_of(unit.project).conveniences,
    }


def pictures_of(unit_ids: Iterable[int]) -> dict[int, str]:
    """The address of what shows each unit best: its own picture, one of its layout, the plan, one of the project."""
    units = list(Unit.objects.filter(pk__in=list(unit_ids)).values_list("pk", "project_id", "layout"))
    media: dict[int, list[ProjectMedium]] = {}
    for one in ProjectMedium.objects.filter(project__in={project for _, project, _ in units}, kind__in=_RANK):
        media.setdefault(one.project_id, []).append(one)
    found: dict[int, str] = {}
    for pk, project, layout in units:
        fitting = [
            one for one in media.get(project, ())
            if one.unit_id == pk or (one.unit_id is None and one.layout in {"", layout})
        ]  # fmt: skip
        if fitting:
            best = min(fitting, key=lambda one: (one.unit_id is None, _RANK.index(MediumKind(one.kind)), one.pk))
            found[pk] = medium_address(best.pk)
    return found
