"""住房核查报告: the checks of a case and the area per person on one sheet, filled by itself (SH-032)."""

from __future__ import annotations

from typing import Any

from anju.eligibility.certificates import office_facts
from anju.eligibility.housing import housing_of
from anju.kernel.cases.models import Case
from anju.kernel.cases.services import Blocked
from anju.kernel.documents import issue
from anju.kernel.documents.listing import document_json
from anju.kernel.scope import Actor


def issue_housing_report(case: Case, actor: Actor) -> dict[str, Any]:
    """Issues the report of a case whose housing checks are answered."""
    housing = housing_of(case)
    if housing is None:
        raise Blocked(
            "住房核查还没有全部返回，不能出报告", code="report.unanswered", advice="等核查返回或人工录入后再打印"
        )
    checks = [
        {
            "title": check.title, "source": check.source, "state": check.get_state_display(), "finding": check.finding,
            "answered_at": check.answered_at.isoformat() if check.answered_at else "", "passed": check.passed,
            "facts": check.facts,
        }
        for check in case.checks.order_by("order")
    ]  # fmt: skip
    document = issue(
        template="housing_check_report", subject=case.subject, title="住房核查报告", number=case.number,
        data={
            **office_facts(case), "number": case.number, "applicant": case.household,
            "household_size": case.household_size, "checks": checks, "housing": housing.as_json(),
        },
        actor=actor, org_path=case.org_path, division=case.division,
    )  # fmt: skip
    return document_json(document.pk)
