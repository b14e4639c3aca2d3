"""建设项目协议: entered and previewed by the developer, confirmed by district and city, kept by class (SH-176)."""

from __future__ import annotations

from typing import Any

from anju.construction.editions import in_force, takes_effect
from anju.construction.kinds import matter
from anju.construction.models import Agreement
from anju.construction.offices import city_office
from anju.construction.records import answer
from anju.kernel.cases.filing import Data, Paper
from anju.kernel.cases.models import Case
from anju.kernel.cases.types import MaterialClass
from anju.kernel.forms import dictionary
from anju.kernel.scope import Actor

TEMPLATE = "construction_agreement"


def terms(data: Data, actor: Actor) -> dict[str, Any]:
    """What the agreement says, also while it is a draft with gaps."""

    def words(path: str, key: str) -> str:
        return dictionary(key).title(str(answer(data, path) or ""))

    layouts = answer(data, "terms.layouts") or []
    titles = dictionary("layout")
    return {
        "organisation": city_office(), "kind": words("terms.kind", "agreement_kind"),
        "housing_type": words("terms.housing_type", "planned_housing"),
        **{key: answer(data, f"base.{key}") or "" for key in ("project_name", "base_name", "plot_no", "bounds")},
        **{key: str(answer(data, f"terms.{key}") or "") for key in ("price", "uncovered", "opinion")},
        "developer": answer(data, "developer.name") or "", "credit_code": answer(data, "developer.credit_code") or "",
        "company": answer(data, "developer.company") or "",
        "layouts": [
            {"layout": titles.title(str(row.get("layout") or "")), "share": str(row.get("share") or "")}
            for row in layouts
        ],
    }  # fmt: skip


def agreed(case: Case, actor: Actor) -> dict[str, Any]:
    """The confirmed agreement with its number."""
    return {**terms(case.data, actor), "number": case.number}


AGREEMENT = matter(
    key="agreement",
    right="construction.agreement.file",
    title="建设项目协议",
    subtitle="填写协议、预览 PDF，区级初步确认、市级最终确认",
    mark="XY",
    form="construction_agreement",
    model=Agreement,
    company="developer.name",
    columns={
        "project_name": "base.project_name",
        "base_name": "base.base_name",
        "plot_no": "base.plot_no",
        "kind": "terms.kind",
        "developer": "developer.name",
        "company": "developer.company",
        "housing_type": "terms.housing_type",
        "price": "terms.price",
    },
    materials=(MaterialClass("licence", "营业执照"), MaterialClass("other", "其他")),
    papers=(Paper("agreement", "建设项目协议书", TEMPLATE, agreed, in_force(Agreement), preview=terms),),
    confirmed=takes_effect(TEMPLATE),
)
