"""A party calls what it was granted, up to its level and within its rows; the rest is refused without hint or effect."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anju.gateway.models import Grant, Level, Operation, Party, PartyRole, RoleService, Service
from anju.identity.models import Organisation
from anju.kernel import clock
from anju.kernel.scope import Reach
from anju.supply.models import Unit
from tests.gateway.kit import UNITS, Bearer, Signer, ask_token, party
from tests.supply.samples import Supply, make_supply

Offices = tuple[Organisation, Organisation]
CONTRACTS = "/registers/tenancy.contracts/rows"


@pytest.fixture
def supplies(offices: Offices) -> tuple[Supply, Supply]:
    """Homes in both districts."""
    return make_supply("A", offices[0].path, "339901"), make_supply("B", offices[1].path, "339902")


def codes(caller: Bearer) -> list[str]:
    return [row["code"] for row in caller.get(UNITS).json()["rows"]]


@pytest.mark.covers("SH-230.3", "SH-231.1")
def test_only_what_was_granted_can_be_called(offices: Offices, supplies: tuple[Supply, Supply]) -> None:
    caller = Bearer(party("a", offices[0], "units"))
    assert caller.get(UNITS).status_code == 200
    for method, path in (
        ("GET", CONTRACTS),
        ("POST", "/waiting/batches"),
        ("GET", "/identity/me"),
        ("GET", "/public/cities"),
    ):
        answer = caller.call(method, path, None if method == "GET" else {})
        assert (answer.status_code, answer.json()["code"]) == (403, "party.forbidden"), path
        assert answer.json()["details"] == {}
    assert caller.get("/no/such/thing").status_code == 404


def test_operations_for_staff_and_residents_stay_closed_even_when_granted(offices: Offices) -> None:
    caller = Bearer(party("a", offices[0], "tasks", "application", "messages"))
    assert caller.get("/workspace/messages").json()["code"] == "auth.forbidden"
    assert caller.get("/citizen/application").json()["code"] == "auth.forbidden"


@pytest.mark.covers("SH-230.3")
def test_rows_of_another_office_are_not_there(offices: Offices, supplies: tuple[Supply, Supply]) -> None:
    caller = Bearer(party("a", offices[0], "units"))
    mine, theirs = supplies[0].unit, supplies[1].unit
    assert codes(caller) == ["A-0101"]
    assert caller.get(f"{UNITS}/{mine.pk}").status_code == 200
    assert caller.get(f"{UNITS}/{theirs.pk}").status_code == 404
    change = {"version": theirs.version, "values": {"room_no": "999"}}
    assert caller.call("PATCH", f"{UNITS}/{theirs.pk}", change).status_code == 404
    assert caller.call("DELETE", f"{UNITS}/{theirs.pk}", None, version=theirs.version).status_code == 404
    assert Unit.objects.get(pk=theirs.pk).room_no == theirs.room_no


@pytest.mark.parametrize(
    ("reach", "seen"),
    [(Reach.ALL, ["A-0101", "B-0101"]), (Reach.DIVISION, ["A-0101"]), (Reach.ORG, ["A-0101"]), (Reach.OWN, [])],
)
def test_the_reach_decides_the_rows(
    offices: Offices, supplies: tuple[Supply, Supply], reach: Reach, seen: list[str]
) -> None:
    assert sorted(codes(Bearer(party("a", offices[0], "units", reach=reach)))) == seen


@pytest.mark.covers("SH-231.2")
def test_the_level_decides_the_operations(offices: Offices, supplies: tuple[Supply, Supply]) -> None:
    unit = supplies[0].unit
    change = {"version": unit.version, "values": {"floor": 2}}
    allowed = {}
    for level in Level:
        caller = Bearer(party(f"p{level}", offices[0], "units", level=level))
        allowed[level] = [
            caller.get(f"{UNITS}/{unit.pk}").status_code != 403,
            caller.call("PATCH", f"{UNITS}/{unit.pk}", change).status_code != 403,
            caller.call("DELETE", f"{UNITS}/{unit.pk}", None, version=99).status_code != 403,
        ]
    assert allowed == {
        Level.READ: [True, False, False], Level.ACT: [True, True, False], Level.MANAGE: [True, True, True],
    }  # fmt: skip


@pytest.mark.covers("SH-231.2")
def test_a_role_brings_services_with_levels(offices: Offices, supplies: tuple[Supply, Supply]) -> None:
    made = party("a", offices[0])
    caller = Bearer(made)
    assert caller.get(UNITS).status_code == 403
    role = PartyRole.objects.create(key="supplier", title="房源供给方")
    RoleService.objects.create(role=role, service=Service.objects.get(key="units"), level=Level.READ)
    made.roles.add(role)
    assert caller.get(UNITS).status_code == 200
    assert caller.call("PATCH", f"{UNITS}/{supplies[0].unit.pk}", {"version": 1, "values": {}}).status_code == 403
    RoleService.objects.update(level=Level.ACT)
    assert caller.call("PATCH", f"{UNITS}/{supplies[0].unit.pk}", {"version": 1, "values": {}}).status_code != 403
    made.roles.remove(role)
    assert caller.get(UNITS).status_code == 403


@pytest.mark.covers("SH-231.3")
def test_a_changed_grant_counts_at_the_next_call(offices: Offices, supplies: tuple[Supply, Supply]) -> None:
    made = party("a", offices[0], "units")
    caller, signer = Bearer(made), Signer(made, "hmac")
    assert [caller.get(UNITS).status_code, signer.get(UNITS).status_code] == [200, 200]
    Grant.objects.update(ends_on=clock.today() - timedelta(days=1))
    assert [caller.get(UNITS).status_code, signer.get(UNITS).status_code] == [403, 403]
    Grant.objects.update(ends_on=clock.today())
    assert caller.get(UNITS).status_code == 200
    Party.objects.update(reach=Reach.OWN)
    assert codes(caller) == []
    Grant.objects.all().delete()
    assert caller.get(UNITS).status_code == 403


def test_a_closed_service_opens_to_nobody(offices: Offices) -> None:
    caller = Bearer(party("a", offices[0], "units", "gateway"))
    assert caller.get("/registers/gateway.parties/rows").status_code == 403
    Service.objects.filter(key="units").update(open=False)
    assert caller.get(UNITS).status_code == 403


def test_an_operation_moved_to_another_service_follows_that_service(offices: Offices, supplies: object) -> None:
    caller = Bearer(party("a", offices[0], "units"))
    Operation.objects.filter(method="GET", path=UNITS).update(service=Service.objects.get(key="unsorted"), placed=True)
    assert caller.get(UNITS).status_code == 403


def test_a_token_may_be_narrowed_and_never_widened(offices: Offices, supplies: object) -> None:
    made = party("a", offices[0], "units", "contracts")
    caller = Bearer(made, scope="contracts")
    assert caller.answer.json()["scope"] == "contracts"
    assert [caller.get(UNITS).status_code, caller.get(CONTRACTS).status_code] == [403, 200]
    wider = ask_token(caller.client, caller.key_id, caller.secret, "contracts persons")
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope")


def test_a_test_key_does_everything_and_leaves_nothing(offices: Offices, supplies: tuple[Supply, Supply]) -> None:
    unit = supplies[0].unit
    caller = Bearer(party("a", offices[0], "units"), test=True)
    answer = caller.call("PATCH", f"{UNITS}/{unit.pk}", {"version": unit.version, "values": {"floor": 7}})
    assert (answer.status_code, answer["X-Anju-Mode"]) == (200, "test"), answer.content
    assert answer.json()["values"]["floor"] == 7
    assert Unit.objects.get(pk=unit.pk).floor == unit.floor
