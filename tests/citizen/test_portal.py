"""What the one-stop portal is told of a person, and to whom: valid cases, waiting, the latest application (SH-006, SH-007)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from anju.eligibility.models import Certificate
from anju.gateway.models import Call
from anju.identity.models import Organisation
from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.cases.models import Case
from anju.kernel.scope import Reach
from anju.tenancy.models import Contract
from anju.waiting.models import Entry
from tests.casework import Household, Town, member, person
from tests.gateway.kit import Bearer, party
from tests.waiting.kit import certificate, homes, wish


@pytest.fixture
def portal(town: Town) -> Bearer:
    """The city's portal, which may ask for everybody."""
    return Bearer(party("portal", Organisation.objects.get(code="LZ"), "portal", reach=Reach.ALL, level=1))


def ask(portal: Any, what: str, number: str) -> Any:
    return portal.post(f"/open/portal/{what}/lookup", {"document_number": number})


def numbers(portal: Any, number: str) -> list[tuple[str, str]]:
    """The case numbers of a person's summary, each with his part in it."""
    return [(row["number"], row["role"]) for row in ask(portal, "cases", number).json()["rows"]]


def admitted(town: Town, who: Household, case: Case) -> Certificate:
    """The case is approved, and its certificate there."""
    held = certificate(town, who)
    Certificate.objects.filter(pk=held.pk).update(case_id=case.pk, case_number=case.number)
    close(case, "passed")
    return held


def close(case: Case, state: str) -> None:
    Case.objects.filter(pk=case.pk).update(state=state, closed_at=clock.now(), node="", node_title="")
    case.parties.update(open=False)


def contract(held: Certificate, **more: Any) -> Contract:
    """A contract of the household, in force unless said otherwise."""
    home, today = homes(f"C{held.pk}"), clock.today()
    told = {
        "number": f"HT{held.pk}", "unit_id": home.ids[0], "unit_code": "A", "address": "江湾", "project_name": "江湾",
        "floor_area": 40, "tenant_name": held.holder_name, "tenant_number": "3", "phone": "1", "rent": 900, "deposit": 900,
        "starts_on": today, "ends_on": today + timedelta(days=300), "state": "effective", "effective_at": clock.now(),
        "org_path": held.org_path, "division": held.division, **more,
    }  # fmt: skip
    return Contract.objects.create(certificate_id=held.pk, certificate_no=held.number, **told)


@pytest.mark.covers("SH-007.6", "SH-007.7")
def test_valid_cases_of_a_main_or_co_applicant_are_summed_up_and_ended_ones_left_out(
    town: Town, portal: Bearer
) -> None:
    who, wife = town.household(), person(77, marriage=3)
    members = [member(who.name, who.number, marriage="married"), member("林小雨", wife, "spouse", marriage="married")]
    case = town.apply(who, members=members)
    (row,) = ask(portal, "cases", who.number).json()["rows"]
    assert (row["number"], row["role"], row["state"], row["household_size"]) == (case.number, "main", "open", 2)
    assert row["progress"] == "运营机构正在受理"
    assert numbers(portal, wife) == [(case.number, "co")]
    assert numbers(portal, who.number.lower()) == [(case.number, "main")]
    for state in ("refused", "failed", "withdrawn", "deleted"):
        close(case, state)
        assert numbers(portal, wife) == [], state

    held = admitted(town, who, case)
    (row,) = ask(portal, "cases", wife).json()["rows"]
    assert (row["state"], row["certificate_number"], row["waiting_state"]) == ("passed", held.number, None)
    who.api.put("/citizen/waiting/intention", wish())
    assert ask(portal, "cases", wife).json()["rows"][0]["waiting_state"] == "轮候中"
    assert ask(portal, "waiting", who.number).json()["rows"][0]["owns_housing"] is False
    assert ask(portal, "waiting", wife).json()["rows"] == [], "she is not the applicant"
    Entry.objects.update(state="left", left_at=clock.now(), left_reason="放弃")
    assert numbers(portal, wife) == [], "the waiting was dissolved"
    made = contract(held)
    (row,) = ask(portal, "cases", wife).json()["rows"]
    assert (row["contract_number"], row["contract_state"]) == (made.number, "已生效")
    today = clock.today()
    for ended in (
        {"state": "terminated", "terminated_at": clock.now()},
        {"state": "cancelled", "terminated_at": None},
        {"state": "filed", "starts_on": today - timedelta(days=900), "ends_on": today - timedelta(days=1)},
    ):
        Contract.objects.filter(pk=made.pk).update(**ended)
        assert numbers(portal, wife) == [], ended["state"]


@pytest.mark.covers("SH-006.6")
def test_an_applicant_s_waiting_is_told_with_what_he_wishes_for(town: Town, portal: Bearer) -> None:
    who = town.household()
    case = town.apply(
        who,
        homes=[{"kind": "owned", "address": "江湾区文昌路 8 号", "area": "20.00", "share": "100", "owner": who.name}],
    )
    assert ask(portal, "waiting", who.number).json()["rows"] == [], "nothing to wait for before the admission"
    held = admitted(town, who, case)
    (row,) = ask(portal, "waiting", who.number).json()["rows"]
    assert (row["state"], row["state_title"], row["waiting_since"]) == ("awaiting_application", "待申请", None)
    assert (row["document_number"], row["phone"], row["owns_housing"]) == (who.number, who.phone, True)
    project = homes("W").supply.project
    type(project).objects.filter(pk=project.pk).update(address="滨江大道 12 号")
    wishes = wish(project_ids=[project.pk], layouts=["two_one"])
    assert who.api.put("/citizen/waiting/intention", wishes).status_code == 200
    (row,) = ask(portal, "waiting", who.number).json()["rows"]
    assert (row["state"], row["state_title"], row["certificate_number"]) == ("waiting", "轮候中", held.number)
    assert row["waiting_since"]
    assert row["projects"] == [{"code": "W01", "name": "W家园", "address": "滨江大道 12 号"}]
    assert [each["code"] for each in row["layouts"]] == ["two_one"]
    assert (row["rent_from"], row["rent_to"]) == ("1205.10", "1205.10")
    Entry.objects.update(state="left", left_at=clock.now(), left_reason="已签约")
    assert ask(portal, "waiting", who.number).json()["rows"] == []


@pytest.mark.covers("SH-007.8")
def test_the_latest_application_is_told_to_the_portal_and_to_the_resident(town: Town, portal: Bearer) -> None:
    who = town.household()
    assert who.api.get("/citizen/latest-application").json() == {"application": None}
    close(town.apply(who), "failed")
    case = town.apply(who, talent="yes", talent_division="339902", talent_layout="studio")
    town.act(case, "accept", opinion="材料齐全，予以受理")
    told = ask(portal, "latest", who.number).json()["application"]
    assert (told["number"], told["submitted_at"][:10]) == (case.number, case.submitted_at.isoformat()[:10])
    assert told["opinion"]["text"] == "材料齐全，予以受理"
    assert (told["projects"], told["layouts"]) == ([], [{"code": "studio", "title": "一室户"}])
    assert who.api.get("/citizen/latest-application").json()["application"] == told
    admitted(town, who, case)
    project = homes("W").supply.project
    who.api.put("/citizen/waiting/intention", wish(project_ids=[project.pk], layouts=["two_one"]))
    told = who.api.get("/citizen/latest-application").json()["application"]
    assert (told["progress"], told["projects"][0]["name"]) == ("通过了，你有准入资格", "W家园")
    assert [each["code"] for each in told["layouts"]] == ["two_one"]
    assert town.household().api.get("/citizen/latest-application").json() == {"application": None}


def test_only_a_party_that_was_granted_it_is_told_within_its_reach_and_on_record(town: Town, portal: Bearer) -> None:
    who = town.household()
    case = town.apply(who)
    stranger, nobody = Bearer(party("other", Organisation.objects.get(code="LZ"), "units")), person(99)
    elsewhere = Bearer(party("np", Organisation.objects.get(code="NP"), "portal"))
    for what, empty in (("cases", {"rows": []}), ("waiting", {"rows": []}), ("latest", {"application": None})):
        assert ask(stranger, what, who.number).status_code == 403
        assert who.api.post(f"/open/portal/{what}/lookup", {"document_number": who.number}).status_code == 403
        for caller, number in ((elsewhere, who.number), (portal, nobody), (portal, town.household().number)):
            answer = ask(caller, what, number)
            assert (answer.status_code, answer.json()) == (200, empty), "unknown and without a case are alike"
        wrong = ask(portal, what, "33990119880101")
        assert (wrong.status_code, wrong.json()["code"]) == (422, "form.invalid")
    assert ask(portal, "cases", who.number).json()["rows"]
    assert AuditEntry.objects.filter(action="read_personal", subject=case.subject, actor__startswith="party:").exists()
    kept = json.dumps([*Call.objects.values("path"), *AuditEntry.objects.values("title", "detail", "subject")])
    assert who.number not in kept
