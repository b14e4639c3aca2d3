"""A resident's own shelves of projects."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from anju.citizen import projects
from anju.kernel.http import RESIDENT, Request, Routes

routes = Routes("/citizen/projects", title="我的项目")
Codes = list[Annotated[str, Field(min_length=1, max_length=32)]]


class Shelves(Schema):
    """Codes by shelf, the latest first; `merge` puts them in front of what is kept."""

    favourite: Codes = Field(default_factory=list, max_length=100)
    seen: Codes = Field(default_factory=list, max_length=100)
    compare: Codes = Field(default_factory=list, max_length=100)
    merge: bool = False


@routes.put("", right=RESIDENT, scope="self", summary="保存收藏、最近看过和对比的项目")
def keep_projects(request: Request, body: Shelves) -> dict[str, Any]:
    return dict(projects.keep(actor=request.actor, shelves=body.dict(exclude={"merge"}), merge=body.merge))
