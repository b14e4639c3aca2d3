"""Changing who lives under a contract: what the page shows masked stays as it was unless it is written anew."""

from __future__ import annotations

from typing import Any

import pytest

from anju.tenancy.models import Contract, Occupant
from tests.casework import Town
from tests.conftest import Api
from tests.tenancy.kit import FATHER, Lease, drafted, person, ready, terms

PHONE = "13900001111"


@pytest.fixture
def lease(town: Town) -> Lease:
    return ready(town)


def kept(contract: int) -> list[tuple[str, str, str]]:
    rows = Occupant.objects.filter(contract_id=contract).order_by("id")
    return [(each.name, each.number, each.phone) for each in rows]


def changed(clerk: Api, made: dict[str, Any], occupants: list[dict[str, Any]]) -> Any:
    body = {**terms(occupants=occupants), "version": made["version"]}
    return clerk.patch(f"/tenancy/contracts/{made['id']}", body)


@pytest.mark.covers("SH-063.5")
def test_a_masked_number_that_comes_back_unchanged_is_kept(lease: Lease, town: Town) -> None:
    guest = town.household().number
    made = drafted(lease, occupants=[person(phone=PHONE), person("李秀兰", guest, "temporary")])
    father, other = made["occupants"]
    assert (father["document_number"], father["phone"]) == (f"{FATHER[:6]}********{FATHER[-4:]}", "139****1111")
    sent = [{**other, "name": "李秀兰兰"}, {**father, "relation": "祖父"}]
    answer = changed(lease.clerk, made, sent)
    assert answer.status_code == 200, answer.content
    assert kept(made["id"]) == [("李秀兰兰", guest, ""), ("周建国", FATHER, PHONE)]
    assert FATHER not in answer.content.decode()
    assert Occupant.objects.get(number_key__isnull=False, name="周建国").relation == "祖父"


def test_what_is_written_anew_replaces_and_an_emptied_telephone_is_gone(lease: Lease, town: Town) -> None:
    made = drafted(lease, occupants=[person(phone=PHONE)])
    number = town.household().number
    sent = [{**made["occupants"][0], "document_number": number, "phone": ""}]
    assert changed(lease.clerk, made, sent).status_code == 200
    assert kept(made["id"]) == [("周建国", number, "")]


def test_a_mask_without_its_own_row_is_refused_and_nothing_changes(lease: Lease, town: Town) -> None:
    made = drafted(lease, occupants=[person(phone=PHONE), person("李秀兰", town.household().number, "temporary")])
    other = drafted(ready(town), occupants=[person("赵文博", town.household().number)])
    father, guest = made["occupants"]
    for wrong, field in (
        ({**father, "id": None}, "occupants.0.document_number"),
        ({**father, "id": guest["id"]}, "occupants.0.document_number"),
        ({**other["occupants"][0]}, "occupants.0.name"),
        ({**father, "id": 999_999_999}, "occupants.0.name"),
    ):
        answer = changed(lease.clerk, made, [wrong])
        assert answer.status_code == 422, answer.content
        assert answer.json()["details"]["errors"][0]["field"] == field
    assert kept(made["id"])[0][1] == FATHER
    assert len(kept(made["id"])) == 2
    assert Contract.objects.get(pk=made["id"]).version == made["version"]
