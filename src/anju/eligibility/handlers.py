"""What eligibility does in the background: the checks of a case, messages to the applicant, the case store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from anju.eligibility import talents, verification
from anju.eligibility.certificates import office_facts
from anju.eligibility.connectors import CaseState, CaseStorePush, SharedResult, SubjectDatabasePush
from anju.eligibility.models import Certificate
from anju.kernel import clock
from anju.kernel.cases.checks import start_checks, when_settled
from anju.kernel.cases.models import Case
from anju.kernel.documents import may_see
from anju.kernel.events import Event, on
from anju.kernel.jobs import background, defer
from anju.kernel.processes import services as processes
from anju.kernel.processes.hooks import WAIT, service
from anju.kernel.processes.models import Instance, Token
from anju.kernel.scope import Actor, admits, system
from anju.workspace.services import send_message, send_sms

__all__ = ["talents"]
SERVICE_ITEM = "3399-GZ-01"
# The steps at which the applicant hears from us by himself (SH-047.3); refusals go with the decision.
TOLD = {
    "accept": ("已收到你的申请", "公租房申请 {number} 已提交，{office}会在 5 个工作日内受理。"),
    "first_review": ("申请已受理", "公租房申请 {number} 已受理并完成联网核对，正在审核。"),
    "second_review": ("初审公示结束", "公租房申请 {number} 初审公示无异议，正在市里复审。"),
}
CLOSED = {
    "approved": ("你有准入资格了", "公租房申请 {number} 审核通过，资格证已发放，可以登记轮候。"),
    "not_accepted": ("申请没有受理", "公租房申请 {number} 没有受理。原因：{reason}。可以重新申请。"),
    "first_failed": ("申请没有通过", "公租房申请 {number} 没有通过初审。原因：{reason}。可以重新申请。"),
    "second_failed": ("申请没有通过", "公租房申请 {number} 没有通过复审。原因：{reason}。可以重新申请。"),
    "failed": ("申请没有通过", "公租房申请 {number} 没有通过审核。原因：{reason}。可以重新申请。"),
}


@service("eligibility.start_checks")
def begin_checks(instance: Instance, token: Token) -> Any:
    """Puts the five questions; the process waits until all are answered or given to a clerk."""
    case = Case.objects.get(instance_id=instance.pk)
    start_checks(case, verification.KINDS)
    if all(check.answered for check in case.checks.all()):
        return {}
    return WAIT


@when_settled
def go_on(case: Case) -> None:
    """No check is under way any more: the case goes on to the reviewer, who sees what failed."""
    processes.signal(Instance.objects.get(pk=case.process_id), "checks")


@on("eligibility.entered", name="eligibility.tell_applicant", when=lambda payload: payload["node"] in TOLD)
def tell_progress(event: Event) -> None:
    """At key steps the applicant gets a message and a text message (SH-047.3)."""
    if event["node"] in TOLD:  # an earlier release stored the others too
        case = Case.objects.get(pk=event["case_id"])
        tell(case, *TOLD[event["node"]], key=f"case:{case.pk}:{event['node']}")


@on("eligibility.closed", name="eligibility.tell_applicant_end")
def tell_end(event: Event) -> None:
    """The end of a case is told with its reason; a refusal by text message only if the clerk chose so (SH-047.4)."""
    if event["outcome"] in CLOSED:
        case = Case.objects.get(pk=event["case_id"])
        by_sms = event["outcome"] == "approved" or bool(case.facts.get("inform"))
        tell(case, *CLOSED[event["outcome"]], key=f"case:{case.pk}:closed", by_sms=by_sms)


def tell(case: Case, title: str, text: str, *, key: str, by_sms: bool = True) -> None:
    """A message on the resident's list, and a text message to the telephone of the case (SH-047.2)."""
    office = office_facts(case)
    filled = text.format(number=case.number, reason=case.fail_reason, office=office["organisation"])
    send_message(
        case.applicant_ref, title, filled, kind="case", link=f"/records/{case.pk}", subject=case.subject, key=key
    )
    if not by_sms:
        return
    sms = f"{filled}{office['organisation']}（{office['organisation_code']}），电话 {office['phone']}"
    send_sms(
        case.phone,
        sms,
        "case_progress",
        case.subject,
        system(),
        key=key,
        org_path=case.org_path,
        division=case.division,
    )


def case_store(payload: Mapping[str, Any]) -> str:
    """The case store hears of one case in the order in which things happened."""
    return f"case-store:{payload['case_id']}"


@on("eligibility.entered", name="eligibility.push_progress", line=case_store)
def push_progress(event: Event) -> None:
    """Each step is told to the case store."""
    push(event, Case.objects.get(pk=event["case_id"]), event["node"], event["node_title"])


@on("eligibility.closed", name="eligibility.push_end", line=case_store)
def push_end(event: Event) -> None:
    """The end of a case with its reason is told to the case store (SH-023.7, SH-033.4, SH-045.3)."""
    case = Case.objects.get(pk=event["case_id"])
    push(event, case, event["outcome"], case.get_state_display())


@on("eligibility.closed", name="eligibility.share_result")
def share_result(event: Event) -> None:
    """The result of a review goes to the subject database too; what was withdrawn or deleted has none (SH-045.3)."""
    if event["outcome"] in CLOSED:
        defer("eligibility.share_result", case_id=event["case_id"], push_id=f"result-{event.id}")


@background("eligibility.share_result", atomic=False)
def share(case_id: int, push_id: str) -> None:
    """Shares one result; a repeat of the same push changes nothing there."""
    case = Case.objects.get(pk=case_id)
    held = Certificate.objects.filter(case_id=case.pk).first()
    content = {
        "case_number": case.number, "item_code": SERVICE_ITEM, "division": case.division, "result": case.state,
        "result_title": case.get_state_display(), "reason_type": case.fail_type,
        "closed_on": clock.local_date(case.closed_at or clock.now()).isoformat(),
        "certificate": {
            "number": held.number, "valid_from": held.valid_from.isoformat(),
            "valid_until": held.valid_until.isoformat(), "household_size": held.household_size,
        } if held else None,
    }  # fmt: skip
    result = SharedResult(push_id=push_id, kind="public_rental_review", content=content)
    SubjectDatabasePush().call(result, subject=case.subject, call_id=push_id)


@on("supplement.changed", name="eligibility.push_supplement")
def push_supplement(event: Event) -> None:
    """A request for supplements and its answer change the state in the case store (SH-024.6), and are told."""
    case = Case.objects.get(pk=event["case_id"])
    defer(
        "eligibility.push_state", lock=case_store(event.payload), case_id=case.pk, push_id=f"{event.id}",
        state=event["state"], title=event["title"], at_moment=event.created_at.isoformat(),
    )  # fmt: skip
    if event["state"] == "supplement_asked":
        text = "公租房申请 {number} 要补材料：" + event["text"]
        tell(case, "要你补材料", text, key=f"supplement:{event['supplement_id']}")


def push(event: Event, case: Case, state: str, title: str) -> None:
    """Tells the case store what an event changed, outside of any transaction."""
    push_state(case.pk, f"{event.id}", state, title, event.created_at.isoformat())


@background("eligibility.push_state", atomic=False)
def push_state(case_id: int, push_id: str, state: str, title: str, at_moment: str) -> None:
    """Tells the case store one change of state; a repeat of the same push changes nothing there."""
    case = Case.objects.get(pk=case_id)
    CaseStorePush().call(
        CaseState(
            push_id=push_id, case_number=case.number, item_code=SERVICE_ITEM, state=state, state_title=title,
            at=datetime.fromisoformat(at_moment), applicant=case.household, reason_type=case.fail_type,
            reason=case.fail_reason,
        ),
        subject=case.subject,
    )  # fmt: skip


@may_see("certificate")
def sees_certificate(actor: Actor, number: str) -> bool:
    """A certificate is seen by its holder and by staff within reach."""
    certificate = Certificate.objects.filter(pk=int(number)).first()
    if certificate is None:
        return False
    return certificate.holder_ref == actor.ref or admits(actor, "eligibility.certificate.view", certificate)
