"""预售认定: the developer applies, the city reviews; the recognition sheet comes with the approval (SH-179)."""

from __future__ import annotations

from typing import Any

from anju.construction.editions import SHEET, in_force, takes_effect
from anju.construction.kinds import CITY, matter, opinions
from anju.construction.models import SaleRecognition
from anju.construction.offices import city_office
from anju.construction.surveying import checkable, compare_recognition
from anju.kernel.cases.filing import Paper
from anju.kernel.cases.models import Case
from anju.kernel.forms import dictionary
from anju.kernel.scope import Actor


def sheet(case: Case, actor: Actor) -> dict[str, Any]:
    """What the recognition sheet says."""
    row = SaleRecognition.objects.get(case_id=case.pk)
    return {
        "organisation": city_office(), "number": row.number, "project_name": row.project_name,
        "base_name": row.base_name, "plot_no": row.plot_no, "developer": row.developer,
        "kind": dictionary("planned_housing").title(row.kind), "floor_area": str(row.floor_area), "units": row.units,
        "stage": dictionary("building_stage").title(row.stage), "sale_on": str(row.sale_on),
        "conditions": case.data["progress"]["conditions"], "decided_on": str(row.decided_on),
        "opinions": opinions(case),
    }  # fmt: skip


RECOGNITION = matter(
    key="sale_recognition",
    right="construction.sale_recognition.file",
    title="预售认定",
    subtitle="项目条件和进展，市级审核后出具认定单",
    mark="RD",
    form="pre_sale_recognition",
    process=CITY,
    model=SaleRecognition,
    company="project.developer",
    columns={
        "project_name": "project.project_name",
        "base_name": "project.base_name",
        "plot_no": "project.plot_no",
        "developer": "project.developer",
        "kind": "project.kind",
        "floor_area": "project.floor_area",
        "units": "project.units",
        "stage": "progress.stage",
        "sale_on": "progress.sale_on",
    },
    changed=compare_recognition,
    extra=checkable,
    papers=(Paper("sheet", "预售认定单", SHEET, sheet, in_force(SaleRecognition)),),
    confirmed=takes_effect(SHEET),
)
