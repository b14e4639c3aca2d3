"""What others may ask of eligibility: filing an application, what a resident sees of it, and certificates."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from anju.eligibility import certificates
from anju.eligibility.application import FORM, accepting_office, check_pages, members_of
from anju.eligibility.cases import PUBLIC_RENTAL
from anju.eligibility.certificates import CertificateFacts, NoCertificate
from anju.eligibility.models import DeletionRequest, DeletionState
from anju.eligibility.persons import (
    applicant_of,
    cases_of_person,
    certificates_of_cases,
    key_of,
    latest_of_person,
    latest_of_resident,
    owns_housing,
    progress_of,
    wished_layout,
)
from anju.eligibility.progress import case_view, cases_view
from anju.eligibility.talents import TalentFacts, talent_of
from anju.households.services import Member as Person
from anju.households.services import take_snapshot
from anju.kernel import audit, clock
from anju.kernel.cases.models import Case, CaseState, SupplementState
from anju.kernel.cases.services import (
    Blocked,
    MaterialInput,
    PartyInput,
    keep_from_others,
    lock,
    open_case,
    own_case,
    write,
)
from anju.kernel.documents import issue
from anju.kernel.errors import Conflict, FieldError, Invalid, NotFound
from anju.kernel.events import publish
from anju.kernel.processes import services as processes
from anju.kernel.processes.models import Instance
from anju.kernel.scope import Actor

__all__ = [
    "FORM",
    "CertificateFacts",
    "NoCertificate",
    "TalentFacts",
    "applicant_of",
    "case_view",
    "cases_of_person",
    "cases_view",
    "certificate_by_id",
    "certificate_by_number",
    "certificate_of",
    "certificates_by_number",
    "certificates_of_cases",
    "key_of",
    "latest_of_person",
    "latest_of_resident",
    "open_application_of",
    "owns_housing",
    "progress_of",
    "submit_application",
    "talent_of",
    "wished_layout",
]

certificate_by_number = certificates.by_number
certificate_by_id = certificates.by_id
certificates_by_number = certificates.by_numbers
certificate_of = certificates.of_holder


class MaterialsMissing(Invalid):
    """A required class of materials is empty; each is named (ZB-05.3)."""

    code, message = "application.materials_missing", "还有必交的材料没传"


def submit_application(
    *, resident_id: int, key: str, pages: dict[str, Any], materials: list[dict[str, Any]], source: str, actor: Actor,
    phone: str,
) -> Case:  # fmt: skip
    """Files an application for public rental. The same `key` again gives the same case and files nothing.

    `materials`: {klass, file_id, name, mime}. Raises `Invalid` for the form, `MaterialsMissing`, `NoOffice`, and
    `application.open_exists` when anyone of the household is in an open application.
    """
    earlier = Case.objects.filter(applicant_ref=actor.ref, request_key=key).first()
    if earlier is not None:
        return earlier
    data = check_pages(pages)
    members = members_of(data)
    held = {material["klass"] for material in materials}
    missing = [m for m in PUBLIC_RENTAL.materials if m.required and m.key not in held]
    if missing:
        raise MaterialsMissing(
            [FieldError(f"materials.{m.key}", "material.missing", f"请上传{m.title}") for m in missing]
        )
    division = data["place"]["division"]
    office = accepting_office(division)
    applicant = members[0]
    case = open_case(
        type_key=PUBLIC_RENTAL.key, actor=actor, request_key=key, title=f"{applicant.name} 公租房申请",
        household=applicant.name, applicant_key=applicant.key, phone=phone, data=data,
        parties=[PartyInput(m.key, m.name, m.relation) for m in members],
        materials=[MaterialInput(m["klass"], m["file_id"], m["name"], m["mime"]) for m in materials],
        org_path=office.path, division=division, source=source,
    )  # fmt: skip
    take_snapshot(
        case.subject,
        [Person(m.document_type, m.document_number, m.name, m.relation, details=m.row) for m in members],
        on=clock.today(),
        actor=actor,
        org_path=case.org_path,
        division=case.division,
    )
    issue(
        template="application_form", subject=case.subject, title="公共租赁住房申请表", number=case.number,
        data={
            **certificates.office_facts(case), "number": case.number, "applicant": applicant.name, "phone": phone,
            "submitted_on": clock.today().isoformat(), "pages": data,
        },
        actor=actor, organisation=office.name, org_path=case.org_path, division=case.division, seal=False,
    )  # fmt: skip
    publish("eligibility.submitted", case_id=case.pk, number=case.number, resident=actor.ref)
    return case


def open_application_of(holder_ref: str) -> Case | None:
    """A resident's application that is not decided yet."""
    return Case.objects.filter(
        applicant_ref=holder_ref, type_key=PUBLIC_RENTAL.key, state__in=[CaseState.OPEN, CaseState.SUPPLEMENT]
    ).first()


def ask_deletion(*, case_id: int, reason: str, actor: Actor) -> DeletionRequest:
    """A clerk asks the city to delete a case under review; nothing is deleted until it agrees (SH-045.7)."""
    case = lock(case_id, actor, "eligibility.deletion.ask")
    keep_from_others(case, actor)
    if not case.is_open:
        raise Blocked("已办结的案件不能删除", code="case.closed", advice="办结的案件须留存备查")
    if len(reason.strip()) < 5:
        raise Invalid([FieldError("reason", "reason.too_short", "请写明删除理由，至少 5 个字")])
    asked = DeletionRequest.objects.create(
        case_id=case.pk, case_number=case.number, reason=reason.strip(), org_path=case.org_path, division=case.division,
        created_by=actor.ref,
    )  # fmt: skip
    write(case, actor, "申请删除", reason.strip(), tone="wait")
    return asked


def decide_deletion(*, request_id: int, approve: bool, note: str, actor: Actor) -> DeletionRequest:
    """The city decides. Approved, the case leaves the working lists; its record and reason stay (ruling SH-045)."""
    case_id = DeletionRequest.objects.filter(pk=request_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound
    case = lock(case_id, actor, "eligibility.deletion.decide")
    asked = DeletionRequest.objects.select_for_update().get(pk=request_id)
    if asked.state != DeletionState.ASKED:
        raise Conflict("这份删除申请已经审批过", code="deletion.decided", advice="刷新后查看结果")
    if asked.created_by == actor.ref:
        raise Blocked("申请人不能审批自己的申请", code="deletion.same_person", advice="请由另一人审批")
    asked.state = DeletionState.APPROVED if approve else DeletionState.REFUSED
    asked.decided_by, asked.decided_at, asked.decision_note = actor.ref, clock.now(), note.strip()
    if approve and not case.is_open:
        raise Blocked("案件已经办结，不能再删除", code="case.closed", advice="办结的案件须留存备查")
    asked.save()
    write(
        case,
        actor,
        "市级审批删除",
        ("同意。" if approve else "不同意。") + note.strip(),
        tone="bad" if approve else "idle",
    )
    if approve:
        end_early(case, CaseState.DELETED, actor, asked.reason)
    audit.record(
        "delete" if approve else "act", actor=actor, subject=case.subject, title=f"审批删除案件 {case.number}",
        detail={"approved": approve},
    )  # fmt: skip
    return asked


def end_early(case: Case, state: CaseState, actor: Actor, reason: str) -> None:
    """Ends an open case before its process does; its people are free for a next application."""
    processes.cancel(Instance.objects.get(subject=case.subject, state="open"), actor, reason)
    case.state, case.closed_at, case.outcome = state, clock.now(), str(state)
    case.node, case.node_title, case.version = "", "", case.version + 1
    case.save()
    case.parties.update(open=False)
    case.supplements.filter(state=SupplementState.ASKED).update(state=SupplementState.DONE, done_at=clock.now())
    publish("eligibility.closed", case_id=case.pk, outcome=str(state))


def withdraw(*, case_id: int, actor: Actor) -> Case:
    """The applicant takes an application back while it is open; a request to delete it falls with it."""
    with transaction.atomic():
        case = own_case(case_id, actor, locked=True)
        if not case.is_open:
            raise Blocked("申请已经办结，不能撤回", code="case.closed", advice="到“我的申请”查看结果")
        write(case, actor, "撤回申请", "申请人撤回", tone="idle", public=True)
        end_early(case, CaseState.WITHDRAWN, actor, "申请人撤回")
    return case
