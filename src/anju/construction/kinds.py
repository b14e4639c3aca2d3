"""What the case types of construction have in common: filing, correction by the filer, receipt, row and archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from anju.construction.companies import begun, only_own
from anju.construction.models import Matter
from anju.construction.offices import district_of
from anju.construction.records import Then, answer, follows, tell
from anju.kernel import clock
from anju.kernel.cases.filing import Data, Fetch, Filing, Paper
from anju.kernel.cases.models import Case, CaseState
from anju.kernel.cases.types import CaseType, MaterialClass, case_type, declare_type
from anju.kernel.forms import load
from anju.kernel.scope import Actor

GROUP = "项目建设"
THREE_LEVELS, CITY = "construction_three_levels", "construction_city"
CORRECT = "matter_correct"
CLOSING = {"confirmed": "passed", "refused": "failed"}


def entered(case: Case, node: str) -> None:
    """A matter that came back to its filer is told to him."""
    if node == CORRECT:
        tell(case, "退回补正")


def receipt_data(case: Case, actor: Actor) -> dict[str, Any]:
    """What the receipt says: what was handed in, by whom and when (SH-170.5)."""
    kind = case_type(case.type_key)
    return {
        "matter": kind.title, "number": case.number, "title": case.title, "applicant": case.household,
        "organisation": district_of(case), "received_on": clock.local_date(case.submitted_at).isoformat(),
        "materials": [
            {"klass": kind.material_title(each.klass), "name": each.name} for each in case.materials.order_by("id")
        ],
        "due_on": case.due_on.isoformat() if case.due_on else "",
    }  # fmt: skip


RECEIPT = Paper("receipt", "收件收据", "matter_receipt", receipt_data)


def after_approval(case: Case) -> str:
    """Why a sheet of the approval cannot be printed: the case has not passed."""
    return "" if case.state == CaseState.PASSED else "审核通过后才能打印"


def opinions(case: Case) -> list[dict[str, str]]:
    """The opinions of the steps, for the sheets."""
    return [
        {"node": each.node_title, "name": each.actor_name, "opinion": f"{each.action}。{each.text}",
         "on": clock.local_date(each.at).isoformat()}
        for each in case.entries.filter(is_opinion=True).order_by("id")
    ]  # fmt: skip


def matter(
    *, key: str, title: str, subtitle: str, right: str, mark: str, form: str, model: type[Matter], columns: Mapping[str, str],
    process: str = THREE_LEVELS, days: int = 20, materials: tuple[MaterialClass, ...] = (),
    papers: tuple[Paper, ...] = (), fetches: tuple[Fetch, ...] = (), closing: Mapping[str, str] = CLOSING,
    editable: Mapping[str, tuple[str, ...]] | None = None, confirmed: Then | None = None, changed: Then | None = None,
    arrived: Callable[[Case, str], None] = entered, named: str = "", company: str = "", for_others: bool = False,
    **more: Any,
) -> CaseType:  # fmt: skip
    """Declares a matter of construction.

    `right` is asked of who files it, `construction.<key>.view` of who sees it; `key` is its class in the archive, `mark`
    begins its numbers, `columns` maps columns of `model` to answers of the form; `named` is the answer it is called by,
    else the project's; `company` the answer that names the developer: one's own, unless it is filed `for_others` too.
    `arrived(case, node)` runs when a step begins, and tells of a return as `entered` does.
    """

    def name(data: Data) -> str:
        return str(answer(data, named or columns["project_name"]) or "")

    filing = Filing(right, GROUP, subtitle, name, back_at=CORRECT)
    if company:
        filing = replace(filing, begins=begun(f"construction/{form}", company))
        filing = filing if for_others else replace(filing, own=only_own(company))
    sections = tuple(section.key for section in load(form).sections)
    return declare_type(
        CaseType(
            key=f"construction.{key}", title=title, process=process, form=f"construction/{form}",
            number=mark + "{division}{year}{serial:05d}", numbering=f"construction_{key}", days=days,
            view_right=f"construction.{key}.view", materials=materials, closing=closing, entered=arrived,
            filing=filing, fetches=fetches,
            editable={CORRECT: sections, **(editable or {})}, papers=(RECEIPT, *papers),
            record=follows(model, key, columns, confirmed, changed), **more,
        )
    )  # fmt: skip
