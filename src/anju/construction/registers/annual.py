"""Annual plans with their targets and monthly progress, and yearly indicators (PR-26, PR-27)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import DecimalField, ExpressionWrapper, F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Greatest, NullIf, Round

from anju.construction.models import (
    AnnualPlan,
    HousingTarget,
    Indicator,
    MonthlyProgress,
    ProjectTarget,
)
from anju.construction.models.annual import OfPlan
from anju.construction.registers.common import GROUP, recent_years
from anju.kernel.errors import DomainError
from anju.kernel.registers import (
    Choice,
    Column,
    Field,
    Guard,
    Import,
    Level,
    Link,
    Register,
    Related,
    Rights,
    Search,
    Section,
    declare,
)
from anju.kernel.registers.filters import Filter
from anju.kernel.scope import Actor

CHOSEN = (
    Field("plan", "年度计划", "row", required=True, register="construction.annual_plans", fixed=True),
    Field("project", "项目", "row", required=True, register="construction.projects", fixed=True),
)
FROM = (
    Column("plan.name", "年度计划", link=Link("construction.annual_plans", "plan_id"), frozen=True, width=220),
    Column("project.name", "项目", link=Link("construction.projects", "project_id"), width=220),
)
OF_PLAN = (
    Choice("plan", title="年度计划", register="construction.annual_plans"),
    Choice("project", title="项目", register="construction.projects", primary=False),
)


def bound(plan: AnnualPlan) -> str:
    """Why a plan may not be deleted: what is bound to it (PR-27.1)."""
    kinds = (("项目指标", ProjectTarget), ("房屋指标", HousingTarget), ("月进度", MonthlyProgress))
    counts = [(title, model.objects.filter(plan=plan).count()) for title, model in kinds]
    found = "、".join(f"{title} {count} 条" for title, count in counts if count)
    return f"计划已绑定{found}，不能删除" if found else ""


class OfPlanRegister(Register[Any]):
    """What is bound to a plan belongs to the plan's office."""

    group = GROUP
    unit = "条"
    filters: ClassVar[Sequence[Filter]] = OF_PLAN
    heading = ("project.name", "plan.name")

    def fill(self, row: OfPlan, actor: Actor) -> None:
        row.org_path, row.division = row.plan.org_path, row.plan.division


@declare
class AnnualPlanRegister(Register[AnnualPlan]):
    """Construction plans of a year (PR-27.1)."""

    key, title, unit, group, icon = "construction.annual_plans", "年度建设计划", "个", GROUP, "calendar-days"
    model = AnnualPlan
    rights = Rights("construction.annual")
    columns = (
        Column("name", frozen=True, width=260),
        Column("year", type="text", width=90),
        Column("division", dictionary="division", width=110),
        Column("note", width=300),
    )
    filters = (Choice("year", options=recent_years), Choice("division", dictionary="division", tree=True))
    search = Search(["name"], "计划名称")
    order = "-year"
    form = (
        Field("name", "计划名称", required=True, max_length=100, example="江湾区 2027 年保障房建设计划"),
        Field("year", "年度", "integer", required=True, min=2000, max=2100, example="2027"),
        Field("note", "说明", "textarea", max_length=500),
    )
    guards = (Guard(bound, code="construction.annual_bound", advice="请先删除绑定的指标和月进度"),)
    heading = ("name", "")
    detail = (Section("计划", ["name", "year", "division", "note"]),)
    related = (
        Related("targets", "项目指标", "construction.project_targets", "plan"),
        Related("housing", "房屋指标", "construction.housing_targets", "plan"),
        Related("months", "月进度", "construction.monthly_progress", "plan"),
    )


_MONEY: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=2)


def share(done: Any, wanted: Any) -> Round:
    """What is done of what is wanted, in per cent to one place; nothing where nothing is wanted."""
    return Round(ExpressionWrapper(done * 100 / NullIf(wanted, Value(0)), output_field=_MONEY), precision=1)


def of_months(name: str) -> Subquery:
    """What the months of a target's plan and project add up to so far."""
    months = MonthlyProgress.objects.filter(plan=OuterRef("plan"), project=OuterRef("project")).order_by()
    return Subquery(months.values("plan").annotate(total=Sum(name)).values("total")[:1], output_field=_MONEY)


@declare
class ProjectTargetRegister(OfPlanRegister):
    """What projects are to reach in a year, beside what their months add up to (PR-27.2-3)."""

    key, title, icon = "construction.project_targets", "年度计划项目指标", "list-checks"
    model = ProjectTarget
    rights = Rights("construction.annual")
    columns = (
        *FROM,
        Column("investment", type="number", width=160),
        Column("invested", "累计完成投资（万元）", type="number", expression=of_months("investment"), width=170),
        Column(
            "reached", "投资完成比例", type="number", unit="%", width=120,
            expression=share(of_months("investment"), F("investment")),
        ),
        Column("floor_area", unit="㎡", width=140),
        Column("built", "累计完成面积", type="area", unit="㎡", expression=of_months("floor_area"), width=140),
        Column(
            "built_share", "面积完成比例", type="number", unit="%", width=120,
            expression=share(of_months("floor_area"), F("floor_area")),
        ),
    )  # fmt: skip
    form = (
        *CHOSEN,
        Field("investment", "计划投资（万元）", "money", required=True, min=0),
        Field("floor_area", "计划施工面积", "area", required=True, min=0),
    )
    detail = (
        Section("指标", ["plan.name", "project.name", "investment", "floor_area"]),
        Section("与计划比较", ["invested", "reached", "built", "built_share"]),
    )


@declare
class HousingTargetRegister(OfPlanRegister):
    """How many homes of which kind are to be built in a year, beside those that are finished (PR-27.2)."""

    key, title, icon = "construction.housing_targets", "年度计划房屋指标", "door-open"
    model = HousingTarget
    rights = Rights("construction.annual")
    columns = (
        *FROM,
        Column("housing_type", dictionary="planned_housing", width=160),
        Column("units", unit="套", width=100),
        Column("finished", unit="套", width=110),
        Column(
            "reached", "套数完成比例", type="number", unit="%", width=120, expression=share(F("finished"), F("units"))
        ),
        Column("missing", "还差", type="number", unit="套", width=90, expression=Greatest(F("units") - F("finished"), 0)),
        Column("floor_area", unit="㎡", width=140),
        Column("finished_area", unit="㎡", width=140),
        Column(
            "area_share", "面积完成比例", type="number", unit="%", width=120,
            expression=share(F("finished_area"), F("floor_area")),
        ),
    )  # fmt: skip
    filters = (*OF_PLAN, Choice("housing_type", dictionary="planned_housing"))
    form = (
        *CHOSEN,
        Field("housing_type", "房屋类型", "choice", required=True, dictionary="planned_housing"),
        Field("units", "计划套数", "integer", required=True, min=1, max=1_000_000),
        Field("floor_area", "计划建筑面积", "area", required=True, min=0),
        Field("finished", "已完成套数", "integer", required=True, min=0, max=1_000_000, default=0),
        Field("finished_area", "已完成面积", "area", required=True, min=0, default=0),
    )
    badges = ("housing_type",)
    detail = (
        Section("指标", ["plan.name", "project.name", "housing_type", "units", "floor_area"]),
        Section("与计划比较", ["finished", "missing", "reached", "finished_area", "area_share"]),
    )


_TARGET = Subquery(
    ProjectTarget.objects.filter(plan=OuterRef("plan"), project=OuterRef("project")).values("investment")[:1],
    output_field=_MONEY,
)
_SO_FAR = Subquery(
    MonthlyProgress.objects.filter(plan=OuterRef("plan"), project=OuterRef("project"), month__lte=OuterRef("month"))
    .order_by()
    .values("plan")
    .annotate(total=Sum("investment"))
    .values("total")[:1],
    output_field=_MONEY,
)


@declare
class MonthlyProgressRegister(OfPlanRegister):
    """What each month added, compared with the target of the year (PR-27.3)."""

    key, title, icon = "construction.monthly_progress", "项目月进度", "activity"
    model = MonthlyProgress
    rights = Rights("construction.annual")
    columns = (
        *FROM,
        Column("month", width=100),
        Column("investment", type="number", width=170),
        Column("so_far", "累计完成投资（万元）", type="number", expression=_SO_FAR, width=170),
        Column("target", "计划投资（万元）", type="number", expression=_TARGET, width=150),
        Column(
            "reached", "完成比例", type="number", unit="%", width=110,
            expression=share(_SO_FAR, _TARGET),
        ),
        Column("floor_area", unit="㎡", width=140),
        Column("note", width=240, hidden=True),
    )  # fmt: skip
    order = "-month"
    form = (
        *CHOSEN,
        Field("month", "月份", required=True, max_length=7, pattern=r"\d{4}-(0[1-9]|1[0-2])", hint="写成 2027-03 这样",
              fixed=True, example="2027-03"),
        Field("investment", "本月完成投资（万元）", "money", required=True, min=0),
        Field("floor_area", "本月完成面积", "area", required=True, min=0),
        Field("note", "进展说明", "textarea", max_length=500),
    )  # fmt: skip
    heading = ("project.name", "month")
    detail = (
        Section("进度", ["plan.name", "project.name", "month", "investment", "floor_area", "note"]),
        Section("与计划比较", ["so_far", "target", "reached"]),
    )

    def check(self, values: dict[str, Any], actor: Actor, old: MonthlyProgress | None) -> None:
        if old is not None:
            return
        plan, project = values["plan"], values["project"]
        if not values["month"].startswith(f"{plan.year}-"):
            raise DomainError(
                f"计划是 {plan.year} 年的",
                code="construction.month_of_plan",
                field="month",
                advice="请填计划年度内的月份",
            )
        if not ProjectTarget.objects.filter(plan=plan, project=project).exists():
            raise DomainError(
                "这个项目在计划里还没有指标", code="construction.no_target", field="project",
                advice="先登记年度计划项目指标，再填月进度",
            )  # fmt: skip


INDICATORS = Import(
    "indicators",
    "其他经济社会指标",
    fields=(
        Field("year", "年度", "integer", required=True, min=1949, max=2100, example="2026"),
        Field("name", "指标名称", required=True, max_length=100, example="常住人口"),
        Field("value", "数值", "number", required=True, places=4, example="92.6"),
        Field("unit", "单位", required=True, max_length=20, example="万人"),
        Field("division", "行政区划", "choice", required=True, dictionary="division", example="江湾区"),
        Field("source", "数据来源", max_length=100, example="统计公报"),
    ),
    identify="name",
    levels=(
        Level(
            "indicator",
            "指标",
            Indicator,
            "construction.indicators",
            match=["division", "year", "name"],
            values={key: key for key in ("year", "name", "value", "unit", "division", "source")},
        ),
    ),
)


@declare
class IndicatorRegister(Register[Indicator]):
    """Economic and social figures by year (PR-26)."""

    key, title, unit, group, icon = "construction.indicators", "其他经济社会指标", "条", GROUP, "bar-chart-3"
    model = Indicator
    rights = Rights("construction.indicator")
    columns = (
        Column("year", type="text", frozen=True, width=90),
        Column("name", frozen=True, width=240),
        Column("value", width=140),
        Column("unit", width=90),
        Column("division", dictionary="division", width=110),
        Column("source", width=220),
    )
    filters = (Choice("year", options=recent_years), Choice("division", dictionary="division", tree=True))
    search = Search(["name", "source"], "指标名称、数据来源")
    order = "-year"
    form = (
        Field("year", "年度", "integer", required=True, min=1949, max=2100),
        Field("name", "指标名称", required=True, max_length=100),
        Field("value", "数值", "number", required=True, places=4),
        Field("unit", "单位", required=True, max_length=20),
        Field("division", "行政区划", "choice", required=True, dictionary="division"),
        Field("source", "数据来源", max_length=100),
    )
    imports = (INDICATORS,)
    heading = ("name", "unit")
    detail = (Section("指标", ["year", "name", "value", "unit", "division", "source"]),)
