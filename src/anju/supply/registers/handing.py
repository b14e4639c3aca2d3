"""Registers of what leaves the ordinary supply: redistribution orders, reserve plans, what other systems were told."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from anju.identity.models import Organisation
from anju.kernel.errors import FieldError, Invalid
from anju.kernel.registers import (
    Action,
    Between,
    Choice,
    Column,
    Command,
    DateBetween,
    Field,
    Guard,
    Link,
    Register,
    Related,
    Rights,
    Search,
    Section,
    View,
    declare,
)
from anju.kernel.scope import Actor
from anju.supply import handing, in_use
from anju.supply.models import (
    Redistribution,
    RedistributionState,
    RedistributionUnit,
    ReserveHolding,
    ReservePlan,
    System,
    UnitPush,
)
from anju.supply.registers.hierarchy import GROUP


def submit(actor: Actor, order: Redistribution, values: dict[str, Any]) -> None:
    """Register act."""
    handing.submit(actor=actor, order=order)


def approve(actor: Actor, order: Redistribution, values: dict[str, Any]) -> None:
    """Register act."""
    handing.decide(actor=actor, order=order, approved=values["approved"], opinion=values["opinion"])


def send_out(actor: Actor, order: Redistribution, values: dict[str, Any]) -> str:
    """Register act."""
    return handing.send_out(actor=actor, order=order)


def recover(actor: Actor, line: RedistributionUnit, values: dict[str, Any]) -> None:
    """Register act."""
    handing.recover(actor=actor, line=line)


def why_order_stays(order: Redistribution) -> str:
    """Why an order cannot be deleted."""
    if order.state != "draft":
        return f"调配单{order.number}{order.get_state_display()}，不能删除"
    count = order.units.count()
    return f"调配单{order.number}还有 {count} 套房源，不能删除" if count else ""


DRAFT = Q(state=RedistributionState.DRAFT)


@declare
class RedistributionRegister(Register[Redistribution]):
    """Orders by which a district gives units to another (SH-185)."""

    key, title, unit, group, icon = "supply.redistributions", "调配单", "张", GROUP, "git-branch"
    model = Redistribution
    rights = Rights("supply.redistribution")
    columns = (
        Column("number", frozen=True, width=170),
        Column("title", frozen=True, width=240),
        Column("division", "调出区", dictionary="division", width=110),
        Column("to_division", dictionary="division", width=110),
        Column("receiver.name", "调入机构", width=200),
        Column("state", dictionary="redistribution_state", width=110),
        Column("reason", width=260, hidden=True),
        Column("opinion", width=260, hidden=True),
        Column("approved_by", width=100),
        Column("approved_at", width=150, hidden=True),
        Column("issued_at", width=150),
    )
    filters = (
        Choice("state", dictionary="redistribution_state"),
        Choice("division", dictionary="division", tree=True),
        Choice("to_division", dictionary="division", primary=False),
        DateBetween("issued_at", primary=False),
    )
    search = Search(["number", "title"], "调配单号、标题")
    order = "-number"
    form = (
        Field("title", "标题", required=True, max_length=100),
        Field("to_division", "调入区", "choice", required=True, dictionary="division"),
        Field("reason", "调配理由", "textarea", required=True, max_length=500, hint="合理性与合规性依据"),
    )
    actions = (
        Action("submit", "提交核定", submit, confirm="提交后清单不能再改", when=DRAFT),
        Action(
            "approve",
            "核定",
            approve,
            right="approve",
            tone="primary",
            fields=(
                Field("approved", "同意调配", "boolean", required=True, default=True),
                Field("opinion", "核定意见", "textarea", required=True, max_length=500),
            ),
            when=Q(state=RedistributionState.SUBMITTED),
        ),
        Action(
            "issue",
            "下达",
            send_out,
            right="issue",
            tone="primary",
            confirm="下达后房源归调入区使用",
            when=Q(state=RedistributionState.APPROVED),
        ),
    )
    changes_when = deletes_when = DRAFT
    heading = ("title", "number")
    open_names = True
    subjects = ("redistribution",)
    badges = ("state",)
    detail = (
        Section("调配单", ["number", "title", "division", "to_division", "receiver.name", "reason"]),
        Section("办理", ["state", "opinion", "approved_by", "approved_at", "issued_at"]),
    )
    related = (Related("units", "房源清单", "supply.redistribution_units", "redistribution"),)
    paper = ("下达单", "document_id")
    guards = (Guard(why_order_stays, "supply.order_in_use", "请先移除清单里的房源"),)

    def check(self, values: dict[str, Any], actor: Actor, old: Redistribution | None) -> None:
        if old is not None and old.state != "draft":
            raise Invalid([FieldError("title", "supply.order_state", "已提交的调配单不能修改")])
        if "to_division" in values and receiver_of(values["to_division"]) is None:
            raise Invalid([FieldError("to_division", "supply.no_receiver", "这个区还没有住房保障机构，请选择区县")])
        giver = old.division if old else actor.division
        if values.get("to_division") == giver:
            raise Invalid([FieldError("to_division", "supply.same_district", "调入区不能是本区")])

    def fill(self, row: Redistribution, actor: Actor) -> None:
        receiver = receiver_of(row.to_division)
        assert receiver is not None  # checked before
        row.receiver = receiver
        row.number = row.number or handing.number_of(row)


def receiver_of(division: str) -> Organisation | None:
    """The office of a district that receives units."""
    return Organisation.objects.filter(kind="district", division=division, active=True).order_by("pk").first()


@declare
class RedistributionUnitRegister(Register[RedistributionUnit]):
    """The units on orders."""

    key, title, unit, group, icon = "supply.redistribution_units", "调配清单", "套", GROUP, "list-checks"
    model = RedistributionUnit
    empty = "先新增调配单，再在“房源”里选“列入调配单”"
    rights = Rights("supply.redistribution")
    columns = (
        Column("redistribution.number", "调配单号", width=170, frozen=True),
        Column("unit.code", "房源编码", link=Link("supply.units", "unit_id"), frozen=True, width=160),
        Column("unit.address", "坐落", width=240),
        Column("unit.layout", "户型", dictionary="layout", width=100),
        Column("unit.floor_area", "建筑面积", unit="㎡", width=110),
        Column("unit.rent", "月租金", money=True, unit="元/月", width=110),
        Column("from_division", dictionary="division", width=110),
        Column("unit.division", "现属区划", dictionary="division", width=110),
        Column("redistribution.state", "调配单状态", dictionary="redistribution_state", width=110),
        Column("active", width=80),
        Column("recovered_at", width=150),
    )
    filters = (
        Choice("redistribution", register="supply.redistributions"),
        Choice("from_division", dictionary="division"),
        Choice("active", options=[("true", "有效"), ("false", "已收回")]),
    )
    order = "-id"
    can_create = can_change = False
    actions = (
        Action(
            "recover",
            "收回到原属区",
            recover,
            batch=True,
            right="issue",
            confirm="收回后房源归原属区所有",
            when=Q(redistribution__state=RedistributionState.ISSUED, active=True),
        ),
    )
    deletes_when = Q(redistribution__state=RedistributionState.DRAFT)
    heading = ("unit.address", "redistribution.number")
    detail = (
        Section(
            "调配", ["redistribution.number", "unit.code", "unit.address", "from_division", "unit.division", "active",
                     "recovered_at"],
        ),
    )  # fmt: skip
    guards = (
        Guard(
            lambda line: "" if line.redistribution.state == "draft" else "调配单已提交，不能移除", "supply.order_state"
        ),
    )


@declare
class ReservePlanRegister(Register[ReservePlan]):
    """Yearly plans of the reserve; what they hold now is counted when it is asked (SH-186)."""

    key, title, unit, group, icon = "supply.reserve_plans", "储备计划", "个", GROUP, "boxes"
    model = ReservePlan
    rights = Rights("supply.reserve")
    columns = (
        Column("year", type="text", frozen=True, width=80),
        Column("title", frozen=True, width=240),
        Column("division", dictionary="division", width=110),
        Column("size", unit="套", width=110),
        Column(
            "held", "现有储备", type="number", unit="套", width=110,
            expression=Count("holdings", filter=Q(holdings__released_at=None)),
        ),
        Column("first", unit="套", width=90),
        Column("second", unit="套", width=90),
        Column("third", unit="套", width=90),
        Column("fourth", unit="套", width=90),
    )  # fmt: skip
    filters = (Choice("division", dictionary="division", tree=True), Between("year"))
    search = Search(["title"], "计划名称")
    order = "-year"
    form = (
        Field("year", "年度", "integer", required=True, min=2000, max=2100, example="2027"),
        Field("title", "计划名称", required=True, max_length=100),
        Field("size", "储备规模", "integer", required=True, min=1, max=1_000_000, hint="套"),
        Field("first", "一季度", "integer", required=True, min=0, max=1_000_000, default=0, hint="套"),
        Field("second", "二季度", "integer", required=True, min=0, max=1_000_000, default=0, hint="套"),
        Field("third", "三季度", "integer", required=True, min=0, max=1_000_000, default=0, hint="套"),
        Field("fourth", "四季度", "integer", required=True, min=0, max=1_000_000, default=0, hint="套"),
    )
    related = (Related("holdings", "储备明细", "supply.reserve_holdings", "plan"),)
    heading = ("title", "year")
    open_names = True
    detail = (Section("规模与时序", ["year", "division", "size", "held", "first", "second", "third", "fourth"]),)
    guards = (
        Guard(
            lambda plan: f"{plan.title}已有 {n} 套房源，不能删除" if (n := plan.holdings.count()) else "",
            "supply.plan_in_use",
        ),
    )

    def check(self, values: dict[str, Any], actor: Actor, old: ReservePlan | None) -> None:
        told = {key: values.get(key, getattr(old, key, 0) if old else 0) or 0 for key in QUARTERS}
        size = values.get("size", old.size if old else 0)
        if size != sum(told.values()):
            raise Invalid(
                [FieldError("size", "supply.plan_quarters", f"四个季度合计 {sum(told.values())} 套，须等于储备规模")]
            )


@declare
class ReserveHoldingRegister(Register[ReserveHolding]):
    """The units that are or were in the reserve, with what is asked of it: place, price, layout (SH-186.2)."""

    key, title, unit, group, icon = "supply.reserve_holdings", "储备明细", "套", GROUP, "list-checks"
    model = ReserveHolding
    empty = "先新增储备计划，再在“房源”里选“转入储备”"
    rights = Rights("supply.reserve", path="plan__org_path", division="plan__division", owner="plan__created_by")
    columns = (
        Column("unit.code", "房源编码", link=Link("supply.units", "unit_id"), frozen=True, width=160),
        Column("unit.address", "坐落", width=260),
        Column("unit.project.name", "项目", width=200),
        Column("unit.division", "区域", dictionary="division", width=110),
        Column("unit.layout", "户型", dictionary="layout", width=100),
        Column("unit.floor_area", "建筑面积", unit="㎡", width=110),
        Column("unit.rent", "月租金", money=True, unit="元/月", width=110),
        Column("plan.title", "储备计划", link=Link("supply.reserve_plans", "plan_id"), width=200),
        Column("plan.year", "年度", type="text", width=80),
        Column("since", width=150),
        Column("released_at", width=150),
        Column("unit.status", "现在状态", dictionary="unit_status", width=110),
    )
    filters = (
        Choice("plan", register="supply.reserve_plans"),
        Choice("unit.division", "区域", dictionary="division", tree=True),
        Choice("unit.layout", "户型", dictionary="layout"),
        Choice("unit.status", "现在状态", dictionary="unit_status"),
        Between("plan.year", "年度", primary=False),
        Between("unit.rent", "月租金", primary=False, unit="元/月"),
        DateBetween("since", primary=False),
        DateBetween("released_at", primary=False),
    )
    order = "-id"
    can_create = can_change = can_delete = False
    views = (View("held", "在储", {"unit.status": ["reserved"]}),)
    heading = ("unit.address", "plan.title")
    badges = ("unit.status",)
    detail = (
        Section("房源", ["unit.code", "unit.address", "unit.project.name", "unit.division"]),
        Section("户型和租金", ["unit.layout", "unit.floor_area", "unit.rent"]),
        Section("储备", ["plan.title", "plan.year", "since", "released_at", "unit.status"]),
    )


QUARTERS = ("first", "second", "third", "fourth")


@declare
class UnitPushRegister(Register[UnitPush]):
    """What other systems follow and were told (SH-184.6, SH-188)."""

    key, title, unit, group, icon = "supply.pushes", "房源推送", "条", GROUP, "radio"
    model = UnitPush
    empty = "房源发布、移交后推送给使用系统，推送情况列在这里"
    rights = Rights("supply.push", path="unit__org_path", division="unit__division", owner="unit__created_by")
    columns = (
        Column("unit.code", "房源编码", link=Link("supply.units", "unit_id"), frozen=True, width=160),
        Column("unit.address", "坐落", width=240),
        Column("system", dictionary="supply_system", width=220),
        Column("active", width=80),
        Column("use", dictionary="unit_use", width=110),
        Column("used_on", width=110),
        Column("revision", width=110),
        Column("told_at", width=160),
    )
    filters = (
        Choice("system", dictionary="supply_system"),
        Choice("active", options=[("true", "跟随"), ("false", "已结束")]),
        Choice("use", dictionary="unit_use"),
        DateBetween("told_at"),
    )
    order = "-id"
    can_create = can_change = can_delete = False
    commands = (Command("read", "读取使用状态", in_use.read, right="again"),)
    heading = ("unit.address", "system")
    subject_words = dict(System.choices)
    badges = ("system", "use")
    detail = (
        Section("推送", ["unit.code", "unit.address", "system", "active", "revision", "told_at"]),
        Section("使用", ["use", "used_on"]),
    )
