"""What was measured is not talked away: by the company's table, by forms, by sheets; and what is admitted stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anju.kernel.jobs.watched import run as run_job
from anju.kernel.registers import attributes
from anju.kernel.registers.models import Attribute
from anju.kernel.scope import Actor, system
from anju.supply import reshaping, setup
from anju.supply.connectors import SurveyedUnit
from anju.supply.models import SetupBatch, SetupUnit, Unit
from anju.supply.reshaping import Part
from tests.spreadsheets import Desk, workbook
from tests.supply.samples import Supply, make_supply, make_unit
from tests.supply.test_setup import HEADS, RIGHTS, batch_of

pytestmark = pytest.mark.django_db
UNITS = [f"supply.unit.{verb}" for verb in ("view", "create", "change", "import", "reshape")]
LIST = "/registers/supply.setup_units"


@pytest.fixture
def branch(city: Any) -> Supply:
    found = make_supply("A", city.path)
    type(found.project).objects.update(rent_standard=Decimal("26.00"))
    found.project.refresh_from_db()
    return found


@pytest.fixture
def batch(branch: Supply) -> SetupBatch:
    """A building of one floor, surveyed: 101 one room, 102 two rooms, and a room of which the survey lacks the area."""
    found = batch_of(branch.project, "JW09")
    setup.stage(found, surveyed())
    return found


def surveyed(**area: str) -> list[SurveyedUnit]:
    homes = (("101", "一室一厅", "46.35"), ("102", "两室一厅", "62.18"), ("103", "两室一厅", None))
    return [
        SurveyedUnit(
            unit_number=f"JW09-{room}", building_number="1号楼", floors=6, room_no=room, floor=1, layout=layout,
            floor_area=Decimal(area.get(f"r{room}", told or "0")) if told or f"r{room}" in area else None,
        )
        for room, layout, told in homes
    ]  # fmt: skip


@pytest.fixture
def api(staff: Callable[..., Actor], client_as: Callable[[Actor], Any], branch: Supply) -> Any:
    return client_as(staff(*RIGHTS, *UNITS, "supply.project.view", "supply.building.view", name="周敏"))


def table(api: Any, batch: SetupBatch, *rows: list[Any], heads: list[str] = HEADS) -> dict[str, Any]:
    desk = Desk(api)
    file = workbook([heads, *([batch.number, "新苑", "1号楼", *row] for row in rows)])
    return desk.run(desk.upload("supply.setup_units", file)["id"])


def reviewed(api: Any, batch: SetupBatch) -> dict[str, str]:
    answer = api.post("/registers/supply.setups/actions/review", {"ids": [batch.pk]})
    assert answer.status_code == 200, answer.json()
    return {row.room_no: row.problems for row in SetupUnit.objects.filter(batch=batch)}


@pytest.mark.covers("SH-183.3", "SH-183.4")
def test_the_companys_table_does_not_cover_what_was_measured(api: Any, batch: SetupBatch) -> None:
    table(
        api, batch, ["101", 6, 1, "一室一厅", 80, ""], ["102", 6, 2, "三室一厅", 62.5, ""],
        ["103", 6, 1, "两室一厅", 60, ""], ["104", 6, 1, "一室户", 30, ""],
    )  # fmt: skip
    told = reviewed(api, batch)
    assert told["101"] == "建筑面积 80.00 ㎡，测绘为 46.35 ㎡，相差 +33.65 ㎡（+72.60%），超出允许误差 3%"
    assert told["102"] == "测绘成果里 102 室在第 1 层，不在第 2 层；测绘户型是两室一厅，不是三室一厅"
    assert (told["103"], told["104"]) == ("", ""), "nothing was measured that they contradict"
    kept = SetupUnit.objects.get(batch=batch, room_no="101")
    assert (kept.floor_area, kept.measured_area, kept.surveyed, kept.from_company) == (
        Decimal("80.00"), Decimal("46.35"), True, True,
    )  # fmt: skip
    assert not Unit.objects.filter(estate__name="新苑", room_no__in=["101", "102"]).exists()

    wrong = api.patch(f"{LIST}/rows/{kept.pk}", {"version": kept.version, "values": {"floor_area": "48.00"}})
    assert [(e["field"], e["code"]) for e in wrong.json()["details"]["errors"]] == [
        ("floor_area", "supply.survey_contradicted")
    ]
    near = api.patch(f"{LIST}/rows/{kept.pk}", {"version": kept.version, "values": {"floor_area": "47.00"}})
    assert near.status_code == 200, "within the tolerance"
    setup.stage(batch, surveyed(r103="75.00"))
    kept.refresh_from_db()
    assert (kept.floor_area, kept.measured_area) == (Decimal("47.00"), Decimal("46.35")), "read again, it stays"
    assert reviewed(api, batch)["101"] == ""
    assert Unit.objects.get(estate__name="新苑", room_no="101").floor_area == Decimal("47.00")
    admitted = SetupUnit.objects.get(batch=batch, room_no="103")
    assert (admitted.floor_area, admitted.measured_area) == (Decimal("60.00"), Decimal("75.00"))


def test_a_table_that_came_before_the_survey_is_compared_too(api: Any, branch: Supply) -> None:
    batch = batch_of(branch.project, "JW09")
    table(api, batch, ["101", 6, 1, "一室一厅", 80, ""], ["102", 6, 1, "", "", ""])
    setup.stage(batch, surveyed())
    filled = SetupUnit.objects.get(batch=batch, room_no="102")
    assert (filled.layout, filled.floor_area) == ("two_one", Decimal("62.18")), "what it left empty the survey fills"
    told = reviewed(api, batch)
    assert told["101"].startswith("建筑面积 80.00 ㎡，测绘为 46.35 ㎡")
    assert told["102"] == ""


def test_a_table_is_not_taken_back_once_it_was_admitted_or_surveyed(api: Any, branch: Supply) -> None:
    batch = batch_of(branch.project, "JW09")

    def undone(import_id: int) -> Any:
        answer = api.post(f"/imports/{import_id}/undo")
        if answer.status_code == 200 and answer.json()["state"] == "undoing":
            run_job(job_id=answer.json()["id"])
        return api.get(f"/imports/{import_id}").json()["state"]

    bad = table(api, batch, ["301", 6, 3, "一室户", 0, ""])
    reviewed(api, batch)
    assert undone(bad["id"]) == "undone", "what was refused may go"
    good = table(api, batch, ["101", 6, 1, "一室一厅", 46.35, ""])
    reviewed(api, batch)
    assert undone(good["id"]) == "done"
    row = SetupUnit.objects.get(batch=batch, room_no="101")
    assert (row.state, row.unit is not None) == ("admitted", True)
    with pytest.raises(IntegrityError, match="supply_setupunit_kept"), transaction.atomic():
        SetupUnit.objects.filter(pk=row.pk)._raw_delete("default")
    again = Desk(api).upload(
        "supply.setup_units", workbook([HEADS, [batch.number, "新苑", "1号楼", "101", 6, 1, "", 50, ""]])
    )
    assert [item["code"] for item in Desk(api).failed(again["id"])] == ["supply.setup_admitted"]
    late = table(api, batch, ["102", 6, 1, "两室一厅", 62.18, ""])
    setup.stage(batch, surveyed())
    assert undone(late["id"]) == "done", "the survey knows the room by now"
    assert SetupUnit.objects.filter(batch=batch, room_no="102").exists()


@pytest.mark.covers("SH-180.3")
def test_forms_and_sheets_of_units_are_held_to_the_survey(api: Any, batch: SetupBatch) -> None:
    reviewed(api, batch)
    building = Unit.objects.get(estate__name="新苑", room_no="101").building
    values = {
        "building": building.pk, "code": "N-1", "room_no": "103", "floor": 2, "layout": "studio", "floor_area": "60",
        "rent": "1500", "channel": "online",
    }  # fmt: skip
    rows = "/registers/supply.units/rows"
    refused = api.post(rows, {"values": values})
    assert {e["field"] for e in refused.json()["details"]["errors"]} == {"floor", "layout"}
    unknown = api.post(rows, {"values": values | {"room_no": "909"}})
    assert [(e["field"], e["code"]) for e in unknown.json()["details"]["errors"]] == [
        ("room_no", "supply.survey_contradicted")
    ]
    assert api.post(rows, {"values": values | {"floor": 1, "layout": "two_one"}}).status_code == 200
    unit = Unit.objects.get(estate__name="新苑", room_no="101")
    larger = api.patch(f"{rows}/{unit.pk}", {"version": unit.version, "values": {"floor_area": "60.00"}})
    assert [e["field"] for e in larger.json()["details"]["errors"]] == ["floor_area"]
    assert api.patch(f"{rows}/{unit.pk}", {"version": unit.version, "values": {"rent": "1"}}).status_code == 200

    heads = ["项目编码", "小区名称", "楼栋", "地上层数", "室号", "户型", "建筑面积", "月租金"]
    desk = Desk(api)
    sheet = desk.upload("supply.units", workbook([heads, ["A01", "新苑", "1号楼", 6, "104", "一室户", 30, 900]]))
    assert [(one["field"], one["code"]) for one in desk.failed(sheet["id"])] == [
        ("room_no", "supply.survey_contradicted")
    ]
    changes = desk.upload("supply.units", workbook([["房源编码", "建筑面积"], [unit.code, 60]]), kind="units")
    assert [one["field"] for one in desk.failed(changes["id"])] == ["floor_area"]


class TestAttributesOfTheCity:
    @pytest.fixture(autouse=True)
    def _read_anew(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(attributes, "SECONDS", -1.0)
        yield
        attributes.forget()

    def test_the_set_up_table_carries_them_and_asks_for_required_ones(self, api: Any, batch: SetupBatch) -> None:
        Attribute.objects.create(
            register="supply.units", key="heating", title="供暖", type="choice", options="集中\n自采暖", required=True,
            filtered=True,
        )  # fmt: skip
        desk = Desk(api)
        lacking = [HEADS, [batch.number, "新苑", "1号楼", "101", 6, 1, "一室一厅", 46.35, ""]]
        answer = desk.upload("supply.setup_units", workbook(lacking))
        assert answer["state"] == "failed", "a required column is missing"
        table(api, batch, ["101", 6, 1, "一室一厅", 46.35, "", "集中"], heads=[*HEADS, "供暖"])
        told = reviewed(api, batch)
        assert (told["101"], told["102"]) == ("", "缺少供暖"), "what the survey cannot know is asked for"
        assert Unit.objects.get(estate__name="新苑", room_no="101").extra == {"heating": "集中"}
        row = SetupUnit.objects.get(batch=batch, room_no="102")
        body = {"version": row.version, "values": {"x_heating": "自采暖"}}
        assert api.patch(f"{LIST}/rows/{row.pk}", body).status_code == 200
        assert reviewed(api, batch)["102"] == ""
        assert Unit.objects.get(estate__name="新苑", room_no="102").extra == {"heating": "自采暖"}

    def test_units_added_to_a_project_have_them_and_are_held_to_them(self, api: Any, branch: Supply) -> None:
        shared = {"register": "supply.units", "filtered": True}
        Attribute.objects.create(
            key="heating", title="供暖", type="choice", options="集中\n自采暖", required=True, **shared
        )
        Attribute.objects.create(key="balcony", title="阳台面积", type="number", min=0, max=50, **shared)
        unit = {
            "estate": "A小区", "building": "1号楼", "floor": 2, "layout": "studio", "floor_area": "30.00", "rent": "800",
        }  # fmt: skip
        told: list[dict[str, Any]] = [
            {"x_heating": "集中", "x_balcony": 4.5}, {}, {"x_heating": "没有"}, {"x_heating": "集中", "x_balcony": 60},
            {"x_heating": "集中", "x_sauna": True},
        ]  # fmt: skip
        units = [unit | {"code": f"E{n}", "room_no": f"20{n}", "extra": extra} for n, extra in enumerate(told)]
        answer = api.post(f"/supply/projects/{branch.project.pk}/units", {"units": units})
        assert answer.status_code == 200, answer.json()
        assert [row["code"] for row in answer.json()["linked"]] == ["E0"]
        assert Unit.objects.get(code="E0").extra == {"heating": "集中", "balcony": "4.50"}
        reasons = {row["code"]: row["reasons"] for row in answer.json()["reported"]}
        assert reasons["E1"] == ["供暖：必填，请选择"]
        assert [reasons[code][0].partition("：")[0] for code in ("E2", "E3")] == ["供暖", "阳台面积"]
        assert reasons["E4"] == ["没有“x_sauna”这一项"]
        form = api.post(
            "/registers/supply.units/rows",
            {"values": {**{k: v for k, v in unit.items() if k != "estate"}, "building": branch.building.pk,
                        "code": "E9", "room_no": "209", "channel": "online", "x_heating": "没有"}},
        )  # fmt: skip
        (wrong,) = form.json()["details"]["errors"]
        assert reasons["E2"] == [f"供暖：{wrong['message']}"], "as in the form"

    @pytest.mark.covers("SH-184.2")
    def test_splitting_and_merging_keep_them(self, branch: Supply) -> None:
        unit = branch.unit
        Unit.objects.filter(pk=unit.pk).update(extra={"heating": "集中", "view": "江景"}, transferable=True)
        parts = [Part("101-1", "studio", Decimal("20.35"), Decimal("605.05")),
                 Part("101-2", "studio", Decimal("26.00"), Decimal("600.05"))]  # fmt: skip
        made = reshaping.split(actor=system(), unit_id=unit.pk, parts=parts)
        assert [(one.extra, one.transferable) for one in made] == [({"heating": "集中", "view": "江景"}, True)] * 2
        one, other = (
            make_unit(
                branch.building, f"A-30{n}", f"30{n}", extra={"heating": "集中", "view": view}, transferable=n == 1
            )
            for n, view in ((1, "江景"), (2, "园景"))
        )
        whole = Part("303", "three_one", one.floor_area * 2, one.rent * 2)
        merged = reshaping.merge(actor=system(), unit_ids=[one.pk, other.pk], whole=whole)
        assert (merged.extra, merged.transferable) == ({"heating": "集中"}, False), "that in which both agree"
