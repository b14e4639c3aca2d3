"""The unit-status board beside the contracts: every act shows at once, cells lead to contract and entry."""

from __future__ import annotations

from typing import Any

import pytest

from tests.casework import Town
from tests.tenancy.kit import Lease, drafted, ready


def cells(lease: Lease, **query: Any) -> dict[int, dict[str, Any]]:
    answer = lease.clerk.get("/supply/board", **query)
    assert answer.status_code == 200, answer.content
    return {cell["id"]: cell for floor in answer.json()["floors"] for cell in floor["cells"]}


@pytest.mark.covers("SH-077.1", "SH-077.3", "SH-077.4")
def test_each_act_of_a_contract_shows_on_the_board_at_once(town: Town) -> None:
    lease = ready(town)
    where = {"project": lease.homes.supply.project.pk, "building": lease.homes.supply.building.pk}
    assert set(cells(lease, **where)) == set(lease.homes.ids)
    cell = cells(lease, **where)[lease.unit.pk]
    assert (cell["status"], cell["contract_id"]) == ("vacant", None)  # leads to the entry of a contract
    made = drafted(lease)
    assert cells(lease, **where)[lease.unit.pk]["status"] == "held"
    lease.clerk.post(f"/tenancy/contracts/{made['id']}/sign-offline")
    cell = cells(lease, **where)[lease.unit.pk]
    assert (cell["status"], cell["contract_id"]) == ("let", made["id"])  # leads to the signed contract
    assert lease.clerk.get(f"/tenancy/contracts/{cell['contract_id']}").status_code == 200
    lease.clerk.post(f"/tenancy/contracts/{made['id']}/terminate", {"kind": "early", "reason": "调往外地工作"})
    cell = cells(lease, **where)[lease.unit.pk]
    assert (cell["status"], cell["contract_id"]) == ("vacant", None)


@pytest.mark.covers("SH-077.2")
def test_the_board_is_narrowed_to_project_and_building(town: Town) -> None:
    one, other = ready(town), ready(town)
    projects = {row["name"]: row for row in one.clerk.get("/supply/board/projects").json()}
    mine = projects[one.homes.supply.project.name]
    assert [building["id"] for building in mine["buildings"]] == [one.homes.supply.building.pk]
    assert set(cells(one, project=mine["id"])) == set(one.homes.ids)
    there = {"project": other.homes.supply.project.pk, "building": other.homes.supply.building.pk}
    assert set(cells(one, **there)) == set(other.homes.ids)
