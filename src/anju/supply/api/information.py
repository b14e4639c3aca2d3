"""The office's page of a project: supply information, pictures, units added, and the map of all (SH-180, SH-181)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.conf import settings
from ninja import File, Form, Query, Schema, UploadedFile
from pydantic import Field

from anju.kernel.http import Request, Routes
from anju.supply import information as desk
from anju.supply import linking
from anju.supply import map as maps
from anju.supply.models import MediumKind
from anju.supply.models.information import CONVENIENCES, NOTES, RULES
from anju.supply.outlines import city_outlines

information = Routes("/supply/projects", title="项目供应信息")
charts = Routes("/supply/map", title="项目地图")
Rent = Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2)]


class PartsBody(Schema):
    """The typed parts, and the version that was seen."""

    version: int = Field(ge=0, le=2**31)
    allocation: Literal["central", "regular"] = "regular"
    supply_on: date | None = None
    price: Annotated[Decimal, Field(ge=0, max_digits=8, decimal_places=2)] | None = None
    rent_from: Rent | None = None
    rent_to: Rent | None = None
    accept_from: date | None = None
    accept_until: date | None = None
    supply_from: date | None = None
    supply_until: date | None = None
    contact: str = Field("", max_length=50)
    contact_phone: str = Field("", max_length=30, pattern=r"^[0-9+\-() ]*$")
    hours: str = Field("", max_length=100)
    transport: str = Field("", max_length=CONVENIENCES)
    fittings: list[str] = Field(default_factory=list, max_length=60)
    rules: str = Field("", max_length=RULES)
    conveniences: str = Field("", max_length=CONVENIENCES)
    notes: str = Field("", max_length=NOTES)


class UnitBody(Schema):
    """A unit as the company describes it; `extra` by the keys of the city's attributes, such as `x_heating`."""

    code: str = Field(min_length=1, max_length=40)
    estate: str = Field(min_length=1, max_length=100)
    building: str = Field(min_length=1, max_length=50)
    room_no: str = Field(min_length=1, max_length=20)
    floor: int = Field(ge=-5, le=200)
    layout: str = Field(min_length=1, max_length=32)
    floor_area: Annotated[Decimal, Field(gt=0, max_digits=8, decimal_places=2)]
    rent: Rent
    location: str = Field("", max_length=260)
    extra: dict[str, str | int | float | bool | None] = Field(default_factory=dict, max_length=100)


class UnitsBody(Schema):
    """Units to add."""

    units: list[UnitBody] = Field(min_length=1, max_length=1000)


class MapQuery(Schema):
    """What is looked for on the map; a point and a radius in kilometres go together."""

    division: str = Field("", pattern=r"^([0-9]{6})?$")
    sector: str = Field("", max_length=50)
    longitude: float | None = Field(None, ge=-180, le=180)
    latitude: float | None = Field(None, ge=-90, le=90)
    radius: float | None = Field(None, gt=0, le=500)
    programme: str = Field("", max_length=100)
    status: str = Field("", max_length=200)
    layout: str = Field("", max_length=100)
    rent_min: int | None = Field(None, ge=0, le=1_000_000)
    rent_max: int | None = Field(None, ge=0, le=1_000_000)
    area_min: int | None = Field(None, ge=0, le=100_000)
    area_max: int | None = Field(None, ge=0, le=100_000)


@charts.read("", right=maps.RIGHT, scope="org_path")
def read_map(request: Request, wanted: Query[MapQuery]) -> dict[str, Any]:
    """项目地图"""
    return maps.projects(request.actor, maps.MapFilter(**wanted.dict())) | {"tiles": settings.MAP_TILES}


@charts.read("/outlines", right=maps.RIGHT, scope="none")
def read_outlines(request: Request) -> dict[str, Any]:
    """地图上的区划边界"""
    return city_outlines()


@information.read("/{int:project_id}/information", right=desk.VIEW, scope="org_path")
def read_information(request: Request, project_id: int) -> dict[str, Any]:
    """项目供应信息"""
    return desk.page(request.actor, project_id)


@information.put("/{int:project_id}/information", right=desk.CHANGE, scope="org_path")
def save_information(request: Request, project_id: int, body: PartsBody) -> dict[str, Any]:
    """保存供应信息"""
    parts = body.dict(exclude={"version"})
    saved = desk.save(actor=request.actor, project_id=project_id, version=body.version, parts=desk.Parts(**parts))
    return {"version": saved.version}


@information.act("/{int:project_id}/media", right=desk.CHANGE, scope="org_path")
def upload_medium(
    request: Request,
    project_id: int,
    kind: Form[MediumKind],
    file: File[UploadedFile],
    layout: Form[str] = "",
    unit_code: Form[str] = "",
    title: Annotated[str, Field(max_length=60)] = Form(""),  # type: ignore[type-arg]
) -> dict[str, Any]:
    """上传项目图片、户型图、房源图、视频或封面"""
    made = desk.add_medium(
        actor=request.actor, project_id=project_id, kind=kind, content=file.read(), name=file.name or kind.label,
        layout=layout, title=title, unit_code=unit_code,
    )  # fmt: skip
    return {"id": made.pk, "kind": made.kind, "layout": made.layout, "size": made.size}


@information.remove("/{int:project_id}/media/{int:medium_id}", right=desk.CHANGE, scope="org_path")
def remove_medium(request: Request, project_id: int, medium_id: int) -> dict[str, Any]:
    """删除项目图片或视频"""
    desk.remove_medium(actor=request.actor, project_id=project_id, medium_id=medium_id)
    return {"id": medium_id}


@information.act("/{int:project_id}/units", right=linking.RIGHT, scope="org_path")
def add_units(request: Request, project_id: int, body: UnitsBody) -> dict[str, Any]:
    """按项目新增房源

    一次可多套。办公端在项目页“房源分布”里逐套新增；成批的用“房源”登记册的导入或房源搭建，先试运行，可更正和撤销。
    """
    return linking.add_units(
        actor=request.actor, project_id=project_id, proposed=[linking.Proposed(**one.dict()) for one in body.units]
    )
