"""Comparing units with what other systems hold, and telling them again (SH-188.4)."""

from __future__ import annotations

from typing import Any

from ninja import Query, Schema
from pydantic import Field

from anju.kernel.http import Request, Routes
from anju.supply import comparing as desk
from anju.supply.models import System

comparing = Routes("/supply/pushes", title="推送核对")


class DifferencesQuery(Schema):
    """Which system, and after which unit."""

    system: System
    after: int = Field(0, ge=0, le=2**53)


class TellBody(Schema):
    """The units that a system is told again."""

    system: System
    unit_ids: list[int] = Field(min_length=1, max_length=1000)


@comparing.read("/differences", right=desk.VIEW, scope="org_path")
def read_differences(request: Request, wanted: Query[DifferencesQuery]) -> dict[str, Any]:
    """与使用系统核对房源"""
    return desk.differences(request.actor, wanted.system, after=wanted.after)


@comparing.act("/again", right=desk.AGAIN, scope="org_path")
def tell_again(request: Request, body: TellBody) -> dict[str, Any]:
    """重新推送房源"""
    return {"told": desk.tell_again(actor=request.actor, system=body.system, unit_ids=body.unit_ids)}
