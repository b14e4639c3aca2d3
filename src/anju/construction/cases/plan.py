"""项目建设计划: a district reports plots of a base for a year, the city confirms, then the plan is published (SH-173)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import QuerySet

from anju.construction.kinds import CITY, matter
from anju.construction.models import LargeEstate, MatterState, Plan, PlanPlot
from anju.construction.publication import TEMPLATE, edition, not_published
from anju.kernel import clock
from anju.kernel.cases.filing import Ask, Data, Fetch, Found, Paper
from anju.kernel.cases.models import Case
from anju.kernel.errors import DomainError
from anju.kernel.forms import dictionary
from anju.kernel.scope import Actor, restrict

# years that may be reported, beside the present one
BEFORE, AHEAD = 1, 5


def approved(actor: Actor) -> QuerySet[LargeEstate]:
    """The approved estates within the reporter's reach."""
    within = restrict(LargeEstate.objects.all(), actor, "construction.estate.view")
    return within.filter(state=MatterState.CONFIRMED)


def known_bases(actor: Actor) -> list[str]:
    """The bases to choose from: those that have approved estates."""
    return list(approved(actor).order_by("base_name").values_list("base_name", flat=True).distinct()[:500])


def years(actor: Actor) -> list[str]:
    """The years to choose from."""
    now = clock.today().year
    return [str(year) for year in range(now - BEFORE, now + AHEAD + 1)]


def find_projects(actor: Actor, asked: Mapping[str, str], data: Data) -> Found:
    """The approved plots of a base within the reporter's reach that the year asked is for (SH-173.1, SH-173.2).

    Our choice: an estate belongs to the year of its planned start; one without a planned start to any year.
    """
    if not asked["year"].isdigit() or not 2000 <= int(asked["year"]) <= 2100:
        raise DomainError("上报年份应是四位数字", code="plan.year", field="asked.year", advice="例如 2027")
    estates = approved(actor).filter(base_name=asked["base_name"]).order_by("plot_no", "id")
    cases = {case.pk: case.data for case in Case.objects.filter(pk__in=[row.case_id for row in estates])}
    plots, kinds = {}, dictionary("planned_housing")
    for row in estates:
        site, start = cases[row.case_id]["site"], str(cases[row.case_id]["scale"].get("starts_on") or "")
        if start and start[:4] != asked["year"]:
            continue
        land = Decimal(str(site["land_area"]))
        plots[row.plot_no] = {
            "plot_no": row.plot_no, "housing_type": kinds.title(str(site.get("housing_type") or "")), "land_area": str(land),
            "floor_area": str(row.floor_area), "plot_ratio": f"{row.floor_area / land:.2f}",
        }  # fmt: skip
    if not plots:
        raise DomainError(
            f"基地“{asked['base_name']}”没有计划 {asked['year']} 年开工的已核定项目", code="plan.no_projects",
            field="asked.base_name", advice="请核对基地和年份，或直接填写地块",
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
    fetches=(
        Fetch(
            "projects",
            "查询项目数据",
            find_projects,
            asks=(Ask("base_name", "基地名称", known_bases), Ask("year", "上报年份", years)),
        ),
    ),
    papers=(Paper("plan", "项目建设计划", TEMPLATE, edition, not_published),),
    changed=spread,
)
