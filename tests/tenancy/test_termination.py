"""The end of a contract: at expiry or early, by request or at once, the unit vacant, the next household called."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anju.kernel import clock
from tests.casework import Town
from tests.support import go_to, run_jobs
from tests.tenancy.kit import Lease, drafted, filed, in_force, ready, status, stored
from tests.waiting.kit import choose, entry, homes, place, published, queued


def ask(lease: Lease, made: dict[str, Any], **more: Any) -> Any:
    wish = {"kind": "early", "on": clock.today() + timedelta(days=30), "reason": "调往外地工作", **more}
    return lease.who.api.post(f"/citizen/contracts/{made['id']}/terminate-request", wish)


def end(lease: Lease, made: dict[str, Any], kind: str = "early") -> Any:
    return lease.clerk.post(f"/tenancy/contracts/{made['id']}/terminate", {"kind": kind, "reason": "调往外地工作"})


@pytest.mark.covers("SH-074.1")
def test_early_or_at_expiry_is_offered_as_the_day_allows(town: Town) -> None:
    lease = ready(town)
    made = drafted(lease)
    assert made["can"]["terminate_kinds"] == []
    made = lease.clerk.post(f"/tenancy/contracts/{made['id']}/sign-offline").json()
    assert made["can"]["terminate_kinds"] == ["early"]
    assert end(lease, made, "expiry").json()["details"]["errors"][0]["code"] == "termination.not_expired"
    assert end(lease, made, "castle").status_code == 422
    go_to(stored(made).ends_on)
    assert lease.clerk.get(f"/tenancy/contracts/{made['id']}").json()["can"]["terminate_kinds"] == ["expiry", "early"]
    ended = end(lease, made, "expiry").json()
    assert (ended["state"], ended["leaving"]["kind"]) == ("terminated", "expiry")


@pytest.mark.covers("SH-074.2", "SH-074.3")
@pytest.mark.parametrize("make", [in_force, filed])
def test_a_click_ends_the_contract_records_when_and_vacates_the_unit(town: Town, make: Any) -> None:
    lease = ready(town)
    made = make(lease)
    before = clock.now()
    ended = end(lease, made)
    assert ended.status_code == 200, ended.content
    contract = stored(made)
    assert contract.terminated_at is not None
    assert before <= contract.terminated_at <= clock.now()
    assert (contract.state, contract.ended_on, status(lease)) == ("terminated", clock.today(), "vacant")
    again = end(lease, made)
    assert (again.status_code, again.json()["code"]) == (409, "contract.state")
    assert any(paper["template"] == "termination_notice" for paper in ended.json()["documents"])


def test_a_tenant_s_wish_is_a_request_until_the_clerk_confirms_or_either_takes_it_back(town: Town) -> None:
    lease = ready(town)
    made = filed(lease)
    today, ends_on = clock.today(), stored(made).ends_on
    for wrong, field in (
        ({"on": today - timedelta(days=1)}, "on"), ({"on": ends_on + timedelta(days=1)}, "on"), ({"reason": " "}, "reason"),
        ({"kind": "expiry"}, "kind"), ({"on": "2026-02-30"}, "on"),
    ):  # fmt: skip
        answer = ask(lease, made, **wrong)
        assert answer.status_code == 422
        assert answer.json()["details"]["errors"][0]["field"] == field
    assert ask(lease, made).json()["state"] == "leaving"
    assert status(lease) == "leaving"
    assert ask(lease, made).json()["code"] == "contract.state"
    stayed = lease.who.api.post(f"/citizen/contracts/{made['id']}/stay")
    assert (stayed.json()["state"], stayed.json()["leaving"], status(lease)) == ("filed", None, "let")
    ask(lease, made)
    kept = lease.clerk.post(f"/tenancy/contracts/{made['id']}/keep").json()
    assert (kept["state"], status(lease)) == ("filed", "let")
    assert not next(node for node in kept["flow"] if node["node"] == "leaving")["reached"]
    ask(lease, made)
    assert end(lease, made).json()["state"] == "terminated"
    assert lease.who.api.post(f"/citizen/contracts/{made['id']}/stay").json()["code"] == "contract.state"


def test_nobody_ends_another_s_contract(town: Town) -> None:
    lease = ready(town)
    made = in_force(lease)
    stranger = town.household()
    wish = {"kind": "early", "on": clock.today() + timedelta(days=3), "reason": "调往外地工作"}
    assert stranger.api.post(f"/citizen/contracts/{made['id']}/terminate-request", wish).status_code == 404
    assert stranger.api.post(f"/citizen/contracts/{made['id']}/stay").status_code == 404
    assert (
        town.staff("zhoumin")
        .post(f"/tenancy/contracts/{made['id']}/terminate", {"kind": "early", "reason": "x"})
        .status_code
        == 403
    )
    assert (stored(made).state, status(lease)) == ("effective", "let")


def test_the_unit_vacant_the_next_household_is_called_and_only_one(town: Town) -> None:
    some, clerk, today = homes(), town.staff("fangting"), clock.today()
    first, second, third = (queued(town, on=today - timedelta(days=9 - n)) for n in range(3))
    fourth = queued(town)
    batch = published(clerk, some.ids[:2], {"one_one": 2})
    leases = []
    for who, unit in ((first, some.units[0]), (second, some.units[1])):
        assert choose(who, batch, unit.pk).status_code == 200
        lease = Lease(who, ready(town).certificate, some, clerk, unit)
        lease.certificate.number = entry(who).certificate_no
        leases.append((lease, in_force(lease)))
    run_jobs()
    assert [place(each) for each in (first, second, third, fourth)] == [None, None, 1, 2]
    assert {entry(third).state, entry(fourth).state} == {"waiting"}
    assert end(*leases[0]).status_code == 200
    run_jobs()
    assert (entry(third).state, entry(fourth).state) == ("called", "waiting")
    assert "轮到你选房了" in [row["title"] for row in third.api.get("/citizen/messages").json()["rows"]]
    assert choose(third, batch, some.ids[1]).status_code == 409
    assert choose(third, batch, some.ids[0]).status_code == 200


def test_after_the_end_the_household_can_sign_again_and_the_unit_can_be_let_again(town: Town) -> None:
    lease = ready(town)
    end(lease, in_force(lease))
    assert in_force(lease)["state"] == "effective"
