"""What is to be sold beside what was surveyed: shown to the reviewer, asked anew with each correction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from anju.construction import surveying
from anju.construction.connectors import SurveyedUnit
from anju.kernel import clock
from anju.kernel.cases.checks import Answer, store_answer
from anju.kernel.cases.models import Case
from tests.construction.answers import ANSWERS
from tests.sandbox_fixture import Sandbox
from tests.support import run_jobs


def measured(*areas: str | None) -> list[SurveyedUnit]:
    """Surveyed units U1, U2 and so on."""
    return [
        SurveyedUnit(
            unit_number=f"U{n}", building_number="1号楼", floors=6, room_no=f"10{n}", floor=1, location="滨江大道 1 号",
            layout="一室户", floor_area=None if area is None else Decimal(area), planned_use="住宅",
        )
        for n, area in enumerate(areas, start=1)
    ]  # fmt: skip


def declared(**areas: str) -> list[dict[str, Any]]:
    return [{"unit_number": number, "floor_area": area} for number, area in areas.items()]


def facts(answer: Any) -> dict[str, tuple[str, str, bool]]:
    return {each.label: (each.declared, each.found, each.matches) for each in answer.facts}


def test_areas_within_the_tolerance_agree_its_bound_included() -> None:
    answer = surveying.compare_units(declared(U1="103.00", U2="50.00"), measured("100.00", "50.00"), Decimal(3))
    assert (answer.matched, answer.finding) == (True, "2 套都与测绘成果相符，1 套有 3% 以内的误差")
    assert facts(answer) == {
        "套数": ("2 套", "2 套", True),
        "建筑面积合计": ("153.00 ㎡", "150.00 ㎡，相差 +3.00 ㎡（+2.00%）", True),
        "U1": ("103.00 ㎡", "100.00 ㎡，相差 +3.00 ㎡（+3.00%）", True),
    }


def test_what_differs_by_more_or_was_not_surveyed_is_a_mismatch() -> None:
    units = declared(U1="103.01", U2="49.00", X9="60.00", U4="40.00")
    answer = surveying.compare_units(units, measured("100.00", "50.00", "70.00", None), Decimal(3))
    assert not answer.matched
    assert answer.finding == "2 套面积超出允许误差 3%，1 套成果系统没有"
    told = facts(answer)
    assert told["U1"] == ("103.01 ㎡", "100.00 ㎡，相差 +3.01 ㎡（+3.01%）", False)
    assert told["U2"] == ("49.00 ㎡", "50.00 ㎡，相差 -1.00 ㎡（-2.00%）", True)
    assert told["U4"][2] is False, "surveyed without an area"
    assert told["X9"] == ("60.00 ㎡", "成果系统没有这一套", False)
    assert told["测绘未列入"] == ("", "1 套", True), "a permit may be for a part of a plot"


def check_of(case: Case) -> Any:
    return case.checks.get()


@pytest.mark.django_db
def test_the_reviewer_sees_how_a_permit_s_units_differ_and_each_correction_is_compared(
    site: Any, sandbox: Sandbox
) -> None:
    case = site.file("permit")
    assert not case.checks.exists(), "nothing is declared yet"
    page = site.take(case, "zhoumin")
    asked = {"task_id": page["task"]["id"], "key": "survey", "asked": {}}
    units = site.staff("zhoumin").post(f"/cases/{case.pk}/fetch", asked).json()["data"]["units"]["units"]
    units[0]["floor_area"] = "60.00"
    site.edit(case, "zhoumin", {"units": {"units": units}})
    run_jobs()
    assert (check_of(case).state, check_of(case).finding) == ("mismatched", "1 套面积超出允许误差 3%")
    late = check_of(case).asked_at
    units[0]["floor_area"] = "46.99"
    site.edit(case, "zhoumin", {"units": {"units": units}})
    check = check_of(case)
    assert (check.state, check.facts) == ("waiting", [])
    # an answer to the units before the correction comes while they are compared anew
    check.state, check.tries, check.asked_at = "running", 1, clock.now()
    check.save()
    store_answer(case.pk, check.pk, 1, Answer(False, "一套超出"), late)
    assert check_of(case).state == "running"
    check.state, check.tries = "waiting", 0
    check.save()
    run_jobs()
    site.act(case, "zhoumin", "accept")
    site.act(case, "zhoumin", "submit")
    (shown,) = site.page(case, "shenliqun")["checks"]
    assert (shown["title"], shown["state"], shown["source"]) == ("测绘面积核对", "matched", "房屋测绘成果系统")
    told = {each["label"]: each["found"] for each in shown["facts"]}
    assert told[units[0]["unit_number"]] == "46.35 ㎡，相差 +0.64 ㎡（+1.38%）"


@pytest.mark.django_db
def test_totals_asked_to_be_recognised_are_compared_with_the_plot_s(site: Any, sandbox: Sandbox) -> None:
    answers = ANSWERS["sale_recognition"]
    case = site.file("sale_recognition")
    run_jobs()
    (shown,) = site.page(case, "gaoyuan")["checks"]
    assert (shown["state"], shown["finding"]) == ("mismatched", "与测绘成果不符")
    told = {each["label"]: (each["declared"], each["matches"]) for each in shown["facts"]}
    assert told["套数"] == ("520 套", False)
    area = sum(Decimal(area) * 12 for area in ("46.35", "38.72", "62.18", "78.23"))
    right = {**answers["project"], "units": 48, "floor_area": str(area), "project_name": "江湾大居二期"}
    agreeing = site.file("sale_recognition", data={**answers, "project": right})
    run_jobs()
    assert check_of(agreeing).state == "matched"
    nowhere = site.file("sale_recognition", data={**answers, "project": {**right, "plot_no": "JW-NONE"}})
    run_jobs()
    assert check_of(nowhere).finding == "成果系统没有这个地块的房屋"
