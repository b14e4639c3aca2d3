"""Registers of talent housing: batches of projects, and the units that carry a talent mark (SH-190 to SH-192)."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from anju.kernel.errors import FieldError, Invalid
from anju.kernel.registers import (
    Action,
    Choice,
    Column,
    Field,
    Guard,
    Link,
    Register,
    Related,
    Rights,
    Section,
    View,
    declare,
)
from anju.kernel.scope import Actor
from anju.supply import talent
from anju.supply.models import AT_PLATFORM, TalentBatch, TalentBatchState, TalentPushState, TalentUnit

GROUP = "人才安居"
AT_THE_PLATFORM = Q(push_state__in=AT_PLATFORM)
ATTRIBUTES = (
    Field("level", "人才层级", "choice", required=True, dictionary="talent_level"),
    Field("category", "人才房类别", "choice", required=True, dictionary="talent_category"),
    Field("word", "特殊属性词", "choice", dictionary="talent_word"),
    Field("managing_division", "房源管理区", "choice", dictionary="division", hint="不填时同批次管理区"),
)


def end(actor: Actor, batch: TalentBatch, values: dict[str, Any]) -> str:
    """Register act."""
    return talent.end(actor=actor, batch=batch)


def push(actor: Actor, held: TalentUnit, values: dict[str, Any]) -> str:
    """Register act."""
    return talent.push(actor=actor, held=held)


def roll_back(actor: Actor, held: TalentUnit, values: dict[str, Any]) -> str:
    """Register act."""
    return talent.roll_back(actor=actor, held=held)


def cancel(actor: Actor, held: TalentUnit, values: dict[str, Any]) -> None:
    """Register act."""
    talent.cancel(actor=actor, held=held)


def ask_again(actor: Actor, held: TalentUnit, values: dict[str, Any]) -> str:
    """Register act."""
    return talent.ask_again(held)


def units_of_batch(batch: TalentBatch) -> str:
    """Why a batch cannot be deleted (SH-190.2)."""
    count = batch.units.count()
    return f"{batch}已关联 {count} 套房源，不能删除" if count else ""


def why_mark_stays(held: TalentUnit) -> str:
    """Why a mark cannot be removed: the platform has, or had, the unit."""
    if held.push_state == TalentPushState.NONE:
        return ""
    return f"{held.unit.code}{held.get_push_state_display()}，须留存推送记录"


@declare
class TalentBatchRegister(Register[TalentBatch]):
    """Batches of projects for talents (SH-190)."""

    key, title, unit, group, icon = "supply.talent_batches", "人才项目批次", "批", GROUP, "layers"
    model = TalentBatch
    rights = Rights("supply.talent")
    columns = (
        Column("project.name", "项目", link=Link("supply.projects", "project_id"), frozen=True, width=220),
        Column("year", type="text", frozen=True, width=80),
        Column("number", type="text", width=70),
        Column("managing_division", dictionary="division", width=120),
        Column("state", dictionary="talent_batch_state", width=100),
        Column(
            "marked", "人才房源", type="number", unit="套", width=110,
            expression=Count("units", filter=Q(units__active=True)),
        ),
        Column(
            "pushed", "已推送", type="number", unit="套", width=110,
            expression=Count("units", filter=Q(units__push_state=TalentPushState.PUSHED)),
        ),
        Column("ended_at", width=150),
        Column("ended_by", width=100, hidden=True),
        Column("told_at", width=150, hidden=True),
        Column("division", dictionary="division", width=110),
    )  # fmt: skip
    filters = (
        Choice("state", dictionary="talent_batch_state"),
        Choice("managing_division", dictionary="division", tree=True),
        Choice("division", dictionary="division", tree=True, primary=False),
        Choice("project", register="supply.projects"),
    )
    order = "-year"
    form = (
        Field("project", "项目", "row", required=True, register="supply.projects", fixed=True),
        Field("year", "年份", "integer", required=True, min=2000, max=2100, example="2026"),
        Field("number", "批次", "integer", required=True, min=1, max=99, hint="当年第几批"),
        Field("managing_division", "批次管理区", "choice", required=True, dictionary="division"),
    )
    actions = (
        Action(
            "end", "结束批次", end, right="end", tone="danger",
            confirm="结束后，这个批次所有房源的人才房标识同时注销，已推送的同时回退，并告知市人才安居平台",
            when=~Q(state=TalentBatchState.ENDED),
        ),
    )  # fmt: skip
    heading = ("project.name", "year")
    open_names = True
    subjects = ("talent-batch",)
    badges = ("state",)
    detail = (
        Section("批次", ["project.name", "year", "number", "managing_division", "marked", "pushed"]),
        Section("供应", ["state", "ended_at", "ended_by", "told_at"]),
    )
    related = (Related("units", "人才房源", "supply.talent_units", "batch"),)
    guards = (
        Guard(units_of_batch, "supply.talent_batch_in_use", "未推送过的房源可先移除；供应结束后请“结束批次”"),
    )  # fmt: skip

    def fill(self, row: TalentBatch, actor: Actor) -> None:
        row.org_path, row.division = row.project.org_path, row.project.division

    def check(self, values: dict[str, Any], actor: Actor, old: TalentBatch | None) -> None:
        if old is not None and old.state != "open":
            raise Invalid([FieldError("year", "supply.talent_batch_over", "已结束的批次不能修改")])


@declare
class TalentUnitRegister(Register[TalentUnit]):
    """Units with a talent mark: attributes, and where the push to the city's platform stands (SH-191, SH-192)."""

    key, title, unit, group, icon = "supply.talent_units", "人才房源", "套", GROUP, "award"
    model = TalentUnit
    rights = Rights("supply.talent")
    columns = (
        Column("unit.code", "房源编码", link=Link("supply.units", "unit_id"), frozen=True, width=160),
        Column("unit.address", "坐落", width=240),
        Column("push_state", dictionary="talent_push_state", width=100),
        Column("batch.project.name", "项目", width=180),
        Column("batch.year", "年份", type="text", width=80),
        Column("batch.number", "批次", type="text", width=70),
        Column("level", dictionary="talent_level", width=100),
        Column("category", dictionary="talent_category", width=130),
        Column("word", dictionary="talent_word", width=120),
        Column("managing_division", dictionary="division", width=110),
        Column("unit.status", "房源状态", dictionary="unit_status", width=100),
        Column("told_at", width=150),
        Column("receipt", width=170),
        Column("trouble", width=220),
        Column("active", width=100),
        Column("cancelled_at", width=150, hidden=True),
        Column("unit.layout", "户型", dictionary="layout", width=100, hidden=True),
        Column("unit.floor_area", "建筑面积", unit="㎡", width=110, hidden=True),
        Column("unit.rent", "月租金", money=True, unit="元/月", width=110, hidden=True),
    )
    filters = (
        Choice("push_state", dictionary="talent_push_state"),
        Choice("level", dictionary="talent_level"),
        Choice("category", dictionary="talent_category"),
        Choice("word", dictionary="talent_word", primary=False),
        Choice("batch", "人才批次", register="supply.talent_batches"),
        Choice("active", options=[("true", "标识有效"), ("false", "已注销")]),
        Choice("managing_division", dictionary="division", primary=False),
        Choice("division", dictionary="division", tree=True, primary=False),
    )
    order = "-id"
    form = (
        Field("batch", "人才批次", "row", required=True, register="supply.talent_batches", fixed=True),
        Field("unit", "房源", "row", required=True, register="supply.units", fixed=True, hint="须是批次项目的空置房源"),
        *ATTRIBUTES,
    )
    actions = (
        Action(
            "push", "锁定并推送", push, right="push", tone="primary", batch=True,
            confirm="房源将锁定，并把项目和房源信息推送至市人才安居平台",
            when=Q(active=True) & ~AT_THE_PLATFORM,
        ),
        Action(
            "roll_back", "回退", roll_back, right="push", batch=True,
            confirm="回退后解除推送状态，可以拆套；房源仍锁定", when=AT_THE_PLATFORM,
        ),
        Action("retry", "重新推送", ask_again, right="push"),
        Action(
            "cancel", "注销标识", cancel, right="change", batch=True, confirm="注销后不再是人才房",
            when=Q(active=True) & ~AT_THE_PLATFORM,
        ),
    )  # fmt: skip
    views = (
        View("to_push", "待推送", {"push_state": ["none", "rolled_back"], "active": ["true"]}),
        View("pushing", "推送中", {"push_state": ["pushing"]}),
        View("pushed", "已推送", {"push_state": ["pushed"]}),
        View("cancelled", "已注销", {"active": ["false"]}),
    )
    heading = ("unit.address", "unit.code")
    badges = ("push_state",)
    detail = (
        Section("房源", ["unit.code", "unit.address", "unit.layout", "unit.floor_area", "unit.rent", "unit.status"]),
        Section(
            "人才属性",
            ["batch.project.name", "batch.year", "batch.number", "level", "category", "word", "managing_division"],
        ),
        Section("推送", ["push_state", "told_at", "receipt", "trouble", "active", "cancelled_at"]),
    )
    guards = (Guard(why_mark_stays, "supply.talent_pushed", "请用“注销标识”"),)
    changes_when = Q(active=True)
    deletes_when = ~AT_THE_PLATFORM

    def check(self, values: dict[str, Any], actor: Actor, old: TalentUnit | None) -> None:
        if old is not None and not old.active:
            raise Invalid([FieldError("level", "supply.talent_cancelled", "已注销的标识不能修改")])
        if old is None:
            talent.need_lockable(values["unit"])

    def fill(self, row: TalentUnit, actor: Actor) -> None:
        row.org_path, row.division = row.unit.org_path, row.unit.division
        row.managing_division = row.managing_division or row.batch.managing_division

    def after(self, row: TalentUnit, actor: Actor, action: str) -> None:
        if action == "change" and row.push_state in AT_PLATFORM:
            talent.tell_again(row)
