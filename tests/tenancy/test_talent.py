"""Contracts of talents: which unit they sign for (SH-018.11, SH-018.12), filed ones pushed with one press (SH-192.5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anju.eligibility.models import Talent
from anju.kernel.connectors import ConnectorError
from anju.supply.models import TalentBatch, TalentUnit, Unit
from anju.tenancy import talent
from anju.tenancy.models import Contract, TalentContract
from tests.casework import Town
from tests.sandbox_fixture import Sandbox
from tests.support import run_jobs
from tests.tenancy.kit import Lease, draft, filed, in_force, ready, stored


def recognise(lease: Lease, **more: Any) -> Talent:
    """Makes the tenant a talent whom the platform knows."""
    told = {
        "level": "city",
        "certificate_no": "RC0009",
        "valid_until": date(2030, 12, 31),
        "state": "confirmed",
        **more,
    }
    return Talent.objects.create(
        holder_key=bytes(lease.certificate.holder_key), name=lease.who.name, document_type="id_card",
        number=lease.who.number, case_number="GZ1", org_path="/", division="339901", **told,
    )  # fmt: skip


def press(lease: Lease, contract_id: int) -> Any:
    return lease.clerk.post("/registers/tenancy.contracts/actions/talent", {"ids": [contract_id], "values": {}})


@pytest.mark.covers("SH-192.5")
def test_a_talent_s_filed_contract_is_found_and_pushed_with_one_press(
    town: Town, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = ready(town)
    made = in_force(lease)
    unfiled = press(lease, made["id"])
    assert (unfiled.status_code, unfiled.json()["code"]) == (409, "contract.not_filed")
    lease.clerk.post(f"/tenancy/contracts/{made['id']}/file")
    held = recognise(lease, valid_until=date(2020, 1, 1))
    assert press(lease, made["id"]).json()["code"] == "contract.not_talent", "his recognition has run out"
    Talent.objects.filter(pk=held.pk).update(valid_until=date(2030, 12, 31))

    contract = stored(made)
    for words in (contract.number, lease.who.name):
        (found,) = lease.clerk.get("/registers/tenancy.contracts/rows", q=words, **{"f.state": "filed"}).json()["rows"]
        assert found["id"] == contract.pk
    monkeypatch.setattr(talent.ContractSend, "tries", 1)
    sandbox.behave("talent_platform", "fail")
    assert press(lease, contract.pk).json()["done"] == 1
    with pytest.raises(ConnectorError):
        run_jobs()
    pushes = "/registers/tenancy.talent_contracts"
    (row,) = lease.clerk.get(f"{pushes}/rows").json()["rows"]
    assert (row["contract.number"], row["state"], bool(row["trouble"])) == (contract.number, "pushing", True)
    sandbox.behave("talent_platform", "ok")
    assert lease.clerk.post(f"{pushes}/actions/retry", {"ids": [row["id"]], "values": {}}).json()["done"] == 1
    for _ in range(2):
        talent.push_contract(contract.pk)
    (told,) = [one["content"] for one in sandbox.received()["talent"]]
    assert (told["contract_number"], told["filing_number"]) == (contract.number, contract.filing_no)
    assert (told["talent_number"], told["id_number"], told["rent"]) == ("RC0009", lease.who.number, "1128.00")
    (row,) = lease.clerk.get(f"{pushes}/rows").json()["rows"]
    assert (row["state"], row["trouble"], row["talent_no"], row["level"]) == ("pushed", "", "RC0009", "city")
    assert row["receipt"]
    again = press(lease, contract.pk).json()
    assert "已推送" in again["told"][0]["text"]
    late = lease.clerk.post(f"{pushes}/actions/retry", {"ids": [row["id"]], "values": {}})
    assert late.json()["code"] == "contract.talent_pushed"
    assert TalentContract.objects.count() == 1
    other = town.staff("fangting.np")
    assert other.get(f"{pushes}/rows").json()["rows"] == []
    assert press(Lease(lease.who, lease.certificate, lease.homes, other, lease.unit), contract.pk).status_code == 404


def test_a_contract_of_somebody_else_is_not_pushed(town: Town) -> None:
    lease = ready(town)
    made = filed(lease)
    assert press(lease, made["id"]).json()["code"] == "contract.not_talent"
    recognise(lease, state="unknown")
    assert press(lease, made["id"]).json()["code"] == "contract.not_talent"
    assert not TalentContract.objects.exists()


def make_affordable(lease: Lease) -> None:
    """Turns the unit into one of affordable rental, which only an unsupplied one can be."""
    unit = Unit.objects.filter(pk=lease.unit.pk)
    unit.update(status="ready", published=False)
    unit.update(own_programme="affordable_rental")
    unit.update(status="vacant", published=True)
    assert unit.get().programme == "affordable_rental"


def marked(unit: Unit, division: str) -> TalentUnit:
    """Gives a unit the talent mark of a district."""
    batch = TalentBatch.objects.create(
        project=unit.project, year=2026, number=1, managing_division=division, org_path=unit.org_path,
        division=unit.division,
    )  # fmt: skip
    return TalentUnit.objects.create(
        batch=batch, unit=unit, level="district", category="class_a", managing_division=division,
        org_path=unit.org_path, division=unit.division,
    )  # fmt: skip


@pytest.mark.covers("SH-018.12")
def test_a_district_s_talent_signs_only_for_units_marked_for_his_district(town: Town) -> None:
    lease = ready(town)
    make_affordable(lease)
    recognise(lease, level="district", talent_division="339901")
    refused = draft(lease)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        409, "contract.talent_unit", "unit_id",
    )  # fmt: skip
    mark = marked(lease.unit, "339902")
    assert draft(lease).json()["code"] == "contract.talent_unit", "marked for talents of another district"
    TalentUnit.objects.filter(pk=mark.pk).update(managing_division="339901")
    made = in_force(lease)
    TalentUnit.objects.filter(pk=mark.pk).update(active=False)
    late = lease.clerk.post(f"/tenancy/contracts/{made['id']}/file")
    assert late.json()["code"] == "contract.talent_unit", "the mark was cancelled before the filing"
    assert stored(made).state == "effective"
    TalentUnit.objects.filter(pk=mark.pk).update(active=True)
    assert lease.clerk.post(f"/tenancy/contracts/{made['id']}/file").status_code == 200
    contract = stored(made)
    assert (contract.talent_level, contract.talent_division, contract.talent_unit_division) == (
        "district", "339901", "339901",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="tenancy_contract_talent"), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(talent_unit_division="339902")


@pytest.mark.covers("SH-018.11")
def test_a_city_s_talent_signs_for_any_affordable_unit(town: Town) -> None:
    lease = ready(town)
    make_affordable(lease)
    recognise(lease, level="city", talent_division="339902")
    contract = stored(filed(lease))
    assert (contract.talent_level, contract.talent_unit_division, contract.state) == ("city", "", "filed")
    assert contract.programme == "affordable_rental"


def test_a_district_s_talent_is_free_in_other_programmes(town: Town) -> None:
    lease = ready(town)
    recognise(lease, level="district", talent_division="339902")
    assert stored(filed(lease)).talent_level == "district"
