"""The case type of public rental: what its steps ask for, what stops them, and what they cause."""

from __future__ import annotations

from typing import Any

from anju.eligibility import certificates, publicity
from anju.eligibility.housing import VERDICTS, housing_of, verdicts_of
from anju.eligibility.models import DeletionRequest, DeletionState, Publicity
from anju.kernel import clock
from anju.kernel.calendar import working_days_between
from anju.kernel.cases.models import Case, Check, Supplement
from anju.kernel.cases.types import Act, Block, CaseType, MaterialClass, declare_type
from anju.kernel.compiled import Compiled
from anju.kernel.documents import issue
from anju.kernel.events import publish
from anju.kernel.scope import Actor

# At these steps a case with a failed check can only be submitted as not passed (SH-033.1).
GUARDED = {"accept", "first_review", "first_approval", "second_review", "second_approval", "admission"}
FAILING = {"refuse", "fail"}
DECIDING = {"first_review", "second_review"}


def blocked(case: Case, node: str, outcome: str) -> Block | None:
    """Why an outcome cannot be chosen now: a failed check, one without a verdict, or a publicity still running."""
    if node in GUARDED and outcome not in FAILING:
        checks = verdicts_of(case)
        failed = [check for check in checks if check.passed is False]
        if failed:
            titles = "、".join(check.title for check in failed)
            return Block("check.failed", f"{titles}不通过，只能按不通过提交", "checks")
        if node in DECIDING and (open_ones := [check for check in checks if check.passed is None]):
            return Block("check.undecided", f"还有 {len(open_ones)} 项核查没有认定：{open_ones[0].title}", "checks")
        housing = housing_of(case, checks)
        if housing is not None and not housing.passed and not overruled(checks):
            return Block(
                "housing.over", f"人均住房面积 {housing.per_person} ㎡，高于标准 {housing.limit} ㎡", "housing"
            )
    return None


def overruled(checks: list[Check]) -> bool:
    """Whether a person accepted the real-estate check against the computed area, with a reason on record."""
    return any(check.kind == "real_estate" and check.passed and check.note for check in checks)


def before(case: Case, act: Act) -> dict[str, Any] | None:
    """What a step causes in its own transaction; returns variables for the process."""
    if act.node in {"publicity_entry", "online_publicity_entry"} and act.outcome == "publish":
        return publicity.begin(case, act)
    if act.node in {"publicity_result", "online_publicity_result"}:
        publicity.conclude(case, act)
    if act.node == "accept":
        accepted = act.outcome == "accept"
        issue_notice(case, act, accepted=accepted)
        publish("eligibility.accepted" if accepted else "eligibility.refused", case_id=case.pk)
    if act.node == "admission" and act.outcome == "admit":
        case.facts = {
            **case.facts,
            "admission": {
                "conditions": act.data["conditions"],
                "priority_group": act.data.get("priority_group") or "",
            },
        }
    return None


def issue_notice(case: Case, act: Act, *, accepted: bool) -> None:
    """The acceptance or refusal notice, each in its own form (SH-024.1)."""
    issue(
        template="acceptance_notice" if accepted else "refusal_notice",
        subject=case.subject,
        title="公共租赁住房受理通知书" if accepted else "公共租赁住房不予受理通知书",
        data={
            **certificates.office_facts(case),
            "number": case.number,
            "applicant": case.household,
            "household_size": case.household_size,
            "submitted_on": clock.local_date(case.submitted_at).isoformat(),
            "reason": act.reason,
            "reason_type": act.reason_type,
            "materials": [m.name for m in case.materials.order_by("id")],
            "due_on": case.due_on.isoformat() if case.due_on else "",
            "working_days": PUBLIC_RENTAL.days,
        },
        actor=act.actor,
        org_path=case.org_path,
        division=case.division,
    )


def supplement_asked(case: Case, asked: Supplement, actor: Actor) -> None:
    """The supplement notice, with each paper and until when (SH-024.3)."""
    issue(
        template="supplement_notice",
        subject=case.subject,
        title="公共租赁住房补正材料通知书",
        data={
            **certificates.office_facts(case),
            "number": case.number,
            "applicant": case.household,
            "submitted_on": clock.local_date(case.submitted_at).isoformat(),
            "items": [
                {"title": PUBLIC_RENTAL.material_title(item.klass), "note": item.note}
                for item in asked.items.order_by("id")
            ],
            "due_on": asked.due_on.isoformat(),
            "working_days": working_days_between(clock.local_date(asked.asked_at), asked.due_on),
            "note": asked.note,
        },
        actor=actor,
        org_path=case.org_path,
        division=case.division,
    )


def entered(case: Case, node: str) -> None:
    """Tells others where the case is; messages to the applicant hang on this."""
    publish("eligibility.entered", case_id=case.pk, node=node, node_title=case.node_title)


def closed(case: Case, outcome: str) -> None:
    """An approved case gets its certificate; every end is told to the case store and the applicant."""
    if outcome == "approved":
        certificates.grant(case)
    publish("eligibility.closed", case_id=case.pk, outcome=outcome)


_ASKED_DELETION = Compiled(lambda case: DeletionRequest.objects.filter(case_id=case, state=DeletionState.ASKED))
_PUBLICITY = Compiled(lambda case: Publicity.objects.filter(case_id=case).order_by("id"))


def extra(case: Case, actor: Actor) -> dict[str, Any]:
    """What the page of this kind shows beside: the area per person, publicity, a request to delete."""
    housing = housing_of(case)
    deletion = _ASKED_DELETION.one(case.pk)
    return {
        "housing": housing.as_json() if housing else None,
        "publicity": [publicity.as_json(each) for each in _PUBLICITY(case.pk)],
        "deletion": {"id": deletion.pk, "reason": deletion.reason, "state": deletion.state} if deletion else None,
        "can": {
            "ask_deletion": case.is_open and deletion is None and actor.may("eligibility.deletion.ask"),
            "decide_deletion": deletion is not None
            and actor.may("eligibility.deletion.decide")
            and deletion.created_by != actor.ref,
            "check": actor.may("cases.check") and case.is_open,
        },
    }


PUBLIC_RENTAL = declare_type(
    CaseType(
        key="eligibility.public_rental",
        title="公共租赁住房资格申请",
        process="public_rental",
        form="eligibility/public_rental_application",
        number="GZ{division}{year}{serial:06d}",
        numbering="public_rental_case",
        days=45,
        view_right="cases.public_rental.view",
        materials=(
            MaterialClass("identity", "身份证件", required=True),
            MaterialClass("household_register", "户口簿（居住证）", required=True),
            MaterialClass("application_form", "申请表"),
            MaterialClass("marriage", "婚姻状况证明", required=True),
            MaterialClass("other", "其他"),
        ),
        closing={
            "approved": "passed",
            "not_accepted": "refused",
            "first_failed": "failed",
            "second_failed": "failed",
            "failed": "failed",
        },
        outcome_forms={
            ("publicity_entry", "publish"): "eligibility/publicity_entry",
            ("publicity_result", "no_objection"): "eligibility/publicity_result",
            ("publicity_result", "objection_upheld"): "eligibility/publicity_result",
            ("publicity_result", "objection_rejected"): "eligibility/publicity_result",
            ("online_publicity_entry", "publish"): "eligibility/publicity_entry",
            ("online_publicity_result", "no_objection"): "eligibility/publicity_result",
            ("online_publicity_result", "objection_upheld"): "eligibility/publicity_result",
            ("online_publicity_result", "objection_rejected"): "eligibility/publicity_result",
            ("admission", "admit"): "eligibility/admission",
        },
        blocked=blocked,
        before=before,
        entered=entered,
        closed=closed,
        supplement_asked=supplement_asked,
        extra=extra,
        reads=(VERDICTS, _ASKED_DELETION, _PUBLICITY),
    )
)
