"""Publicity periods (公示): entered by a clerk, shown in public with masked names, concluded when they are over."""

from __future__ import annotations

from datetime import date
from typing import Any

from anju.eligibility.application import members_of
from anju.eligibility.models import Objection, Publicity, PublicityKind
from anju.kernel import clock
from anju.kernel.cases.models import Case
from anju.kernel.cases.types import Act
from anju.kernel.crypto import mask_id_number, mask_name
from anju.kernel.errors import DomainError, FieldError, Invalid

KINDS = {"publicity": PublicityKind.PRELIMINARY, "online_publicity": PublicityKind.ONLINE}
OUTCOMES = {
    "no_objection": Objection.NONE,
    "objection_upheld": Objection.UPHELD,
    "objection_rejected": Objection.REJECTED,
}


class StillRunning(DomainError):
    """The period is not over (SH-043.8)."""

    status, code, message, advice = 409, "publicity.running", "公示期还没有结束", "期满次日起可以录入公示结果"


def kind_of(node: str) -> PublicityKind:
    """Which period a step of the process is about."""
    return PublicityKind.ONLINE if node.startswith("online_") else PublicityKind.PRELIMINARY


def begin(case: Case, act: Act) -> dict[str, Any]:
    """Records start, end and place of a period (SH-043.5, SH-044.5); the process waits for its end."""
    entry = act.data
    starts_on, ends_on = date.fromisoformat(str(entry["starts_on"])), date.fromisoformat(str(entry["ends_on"]))
    errors = []
    if starts_on < clock.today():
        errors.append(FieldError("data.starts_on", "date.past", "开始日期不能早于今天"))
    if ends_on <= starts_on:
        errors.append(FieldError("data.ends_on", "date.order", "结束日期要晚于开始日期"))
    if errors:
        raise Invalid(errors)
    kind = kind_of(act.node)
    applicant = members_of(case.data)[0]
    Publicity.objects.create(
        case_id=case.pk, case_number=case.number, kind=kind, holder_masked=mask_name(applicant.name),
        id_masked=mask_id_number(applicant.document_number), household_size=case.household_size,
        starts_on=starts_on, ends_on=ends_on, place=entry["place"], org_path=case.org_path, division=case.division,
        created_by=act.actor.ref,
    )  # fmt: skip
    name = "online_publicity_end" if kind is PublicityKind.ONLINE else "publicity_end"
    return {name: ends_on.isoformat()}


def conclude(case: Case, act: Act) -> None:
    """Records the result of a period (SH-043.6): objection or none, opinion and finding."""
    running = Publicity.objects.select_for_update().filter(
        case_id=case.pk, kind=kind_of(act.node), objection=Objection.PENDING
    )
    period = running.first()
    if period is None:
        raise DomainError("没有正在进行的公示", code="publicity.none", advice="请先录入公示")
    if clock.today() <= period.ends_on:
        raise StillRunning
    result = act.data
    period.objection = OUTCOMES[act.outcome]
    period.opinion, period.finding = act.opinion, result.get("finding") or ""
    period.save()


def as_json(period: Publicity) -> dict[str, Any]:
    """A period as the case page shows it."""
    return {
        "id": period.pk,
        "kind": period.kind,
        "title": period.get_kind_display(),
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "place": period.place,
        "objection": period.objection,
        "objection_title": period.get_objection_display(),
        "opinion": period.opinion,
        "finding": period.finding,
        "running": period.starts_on <= clock.today() <= period.ends_on,
    }


def shown_today(division: str) -> list[dict[str, Any]]:
    """Households under publicity on this day, names and numbers masked; gone when the period is over (ZB-07.2)."""
    today = clock.today()
    periods = Publicity.objects.filter(
        division__startswith=division, starts_on__lte=today, ends_on__gte=today, objection=Objection.PENDING
    ).order_by("ends_on", "id")[:500]
    return [
        {
            "number": each.case_number, "kind": each.get_kind_display(), "name": each.holder_masked,
            "id_number": each.id_masked, "household_size": each.household_size, "division": each.division,
            "starts_on": each.starts_on, "ends_on": each.ends_on, "place": each.place,
        }
        for each in periods
    ]  # fmt: skip
