"""The units that anybody may look at: those on offer online, and the one whose code somebody scanned (SH-183.6)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from anju.kernel.errors import NotFound
from anju.kernel.http import PUBLIC, Request, Routes
from anju.kernel.http.json import dumps
from anju.kernel.registers import Between, Choice, Column, Register, Rights
from anju.kernel.registers.lists import Query, page
from anju.kernel.scope import system
from anju.supply import public_codes
from anju.supply.models import GONE, OCCUPIED, Unit, UnitStatus

public = Routes("/public/units", title="可申请的房源")


class PublicUnits(Register[Unit]):
    """Vacant units offered online, without anything about people; not a register of its own, only its list."""

    key, title = "public.units", "可申请的房源"
    model = Unit
    rights = Rights("public.unit")
    columns = (
        Column("code"),
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
        "rent": [f"..{rent_max}" if rent_max is not None else ""],
    }
    kept = {key: found for key, values in filters.items() if (found := [value for value in values if value])}
    listed = page(offered, system(), Query(kept, sort=sort, cursor=cursor, limit=min(limit, 50)))
    return HttpResponse(dumps(listed), content_type="application/json; charset=utf-8")


@public.read("/{int:unit_id}", right=PUBLIC, scope="none")
def read_offered_unit(request: Request, unit_id: int) -> dict[str, Any]:
    """一套可申请的空置房源"""
    unit = offered.base().select_related("project", "building").filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("这套房现在不能申请", advice="它可能刚被选走，看看别的房子")
    return told(unit)


@public.read("/by-code/{code}", right=PUBLIC, scope="none")
def read_scanned_unit(request: Request, code: str) -> dict[str, Any]:
    """一套房源的公开信息（扫房源码）"""
    plain = public_codes.plain(code)
    if not public_codes.is_code(plain):
        raise NotFound(
            "房源码不对", code="supply.code_mistyped", advice="请对照门牌上的 8 位房源码重新输入，或直接扫码"
        )
    unit = Unit.objects.select_related("project", "building").filter(public_code=plain).first()
    if unit is None:
        raise NotFound("没有这个房源码", code="supply.code_unknown", advice="请核对房源码，或联系房屋的运营机构")
    return told(unit) | {
        "public_code": unit.public_code,
        "state": standing(unit),
        "offered": unit.status == UnitStatus.VACANT and unit.channel == "online",
    }


def standing(unit: Unit) -> str:
    """How a unit stands, as far as the public is concerned: nothing about who lives in it or why it is kept."""
    if unit.status == UnitStatus.VACANT:
        return "可供应"
    if unit.status in {UnitStatus.HELD, *OCCUPIED}:
        return "已出租"
    return "已拆分或合并" if unit.status in GONE else "暂未供应"


def told(unit: Unit) -> dict[str, Any]:
    """What anybody may know of a unit; expects project and building loaded with it."""
    return {
        "id": unit.pk,
        "code": unit.code,
        "address": unit.address,
        "project.code": unit.project.code,
        "project.name": unit.project.name,
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
    }
