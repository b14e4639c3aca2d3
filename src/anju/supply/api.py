"""Operations of supply that no block gives: the unit-status board, and the units that anybody may look at."""

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
from anju.supply import board as boards
from anju.supply.models import Unit, UnitStatus

board = Routes("/supply/board", title="房态图")
public = Routes("/public/units", title="可申请的房源")
routes = [board, public]


@board.read("/projects", right=boards.RIGHT, scope="org_path")
def list_projects(request: Request, programme: str = "") -> list[dict[str, Any]]:
    """有房源的项目及其楼栋"""
    return boards.projects(request.actor, programme)


@board.read("", right=boards.RIGHT, scope="org_path")
def read_board(request: Request, project: int, building: int | None = None) -> dict[str, Any]:
    """一栋楼的房态"""
    return boards.board(request.actor, project, building)


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
        Choice("division", tree=True),
        Choice("layout"),
        Choice("programme"),
        Choice("project"),
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
    return {
        "id": unit.pk,
        "code": unit.code,
        "address": unit.address,
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
