"""Public operations: cities, notices and guides."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Query, Schema
from pydantic import Field

from anju.citizen import public
from anju.kernel.http import PUBLIC, Request, Routes

routes = Routes("/public", title="公开信息")


class NoticeQuery(Schema):
    """Whose notices, of which kind, after which one."""

    city: str = Field(pattern=r"^[0-9]{6}$")
    kind: Literal["notice", "policy", "guide"] | None = None
    cursor: int | None = None
    limit: int = Field(20, ge=1, le=50)


@routes.read("/cities", right=PUBLIC, scope="none", summary="省份和城市")
def list_cities(request: Request) -> dict[str, Any]:
    return {"provinces": public.provinces()}


@routes.read("/cities/{code}", right=PUBLIC, scope="none", summary="一个城市")
def read_city(request: Request, code: str) -> dict[str, Any]:
    return public.city_head(code)


@routes.read("/notices", right=PUBLIC, scope="none", summary="公告和办事指南")
def list_notices(request: Request, wanted: Query[NoticeQuery]) -> dict[str, Any]:
    return public.notices(wanted.city, wanted.kind, before=wanted.cursor, limit=wanted.limit)


@routes.read("/notices/{int:notice_id}", right=PUBLIC, scope="none", summary="公告全文")
def read_notice(request: Request, notice_id: int) -> dict[str, Any]:
    return public.notice(notice_id)
