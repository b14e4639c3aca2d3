"""A household that may sign, and a contract for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from anju.eligibility.models import Certificate
from anju.households.synthetic import synthetic_id
from anju.kernel import clock
from anju.supply.models import Unit
from anju.tenancy.models import Contract
from tests.casework import Household, Town
from tests.conftest import Api
from tests.waiting.kit import Homes, certificate, homes

FATHER = synthetic_id("339901", date(1955, 3, 2), 21)


@dataclass
class Lease:
    """Everyone and everything that a contract is about."""

    who: Household
    certificate: Certificate
    homes: Homes
    clerk: Api
    unit: Unit


def ready(town: Town, who: Household | None = None) -> Lease:
    """A household with a certificate, and units to let."""
    who = who or town.household()
    some = homes(f"U{town.residents}")
    return Lease(who, certificate(town, who), some, town.staff("fangting"), some.units[0])


def person(name: str = "周建国", number: str = FATHER, kind: str = "co_resident", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "name": name, "document_number": number, "phone": "", "relation": "父亲", **more}


def terms(**more: Any) -> dict[str, Any]:
    """The terms of a contract of two years from today."""
    today = clock.today()
    return {
        "attribute": "new", "kind": "individual", "rent_mode": "monthly", "starts_on": today,
        "ends_on": today + timedelta(days=729), "rent": "1128.00", "deposit": "1128.00", "occupants": [person()], **more,
    }  # fmt: skip


def draft(lease: Lease, **more: Any) -> Any:
    """The answer to a clerk who registers a contract."""
    sent = {"certificate_no": lease.certificate.number, "unit_id": lease.unit.pk, **terms(), **more}
    return lease.clerk.post("/tenancy/contracts", sent)


def drafted(lease: Lease, **more: Any) -> dict[str, Any]:
    """A contract in the state 'signing'."""
    answer = draft(lease, **more)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def in_force(lease: Lease, **more: Any) -> dict[str, Any]:
    """A contract signed on paper."""
    made = drafted(lease, **more)
    answer = lease.clerk.post(f"/tenancy/contracts/{made['id']}/sign-offline")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def filed(lease: Lease, **more: Any) -> dict[str, Any]:
    """A contract signed and filed."""
    made = in_force(lease, **more)
    answer = lease.clerk.post(f"/tenancy/contracts/{made['id']}/file")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def status(lease: Lease) -> str:
    return Unit.objects.values_list("status", flat=True).get(pk=lease.unit.pk)


def stored(made: dict[str, Any]) -> Contract:
    return Contract.objects.get(pk=made["id"])
