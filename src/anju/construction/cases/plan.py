"""项目建设计划: a district reports plots of a base for a year, the city confirms, then the plan is published (SH-173)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from anju.construction.kinds import CITY, matter
from anju.construction.models import LargeEstate, MatterState, Plan, PlanPlot
from anju.kernel.cases.filing import Data, Fetch, Found
from anju.kernel.cases.models import Case
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor, restrict


def find_projects(actor: Actor, asked: Mapping[str, str], data: Data) -> Found:
    """The approved plots of a base within the reporter's reach, for the year asked (SH-173.1)."""
    if not asked["year"].isdigit() or not 2000 <= int(asked["year"]) <= 2100:
        raise DomainError("上报年份应是四位数字", code="plan.year", field="asked.year", advice="例如 2027")
    within = restrict(LargeEstate.objects.all(), actor, "construction.estate.view")
    estates = within.filter(base_name=asked["base_name"], state=MatterState.CONFIRMED).order_by("plot_no", "id")
    cases = {case.pk: case.data for case in Case.objects.filter(pk__in=[row.case_id for row in estates])}
    plots = {}
    for row in estates:
        land = Decimal(str(cases[row.case_id]["site"]["land_area"]))
        plots[row.plot_no] = {
            "plot_no": row.plot_no, "housing_type": "保障性住房", "land_area": str(land), "floor_area": str(row.floor_area),
            "plot_ratio": f"{row.floor_area / land:.2f}",
        }  # fmt: skip
    if not plots:
        raise DomainError(
            f"基地“{asked['base_name']}”没有已核定的项目", code="plan.no_projects", field="asked.base_name",
            advice="请核对基地名称，或直接填写地块",
        )  # fmt: skip
    plan = {"base_name": asked["base_name"], "year": int(asked["year"])}
    return Found({"plan": plan, "plots": {"plots": list(plots.values())}})


def spread(row: Plan, case: Case) -> None:
    """The plots of the plan as rows, as they were reported or corrected."""
    row.plots.all().delete()
    PlanPlot.objects.bulk_create(
        PlanPlot(plan=row, org_path=row.org_path, division=row.division, created_by=row.created_by, **plot)
        for plot in case.data["plots"]["plots"]
    )


PLAN = matter(
    key="plan",
    right="construction.plan.file",
    title="项目建设计划",
    subtitle="按基地和年份上报地块，市级确认后发布",
    mark="JH",
    form="construction_plan",
    process=CITY,
    model=Plan,
    columns={"project_name": "plan.project_name", "base_name": "plan.base_name", "year": "plan.year"},
    fetches=(Fetch("projects", "查询项目数据", find_projects, asks=(("base_name", "基地名称"), ("year", "上报年份"))),),
    changed=spread,
)
