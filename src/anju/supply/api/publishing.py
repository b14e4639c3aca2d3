"""The publication page (SH-184, SH-187) and splitting and merging (SH-184.2-3)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from ninja import Query, Schema
from pydantic import Field

from anju.kernel.http import Request, Routes
from anju.supply import labels
from anju.supply import life as lives
from anju.supply import publishing as desk
from anju.supply import reshaping as shapes
from anju.supply.models import PublicationAct, ReviewResult, Unit

publishing = Routes("/supply/publishing", title="房源发布")
reshaping = Routes("/supply/units", title="拆套与合并")


class Ticked(Schema):
    """The ticked units of the project; without `unit_ids` all that the act fits."""

    unit_ids: list[int] | None = Field(None, min_length=1, max_length=10_000)
    note: str = Field("", max_length=200)


class Opinion(Schema):
    """The district's opinion."""

    result: Literal["passed", "returned"]
    accuracy: str = Field(min_length=2, max_length=500)
    compliance: str = Field(min_length=2, max_length=500)


class PartBody(Schema):
    """A unit that comes out of splitting or merging."""

    room_no: str = Field(min_length=1, max_length=20)
    layout: str = Field(min_length=1, max_length=32)
    floor_area: Decimal = Field(max_digits=8, decimal_places=2)
    rent: Decimal = Field(max_digits=10, decimal_places=2)

    def part(self) -> shapes.Part:
        return shapes.Part(self.room_no.strip(), self.layout, self.floor_area, self.rent)


class SplitBody(Schema):
    """The parts, and why."""

    parts: list[PartBody] = Field(max_length=50)
    note: str = Field("", max_length=200)


class MergeQuery(Schema):
    """The units that are to become one."""

    unit_ids: list[int] = Field(min_length=1, max_length=50)


class MergeBody(Schema):
    """The units that are merged, and what they give."""

    unit_ids: list[int] = Field(max_length=50)
    whole: PartBody
    note: str = Field("", max_length=200)


@publishing.read("", right=desk.VIEW, scope="org_path")
def list_publishing_projects(request: Request) -> list[dict[str, Any]]:
    """各项目待确认、待发布和已发布的房源"""
    return desk.projects(request.actor)


def told(done: desk.Done) -> dict[str, Any]:
    """What came of an act; `id` is its first line in the record."""
    return {"id": done.lines[0].pk, "units": done.units, "rentable": done.rentable}


def declare(act: PublicationAct) -> None:
    """One operation an act: each with the right it takes."""

    def run(request: Request, project_id: int, body: Ticked) -> dict[str, Any]:
        return told(
            desk.act(actor=request.actor, project_id=project_id, act=act, unit_ids=body.unit_ids, note=body.note)
        )

    publishing.act(
        f"/{{int:project_id}}/{act.value}", right=desk.STEPS[act].right, scope="org_path", summary=act.label,
        operation_id=f"supply_publishing_{act.value}",
    )(run)  # fmt: skip


for each in PublicationAct:
    declare(each)


@publishing.act("/{int:project_id}/reviews", right=desk.CONFIRM, scope="org_path")
def review_supply(request: Request, project_id: int, body: Opinion) -> dict[str, Any]:
    """提交供应信息审核意见"""
    given = desk.review(
        actor=request.actor, project_id=project_id, result=ReviewResult(body.result), accuracy=body.accuracy,
        compliance=body.compliance,
    )  # fmt: skip
    return {"id": given.pk, "units": given.units}


@publishing.act("/{int:project_id}/labels", right=labels.RIGHT, scope="org_path")
def print_labels(request: Request, project_id: int, body: Ticked) -> dict[str, Any]:
    """打印房源码"""
    job = labels.ask(actor=request.actor, project_id=project_id, unit_ids=body.unit_ids)
    return {"id": job.pk, "kind": job.kind, "title": job.title, "state": job.state}


def shown(unit: Unit) -> dict[str, Any]:
    """A unit that came out."""
    return {"id": unit.pk, "code": unit.code, "room_no": unit.room_no, "floor_area": unit.floor_area, "rent": unit.rent}


def listed(unit: Unit) -> dict[str, Any]:
    """A unit that is about to be merged, or that comes back."""
    return shown(unit) | {"layout": unit.layout, "floor": unit.floor, "status": unit.status}


@reshaping.act("/{int:unit_id}/split", right=shapes.RIGHT, scope="org_path")
def split_unit(request: Request, unit_id: int, body: SplitBody) -> list[dict[str, Any]]:
    """拆套"""
    made = shapes.split(
        actor=request.actor, unit_id=unit_id, parts=[part.part() for part in body.parts], note=body.note
    )
    return [shown(unit) for unit in made]


@reshaping.read("/merge", right=shapes.RIGHT, scope="org_path")
def read_merge(request: Request, wanted: Query[MergeQuery]) -> dict[str, Any]:
    """合并前的合计和合并后的房源"""
    found = shapes.proposal(request.actor, wanted.unit_ids)
    parent = found["parent"]
    return found | {
        "units": [listed(unit) for unit in found["units"]],
        "parent": listed(parent) if parent else None,
        "building": found["units"][0].building.name,
    }


@reshaping.act("/merge", right=shapes.RIGHT, scope="org_path")
def merge_units(request: Request, body: MergeBody) -> dict[str, Any]:
    """合并房源"""
    return shown(shapes.merge(actor=request.actor, unit_ids=body.unit_ids, whole=body.whole.part(), note=body.note))


@reshaping.read("/{int:unit_id}/life", right=lives.RIGHT, scope="org_path")
def read_life(request: Request, unit_id: int, before: datetime | None = None) -> dict[str, Any]:
    """房源履历"""
    return lives.life(request.actor, unit_id, before)
