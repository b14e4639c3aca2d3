"""Who may see the papers of a contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from anju.kernel.documents.guards import _GUARDS
from anju.kernel.scope import Actor, Reach
from anju.tenancy.models import Contract


@pytest.mark.django_db
def test_the_tenant_and_staff_within_reach_see_a_contract_s_papers() -> None:
    contract = Contract.objects.create(
        number="HT1", certificate_id=1, certificate_no="ZR1", unit_id=1, unit_code="1", address="望江路 200 号",
        project_name="望江苑", floor_area=Decimal("59.80"), tenant_ref="resident:3", tenant_name="王建华",
        tenant_number="339901199003071234", phone="13812346205", starts_on=date(2026, 12, 1),
        ends_on=date(2029, 11, 30), rent=Decimal("1196.00"), deposit=Decimal("2392.00"), org_path="/1/4/",
    )  # fmt: skip
    sees = _GUARDS["contract"]
    number = contract.subject.partition(":")[2]

    def clerk(path: str, right: str) -> Actor:
        return Actor(kind="staff", id=3, org_path=path, grants={right: Reach.ORG_AND_BELOW})

    assert sees(Actor(kind="resident", id=3), number)
    assert not sees(Actor(kind="resident", id=4), number)
    assert sees(clerk("/1/", "tenancy.contract.view"), number)
    assert not sees(clerk("/1/5/", "tenancy.contract.view"), number)
    assert not sees(clerk("/1/", "waiting.entry.view"), number)
    assert not sees(Actor(kind="resident", id=3), str(contract.pk + 1))
