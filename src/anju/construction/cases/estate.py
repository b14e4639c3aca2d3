"""大居项目核定: the developer files, the district confirms, the city reviews; then the approval sheet (SH-171)."""

from __future__ import annotations

from typing import Any

from anju.construction.kinds import after_approval, matter, opinions
from anju.construction.models import LargeEstate
from anju.construction.models.project import Stage
from anju.construction.offices import city_office
from anju.construction.projects import advance
from anju.kernel.cases.filing import Paper
from anju.kernel.cases.models import Case
from anju.kernel.cases.types import MaterialClass
from anju.kernel.scope import Actor


def sheet_data(case: Case, actor: Actor) -> dict[str, Any]:
    """What the approval sheet says of scope and scale (SH-171.4)."""
    row = LargeEstate.objects.get(case_id=case.pk)
    site = case.data["site"]
    return {
        "organisation": city_office(), "number": row.number, "project_name": row.project_name,
        "base_name": row.base_name, "plot_no": row.plot_no, "address": site["address"], "bounds": site["bounds"],
        "land_area": site["land_area"], "developer": row.developer, "total_investment": str(row.total_investment),
        "floor_area": str(row.floor_area), "scale": row.scale, "decided_on": str(row.decided_on),
        "opinions": opinions(case),
    }  # fmt: skip


def confirmed(row: LargeEstate, case: Case) -> None:
    """An approved estate is a project from now on."""
    advance(
        row.project_name, Stage.APPROVED, division=row.division, org_path=row.org_path, base_name=row.base_name,
        plot_no=row.plot_no, developer=row.developer, floor_area=row.floor_area,
    )  # fmt: skip


ESTATE = matter(
    key="estate",
    right="construction.estate.file",
    title="大居项目核定",
    subtitle="大型居住社区项目开发范围和规模，区级确认、市级审核",
    mark="DJ",
    form="large_estate",
    model=LargeEstate,
    company="developer.name",
    columns={
        "project_name": "site.project_name",
        "base_name": "site.base_name",
        "plot_no": "site.plot_no",
        "developer": "developer.name",
        "total_investment": "scale.total_investment",
        "floor_area": "scale.floor_area",
        "scale": "scale.scale",
    },
    materials=(
        MaterialClass("land", "土地使用证明", required=True),
        MaterialClass("planning", "规划设计方案"),
        MaterialClass("other", "其他"),
    ),
    papers=(
        Paper(
            "sheet", "大型居住社区项目开发范围和规模核定单", "large_estate_approval", sheet_data, waits=after_approval
        ),
    ),
    confirmed=confirmed,
)
