"""Developers, plans, agreements, progress, bridging supply and recognition for sale as lists (SH-173 to SH-179)."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from anju.construction.models import (
    Agreement,
    Bridging,
    BuildingProgress,
    Developer,
    Implementation,
    MatterState,
    Plan,
    PlanPlot,
    Progress,
    SaleRecognition,
)
from anju.construction.publication import keep_edition, publish
from anju.construction.registers.common import FILTERS, GROUP, MatterRegister, columns, detail, recent_years
from anju.kernel.errors import Conflict
from anju.kernel.registers import (
    Action,
    Choice,
    Column,
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
from anju.kernel.scope import Actor, reach_filter, restrict

M = TypeVar("M", bound=Model)


@declare
class DeveloperRegister(MatterRegister[Developer]):
    """Developers intended for bases (SH-174)."""

    key, title, icon = "construction.developers", "建设主体", "users"
    model = Developer
    rights = Rights("construction.developer")
    columns = columns(
        Column("developer", width=220),
        Column("grade", dictionary="qualification_grade", width=100),
        Column("certificate", width=180),
        Column("valid_until", width=120),
        Column("source", dictionary="qualification_source", width=110),
        Column("base_name", width=160, hidden=True),
        Column("plot_no", width=120, hidden=True),
        Column("credit_code", width=190, hidden=True),
    )
    filters = (*FILTERS, Choice("grade", dictionary="qualification_grade", primary=False))
    detail = detail("base_name", "plot_no", "developer", "credit_code", "grade", "certificate", "valid_until", "source")


LOOK = ("construction.plan.view", "construction.plan.export")
# before any plan there is
EVER = ["2000-01-01.."]


def or_published(rows: QuerySet[M], actor: Actor, right: str, published: Q) -> QuerySet[M]:
    """What a right over plans opens to the actor; what is published is open to look at wherever he works (SH-173.4)."""
    reached = reach_filter(actor, right)
    if reached is None:
        return rows.none()
    # a reach without bounds is an empty condition, which would vanish beside another
    return rows.filter(reached | published if reached and right in LOOK else reached)


@declare
class PlanRegister(MatterRegister[Plan]):
    """Construction plans of districts; confirmed ones are published, exported and archived (SH-173)."""

    key, title, icon = "construction.plans", "项目建设计划", "calendar-check"
    model = Plan
    rights = Rights("construction.plan")
    columns = columns(
        Column("base_name", width=160), Column("year", type="text", width=100), Column("published_on", width=120)
    )
    filters = (
        *FILTERS,
        Choice("year", options=recent_years),
        DateBetween("published_on", primary=False),
    )
    views = (*MatterRegister.views, View("published", "已发布", {"published_on": EVER}))
    detail = detail("base_name", "year", "published_on")
    actions = (
        Action(
            "publish",
            "发布",
            publish,
            right="publish",
            confirm="发布后各区可见，地块可再调整。确认发布吗？",
            batch=True,
            when=Q(state=MatterState.CONFIRMED, published_on=None),
        ),
    )
    related = (Related("plots", "地块", "construction.plan_plots", "plan"),)

    def within(self, rows: QuerySet[Plan], actor: Actor, right: str) -> QuerySet[Plan]:
        return or_published(rows, actor, right, Q(published_on__isnull=False))

    def leads(self, row_id: int, actor: Actor) -> bool:
        return restrict(self.base(), actor, LOOK[0]).filter(pk=row_id).exists()


def kept(row: PlanPlot) -> str:
    """Why a plot may not be taken out of its plan."""
    if row.plan.published_on is None:
        return "计划还没有发布"
    return "" if row.plan.plots.count() > 1 else "计划至少要有一个地块"


@declare
class PlotRegister(Register[PlanPlot]):
    """Plots of plans; those of a published plan are adjusted, added and taken out, with their history (SH-173.6)."""

    key, title, unit, group, icon = "construction.plan_plots", "计划地块", "块", GROUP, "map-pin"
    model = PlanPlot
    rights = Rights("construction.plan")
    columns = (
        Column("plot_no", frozen=True, width=140),
        Column("plan.project_name", "建设计划", link=Link("construction.plans", "plan_id"), width=220),
        Column("plan.base_name", "基地名称", width=160),
        Column("plan.year", "上报年份", type="text", width=100),
        Column("plan.published_on", "发布日期", width=120),
        Column("division", "区县", dictionary="division", width=110),
        Column("housing_type", width=150),
        Column("land_area", unit="㎡", width=130),
        Column("plot_ratio", width=110),
        Column("floor_area", unit="㎡", width=130),
    )
    filters = (
        Choice("division", dictionary="division", tree=True),
        Choice("plan", title="建设计划", register="construction.plans", primary=False),
        Choice("plan.year", title="上报年份", options=recent_years),
        DateBetween("plan.published_on", title="发布日期", primary=False),
    )
    search = Search(["plot_no", "housing_type"], "地块编号、房屋类型")
    order = "plot_no"
    form = (
        Field("plan", "建设计划", "row", required=True, register="construction.plans", fixed=True),
        Field("plot_no", "地块编号", required=True, max_length=60),
        Field("housing_type", "原规划房屋类型", required=True, max_length=60),
        Field("land_area", "规划用地面积", "area", required=True, min=0),
        Field("plot_ratio", "规划容积率", "number", required=True, min=0),
        Field("floor_area", "规划建筑面积", "area", required=True, min=0),
    )
    changes_when = deletes_when = Q(plan__published_on__isnull=False)
    guards = (Guard(kept, "construction.plan_plot_kept", "没有发布的请在案件里更正；不再实施的计划请另行处理"),)
    heading = ("plot_no", "plan.project_name")
    detail = (
        Section("地块", ["plot_no", "division", "housing_type", "land_area", "plot_ratio", "floor_area"]),
        Section("计划", ["plan.project_name", "plan.base_name", "plan.year", "plan.published_on"]),
    )

    def within(self, rows: QuerySet[PlanPlot], actor: Actor, right: str) -> QuerySet[PlanPlot]:
        return or_published(rows, actor, right, Q(plan__published_on__isnull=False))

    def fill(self, row: PlanPlot, actor: Actor) -> None:
        row.org_path, row.division = row.plan.org_path, row.plan.division

    def check(self, values: dict[str, Any], actor: Actor, old: PlanPlot | None) -> None:
        plan = old.plan if old is not None else values["plan"]
        if plan.published_on is None:
            raise Conflict(
                "计划还没有发布，请在案件里更正", code="construction.plan_unpublished", advice="发布后在这里调整"
            )

    def after(self, row: PlanPlot, actor: Actor, action: str) -> None:
        keep_edition(row.plan, actor)


@declare
class ImplementationRegister(MatterRegister[Implementation]):
    """How plans are carried out, plot by plot (SH-175)."""

    key, title, icon = "construction.implementations", "计划实施", "list-checks"
    model = Implementation
    rights = Rights("construction.implementation")
    columns = columns(
        Column("base_name", width=160),
        Column("plot_no", width=120),
        Column("land_area", unit="㎡", width=130),
        Column("plot_ratio", width=110),
        Column("floor_area", unit="㎡", width=130),
        Column("bounds", width=260, hidden=True),
        Column("reported_on", width=120),
    )
    detail = detail("base_name", "plot_no", "land_area", "plot_ratio", "floor_area", "bounds", "reported_on")


@declare
class AgreementRegister(MatterRegister[Agreement]):
    """Agreements by class, each with its edition; what holds and what was superseded (SH-176.6)."""

    key, title, icon = "construction.agreements", "建设协议", "file-text"
    model = Agreement
    rights = Rights("construction.agreement")
    columns = columns(
        Column("kind", dictionary="agreement_kind", width=110),
        Column("edition", width=80),
        Column("standing", dictionary="agreement_version", width=110),
        Column("developer", width=220),
        Column("company", width=200, hidden=True),
        Column("housing_type", dictionary="planned_housing", width=160),
        Column("price", money=True, unit="元/㎡", width=120),
        Column("base_name", width=160, hidden=True),
        Column("plot_no", width=120, hidden=True),
    )
    filters = (
        Choice("kind", dictionary="agreement_kind"),
        Choice("standing", dictionary="agreement_version"),
        *FILTERS,
    )
    detail = detail(
        "base_name", "plot_no", "kind", "edition", "standing", "developer", "company", "housing_type", "price"
    )


@declare
class ProgressRegister(MatterRegister[Progress]):
    """Progress reports (SH-177)."""

    key, title, icon = "construction.progress", "建设进度", "activity"
    model = Progress
    rights = Rights("construction.progress")
    columns = columns(
        Column("reported_on", width=120),
        Column("buildings", width=90),
        Column("percent", unit="%", width=130),
        Column("delivered", width=110),
        Column("building_permit", width=180, hidden=True),
        Column("base_name", width=160, hidden=True),
        Column("plot_no", width=120, hidden=True),
    )
    detail = detail("base_name", "plot_no", "reported_on", "building_permit", "buildings", "percent", "delivered")
    related = (Related("buildings", "楼幢", "construction.building_progress", "report"),)


@declare
class BuildingProgressRegister(Register[BuildingProgress]):
    """Buildings in progress reports, with planned delivery and certificates (SH-177.3, SH-177.4)."""

    key, title, unit, group, icon = "construction.building_progress", "楼幢进度", "幢", GROUP, "building"
    model = BuildingProgress
    empty = "建设进度填报后，各楼幢的进度列在这里"
    rights = Rights("construction.progress")
    columns = (
        Column("name", frozen=True, width=110),
        Column("report.project_name", "项目名称", link=Link("construction.progress", "report_id"), width=220),
        Column("stage", dictionary="building_stage", width=110),
        Column("percent", unit="%", width=100),
        Column("delivery_on", width=140),
        Column("delivered_on", width=120),
        Column("delivery_permit", width=180),
        Column("master_title", width=200),
    )
    filters = (
        Choice("stage", dictionary="building_stage"),
        Choice("report", title="进度填报", register="construction.progress", primary=False),
    )
    order = "delivery_on"
    can_create = can_change = can_delete = False
    heading = ("name", "report.project_name")
    badges = ("stage",)
    detail = (
        Section("楼幢", ["name", "report.project_name", "stage", "percent", "delivery_on"]),
        Section("交付", ["delivered_on", "delivery_permit", "master_title"]),
    )


@declare
class BridgingRegister(MatterRegister[Bridging]):
    """Bridging supply: needs, the stock, the orders (SH-178)."""

    key, title, icon = "construction.bridging", "搭桥供应", "arrow-left-right"
    model = Bridging
    rights = Rights("construction.bridging")
    columns = columns(
        Column("supply_state", dictionary="bridging_state", width=110),
        Column("developer", width=220),
        Column("base_name", width=160, hidden=True),
        Column("plot_no", width=120, hidden=True),
        Column("unit_kind", dictionary="planned_housing", width=160),
        Column("matter", width=200),
        Column("units", unit="套", width=100),
        Column("price", money=True, unit="元/㎡", width=120),
        Column("stocked_on", width=120, hidden=True),
        Column("ordered_units", unit="套", width=110, hidden=True),
        Column("ordered_price", money=True, unit="元/㎡", width=130, hidden=True),
        Column("supply_on", width=120, hidden=True),
        Column("order_note", width=240, hidden=True),
    )
    filters = (Choice("supply_state", dictionary="bridging_state"), *FILTERS)
    detail = (
        *detail("base_name", "plot_no", "developer", "unit_kind", "matter", "units", "price"),
        Section("供应", ["supply_state", "stocked_on", "ordered_units", "ordered_price", "supply_on", "order_note"]),
    )


@declare
class SaleRecognitionRegister(MatterRegister[SaleRecognition]):
    """Recognitions for pre-sale by class, each sheet with its edition; what holds and what was superseded (SH-179.4)."""

    key, title, icon = "construction.sale_recognitions", "预售认定", "badge-check"
    model = SaleRecognition
    rights = Rights("construction.sale_recognition")
    columns = columns(
        Column("kind", dictionary="planned_housing", width=160),
        Column("edition", width=80),
        Column("standing", dictionary="agreement_version", width=110),
        Column("developer", width=220),
        Column("floor_area", unit="㎡", width=130),
        Column("units", unit="套", width=100),
        Column("stage", dictionary="building_stage", width=110),
        Column("sale_on", width=120),
        Column("base_name", width=160, hidden=True),
        Column("plot_no", width=120, hidden=True),
    )
    filters = (
        Choice("kind", dictionary="planned_housing"),
        Choice("standing", dictionary="agreement_version"),
        *FILTERS,
    )
    detail = detail(
        "base_name", "plot_no", "developer", "kind", "edition", "standing", "floor_area", "units", "stage", "sale_on"
    )
