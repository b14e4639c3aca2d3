"""Reviews and publicity: who sees what, who decides, when a period lets a case go on, where an objection sends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anju.eligibility.models import Publicity
from anju.kernel import clock
from anju.kernel.cases.models import Case
from tests.casework import Town, step
from tests.support import pass_days, run_jobs

KINDS = pytest.mark.parametrize(
    ("prefix", "who", "before", "after", "back"),
    [
        ("", "zhoumin", "publicity_entry", "second_review", "first_review"),
        ("online_", "gaoyuan", "online_publicity_entry", "online_publicity_approval", "second_review"),
    ],
)


def lines(page: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(line["node_title"], line["actor"], line["text"]) for line in page["timeline"] if line["opinion"]}


def reapplied(town: Town, node: str, outcome: str = "fail") -> tuple[Case, Case]:
    """A case failed at a node, and the household's next one."""
    who = town.household()
    case = town.go(town.apply(who), node)
    assert town.act(case, outcome).status_code == 200
    run_jobs()
    case.refresh_from_db()
    return case, town.go(town.apply(who), "first_approval")


@pytest.mark.covers("SH-043.1")
def test_the_reviewer_sees_application_acceptance_and_checks_and_submits_an_opinion(town: Town) -> None:
    case = town.apply()
    town.act(case, opinion="材料齐全，予以受理")
    run_jobs()
    page = town.take(case)
    assert page["form"]["data"]["form"]["address"]
    assert ("受理", "方婷", "材料齐全，予以受理") in lines(page)
    assert len(page["checks"]) == 5
    assert town.act(case, opinion="").status_code == 422
    assert town.act(case, opinion="核查无异，符合条件").status_code == 200
    case.refresh_from_db()
    assert case.node == "first_approval"


@pytest.mark.covers("SH-043.2")
def test_the_approver_sees_the_opinion_and_decides(town: Town) -> None:
    case = town.go(town.apply(), "first_review")
    town.act(case, opinion="核查无异，符合条件")
    page = town.take(case)
    assert ("初审", "周敏", "核查无异，符合条件") in lines(page)
    assert page["task"]["node"] == "first_approval"
    assert {outcome["key"] for outcome in page["task"]["outcomes"]} == {"pass", "fail"}
    assert town.act(case).status_code == 200
    case.refresh_from_db()
    assert case.node == "publicity_entry"


@pytest.mark.covers("SH-043.3", "SH-043.4")
@pytest.mark.parametrize("node", ["first_review", "first_approval"])
def test_failed_preliminary_review_closes_and_hinders_no_next_application(town: Town, node: str) -> None:
    case, again = reapplied(town, node)
    assert (case.state, case.outcome) == ("failed", "first_failed")
    assert not case.parties.filter(open=True).exists()
    assert again.node == "first_approval"


@pytest.mark.covers("SH-044.3", "SH-044.4")
@pytest.mark.parametrize("node", ["second_review", "second_approval"])
def test_failed_second_review_closes_and_hinders_no_next_application(town: Town, node: str) -> None:
    case, again = reapplied(town, node)
    assert (case.state, case.outcome) == ("failed", "second_failed")
    assert not case.parties.filter(open=True).exists()
    assert again.node == "first_approval"


@pytest.mark.covers("SH-043.5", "SH-044.5")
@KINDS
def test_a_period_is_entered_with_start_end_and_place(
    town: Town, prefix: str, who: str, before: str, after: str, back: str
) -> None:
    case = town.go(town.apply(), before)
    opinions = lines(town.take(case))
    assert any(node in {"初审", "复审"} for node, _, _ in opinions)
    today = clock.today()
    good = {"starts_on": today, "ends_on": today + timedelta(days=7), "place": "江湾区政务大厅公示栏"}
    for wrong, field in (
        ({"ends_on": today}, "data.ends_on"), ({"starts_on": today - timedelta(days=1)}, "data.starts_on"),
        ({"place": ""}, "data.place"), ({"ends_on": "2026-02-30"}, "data.ends_on"),
    ):  # fmt: skip
        answer = town.act(case, data={**good, **wrong})
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["details"]["errors"]] == [field]
    assert town.act(case, data=good).status_code == 200
    case.refresh_from_db()
    period = Publicity.objects.get(case_id=case.pk, kind="online" if prefix else "preliminary")
    assert (period.starts_on, period.ends_on, period.place) == (good["starts_on"], good["ends_on"], good["place"])
    assert case.node == f"{prefix}publicity_wait"


def test_the_public_sees_masked_names_during_the_period_only(town: Town, anonymous: Any) -> None:
    who = town.household()
    case = town.go(town.apply(who), "publicity_entry")
    town.act(case)
    (row,) = anonymous.get("/public/publicity", city="339900").json()["rows"]
    assert (row["number"], row["name"]) == (case.number, "周*芳")
    assert who.number not in str(row)
    assert who.name not in str(row)
    assert anonymous.get("/public/publicity", city="330100").json()["rows"] == []
    pass_days(8)
    assert anonymous.get("/public/publicity", city="339900").json()["rows"] == []


@pytest.mark.covers("SH-043.8")
@KINDS
def test_before_the_end_of_the_period_nobody_can_go_on(
    town: Town, prefix: str, who: str, before: str, after: str, back: str
) -> None:
    case = town.go(town.apply(), before)
    town.act(case)
    for days in (0, 6, 1):  # the last day belongs to the period
        pass_days(days)
        case.refresh_from_db()
        assert case.node == f"{prefix}publicity_wait"
        assert town.staff(who).get("/cases/todo", q=case.number).json()["rows"] == []
    pass_days(1)
    case.refresh_from_db()
    assert case.node == f"{prefix}publicity_result"


@pytest.mark.covers("SH-043.6", "SH-043.7", "SH-044.6", "SH-044.7")
@KINDS
@pytest.mark.parametrize("outcome", ["no_objection", "objection_rejected"])
def test_after_the_end_the_result_is_entered_and_the_case_goes_on(
    town: Town, prefix: str, who: str, before: str, after: str, back: str, outcome: str
) -> None:
    case = town.go(town.apply(), f"{prefix}publicity_result")
    assert town.act(case, outcome, data={}).status_code == 422
    assert town.act(case, outcome, opinion="").status_code == 422
    done = town.act(case, outcome, opinion="公示期满", data={"finding": "来电一件，经查不实"})
    assert done.status_code == 200, done.content
    case.refresh_from_db()
    assert case.node == after
    period = Publicity.objects.get(case_id=case.pk, kind="online" if prefix else "preliminary")
    expected = "none" if outcome == "no_objection" else "rejected"
    assert (period.objection, period.opinion, period.finding) == (expected, "公示期满", "来电一件，经查不实")


@pytest.mark.covers("SH-043.8")
@KINDS
def test_an_upheld_objection_sends_the_case_back_to_the_review_before(
    town: Town, prefix: str, who: str, before: str, after: str, back: str
) -> None:
    case = town.go(town.apply(), f"{prefix}publicity_result")
    assert town.act(case, "objection_upheld").status_code == 200
    case.refresh_from_db()
    assert case.node == back
    assert Publicity.objects.filter(case_id=case.pk, objection="upheld").count() == 1
    town.go(case, f"{prefix}publicity_result")  # a second period can follow the first
    assert Publicity.objects.filter(case_id=case.pk, objection="pending").count() == 1


@pytest.mark.covers("SH-044.1")
def test_the_second_reviewer_verifies_income_and_housing_against_the_first(town: Town) -> None:
    case = town.go(town.apply(income="3200.00"), "second_review")
    page = town.take(case)
    assert page["form"]["data"]["form"]["income"] == "3200.00"
    assert page["housing"]["passed"]
    assert {"real_estate", "public_housing", "resettlement"} <= {check["kind"] for check in page["checks"]}
    assert any(node == "初审" for node, _, _ in lines(page))


@pytest.mark.covers("SH-044.2")
def test_passing_second_review_leads_to_another_person_s_approval(town: Town) -> None:
    case = town.go(town.apply(), "second_review")
    town.act(case, opinion="收入、住房与初审一致")
    case.refresh_from_db()
    assert case.node == "second_approval"
    page = town.take(case)
    assert ("复审", "高远", "收入、住房与初审一致") in lines(page)
    assert town.act(case).status_code == 200


@pytest.mark.covers("SH-044.7")
@pytest.mark.parametrize("outcome", ["pass", "fail"])
def test_online_publicity_is_approved_or_not(town: Town, outcome: str) -> None:
    case = town.go(town.apply(), "online_publicity_approval")
    assert town.act(case, outcome).status_code == 200
    run_jobs()
    case.refresh_from_db()
    assert (case.node, case.state) == (("admission", "open") if outcome == "pass" else ("", "failed"))


def test_the_period_s_step_is_offered_with_its_form(town: Town) -> None:
    case = town.go(town.apply(), "publicity_entry")
    (outcome,) = town.take(case)["task"]["outcomes"]
    assert [field["key"] for field in outcome["form"]["sections"][0]["fields"]] == list(step("publicity_entry")["data"])
