"""Annual plans, targets, monthly progress (PR-27) and yearly indicators (PR-26)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from python_calamine import CalamineWorkbook

from anju.construction.models import AnnualPlan, HousingTarget, Indicator, MonthlyProgress, Project, ProjectTarget
from tests.kernel.registers.kit import Office, RegisterKit
from tests.spreadsheets import Desk, workbook

pytestmark = pytest.mark.django_db
LEDGER = "/registers/construction."


class TestAnnualPlans(RegisterKit):
    key = "construction.annual_plans"
    change = {"note": "按市里下达的任务调整"}

    def own(self, office: Office) -> models.Model:
        return AnnualPlan.objects.create(name="2027 年计划", year=2027, org_path=office.path, division=office.division)

    def values(self, office: Office) -> dict[str, Any]:
        return {"name": "2028 年计划", "year": 2028}


class TestIndicators(RegisterKit):
    key = "construction.indicators"
    change = {"value": "93.1"}

    def own(self, office: Office) -> models.Model:
        return Indicator.objects.create(
            year=2025, name="常住人口", value="92.6", unit="万人", org_path=office.path, division=office.division
        )

    def values(self, office: Office) -> dict[str, Any]:
        return {"year": 2026, "name": "常住人口", "value": "92.9", "unit": "万人", "division": office.division}


@pytest.fixture
def clerk(site: Any) -> Any:
    return site.staff("zhoumin")


def made(clerk: Any, register: str, **values: Any) -> Any:
    return clerk.post(f"{LEDGER}{register}/rows", {"values": values})


@pytest.mark.covers("PR-27.1", "PR-27.2", "PR-27.3")
def test_a_plan_is_kept_by_what_is_bound_to_it_and_months_are_compared_with_its_target(site: Any, clerk: Any) -> None:
    office = site.town.actor("zhoumin")
    project = Project.objects.create(name="江湾大居一期", org_path=office.org_path, division="339901")
    theirs = Project.objects.create(name="南屏大居", org_path="/elsewhere/", division="339902")
    plan = made(clerk, "annual_plans", name="江湾区 2027 年计划", year=2027).json()["id"]
    (found,) = clerk.get(f"{LEDGER}projects/options", q="大居一期").json()
    assert found["id"] == project.pk
    outside = made(clerk, "project_targets", plan=plan, project=theirs.pk, investment="1", floor_area="1")
    assert outside.json()["details"]["errors"][0]["code"] == "not_found"
    early = made(
        clerk, "monthly_progress", plan=plan, project=project.pk, month="2027-03", investment="1", floor_area="0"
    )
    assert early.json()["code"] == "construction.no_target"
    target = {"plan": plan, "project": project.pk, "investment": "20000.00", "floor_area": "30000.00"}
    assert made(clerk, "project_targets", **target).status_code == 200
    assert made(clerk, "project_targets", **target).json()["code"] == "construction.target_exists"
    homes = {"plan": plan, "project": project.pk, "housing_type": "resettlement", "units": 600, "floor_area": "48000"}
    assert made(clerk, "housing_targets", **homes).status_code == 200
    month = {"plan": plan, "project": project.pk, "floor_area": "1000"}
    for name, money in (("2027-03", "3000.00"), ("2027-04", "2000.00")):
        assert made(clerk, "monthly_progress", **month, month=name, investment=money).status_code == 200
    twice = made(clerk, "monthly_progress", **month, month="2027-04", investment="1")
    assert (twice.status_code, twice.json()["code"]) == (409, "construction.month_exists")
    other_year = made(clerk, "monthly_progress", **month, month="2026-04", investment="1")
    assert other_year.json()["code"] == "construction.month_of_plan"
    rows = {row["month"]: row for row in site.rows("monthly_progress", "zhoumin")}
    april = rows["2027-04"]
    assert [float(april[key]) for key in ("so_far", "target", "reached")] == [5000.0, 20000.0, 25.0]
    assert float(rows["2027-03"]["reached"]) == 15.0
    (reached,) = site.rows("project_targets", "zhoumin")
    assert [float(reached[key]) for key in ("invested", "reached", "built", "built_share")] == [
        5000.0,
        25.0,
        2000.0,
        6.7,
    ]
    (homes_now,) = site.rows("housing_targets", "zhoumin")
    assert [float(homes_now[key]) for key in ("finished", "reached", "missing")] == [0.0, 0.0, 600.0]
    path = f"{LEDGER}housing_targets/rows/{homes_now['id']}"
    below = clerk.patch(path, {"version": 1, "values": {"finished": -1}})
    assert below.json()["details"]["errors"][0]["field"] == "finished"
    with pytest.raises(IntegrityError, match="construction_housing_finished"), transaction.atomic():
        HousingTarget.objects.update(finished=-1)
    built = clerk.patch(path, {"version": 1, "values": {"finished": 450, "finished_area": "36000"}})
    assert built.status_code == 200, built.json()
    (homes_now,) = site.rows("housing_targets", "zhoumin")
    assert [float(homes_now[key]) for key in ("reached", "missing", "area_share")] == [75.0, 150.0, 75.0]
    kept = clerk.delete(f"{LEDGER}annual_plans/rows/{plan}", version=1)
    assert (kept.status_code, kept.json()["code"]) == (409, "construction.annual_bound")
    assert kept.json()["message"] == "计划已绑定项目指标 1 条、房屋指标 1 条、月进度 2 条，不能删除"
    for model in (MonthlyProgress, ProjectTarget):
        model.objects.all().delete()
    assert "房屋指标 1 条" in clerk.delete(f"{LEDGER}annual_plans/rows/{plan}", version=1).json()["message"]


@pytest.mark.covers("PR-26.1")
def test_indicators_are_searched_and_imported_by_template(site: Any, clerk: Any) -> None:
    values = {"year": 2025, "name": "常住人口", "value": "92.6", "unit": "万人", "division": "339901"}
    assert made(clerk, "indicators", **values).status_code == 200
    assert made(clerk, "indicators", **values).json()["code"] == "construction.indicator_exists"
    assert [row["name"] for row in site.rows("indicators", "zhoumin", q="常住")] == ["常住人口"]
    other = {**values, "year": int(values["year"]) - 1}
    assert made(clerk, "indicators", **other).status_code == 200
    of_year = site.rows("indicators", "zhoumin", **{"f.year": str(other["year"])})
    assert [(row["name"], row["year"]) for row in of_year] == [("常住人口", other["year"])]
    assert site.rows("indicators", "zhoumin", q="地区生产") == []
    template = clerk.get(f"{LEDGER}indicators/template")
    heads = CalamineWorkbook.from_filelike(io.BytesIO(template.content)).get_sheet_by_name("数据").to_python()[0]
    desk = Desk(clerk)
    rows = [
        [2026, "常住人口", 93.1, "万人", "江湾区", "统计公报"],
        [2025, "常住人口", 92.8, "万人", "江湾区", "统计公报"],
        [2026, "", 1, "亿元", "江湾区", ""],
    ]
    checked = desk.upload("construction.indicators", workbook([heads, *rows]))
    assert (checked["new"], checked["update"], checked["failed"]) == (1, 1, 1)
    done = desk.run(checked["id"])
    assert (done["done"], done["failed"]) == (2, 1)
    kept = {row.year: str(row.value) for row in Indicator.objects.all()}
    assert kept == {2024: "92.6000", 2025: "92.8000", 2026: "93.1000"}
