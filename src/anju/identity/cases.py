"""The case types of account applications: one a class, for each has a flow of its own (SH-220.1)."""

from __future__ import annotations

from typing import Any

from anju.identity import account_applications as applications
from anju.identity import account_flows
from anju.identity.models import AccountApplication, AccountApplicationState, AccountClass
from anju.kernel.cases import CaseType, MaterialClass, declare_type
from anju.kernel.cases.models import Case, Material
from anju.kernel.cases.types import Act
from anju.kernel.files import may_read
from anju.kernel.files.models import StoredFile
from anju.kernel.scope import Actor, admits

VIEW = "identity.application.view"


def before(case: Case, act: Act) -> dict[str, Any]:
    """Nobody decides on his own; what the decider wrote is what the applicant reads."""
    application = applications.of_case(case)
    applications.refuse_own(act.actor, application)
    if act.outcome == "correct":
        applications.move(application, AccountApplicationState.CORRECTION, act.reason)
    return {"decided_by": act.actor.ref, "remark": act.reason}


def entered(case: Case, node: str) -> None:
    """A step waits again: the application is under review, whoever may decide is told."""
    application = AccountApplication.objects.filter(case_id=case.pk).first()
    if application is None or not node.startswith("step_"):
        return
    if application.state == AccountApplicationState.CORRECTION:
        applications.move(application, AccountApplicationState.OPEN, "")


def closed(case: Case, outcome: str) -> None:
    """The end: an account, or a refusal with its reason."""
    application = applications.of_case(case)
    if outcome == "approved":
        applications.approve(application, decider(case))
    else:
        applications.move(application, AccountApplicationState.REFUSED, case.fail_reason)


def decider(case: Case) -> Actor:
    """Who took the last step."""
    last = case.entries.filter(is_opinion=True).order_by("-id").first()
    kind, _, number = (last.actor_ref if last else "system:0").partition(":")
    return Actor(kind=kind, id=int(number), name=last.actor_name if last else "系统")


def extra(case: Case, actor: Actor) -> dict[str, Any]:
    """What the page of an application shows beside: nothing personal that the form does not mask."""
    application = applications.of_case(case)
    return {"application": {"state": application.state, "username": application.username, "klass": application.klass}}


@may_read(applications.PURPOSE, personal=True)
def reads_seal(actor: Actor, file: StoredFile) -> bool:
    """Who may see the application may see the unit's sealed files, those sent in before a correction too."""
    cases = Material.ever.filter(file_id=file.pk).values("case_id")
    found = AccountApplication.objects.filter(case_id__in=cases).first()
    return found is not None and admits(actor, VIEW, found)


for _klass in AccountClass.values:
    declare_type(
        CaseType(
            key=f"identity.account_{_klass}",
            title=f"账号申请（{AccountClass(_klass).label}）",
            process=account_flows.process_of(_klass),
            form=applications.FORM,
            number="ZH{division}{year}{serial:06d}",
            numbering="account_application",
            days=10,
            view_right=VIEW,
            materials=(MaterialClass("sealed_file", "单位盖章文件", required=True),),
            closing={"approved": "passed", "refused": "failed"},
            before=before,
            entered=entered,
            closed=closed,
            extra=extra,
        )
    )
