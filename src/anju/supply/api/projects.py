"""Projects for everybody: the operations of the city app and of residents' pages (SH-006, SH-007)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from ninja import Query, Schema
from pydantic import Field

from anju.kernel.files import Answer, public_answer, stored
from anju.kernel.http import PUBLIC, Request, Routes
from anju.supply import projects_public as projects
from anju.supply import units_public
from anju.supply.nearness import spot
from anju.supply.outlines import city_outlines

public_projects = Routes("/public/projects", title="可申请的项目")
Number = Field(None, ge=0, le=1_000_000)


class ProjectQuery(Schema):
    """What somebody looks for."""

    name: str = Field("", max_length=50)
    division: str = Field("", pattern=r"^([0-9]{6})?$")
    street: str = Field("", max_length=50)
    programme: str = Field("", max_length=32)
    layout: str = Field("", max_length=100)
    rent_min: int | None = Number
    rent_max: int | None = Number
    area_min: int | None = Number
    area_max: int | None = Number
    allocation: str = ""
    supply: str = ""
    codes: str = Field("", max_length=1000)
    longitude: float | None = Field(None, ge=-180, le=180)
    latitude: float | None = Field(None, ge=-90, le=90)
    within_km: int | None = Field(None, ge=1, le=200)
    cursor: str = Field("", max_length=48)
    limit: int = Field(20, ge=1, le=50)


class UnitQuery(Schema):
    """Which units of a project."""

    layout: str = Field("", max_length=100)
    area_min: int | None = Number
    rent_max: int | None = Number
    supply: str = ""
    cursor: str = Field("", max_length=40)
    limit: int = Field(20, ge=1, le=50)


@public_projects.read("", right=PUBLIC, scope="none")
def list_projects(request: Request, wanted: Query[ProjectQuery]) -> dict[str, Any]:
    """项目查询"""
    return projects.search(
        projects.Wanted(
            name=wanted.name.strip(), division=wanted.division, street=wanted.street, programme=wanted.programme,
            layout=wanted.layout, rent_min=wanted.rent_min, rent_max=wanted.rent_max, area_min=wanted.area_min,
            area_max=wanted.area_max, allocation=wanted.allocation, supply=wanted.supply,
            codes=tuple(code for code in wanted.codes.split(",") if code), cursor=wanted.cursor, limit=wanted.limit,
            at=spot(wanted.longitude, wanted.latitude, wanted.within_km),
        )
    )  # fmt: skip


@public_projects.read("/notices", right=PUBLIC, scope="none")
def list_notices(request: Request, division: str = "") -> dict[str, Any]:
    """项目预告"""
    return {"rows": projects.notices(division)}


@public_projects.read("/streets", right=PUBLIC, scope="none")
def list_streets(request: Request, division: str = "") -> dict[str, Any]:
    """有项目的街道（镇）"""
    return {"rows": projects.streets(division)}


@public_projects.read("/ground", right=PUBLIC, scope="none")
def read_ground(request: Request) -> dict[str, Any]:
    """项目地图的底图：各区轮廓和瓦片地址"""
    return city_outlines() | {"tiles": settings.MAP_TILES}


@public_projects.read("/media/{int:medium_id}", right=PUBLIC, scope="none")
def read_medium(request: Request, medium_id: int) -> Answer:
    """项目图片、户型图、房源图或视频"""
    found = projects.medium(medium_id)
    ending = {"image/png": "png", "video/mp4": "mp4"}.get(found.mime, "jpg")
    return public_answer(
        stored(found.file_id), name=f"{found.kind}-{found.pk}.{ending}", mime=found.mime,
        wanted=request.headers.get("Range", ""),
    )  # fmt: skip


@public_projects.read("/units/{code}", right=PUBLIC, scope="none")
def read_unit(request: Request, code: str) -> dict[str, Any]:
    """房源明细"""
    return projects.unit(code)


@public_projects.read("/{code}", right=PUBLIC, scope="none")
def read_project(request: Request, code: str) -> dict[str, Any]:
    """一个项目的供应信息"""
    return projects.details(code)


@public_projects.read("/{code}/layouts", right=PUBLIC, scope="none")
def read_layouts(request: Request, code: str) -> dict[str, Any]:
    """户型详情"""
    return {"rows": projects.layouts(code)}


@public_projects.read("/{code}/units", right=PUBLIC, scope="none")
def list_units(request: Request, code: str, wanted: Query[UnitQuery]) -> dict[str, Any]:
    """房源列表"""
    return units_public.units(
        code, layout=wanted.layout, area_min=wanted.area_min, rent_max=wanted.rent_max, supply=wanted.supply,
        cursor=wanted.cursor, limit=wanted.limit,
    )  # fmt: skip


@public_projects.read("/{code}/plans", right=PUBLIC, scope="none")
def read_plans(request: Request, code: str) -> dict[str, Any]:
    """户型图"""
    return {"rows": projects.plans(code)}


@public_projects.read("/{code}/video", right=PUBLIC, scope="none")
def read_video(request: Request, code: str) -> dict[str, Any]:
    """项目视频"""
    return projects.video(code)


@public_projects.read("/{code}/cover", right=PUBLIC, scope="none")
def read_cover(request: Request, code: str) -> dict[str, Any]:
    """项目视频封面和预告"""
    return projects.cover(code)


@public_projects.read("/{code}/viewing", right=PUBLIC, scope="none")
def read_viewing(request: Request, code: str) -> dict[str, Any]:
    """预约看房联系方式"""
    return projects.viewing(code)
