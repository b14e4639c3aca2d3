"""A resident's own shelves of projects and of homes."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

from ninja import Schema
from pydantic import Field

from anju.citizen.kept import keep
from anju.citizen.models import KeptProjects, KeptUnits
from anju.kernel.http import RESIDENT, Request, Routes

projects = Routes("/citizen/projects", title="我的项目")
units = Routes("/citizen/units", title="我的房源")
Code = Annotated[str, Field(min_length=1, max_length=32)]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
Key = TypeVar("Key")


class Shelves(Schema, Generic[Key]):
    """What lies on each shelf, the latest first; `merge` puts it in front of what is kept."""

    favourite: list[Key] = Field(default_factory=list, max_length=100)
    seen: list[Key] = Field(default_factory=list, max_length=100)
    compare: list[Key] = Field(default_factory=list, max_length=100)
    merge: bool = False


@projects.put("", right=RESIDENT, scope="self", summary="保存收藏、最近看过和对比的项目")
def keep_projects(request: Request, body: Shelves[Code]) -> dict[str, Any]:
    return keep(KeptProjects, actor=request.actor, shelves=body.dict(exclude={"merge"}), merge=body.merge)


@units.put("", right=RESIDENT, scope="self", summary="保存收藏、最近看过和对比的房源")
def keep_units(request: Request, body: Shelves[Number]) -> dict[str, Any]:
    return keep(KeptUnits, actor=request.actor, shelves=body.dict(exclude={"merge"}), merge=body.merge)
