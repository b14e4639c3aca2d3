"""Units set up from the survey and from the company's table, merged, judged and admitted."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor, system
from anju.supply import setup
from anju.supply.models import Building, Estate, Project, SetupBatch, SetupUnit, Unit
from tests.kernel.registers.kit import Office, RegisterKit
from tests.spreadsheets import Desk, workbook
from tests.supply.samples import Supply, make_supply
from tests.supply.test_registers import supply_of

RIGHTS = [f"supply.setup.{verb}" for verb in ("view", "create", "change", "delete", "import", "review")]
HEADS = ["搭建批次号", "小区名称", "楼栋", "室号", "地上层数", "楼层", "户型", "建筑面积", "月租金"]


def batch_of(project: Project, survey_number: str = "") -> SetupBatch:
    return SetupBatch.objects.create(
        number=f"DJ-{SetupBatch.objects.count()}", project=project, estate="新苑", survey_number=survey_number,
        org_path=project.org_path, division=project.division,
    )  # fmt: skip


class TestSetups(RegisterKit):
    key = "supply.setups"
    change = {"survey_number": "JW09"}

    def own(self, office: Office) -> Any:
        return batch_of(supply_of(office).project)

    def values(self, office: Office) -> dict[str, Any]:
        return {"project": supply_of(office).project.pk, "estate": "新苑"}


@pytest.fixture
def branch(db: None) -> Supply:
    found = make_supply("A")
    Project.objects.update(rent_standard=Decimal("26.00"))
    found.project.refresh_from_db()
    return found


@pytest.fixture
def api(staff: Callable[..., Actor], client_as: Callable[[Actor], Any], branch: Supply) -> Any:
    return client_as(staff(*RIGHTS, "supply.project.view", "supply.unit.view", name="周敏"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("SH-183.1", "SH-183.2", "SH-183.3", "SH-183.4")
def test_both_ways_give_one_list_and_what_is_wrong_stays_outside(sandbox: Any, api: Any, branch: Supply) -> None:
    path = "/registers/supply.setups"
    made = api.post(f"{path}/rows", {"values": {"project": branch.project.pk, "estate": "新苑"}}).json()
    batch = SetupBatch.objects.get(pk=made["id"])
    without = api.post(f"{path}/actions/fetch", {"ids": [batch.pk]})
    assert without.json()["code"] == "supply.no_survey_number"
    SetupBatch.objects.filter(pk=batch.pk).update(survey_number="JW09-GAP")
    assert api.post(f"{path}/actions/fetch", {"ids": [batch.pk]}).json()["done"] == 1
    for _ in range(2):
        setup.fetch_survey(batch_id=batch.pk)
        assert SetupUnit.objects.filter(batch=batch).count() == 48, "read twice, each unit once"
    desk = Desk(api)
    rows = [
        [batch.number, "新苑", "1号楼", "104", 6, 1, "三室一厅", 78.00, 1700],  # surveyed too: merged
        [batch.number, "新苑", "3号楼", "101", 6, 1, "一室户", 30, ""],
        [batch.number, "新苑", "3号楼", "102", 6, 1, "一室户", 0, ""],
        [batch.number, "新苑", "3号楼", "103", 1000, 1, "一室户", 30, ""],
        [batch.number, "新苑", "3号楼", "901", 6, 9, "一室户", 30, -5],
        [batch.number, "A小区", "1号楼", "101", 12, 1, "一室户", 30, ""],  # in the register already
        [batch.number, "新苑", "3号楼", "101", 6, 1, "一室户", 31, ""],  # twice in the table
    ]
    checked = desk.upload("supply.setup_units", workbook([HEADS, *rows]))
    assert (checked["new"], checked["update"], checked["failed"]) == (5, 1, 1), desk.failed(checked["id"])
    assert [item["code"] for item in desk.failed(checked["id"])] == ["repeated"]
    desk.run(checked["id"])
    assert SetupUnit.objects.filter(batch=batch).count() == 53
    both = SetupUnit.objects.get(batch=batch, building="1号楼", room_no="104", estate="新苑")
    assert (both.surveyed, both.from_company, both.rent) == (True, True, Decimal("1700.00"))
    told = api.post(f"{path}/actions/review", {"ids": [batch.pk]}).json()["told"][0]["text"]
    assert told == "入库 46 套，未通过 7 套"
    refused = {
        (row.building[0], row.room_no): row.problems
        for row in SetupUnit.objects.filter(batch=batch, state="refused", estate="新苑")
    }
    assert len(refused) == 6, "and one of another estate, below"
    assert refused["1", "101"].startswith("缺少户型")
    assert refused["1", "102"] == "缺少建筑面积"
    assert refused["3", "102"] == "建筑面积 0.00 ㎡ 不合理"
    assert refused["3", "103"].startswith("地上层数 1000 不在 1 到 120 之间")
    assert refused["3", "901"] == "月租金 -5.00 元不合理；楼层 9 与地上层数 6 不符"
    assert [text for (_, room), text in refused.items() if room.startswith("缺")] == ["缺少室号"]
    outside = SetupUnit.objects.get(batch=batch, estate="A小区")
    assert "该楼栋已有相同室号的房源" in outside.problems
    units = Unit.objects.filter(estate__name="新苑")
    assert (units.count(), set(units.values_list("status", flat=True))) == (46, {"unconfirmed"})
    assert units.get(building__name="1号楼", room_no="104").rent == Decimal("1700.00")
    assert units.get(building__name="3号楼", room_no="101").rent == Decimal("780.00"), "30 ㎡ at 26 yuan"
    assert Estate.objects.filter(name="新苑").count() == 1
    assert Building.objects.filter(estate__name="新苑").count() == 3
    again = api.post(f"{path}/actions/review", {"ids": [batch.pk]}).json()["told"][0]["text"]
    assert again == "入库 0 套，未通过 7 套", "what was admitted is not admitted twice"
    bad = SetupUnit.objects.get(batch=batch, room_no="901")
    fixed = api.patch(
        f"/registers/supply.setup_units/rows/{bad.pk}",
        {"version": bad.version, "values": {"floor": 6, "rent": "800.00"}},
    )
    assert fixed.status_code == 200, fixed.json()
    assert "入库 1 套" in api.post(f"{path}/actions/review", {"ids": [batch.pk]}).json()["told"][0]["text"]
    kept = SetupUnit.objects.filter(batch=batch, state="admitted")[0]
    late = api.patch(f"/registers/supply.setup_units/rows/{kept.pk}", {"version": kept.version, "values": {"floor": 2}})
    assert late.json()["code"] == "supply.setup_admitted"


@pytest.mark.django_db(transaction=True)
def test_a_survey_that_cannot_be_read_is_told_and_nothing_is_kept(
    sandbox: Any, branch: Supply, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(branch.project, "JW09")
    monkeypatch.setattr(setup.SurveyUnits, "tries", 1)
    sandbox.behave("surveying_results", "garbage", kind="shape")
    with pytest.raises(DomainError):
        setup.fetch_survey(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.trouble
    assert not SetupUnit.objects.filter(batch=batch).exists()
    sandbox.behave("surveying_results", "ok")
    for number, reason in (("JW09-NONE", ""), ("JW09-ZERO", "建筑面积 0.00"), ("JW09-TOWER", "地上层数 1000")):
        one = batch_of(branch.project, number)
        setup.fetch_survey(batch_id=one.pk)
        one.refresh_from_db()
        assert bool(one.trouble) == (number == "JW09-NONE")
        if reason:
            setup.review(actor=system(), batch=one)
            assert SetupUnit.objects.filter(batch=one, problems__contains=reason).exists()


@pytest.mark.django_db
@pytest.mark.covers("SH-183.3")
def test_units_are_told_in_a_form_floor_by_floor_without_a_file(api: Any, branch: Supply) -> None:
    batch = batch_of(branch.project)
    declared = api.get("/registers/supply.setups").json()["row_actions"]
    table = next(one for one in declared if one["key"] == "declare")["fields"][0]
    assert (table["key"], table["generator"]["floors"]) == ("units", ["from_floor", "to_floor"])

    def told(*rows: dict[str, Any], on: SetupBatch = batch) -> Any:
        return api.post("/registers/supply.setups/actions/declare", {"ids": [on.pk], "values": {"units": list(rows)}})

    def home(room: str, floor: int, **more: Any) -> dict[str, Any]:
        return {"building": "3号楼", "room_no": room, "floors": 6, "floor": floor, "layout": "one_one",
                "floor_area": "45.10", **more}  # fmt: skip

    wrong = told(home("101", 1), home("101", 1), home("201", "二", floor_area="-1"), {"building": "3号楼"})
    assert wrong.status_code == 422
    assert {(each["field"], each["code"]) for each in wrong.json()["details"]["errors"]} == {
        ("units.1.room_no", "group.double"), ("units.2.floor", "number.invalid"),
        ("units.2.floor_area", "number.too_small"), ("units.3.room_no", "missing"), ("units.3.floors", "missing"),
        ("units.3.floor", "missing"),
    }  # fmt: skip
    assert not batch.units.exists()

    done = told(home("101", 1), home("201", 2, rent="1300"))
    assert done.json()["told"][0]["text"] == "已放入清单 2 套"
    row = batch.units.get(room_no="201")
    assert (row.estate, row.floor, row.rent, row.from_company, row.state) == (
        "新苑", 2, Decimal("1300.00"), True, "staged",
    )  # fmt: skip
    history = api.get(f"/registers/supply.setup_units/rows/{row.pk}/history").json()["rows"][0]
    assert (history["action"], history["actor"]) == ("填写房源", "周敏")
    assert {one["title"]: one["new"] for one in history["changes"]}["月租金"] == "1,300.00"
    twice = told(home("301", 3), home("201", 2))
    assert (twice.status_code, batch.units.count()) == (422, 2)
    assert [one["field"] for one in twice.json()["details"]["errors"]] == ["units.1.room_no"]
    assert (
        "入库 2 套"
        in api.post("/registers/supply.setups/actions/review", {"ids": [batch.pk]}).json()["told"][0]["text"]
    )

    # one that the survey told of is merged, and none that contradicts it
    other = batch_of(branch.project)
    SetupUnit.objects.create(
        batch=other, estate=other.estate, building="5号楼", room_no="101", surveyed=True, measured_floor=1,
        measured_layout="one_one", measured_area=Decimal("45.10"), org_path=other.org_path, division=other.division,
    )  # fmt: skip
    against = told(home("101", 1, building="5号楼", floor_area="60"), on=other)
    assert [(one["field"], one["code"]) for one in against.json()["details"]["errors"]] == [
        ("units.0.floor_area", "supply.survey_contradicted")
    ]
    both = told(home("101", 1, building="5号楼"), on=other)
    assert both.json()["told"][0]["text"] == "已放入清单 1 套，其中 1 套与成果数据合并"
    assert other.units.get().surveyed
    assert other.units.get().from_company
