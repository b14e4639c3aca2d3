"""Operations on work views and the big screen (SH-001, PR-02)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from anju.kernel.http import STAFF, Request, Routes
from anju.workspace import cards, screen
from anju.workspace.screen import DOORS_AT_ONCE, Door

views = Routes("/workspace/views", title="工作视图")
big_screen = Routes("/workspace/screen", title="运行态势大屏")
doors = Routes("/open/door-events", title="开放接口：门禁记录")


class PlacedCard(Schema):
    """A card and the columns it takes, of twelve."""

    key: str = Field(max_length=60)
    width: int = Field(ge=4, le=12)


class Arrangement(Schema):
    """The cards of a view in order."""

    cards: list[PlacedCard] = Field(max_length=40)


class DoorBody(Schema):
    """One passage or refusal; the name comes masked."""

    key: str = Field(min_length=1, max_length=100)
    at: datetime
    place: str = Field(min_length=1, max_length=100)
    division: str = Field(pattern=r"^\d{6}$")
    person: str = Field("", max_length=30)
    way: Literal["face", "card", "code", "phone"]
    passed: bool = True


class DoorBodies(Schema):
    """Several door events."""

    events: list[DoorBody] = Field(min_length=1, max_length=DOORS_AT_ONCE)


@views.read("", right=STAFF, scope="self", summary="我的工作视图")
def list_views(request: Request) -> dict[str, Any]:
    return {"views": [{"key": view.key, "title": view.title} for view in cards.views_of(request.actor)]}


@views.read("/{str:key}", right=STAFF, scope="org_path", summary="打开工作视图")
def open_view(request: Request, key: str) -> dict[str, Any]:
    return cards.view_json(cards.open_view(key, request.actor), request.actor)


@views.read("/{str:key}/cards/{str:card}", right=STAFF, scope="org_path", summary="卡片内容")
def card_data(request: Request, key: str, card: str) -> dict[str, Any]:
    return cards.card_data(cards.open_view(key, request.actor), card, request.actor)


@views.put("/{str:key}", right=STAFF, scope="self", summary="调整布局")
def arrange(request: Request, key: str, body: Arrangement) -> dict[str, Any]:
    view = cards.open_view(key, request.actor)
    cards.arrange(view, [each.dict() for each in body.cards], request.actor)
    return cards.view_json(view, request.actor)


@views.remove("/{str:key}", right=STAFF, scope="self", summary="恢复默认布局")
def reset(request: Request, key: str) -> dict[str, Any]:
    view = cards.open_view(key, request.actor)
    cards.reset(view, request.actor)
    return cards.view_json(view, request.actor)


@big_screen.read("", right="workspace.screen.view", scope="org_path", summary="大屏数据")
def read_screen(request: Request) -> dict[str, Any]:
    return screen.screen(request.actor)


@big_screen.read("/outlines", right="workspace.screen.view", scope="none", summary="各区轮廓")
def read_outlines(request: Request) -> dict[str, Any]:
    return screen.outlines()


@doors.act("", right="open.door.event", scope="self", summary="上报门禁记录")
def take_doors(request: Request, body: DoorBodies) -> dict[str, Any]:
    events = [Door(**each.dict()) for each in body.events]
    return {"new": screen.take_doors(events, request.actor.ref, request.actor.org_path or "/")}
