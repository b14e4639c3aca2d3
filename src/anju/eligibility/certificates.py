"""Admission certificates: granted when a case is approved, checked by all who rely on them (SH-046)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from anju.eligibility.application import members_of
from anju.eligibility.models import Agency, Certificate, CertificateState
from anju.identity.services import office_by_path
from anju.kernel import clock
from anju.kernel.cases.models import Case
from anju.kernel.documents import issue
from anju.kernel.errors import DomainError
from anju.kernel.events import publish
from anju.kernel.forms import dictionary
from anju.kernel.numbering import format_number, next_number
from anju.kernel.processes.models import Token
from anju.kernel.scope import system

YEARS = 2
REVIEWS = ("first_review", "first_approval", "second_review", "second_approval", "admission")


class NoCertificate(DomainError):
    """No valid certificate under this number or for this person."""

    status, code, message = 404, "certificate.none", "没有找到有效的准入资格证"
    advice = "请核对资格证号，或先取得准入资格"


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate as other contexts know it."""

    id: int
    number: str
    case_id: int
    holder_ref: str
    holder_name: str
    gender: str
    document_number: str
    phone: str
    household_size: int
    members: list[dict[str, Any]]
    priority_group: str
    division: str
    org_path: str
    accepted_at: datetime
    case_number: str
    valid_from: date
    valid_until: date

    def valid_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_until


def last_day(start: date) -> date:
    """The last day of validity: two years from the day, that day included (SH-046.1)."""
    try:
        same_day = start.replace(year=start.year + YEARS)
    except ValueError:  # the 29th of February
        same_day = start.replace(year=start.year + YEARS, month=3, day=1)
    return same_day - timedelta(days=1)


def grant(case: Case) -> Certificate:
    """Issues the certificate of an approved case, with the dates computed from today and a number without gaps."""
    today = clock.today()
    members = members_of(case.data)
    applicant = members[0]
    admission = case.facts.get("admission", {})
    serial = next_number("public_rental_certificate", area=case.division, year=today.year)
    certificate = Certificate.objects.create(
        number=format_number("ZR{division}{year}{serial:06d}", division=case.division, year=today.year, serial=serial),
        case_id=case.pk, case_number=case.number, holder_ref=case.applicant_ref, holder_name=applicant.name,
        holder_gender=gender(applicant.document_number), holder_number=applicant.document_number,
        holder_key=applicant.key, phone=case.phone, household_size=len(members),
        sealed_members=json.dumps([member.row for member in members], ensure_ascii=False, default=str),
        priority_group=admission.get("priority_group", ""), conditions=admission.get("conditions", ""),
        accepted_at=accepted_at(case), valid_from=today, valid_until=last_day(today), org_path=case.org_path,
        division=case.division,
    )  # fmt: skip
    data = {
        **office_facts(case), "number": certificate.number, "case_number": case.number, "holder": applicant.name,
        "document_number": applicant.document_number, "household_size": len(members),
        "members": [
            {
                "name": m.name,
                "relation": dictionary("relation").title(m.relation) or m.relation,
                "document_number": m.document_number,
            }
            for m in members
        ],
        "valid_from": today.isoformat(), "valid_until": certificate.valid_until.isoformat(),
        "conditions": certificate.conditions, "priority_group": certificate.priority_group,
        "reviews": reviews_of(case),
    }  # fmt: skip
    actor, office = system(), data["organisation"]
    document = issue(
        template="qualification_certificate", subject=f"certificate:{certificate.pk}", number=certificate.number,
        title="公共租赁住房准入资格证", data=data, actor=actor, org_path=case.org_path, division=case.division,
        valid_until=certificate.valid_until, organisation=office,
    )  # fmt: skip
    issue(
        template="admission_sheet", subject=case.subject, title="准入资格单", data=data, actor=actor,
        org_path=case.org_path, division=case.division, organisation=office,
    )  # fmt: skip
    certificate.document_id = document.pk
    certificate.save(update_fields=["document_id"])
    publish("eligibility.certified", certificate_id=certificate.pk, case_id=case.pk, number=certificate.number)
    return certificate


def gender(document_number: str) -> str:
    """男 or 女 from an 18-digit identity number; empty for other documents."""
    if len(document_number) == 18 and document_number[:17].isdigit():
        return "男" if int(document_number[16]) % 2 else "女"
    return ""


def office_facts(case: Case) -> dict[str, Any]:
    """The handling office as papers name it (SH-045.4)."""
    office = Agency.objects.filter(org_path=case.org_path).first() or office_by_path(case.org_path)
    return {
        "organisation": office.name if office else f"{settings.ANJU_CITY['name']}住房保障中心",
        "organisation_code": office.code if office else "",
        "phone": office.phone if office else "",
        "issued_on": clock.today().isoformat(),
    }


def accepted_at(case: Case) -> datetime:
    """When the application was accepted: the moment that orders the queue after the certificate's date."""
    accepted = Token.objects.filter(instance_id=case.process_id, node_id="accept", state="done").order_by("-id")
    return accepted.values_list("left_at", flat=True).first() or case.submitted_at


def reviews_of(case: Case) -> list[dict[str, str]]:
    """The opinions on which the admission rests, in their order."""
    return [
        {
            "node": entry.node_title, "name": entry.actor_name, "opinion": entry.text or entry.action,
            "on": clock.local_date(entry.at).isoformat(),
        }
        for entry in case.entries.filter(is_opinion=True, node__in=REVIEWS).order_by("id")
    ]  # fmt: skip


def facts(certificate: Certificate) -> CertificateFacts:
    """A certificate for other contexts."""
    return CertificateFacts(
        id=certificate.pk, number=certificate.number, case_id=certificate.case_id, holder_ref=certificate.holder_ref,
        holder_name=certificate.holder_name, gender=certificate.holder_gender,
        document_number=certificate.holder_number, phone=certificate.phone, household_size=certificate.household_size,
        members=certificate.members, priority_group=certificate.priority_group, division=certificate.division,
        org_path=certificate.org_path, accepted_at=certificate.accepted_at, case_number=certificate.case_number,
        valid_from=certificate.valid_from, valid_until=certificate.valid_until,
    )  # fmt: skip


def by_number(number: str) -> CertificateFacts:
    """The valid certificate with this number; raises `NoCertificate`, saying when one has run out."""
    found = Certificate.objects.filter(number=number.strip()).first()
    if found is None:
        raise NoCertificate(field="certificate_no")
    check_valid(found)
    return facts(found)


def by_numbers(numbers: Iterable[str]) -> dict[str, CertificateFacts]:
    """Certificates by number, valid or not any more; unknown numbers are left out."""
    return {found.number: facts(found) for found in Certificate.objects.filter(number__in=set(numbers))}


def by_id(certificate_id: int) -> CertificateFacts:
    """A certificate, valid or not."""
    found = Certificate.objects.filter(pk=certificate_id).first()
    if found is None:
        raise NoCertificate
    return facts(found)


def of_holder(holder_ref: str) -> CertificateFacts | None:
    """A resident's valid certificate."""
    today = clock.today()
    found = Certificate.objects.filter(
        holder_ref=holder_ref, state=CertificateState.VALID, valid_from__lte=today, valid_until__gte=today
    ).first()
    return facts(found) if found else None


def check_valid(certificate: Certificate) -> None:
    """Raises `NoCertificate` unless the certificate is valid today."""
    if certificate.state != CertificateState.VALID:
        raise NoCertificate("这张资格证已注销", code="certificate.revoked", field="certificate_no")
    if not certificate.valid_from <= clock.today() <= certificate.valid_until:
        raise NoCertificate(
            f"这张资格证已于 {certificate.valid_until} 到期", code="certificate.expired", field="certificate_no",
            advice="请先办理复核申请",
        )  # fmt: skip
