"""What the departments answer and what becomes of it: facts, area per person, the sheet, forced failure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from anju.eligibility.housing import compute
from anju.kernel import clock
from anju.kernel.cases.models import Case, Check
from anju.kernel.connectors.models import ConnectorCall
from tests.casework import REASON, Household, Town, member, pushed
from tests.eligibility.test_acceptance import pdf_text
from tests.sandbox_fixture import Sandbox
from tests.support import run_jobs


def reviewed(town: Town, who: Household, **changes: Any) -> tuple[Case, dict[str, Any]]:
    """A case at first review, in the reviewer's hand, and its page."""
    case = town.go(town.apply(who, **changes), "first_review")
    page = town.take(case)
    page["checks"] = {check["kind"]: check for check in page["checks"]}
    return case, page


def decide(town: Town, case: Case, kind: str, passed: bool, note: str = "") -> None:
    check = Check.objects.get(case=case, kind=kind)
    answer = town.staff("zhoumin").post(f"/cases/{case.pk}/checks/{check.pk}/decide", {"passed": passed, "note": note})
    assert answer.status_code == 200, answer.content


@pytest.mark.covers("SH-026.1", "SH-026.3")
def test_social_insurance_is_asked_for_and_shown_as_a_form(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    sandbox.person(who.number, insurance="steady")
    case, page = reviewed(town, who)
    shown = page["checks"]["social_insurance"]
    assert [fact["label"] for fact in shown["facts"]] == ["近 12 个月缴费", "连续缴费", "缴费单位"]
    assert shown["facts"][0]["found"] == "12 个月"
    assert shown["facts"][2]["declared"] == "澜州市启衡机械厂"
    assert shown["finding"] == "近 12 个月缴费 12 个月，连续 12 个月"
    assert ConnectorCall.objects.get(connector="social_insurance", subject=f"case:{case.pk}").result == "ok"


@pytest.mark.covers("SH-026.5", "SH-026.6")
def test_marriage_is_validated_stored_sealed_and_shown(town: Town, sandbox: Sandbox) -> None:
    who, wife = town.household(), town.household(name="李秀兰")
    sandbox.person(who.number, marriage="married", spouse_id_number=wife.number)
    couple = [
        member(who.name, who.number, marriage="married"), member(wife.name, wife.number, "spouse", marriage="married"),
    ]  # fmt: skip
    case, page = reviewed(town, who, members=couple)
    shown = page["checks"]["marriage"]
    assert [(f["label"], f["found"], f["matches"]) for f in shown["facts"][:2]] == [
        ("婚姻状况", "已婚", True), ("配偶", "登记一致", True),
    ]  # fmt: skip
    assert (shown["state"], shown["source"], bool(shown["answered_at"])) == ("matched", "民政局婚姻登记处", True)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_facts FROM cases_check WHERE case_id = %s AND kind = 'marriage'", [case.pk])
        stored = bytes(cursor.fetchone()[0])
    assert "李秀兰".encode() not in stored


@pytest.mark.covers("SH-026.6")
def test_another_marital_state_than_declared_is_shown_as_a_mismatch(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    sandbox.person(who.number, marriage="married")
    _, page = reviewed(town, who)
    shown = page["checks"]["marriage"]
    assert (shown["state"], shown["passed"], shown["finding"]) == ("mismatched", None, "与申报不一致")
    assert (shown["facts"][0]["declared"], shown["facts"][0]["found"]) == ("未婚", "已婚")


@pytest.mark.covers("SH-027.5", "SH-028.3")
def test_registered_homes_stand_beside_the_declared_ones(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    record = {
        "kind": "owned", "division": "339901", "address": "澜州市江湾区望江路10号201室", "floor_area": "60.00",
        "living_area": None, "share": "0.5", "certificate_number": "X1", "registered_on": "2010-05-06", "ended_on": None,
    }  # fmt: skip
    rented = {**record, "kind": "public", "address": "澜州市江湾区石桥弄5号", "floor_area": "20.00", "share": "1"}
    sandbox.person(who.number, records={"real_estate": [record], "public_housing": [rented]})
    homes = [
        {"kind": "owned", "address": "望江路 10 号 201 室", "area": "60.00", "share": "50", "owner": who.name},
        {"kind": "public", "address": "石桥弄 5 号", "area": "20.00", "share": "100", "owner": who.name},
    ]
    _, page = reviewed(town, who, homes=homes)
    for kind, address in (("real_estate", "望江路10号201室"), ("public_housing", "石桥弄5号")):
        shown = page["checks"][kind]
        assert (shown["state"], shown["finding"], shown["passed"]) == ("matched", "与申报一致", True)
        assert any(address in fact["found"] for fact in shown["facts"])
    assert page["housing"]["per_person"] == "25.00"


@pytest.mark.covers("SH-027.6", "SH-028.4")
@pytest.mark.parametrize(("kind", "registry"), [("real_estate", "owned"), ("public_housing", "public")])
def test_a_record_of_somebody_else_never_shows_as_the_applicant_s(
    town: Town, sandbox: Sandbox, kind: str, registry: str
) -> None:
    who = town.household()
    record = {
        "holder_name": who.name, "holder_id_number": "339901194901010019", "kind": registry, "division": "339901",
        "address": "澜州市文昌区别人家1号", "floor_area": "90.00", "living_area": None, "share": "1",
        "certificate_number": "X1", "registered_on": "2010-05-06", "ended_on": None,
    }  # fmt: skip
    sandbox.person(who.number, records={kind: [record]})
    _, page = reviewed(town, who)
    shown = page["checks"][kind]
    assert (shown["state"], shown["finding"]) == ("matched", "没有住房记录")
    assert "别人家" not in str(page)
    assert page["housing"]["per_person"] == "0.00"


def test_a_home_that_was_not_declared_or_is_larger_is_a_mismatch(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    sandbox.person(who.number, housing="large_owned")
    home = {"kind": "owned", "address": "望江路 10 号 201 室", "area": "40.00", "share": "100", "owner": who.name}
    _, page = reviewed(town, who, homes=[home])
    shown = page["checks"]["real_estate"]
    assert (shown["state"], shown["passed"]) == ("mismatched", None)
    assert [fact["matches"] for fact in shown["facts"]][:2] == [True, False]


@pytest.mark.covers("SH-027.4", "SH-028.1", "SH-026.2", "SH-026.4")
def test_queries_travel_sealed_with_the_fields_of_the_interface(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    reviewed(town, who)
    for department in ("public_housing", "real_estate", "social_insurance", "marriage"):
        (call,) = sandbox.calls(department)
        assert who.number[6:14] not in str(call)
        assert call["result"] == "已应答", call


@pytest.mark.covers("SH-032.3")
@pytest.mark.parametrize(
    ("dwellings", "persons", "total", "per_person", "passed"),
    [
        ([], 1, "0.00", "0.00", True),
        ([("owned", "30", "1")], 1, "15.00", "15.00", True),
        ([("owned", "30.02", "1")], 1, "15.01", "15.01", False),
        ([("owned", "90", "0.5"), ("public_living", "10", "1")], 3, "32.50", "10.83", True),
        ([("resettlement", "80", "1")], 2, "40.00", "20.00", False),
    ],
)  # fmt: skip
def test_area_per_person_is_computed_by_the_formula(
    town: Town, dwellings: list[tuple[str, str, str]], persons: int, total: str, per_person: str, passed: bool
) -> None:
    rows = [{"kind": kind, "area": area, "share": share} for kind, area, share in dwellings]
    found = compute(rows, persons, on=clock.today(), division="339901")
    assert (found.total, found.per_person, found.passed) == (Decimal(total), Decimal(per_person), passed)


@pytest.mark.covers("SH-032.1", "SH-032.2", "SH-032.5")
def test_one_press_prints_the_report_filled_with_every_check_s_result(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    sandbox.person(who.number, insurance="gap")
    case, page = reviewed(town, who)
    reviewer = town.staff("zhoumin")
    made = reviewer.post(f"/eligibility/cases/{case.pk}/housing-report")
    assert made.status_code == 200, made.content
    text = pdf_text(reviewer, made.json()["url"]).replace(" ", "")
    for check in page["checks"].values():
        assert check["title"] in text
        assert check["finding"].replace(" ", "") in text
    assert "人均住房面积" in text
    assert made.json()["title"] == "住房核查报告"


def test_there_is_no_report_before_the_registries_answered(town: Town, sandbox: Sandbox) -> None:
    sandbox.behave("real_estate", "denied")
    case = town.apply()
    town.act(case)
    run_jobs(later=True)
    town.take(town.go(case, "first_review"))
    answer = town.staff("zhoumin").post(f"/eligibility/cases/{case.pk}/housing-report")
    assert (answer.status_code, answer.json()["code"]) == (409, "report.unanswered")


@pytest.mark.covers("SH-032.4")
def test_the_clerk_ticks_whether_housing_passed_and_without_the_tick_nobody_goes_on(
    town: Town, sandbox: Sandbox
) -> None:
    who = town.household()
    sandbox.person(who.number, housing="small_owned")
    case, page = reviewed(town, who)
    assert page["checks"]["real_estate"]["passed"] is None
    stopped = town.act(case)
    assert (stopped.status_code, stopped.json()["code"]) == (409, "check.undecided")
    assert stopped.json()["details"]["anchor"] == "checks"
    decide(town, case, "real_estate", True, "已核实系继承份额，尚未分割")
    assert town.act(case).status_code == 200


@pytest.mark.covers("SH-033.1")
@pytest.mark.parametrize("kind", ["real_estate", "marriage", "social_insurance"])
def test_with_one_failed_check_only_failure_can_be_submitted(town: Town, kind: str) -> None:
    case, _ = reviewed(town, town.household())
    decide(town, case, kind, False, "与实际情况不符")
    page = town.staff("zhoumin").get(f"/cases/{case.pk}").json()
    blocked = {outcome["key"]: outcome["blocked"] for outcome in page["task"]["outcomes"]}
    assert blocked["pass"]["code"] == "check.failed"
    assert blocked["fail"] is None
    stopped = town.act(case, "pass")
    assert (stopped.status_code, stopped.json()["code"]) == (409, "check.failed")
    case.refresh_from_db()
    assert case.node == "first_review"
    assert town.act(case, "fail").status_code == 200


@pytest.mark.covers("SH-033.1")
@pytest.mark.parametrize("node", ["accept", "first_approval", "second_review", "second_approval", "admission"])
def test_a_check_that_failed_later_stops_every_later_step_too(town: Town, node: str) -> None:
    case = town.go(town.apply(), "first_review" if node == "accept" else node)
    if node == "accept":
        page = town.take(case)
        back = {
            "task_id": page["task"]["id"],
            "version": page["version"],
            "node": "accept",
            "reason": "材料不清楚，退回受理",
        }
        assert town.staff("zhoumin").post(f"/cases/{case.pk}/return", back).status_code == 200
    Check.objects.filter(case=case, kind="marriage").update(passed=False)
    stopped = town.act(case)
    assert (stopped.status_code, stopped.json()["code"]) == (409, "check.failed")
    assert town.act(case, "refuse" if node == "accept" else "fail").status_code == 200


def test_over_the_limit_only_failure_is_left_unless_a_person_overruled_it_with_words(
    town: Town, sandbox: Sandbox
) -> None:
    who = town.household()
    record = {
        "kind": "owned", "division": "339901", "address": "澜州市江湾区望江路10号201室", "floor_area": "100.00",
        "living_area": None, "share": "1", "certificate_number": "X1", "registered_on": "2010-05-06", "ended_on": None,
    }  # fmt: skip
    sandbox.person(who.number, records={"real_estate": [record]})
    home = {"kind": "owned", "address": "望江路 10 号", "area": "100.00", "share": "100", "owner": who.name}
    case, page = reviewed(town, who, homes=[home])
    assert (page["housing"]["per_person"], page["housing"]["passed"], page["housing"]["over"]) == (
        "50.00",
        False,
        "35.00",
    )
    stopped = town.act(case, "pass")
    assert (stopped.status_code, stopped.json()["code"]) == (409, "housing.over")
    decide(town, case, "real_estate", True, "法院查封，不能居住，已核实")
    assert town.act(case, "pass").status_code == 200


@pytest.mark.covers("SH-033.2")
@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("一二三四五六七八九十一二三四", 422),
        ("一二三四五六七八九十一二三 四  ", 422),
        ("一二三四五六七八九十一二三四五", 200),
    ],
)
def test_a_failure_needs_its_type_an_opinion_and_fifteen_characters(town: Town, reason: str, status: int) -> None:
    case, page = reviewed(town, town.household())
    body = {"task_id": page["task"]["id"], "version": page["version"], "outcome": "fail"}
    full = {**body, "opinion": "不符合条件", "reason_type": "housing", "reason": reason}
    reviewer = town.staff("zhoumin")
    for missing in ("opinion", "reason_type"):
        without = reviewer.post(f"/cases/{case.pk}/act", {**full, "reason": REASON, missing: ""})
        assert without.status_code == 422
        assert [error["field"] for error in without.json()["details"]["errors"]] == [missing]
    answer = reviewer.post(f"/cases/{case.pk}/act", full)
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["details"]["errors"][0]["code"] == "reason.too_short"
    case.refresh_from_db()
    assert case.is_open == (status == 422)


@pytest.mark.covers("SH-033.4")
def test_the_result_and_its_reason_reach_the_case_store_and_the_applicant(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    case, _ = reviewed(town, who)
    town.act(case, "fail", reason_type="income")
    run_jobs()
    told = pushed(sandbox, case)[-1]
    assert (told["state"], told["reason_type"], told["reason"]) == ("first_failed", "income", REASON)
    refusal = who.api.get(f"/citizen/cases/{case.pk}").json()["refusal"]
    assert (refusal["type_title"], refusal["reason"]) == ("收入或财产超过标准", REASON)


@pytest.mark.covers("SH-033.5")
def test_failed_the_place_in_review_is_free_and_the_next_application_goes_through(town: Town) -> None:
    who = town.household()
    case, _ = reviewed(town, who)
    assert case.parties.filter(open=True).count() == 1
    town.act(case, "fail")
    assert not case.parties.filter(open=True).exists()
    again = town.apply(who)
    assert town.go(again, "first_approval").node == "first_approval"
