"""人才: who said so in his application, what the city's platform says of him, and his qualification told there (SH-018, SH-192.4).

A qualification is told when it is given, when it changes and when it ends, each content once; what is told is always
the present one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import F, Q

from anju.eligibility.application import members_of
from anju.eligibility.connectors import PersonQuery
from anju.eligibility.models import (
    Certificate,
    CertificateState,
    QualificationPush,
    Standing,
    Talent,
    TalentState,
)
from anju.eligibility.talent_connectors import QualificationSend, QualificationTold, TalentLookup
from anju.kernel import clock
from anju.kernel.cases.models import Case
from anju.kernel.connectors import ConnectorError
from anju.kernel.crypto import blind
from anju.kernel.errors import Conflict
from anju.kernel.events import Event, on
from anju.kernel.jobs import background, defer, every


@dataclass(frozen=True)
class TalentFacts:
    """A recognised talent as other contexts know him."""

    certificate_no: str
    level: str
    division: str
    valid_until: date


def talent_of(holder_key: bytes) -> TalentFacts | None:
    """Whom the platform recognises as a talent today, by the blind index of his number; None for all others."""
    found = Talent.objects.filter(
        holder_key=holder_key, state=TalentState.CONFIRMED, valid_until__gte=clock.today()
    ).first()  # fmt: skip
    if found is None or found.valid_until is None:
        return None
    return TalentFacts(found.certificate_no, found.level, found.talent_division, found.valid_until)


# -- who is one ---------------------------------------------------------------------------------------------------


@on("eligibility.submitted", name="eligibility.note_talent")
def note_talent(event: Event) -> None:
    """An applicant who says that he is a talent is noted, and the platform is asked."""
    case = Case.objects.get(pk=event["case_id"])
    said = case.data.get("form", {})
    if said.get("talent") != "yes":
        return
    applicant = members_of(case.data)[0]
    told = {
        "name": applicant.name, "document_type": applicant.document_type, "number": applicant.document_number,
        "case_number": case.number, "wish_division": said.get("talent_division") or "",
        "wish_layout": said.get("talent_layout") or "", "org_path": case.org_path, "division": case.division,
    }  # fmt: skip
    held, _ = Talent.objects.update_or_create(holder_key=applicant.key, defaults=told)
    ask(held)


def ask(held: Talent) -> None:
    """Has the platform asked by the worker."""
    defer("eligibility.ask_talent", once=f"eligibility.ask_talent:{held.pk}", talent_id=held.pk)


@background("eligibility.ask_talent", atomic=False)
def ask_talent(talent_id: int) -> None:
    """Asks whether a person is a talent; a repeat asks anew and keeps the newest answer."""
    held = Talent.objects.get(pk=talent_id)
    query = PersonQuery(name=held.name, id_type=held.document_type, id_number=held.number, as_of=clock.today())
    try:
        answer = TalentLookup().call(query, subject=f"talent:{held.pk}")
    except ConnectorError as failure:
        Talent.objects.filter(pk=talent_id).update(trouble=failure.message[:200])
        raise
    records = [record for record in answer.matching(query) if record.valid_until >= clock.today()]
    best = min(records, key=lambda record: (record.level != "city", record.certificate_number), default=None)
    told = {
        "state": TalentState.CONFIRMED, "level": best.level, "talent_division": best.division,
        "certificate_no": best.certificate_number, "valid_until": best.valid_until,
    } if best else {"state": TalentState.UNKNOWN}  # fmt: skip
    with transaction.atomic():
        Talent.objects.filter(pk=talent_id).update(
            **told, asked_at=clock.now(), trouble="", version=F("version") + 1
        )  # fmt: skip
        for certificate_id in Certificate.objects.filter(holder_key=held.holder_key).values_list("pk", flat=True):
            tell_of(certificate_id)


# -- what is told of his qualification ---------------------------------------------------------------------------


@on("eligibility.certified", name="eligibility.tell_qualification")
def when_certified(event: Event) -> None:
    """A certificate that was given is told at once, if its holder is a talent."""
    tell_of(event["certificate_id"])


def tell_of(certificate_id: int) -> None:
    """Has a talent's certificate told, as it stands; of others nothing is told. To be called in a transaction."""
    certificate = Certificate.objects.get(pk=certificate_id)
    held = Talent.objects.filter(holder_key=certificate.holder_key, state=TalentState.CONFIRMED).first()
    if held is None:
        return
    QualificationPush.objects.update_or_create(
        certificate=certificate,
        defaults={
            "talent": held, "state": "pushing", "org_path": certificate.org_path, "division": certificate.division,
        },
    )  # fmt: skip
    defer(
        "eligibility.push_qualification", lock=f"talent-qualification:{certificate_id}", certificate_id=certificate_id
    )


def standing_of(certificate: Certificate) -> Standing:
    """What the certificate is worth today."""
    if certificate.state != CertificateState.VALID:
        return Standing.REVOKED
    return Standing.VALID if certificate.valid_until >= clock.today() else Standing.EXPIRED


@background("eligibility.push_qualification", atomic=False)
def push_qualification(certificate_id: int) -> None:
    """Tells the present content of a qualification; the same content is told once."""
    push = QualificationPush.objects.select_related("certificate", "talent").get(certificate_id=certificate_id)
    certificate, held = push.certificate, push.talent
    told = QualificationTold(
        push_id="", certificate_number=certificate.number, talent_number=held.certificate_no, level=held.level,
        holder_name=certificate.holder_name, id_number=certificate.holder_number, programme=certificate.programme,
        household_size=certificate.household_size, division=certificate.division, wish_division=held.wish_division,
        wish_layout=held.wish_layout, standing=standing_of(certificate), valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
    )  # fmt: skip
    digest = blind(repr(asdict(told))).hex()[:32]
    receipt = push.receipt
    if digest != push.digest:
        told = replace(told, push_id=f"qualification-{push.pk}-{push.version}-{digest[:16]}")
        try:
            receipt = (
                QualificationSend().call(told, subject=f"certificate:{certificate.pk}", call_id=told.push_id).receipt
            )
        except ConnectorError as failure:
            QualificationPush.objects.filter(pk=push.pk).update(trouble=failure.message[:200])
            raise
    QualificationPush.objects.filter(pk=push.pk).update(
        state="pushed", standing=told.standing, certificate_version=certificate.version, digest=digest,
        told_at=clock.now(), receipt=receipt, trouble="", version=F("version") + 1,
    )  # fmt: skip


def again(push: QualificationPush) -> str:
    """Has a qualification told now, instead of after the pause that follows a failure."""
    if push.state == "pushed":
        raise Conflict("平台已收到最新的资格", code="talent.nothing_to_do", advice="资格变动后会自动推送")
    defer(
        "eligibility.push_qualification", once=f"talent-qualification-now:{push.certificate_id}",
        certificate_id=push.certificate_id,
    )  # fmt: skip
    return "已重新推送，稍后刷新查看"


@background("eligibility.sweep_qualifications")
def sweep() -> None:
    """Finds certificates of talents that changed or ended since they were told; a repeat finds none left."""
    changed = Q(certificate__version__gt=F("certificate_version"))
    revoked = Q(standing=Standing.VALID) & ~Q(certificate__state=CertificateState.VALID)
    ended = Q(standing=Standing.VALID, certificate__valid_until__lt=clock.today())
    found = QualificationPush.objects.filter(changed | revoked | ended, state="pushed")
    for certificate_id in found.values_list("certificate_id", flat=True):
        tell_of(certificate_id)


every(minutes=10)("eligibility.sweep_qualifications")
