"""Publication of plans: everybody may look from then on, and what holds is a paper that each adjustment replaces (SH-173)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anju.construction.models import Plan
from anju.construction.offices import city_office
from anju.kernel import clock
from anju.kernel.cases.models import Case
from anju.kernel.cases.printing import print_paper
from anju.kernel.errors import Conflict
from anju.kernel.forms import dictionary
from anju.kernel.scope import Actor
from anju.workspace.services import publish_notice

VIEW, PLANS, TEMPLATE = "construction.plan.view", "/registers/construction.plans", "construction_plan"


def publish(actor: Actor, row: Plan, values: dict[str, Any]) -> None:
    """A confirmed plan becomes public, and whoever may look at plans is told; an unconfirmed one cannot (SH-173.4)."""
    if row.published_on is not None:
        raise Conflict("这份计划已经发布", code="construction.plan_published", advice="刷新后查看")
    row.published_on, row.version = clock.today(), row.version + 1
    row.save()
    keep_edition(row, actor)
    said = f"{row.project_name}（{row.base_name}，{row.year} 年，{row.plots.count()} 个地块）已由市级确认并发布。"
    publish_notice(f"项目建设计划发布：{row.project_name}"[:120], [said], rights=[VIEW], link=PLANS, actor=actor)


def keep_edition(plan: Plan, actor: Actor) -> None:
    """Puts the plan as it holds now into its archive, a sealed paper of its case; the one before is void (SH-173.7).

    The declared form stays what was reported; what was published and adjusted is in the paper.
    """
    print_paper(Case.objects.get(pk=plan.case_id), "plan", actor)


def edition(case: Case, actor: Actor) -> dict[str, Any]:
    """What a published plan says, plot by plot, with all adjustments so far."""
    plan = Plan.objects.get(case_id=case.pk)
    plots = list(plan.plots.order_by("plot_no"))
    return {
        "organisation": city_office(), "number": plan.number, "project_name": plan.project_name,
        "district": dictionary("division").title(plan.division) or plan.division, "base_name": plan.base_name,
        "year": plan.year, "published_on": str(plan.published_on),
        "land_area": str(sum((plot.land_area for plot in plots), Decimal(0))),
        "floor_area": str(sum((plot.floor_area for plot in plots), Decimal(0))),
        "plots": [
            {"plot_no": plot.plot_no, "housing_type": plot.housing_type, "land_area": str(plot.land_area),
             "plot_ratio": str(plot.plot_ratio), "floor_area": str(plot.floor_area)}
            for plot in plots
        ],
    }  # fmt: skip


def not_published(case: Case) -> str:
    """Why the plan cannot be printed yet."""
    published = Plan.objects.filter(case_id=case.pk, published_on__isnull=False).exists()
    return "" if published else "计划发布后才能打印"
