"""Filed contracts of talents: found by number or person, pushed with one press, once (SH-192.5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from anju.eligibility.models import Talent
from anju.kernel.connectors import ConnectorError
from anju.tenancy import talent
from anju.tenancy.models import TalentContract
from tests.casework import Town
from tests.sandbox_fixture import Sandbox
from tests.support import run_jobs
from tests.tenancy.kit import Lease, filed, in_force, ready, stored


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
