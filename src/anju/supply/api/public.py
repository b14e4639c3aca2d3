"""The units that anybody may look at: those on offer online, those somebody marked, the one whose code he scanned."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from anju.kernel.errors import DomainError, NotFound
from anju.kernel.http import PUBLIC, Request, Routes
from anju.kernel.http.json import dumps
from anju.kernel.registers import Between, Choice, Column, Register, Rights
from anju.kernel.registers.lists import Query, page
from anju.kernel.scope import system
from anju.supply import public_codes
from anju.supply.models import Unit, UnitStatus
from anju.supply.projects_public import shown
from anju.supply.standing import RENTABLE, standing, supply_of
from anju.supply.units_public import chosen, pictures_of, told

public = Routes("/public/units", title="可申请的房源")
SHELF, DIGITS = 100, 18


class PublicUnits(Register[Unit]):
    """Vacant units offered online, without anything about people; not a register of its own, only its list."""

    key, title = "public.units", "可申请的房源"
    model = Unit
    rights = Rights("public.unit")
    columns = (
        Column("code"),
        Column("project.code"),
        Column("project.name"),
        Column("estate.name"),
        Column("building.name"),
        Column("programme"),
        Column("division"),
        Column("floor"),
        Column("building.floors"),
        Column("layout"),
        Column("floor_area"),
        Column("orientation"),
        Column("rent"),
        Column("released_on"),
    )
    filters = (
        Choice("division", dictionary="division", tree=True),
        Choice("layout", dictionary="layout"),
        Choice("programme", dictionary="programme"),
        Choice("project", register="supply.projects"),
        Between("rent"),
        Between("floor_area"),
    )
    order = "rent"

    def base(self) -> QuerySet[Unit]:
        return Unit.objects.filter(status=UnitStatus.VACANT, channel="online")


offered = PublicUnits()


@public.read("", right=PUBLIC, scope="none")
def list_offered_units(
    request: Request,
    city: str = "",
    division: str = "",
    layout: str = "",
    programme: str = "",
    project: int | None = None,
    rent_max: int | None = None,
    area_min: int | None = None,
    area_max: int | None = None,
    sort: str = "",
    cursor: str = "",
    limit: int = 20,
) -> HttpResponse:
    """可申请的空置房源"""
    filters = {
        "division": [division or city],
        "layout": layout.split(","),
        "programme": [programme],
        "project": [str(project or "")],
        "rent": [span(None, rent_max)],
        "floor_area": [span(area_min, area_max)],
    }
    kept = {key: found for key, values in filters.items() if (found := [value for value in values if value])}
    listed = page(offered, system(), Query(kept, sort=sort, cursor=cursor, limit=min(limit, 50)))
    pictures = pictures_of(row["id"] for row in listed["rows"])
    for row in listed["rows"]:
        row["picture"] = pictures.get(row["id"])
    return HttpResponse(dumps(listed), content_type="application/json; charset=utf-8")


def span(low: int | None, high: int | None) -> str:
    """Bounds as the list's filters take them; nothing where there are none."""
    return "" if low is high is None else f"{'' if low is None else low}..{'' if high is None else high}"


@public.read("/chosen", right=PUBLIC, scope="none")
def list_chosen_units(request: Request, ids: str) -> dict[str, Any]:
    """收藏、看过或对比的房源，按编号"""
    return {"rows": chosen(numbers(ids))}


def numbers(ids: str) -> list[int]:
    """Numbers of units from "1,2,3". Raises `DomainError` for anything else, and for more than a shelf holds."""
    found = ids.split(",") if ids else []
    if len(found) > SHELF or not all(one.isascii() and one.isdigit() and len(one) <= DIGITS for one in found):
        raise DomainError(
            "房源编号不对", code="supply.unit_numbers", field="ids", advice=f"最多 {SHELF} 个，用逗号分开"
        )
    return [int(one) for one in found]


@public.read("/{int:unit_id}", right=PUBLIC, scope="none")
def read_offered_unit(request: Request, unit_id: int) -> dict[str, Any]:
    """一套已发布的房源，是否可租一并说明"""
    found = chosen([unit_id])
    if not found:
        raise NotFound("没有这套房源", advice="它可能已经撤下，看看别的房子")
    return found[0]


@public.read("/by-code/{code}", right=PUBLIC, scope="none")
def read_scanned_unit(request: Request, code: str) -> dict[str, Any]:
    """一套房源的公开信息（扫房源码）"""
    plain = public_codes.plain(code)
    if not public_codes.is_code(plain):
        raise NotFound(
            "房源码不对", code="supply.code_mistyped", advice="请对照门牌上的 8 位房源码重新输入，或直接扫码"
        )
    unit = Unit.objects.select_related("project__information", "building").filter(public_code=plain).first()
    if unit is None:
        raise NotFound("没有这个房源码", code="supply.code_unknown", advice="请核对房源码，或联系房屋的运营机构")
    known = shown().filter(pk=unit.project_id).exists()
    return told(unit) | {
        "project.code": unit.project.code if known else "",
        "picture": pictures_of([unit.pk]).get(unit.pk) if known else None,
        "public_code": unit.public_code,
        "state": standing(unit),
        "offered": supply_of(unit) == RENTABLE,
    }
