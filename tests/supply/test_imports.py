"""Spreadsheets of supply: template, dry run, corrections, run, failures, log (PR-03, PR-04.2, PR-05.2, PR-05.3)."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from python_calamine import CalamineWorkbook

from anju.kernel.audit.models import AuditEntry
from anju.kernel.jobs.models import Job
from anju.kernel.jobs.watched import run as run_job
from anju.kernel.registers.importing import running
from anju.kernel.registers.models import Import, ImportRow, RegisterHistory
from anju.kernel.scope import Actor
from anju.supply.imports import unit_code
from anju.supply.models import Bed, Building, Estate, Operator, Project, Room, Unit
from tests.spreadsheets import Desk, workbook
from tests.supply.samples import Supply, make_supply

pytestmark = pytest.mark.django_db
RIGHTS = [f"supply.{kind}.{verb}" for kind in ("unit", "estate", "project", "operator") for verb in ("view", "import")]
HEADS = ["项目编码*", "小区名称*", "楼栋*", "地上层数*", "室号", "户型", "建筑面积", "朝向", "月租金", "房间号"]


def unit_row(
    room_no: str, project: str = "A01", estate: str = "新苑", building: str = "2号楼", **other: Any
) -> list[Any]:
    """A row of the sheet of the whole hierarchy."""
    cells = {"layout": "两室一厅", "area": 62.18, "orientation": "南", "rent": 1920, "room": ""} | other
    return [
        project, estate, building, 12, room_no, cells["layout"], cells["area"], cells["orientation"], cells["rent"], cells["room"],
    ]  # fmt: skip


@pytest.fixture
def branch(city: Any) -> Supply:
    return make_supply("A", city.path)


@pytest.fixture
def desk(staff: Callable[..., Actor], client_as: Callable[[Actor], Any], branch: Supply) -> Desk:
    return Desk(client_as(staff(*RIGHTS, reach="org_and_below", name="周敏")))


@pytest.mark.parametrize("register", ["supply.projects", "supply.estates", "supply.units", "supply.operators"])
def test_the_template_has_the_columns_that_the_import_reads(desk: Desk, register: str) -> None:
    answer = desk.api.get(f"/registers/{register}/template")
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["数据", "填写说明", "选项"]
    heads = book.get_sheet_by_name("数据").to_python()[0]
    notes = book.get_sheet_by_name("填写说明").to_python(skip_empty_area=False)
    top = next(number for number, line in enumerate(notes) if line[0] == "列")
    example = {line[0]: line[4] for line in notes[top + 1 :]}
    row = [example[str(head).rstrip("*")] for head in heads]
    checked = desk.upload(register, workbook([heads, row]))
    assert checked["state"] == "checked"
    assert {item["code"].split(":")[1] for item in checked["reasons"]} <= {"not_found"}


@pytest.mark.covers("PR-05.2", "PR-03.2")
def test_one_sheet_brings_in_estates_buildings_units_and_rooms(desk: Desk, branch: Supply) -> None:
    rows = [
        unit_row("201"),
        unit_row("202", building="3号楼"),
        unit_row("203", room="A"),
        unit_row("203", room="B"),
        unit_row("101", estate="A小区", building="1号楼"),  # there already
        unit_row("201"),  # repeats row 2
        unit_row("301", project="A-01"),  # no such project
        unit_row("302", layout="2室1厅"),
        unit_row("303", rent="一千"),
        unit_row("203", room="A"),  # repeats row 4
        unit_row("101", estate="A小区", building="1号楼", room="A"),  # room 101 A is there already
    ]
    checked = desk.upload("supply.units", workbook([HEADS, *rows]))
    assert (checked["state"], checked["total"], checked["new"], checked["failed"]) == ("checked", 11, 4, 7)
    assert Unit.objects.count() == 1, "a dry run writes nothing"
    problems = {(item["row"], item["field"], item["code"]) for item in desk.failed(checked["id"])}
    assert problems == {
        (6, "room_no", "exists"),
        (7, "room_no", "repeated"),
        (8, "project", "not_found"),
        (9, "layout", "not_in_dictionary"),
        (10, "rent", "number"),
        (11, "room", "repeated"),
        (12, "room", "exists"),
    }
    by_row = {item["row"]: item for item in desk.failed(checked["id"])}
    assert by_row[8]["suggestion"] == "A01"
    assert by_row[9]["suggestion"] == "两室一厅"
    assert "第 2 行" in by_row[7]["message"]
    lost = desk.upload("supply.units", workbook([HEADS, unit_row("401", project="天水围")]))
    assert "请核对，或先登记" in desk.failed(lost["id"])[0]["message"], "what to do where no name is near"
    done = desk.run(checked["id"])
    assert (done["state"], done["done"], done["failed"]) == ("done", 4, 7)
    estate = Estate.objects.get(name="新苑")
    assert estate.name_pinyin.startswith("xin1 yuan4")
    assert set(Building.objects.filter(estate=estate).values_list("name", flat=True)) == {"2号楼", "3号楼"}
    units = Unit.objects.filter(estate=estate).order_by("code")
    assert [unit.room_no for unit in units] == ["201", "203", "202"]
    assert units[0].code == "A01-XY02-201"
    assert {(unit.floor, unit.status, unit.org_path, unit.division) for unit in units} == {
        (2, "unconfirmed", branch.operator.org_path, "339901")
    }
    assert list(Room.objects.filter(unit__room_no="203").order_by("number").values_list("number", flat=True)) == [
        "A",
        "B",
    ]
    assert RegisterHistory.objects.filter(register="supply.units", action="import").count() == 3
    assert AuditEntry.objects.filter(action="import").count() == 1


def test_beds_come_in_a_line_each_under_their_room(desk: Desk, branch: Supply) -> None:
    rows = [
        [*unit_row("203", room="A"), "1", 420], [*unit_row("203", room="A"), "2", ""],
        [*unit_row("203", room="A"), "2", ""], [*unit_row("203"), "3", ""], [*unit_row("203", room="B"), "", 400],
    ]  # fmt: skip
    checked = desk.upload("supply.units", workbook([[*HEADS, "床位号", "床位月租金"], *rows]))
    assert {(item["row"], item["field"], item["code"]) for item in desk.failed(checked["id"])} == {
        (4, "bed", "repeated"), (5, "room", "required"), (6, "bed", "required"),
    }  # fmt: skip
    desk.run(checked["id"])
    beds = Bed.objects.filter(room__unit__room_no="203", room__number="A").order_by("number")
    assert [(bed.number, bed.rent, bed.org_path) for bed in beds] == [
        ("1", Decimal("420.00"), branch.operator.org_path), ("2", None, branch.operator.org_path),
    ]  # fmt: skip
    assert Unit.objects.filter(room_no="203").count() == Room.objects.filter(unit__room_no="203").count() == 1


@pytest.mark.covers("PR-03.2", "PR-03.3")
def test_the_failure_file_can_be_corrected_and_imported_and_nothing_doubles(desk: Desk) -> None:
    checked = desk.upload(
        "supply.units", workbook([HEADS, unit_row("201"), unit_row("202", rent="一千"), unit_row("203")])
    )
    done = desk.run(checked["id"])
    assert (done["done"], done["failed"]) == (2, 1)
    file = desk.api.get(f"/imports/{checked['id']}/failures").content
    table = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert len(table) == 2
    assert (table[1][-2], table[1][-1]) == (3, "月租金：应为数字")
    table[1][table[0].index("月租金")] = 1000
    again = desk.upload("supply.units", workbook(table))
    assert (again["new"], again["failed"]) == (1, 0)
    desk.run(again["id"])
    assert Unit.objects.filter(estate__name="新苑").count() == 3
    whole = desk.upload("supply.units", workbook([HEADS, unit_row("201"), unit_row("202"), unit_row("203")]))
    assert (whole["new"], whole["failed"]) == (0, 3)
    desk.run(whole["id"])
    assert Unit.objects.filter(estate__name="新苑").count() == 3


@pytest.mark.covers("PR-03.3")
def test_the_log_lists_each_import_by_kind(staff: Callable[..., Actor], client_as: Any, branch: Supply) -> None:
    desk = Desk(client_as(staff(*RIGHTS, "registers.import.view", "supply.unit.confirm", reach="org_and_below")))
    desk.upload("supply.estates", workbook([["项目编码", "小区名称"], ["A01", "甲苑"], ["A02", "乙苑"]]))
    desk.upload("supply.units", workbook([HEADS, unit_row("201")]))
    desk.upload("supply.units", workbook([["房源编码", "月租金"], ["A-0101", 900]]), kind="rents")
    log = desk.api.get("/imports").json()["rows"]
    assert [(entry["title"], entry["total"], entry["failed"]) for entry in log] == [
        ("租金", 1, 0),
        ("小区楼栋房源房间", 1, 0),
        ("小区", 2, 1),
    ]
    assert [entry["title"] for entry in desk.api.get("/imports", of="supply.estates").json()["rows"]] == ["小区"]
    rents = {"register": "supply.units", "kind": "rents", "title": "租金"}
    assert rents in desk.api.get("/imports").json()["kinds"]
    chosen = desk.api.get("/imports", of="supply.units", kind="rents").json()["rows"]
    assert [(entry["id"], entry["kind"]) for entry in chosen] == [(log[0]["id"], "rents")]
    assert client_as(staff(*RIGHTS)).get("/imports").status_code == 403
    stranger = client_as(staff("supply.unit.view", "registers.import.view"))
    assert stranger.get("/imports").json() == {"rows": [], "kinds": [], "next": None, "prev": None, "about": None}
    assert stranger.get(f"/imports/{log[0]['id']}").status_code == 404
    assert stranger.post(f"/imports/{log[0]['id']}/run").status_code == 404


@pytest.mark.covers("PR-04.2")
def test_projects_are_imported_and_a_repeat_updates(desk: Desk, branch: Supply) -> None:
    heads = ["项目编码", "项目名称", "保障类别", "行政区划", "运营机构编码", "租金标准"]
    rows = [
        ["B01", "北苑", "公共租赁住房", "南屏区", "A-OP", 24],
        ["B02", "南苑", "公租房", "南屏区", "A-OP", 24],
        ["B03", "西苑", "廉租住房", "澜州市", "A-OP", 24],
        ["B04", "东苑", "廉租住房", "文昌区", "A-XX", 24],
    ]
    checked = desk.upload("supply.projects", workbook([heads, *rows]))
    assert (checked["new"], checked["failed"]) == (1, 3)
    desk.run(checked["id"])
    made = Project.objects.get(code="B01")
    assert (made.division, made.operator_id, str(made.rent_standard)) == ("339902", branch.operator.pk, "24.00")
    rows[0][1], rows[0][5] = "北苑新村", ""
    again = desk.upload("supply.projects", workbook([heads, rows[0]]))
    assert (again["new"], again["update"]) == (0, 1)
    desk.run(again["id"])
    made.refresh_from_db()
    assert (made.name, str(made.rent_standard), made.version) == ("北苑新村", "24.00", 2)
    entry = RegisterHistory.objects.filter(register="supply.projects", row_id=made.pk).order_by("-id")[0]
    assert [
        (change["field"], change["old"], change["new"]) for change in entry.changes if change["field"] == "name"
    ] == [("name", "北苑", "北苑新村")]
    assert Project.objects.count() == 2


@pytest.mark.covers("PR-05.3")
def test_estates_are_imported_alone(desk: Desk) -> None:
    checked = desk.upload("supply.estates", workbook([["项目编码", "小区名称", "地址"], ["A01", "甲苑", "一路"]]))
    desk.run(checked["id"])
    assert Estate.objects.get(name="甲苑").address == "一路"


def test_a_thousand_floors_and_a_doubled_code_are_refused(
    desk: Desk, branch: Supply, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    tower = unit_row("201")
    tower[3] = 1000
    rows = [[*tower, ""], [*unit_row("202"), "A01-X"], [*unit_row("203"), "A01-X"], [*unit_row("204"), "A-0101"]]
    checked = desk.upload("supply.units", workbook([[*HEADS, "房源编码"], *rows]))
    assert {(item["row"], item["field"], item["code"]) for item in desk.failed(checked["id"])} == {
        (2, "floors", "too_large"), (4, "code", "repeated"), (5, "code", "exists"),
    }  # fmt: skip
    keeper = client_as(staff("supply.building.view", "supply.building.create", "supply.estate.view"))
    values = {"estate": branch.estate.pk, "name": "塔楼", "floors": 1000}
    refused = keeper.post("/registers/supply.buildings/rows", {"values": values})
    assert [(e["field"], e["code"]) for e in refused.json()["details"]["errors"]] == [("floors", "too_large")]
    assert not Building.objects.filter(floors__gt=120).exists()


def test_rents_of_existing_units_are_changed_and_only_those(desk: Desk, branch: Supply) -> None:
    Unit.objects.update(status="unconfirmed", confirmed=False, published=False)
    rows = [["房源编码", "月租金"], ["A-0101", 1300.5], ["A-9999", 1]]
    checked = desk.upload("supply.units", workbook(rows), kind="units")
    assert (checked["update"], checked["failed"]) == (1, 1)
    desk.run(checked["id"])
    unit = Unit.objects.get()
    assert (str(unit.rent), unit.layout, unit.version) == ("1300.50", "one_one", 2)


def test_what_lies_out_of_reach_is_refused_even_in_a_spreadsheet(desk: Desk) -> None:
    theirs = make_supply("B", "/999/")
    rows = [["项目编码", "小区名称"], ["B01", "甲苑"]]
    checked = desk.upload("supply.estates", workbook(rows))
    assert [item["code"] for item in desk.failed(checked["id"])] == ["not_found"]
    heads = ["机构编码", "机构名称", "所在地"]
    taken = desk.upload("supply.operators", workbook([heads, ["B-OP", "别人的机构", "江湾区"]]))
    assert [item["code"] for item in desk.failed(taken["id"])] == ["out_of_reach"]
    desk.run(taken["id"])
    assert Operator.objects.get(pk=theirs.operator.pk).name == "B机构"


def test_a_correction_is_examined_alone_and_a_repeat_is_still_seen(desk: Desk) -> None:
    rows = [unit_row("201"), unit_row("202", rent="一千"), unit_row("203", layout="两室1厅")]
    checked = desk.upload("supply.units", workbook([HEADS, *rows]))
    path = f"/imports/{checked['id']}/corrections"
    assert desk.api.post(path, {"row": 3, "field": "rent", "value": "abc"}).json()["ok"] is False
    fixed = desk.api.post(path, {"row": 3, "field": "rent", "value": "1,000.50"}).json()
    assert (fixed["ok"], fixed["new"], fixed["failed"]) == (True, 2, 1)
    assert Unit.objects.count() == 1
    twin = desk.api.post(path, {"row": 4, "field": "layout", "value": "两室一厅"}).json()
    assert twin["ok"] is True
    clash = desk.api.post(path, {"row": 4, "field": "room_no", "value": "201"}).json()
    assert [error["code"] for error in clash["errors"]] == ["repeated"]
    assert desk.api.post(path, {"row": 4, "field": "nothing", "value": 1}).status_code == 422
    assert desk.api.post(path, {"row": 99, "field": "rent", "value": 1}).status_code == 404
    desk.run(checked["id"])
    assert desk.api.post(path, {"row": 2, "field": "rent", "value": 1}).json()["code"] == "import.row_done"
    desk.api.post(path, {"row": 4, "field": "room_no", "value": "204"})
    assert desk.run(checked["id"])["done"] == 3


def test_running_twice_is_running_once(desk: Desk) -> None:
    checked = desk.upload("supply.units", workbook([HEADS, unit_row("201")]))
    first = desk.api.post(f"/imports/{checked['id']}/run").json()
    second = desk.api.post(f"/imports/{checked['id']}/run").json()
    assert first["id"] == second["id"]
    run_job(job_id=first["id"])
    run_job(job_id=first["id"])
    assert Unit.objects.filter(estate__name="新苑").count() == 1
    assert desk.api.post(f"/imports/{checked['id']}/run").json()["id"] == first["id"]
    assert Job.objects.filter(kind="registers.run_import").count() == 1


@pytest.mark.covers("PR-03.4")
def test_a_run_that_was_cut_off_goes_on_where_it_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PORTION", 3)
    rows = [unit_row(str(200 + number)) for number in range(1, 9)]
    checked = desk.upload("supply.units", workbook([HEADS, *rows]))
    job = desk.api.post(f"/imports/{checked['id']}/run").json()["id"]
    original, portions = running.Portion.run, []

    def cut_off(portion: running.Portion, numbers: Sequence[int]) -> None:
        original(portion, numbers)
        portions.append(list(numbers))
        if len(portions) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(running.Portion, "run", cut_off)
    with pytest.raises(KeyboardInterrupt):
        run_job(job_id=job)
    assert Unit.objects.filter(estate__name="新苑").count() == 3, "whole portions only"
    assert desk.read(checked["id"])["done"] == 3
    assert Job.objects.get(pk=job).state == "running"
    run_job(job_id=job)
    assert portions == [[2, 3, 4], [5, 6, 7], [5, 6, 7], [8, 9]]
    assert Unit.objects.filter(estate__name="新苑").count() == 8
    assert RegisterHistory.objects.filter(register="supply.units", action="import").count() == 8
    finished = desk.read(checked["id"])
    assert (finished["state"], finished["done"]) == ("done", 8)
    told = desk.api.get(f"/jobs/{job}").json()
    assert (told["state"], told["done"], told["total"]) == ("done", 8, 8)


def test_a_row_that_somebody_took_meanwhile_fails_alone(desk: Desk, branch: Supply) -> None:
    rows = [unit_row(number, estate="A小区", building="1号楼") for number in ("201", "202", "203", "204", "205")]
    checked = desk.upload("supply.units", workbook([HEADS, *rows]))
    assert checked["new"] == 5
    Unit.objects.create(
        building=branch.building, code="X-1", room_no="203", floor=2, layout="studio", floor_area=30, rent=1
    )
    Unit.objects.create(
        building=branch.building, code="A01-AXQ01-205", room_no="999", floor=2, layout="studio", floor_area=30, rent=1
    )
    done = desk.run(checked["id"])
    assert (done["done"], done["failed"]) == (3, 2)
    problems = {item["row"]: item for item in desk.failed(checked["id"])}
    assert problems[4]["message"] == "房源已存在"
    assert problems[6]["code"] == "supply.unit_code_taken"
    assert Unit.objects.get(room_no="203").code == "X-1"


def test_reasons_are_counted_and_rows_listed_by_reason(desk: Desk) -> None:
    rows = [unit_row(str(201 + n), rent="x") for n in range(60)] + [unit_row("901", project="Q")]
    checked = desk.upload("supply.units", workbook([HEADS, *rows]))
    assert [(item["title"], item["count"]) for item in checked["reasons"]] == [
        ("月租金不是数字", 60),
        ("项目编码不存在", 1),
    ]
    first = desk.api.get(f"/imports/{checked['id']}/rows", reason="rent:number").json()
    second = desk.api.get(f"/imports/{checked['id']}/rows", reason="rent:number", cursor=first["next"]).json()
    assert (len(first["rows"]), len(second["rows"]), second["next"]) == (50, 10, None)
    assert [item["row"] for item in desk.failed(checked["id"], reason="project:not_found")] == [62]


def test_every_error_of_every_row_is_told_in_one_round(desk: Desk, branch: Supply) -> None:
    """What is wrong in one cell hides nothing that other cells say: not a room that is there, nor a repeat."""
    there = {"estate": "A小区", "building": "1号楼"}
    rows = [
        unit_row("101", rent="很贵", **there),
        unit_row("201", layout="", rent=-1),
        unit_row("201", area="大", rent=""),
        unit_row("无", layout="", area=""),
        unit_row("201"),
        unit_row("1901", rent="x"),
    ]
    codes = [["A-0101"], [""], [""], [""], [""], [""]]
    heads = [*HEADS[:5], "房源编码", *HEADS[5:]]
    checked = desk.upload(
        "supply.units", workbook([heads, *(r[:5] + c + r[5:] for r, c in zip(rows, codes, strict=True))])
    )
    told: dict[int, set[tuple[str, str]]] = {}
    for problem in desk.failed(checked["id"]):
        told.setdefault(problem["row"], set()).add((problem["field"], problem["code"]))
    assert told == {
        2: {("rent", "number"), ("room_no", "exists")},
        3: {("layout", "required"), ("rent", "too_small")},
        4: {("floor_area", "number"), ("rent", "required"), ("room_no", "repeated")},
        5: {("layout", "required"), ("floor_area", "required"), ("floor", "required")},
        7: {("rent", "number"), ("floor", "too_large")},
    }
    assert checked["new"] == 1, "a wrong row takes no place from a right one"


def test_nothing_temporary_stays_behind(desk: Desk) -> None:
    checked = desk.upload("supply.units", workbook([HEADS, unit_row("201")]))
    desk.run(checked["id"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM registers_importrow WHERE owner_id = %s AND state = 'good'", [checked["id"]]
        )
        assert cursor.fetchone() == (0,)
    assert Import.objects.get().finished_at is not None
    assert ImportRow.objects.get().state == "done"


def test_a_run_whose_job_broke_off_can_be_pressed_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = desk.upload("supply.units", workbook([HEADS, unit_row("201"), unit_row("202")]))

    def broken(portion: running.Portion, numbers: Sequence[int]) -> None:
        raise RuntimeError("out of order")

    with monkeypatch.context() as patch:
        patch.setattr(running.Portion, "run", broken)
        job = desk.api.post(f"/imports/{checked['id']}/run").json()["id"]
        run_job(job_id=job)
    assert Job.objects.get(pk=job).state == "failed"
    broken_off = desk.read(checked["id"])
    assert (broken_off["state"], broken_off["error"]["code"], broken_off["done"]) == (
        "cancelled",
        "import.broken_off",
        0,
    )
    assert desk.run(checked["id"])["done"] == 2
    assert Unit.objects.filter(estate__name="新苑").count() == 2


def test_wrong_columns_are_named_and_nothing_is_staged(desk: Desk) -> None:
    checked = desk.upload("supply.estates", workbook([["项目编码", "小区名", "小区名"], ["A01", "甲苑", ""]]))
    assert checked["state"] == "failed"
    assert checked["error"]["code"] == "import.wrong_columns"
    assert checked["error"]["details"] == {"missing": ["小区名称"], "unknown": ["小区名", "小区名"], "doubled": []}
    assert "小区名称" in checked["error"]["message"]
    assert desk.api.post(f"/imports/{checked['id']}/run").status_code == 409
    assert not ImportRow.objects.exists()


def test_what_is_no_spreadsheet_is_refused_at_the_door(desk: Desk) -> None:
    file = SimpleUploadedFile("x.xlsx", b"%PDF-1.7")
    answer = desk.api.upload("/registers/supply.units/imports", {"file": file})
    assert (answer.status_code, answer.json()["code"]) == (422, "import.not_spreadsheet")
    assert not Import.objects.exists()
    assert desk.api.upload("/registers/supply.units/imports?kind=nothing", {"file": file}).status_code == 404


def test_formulas_are_read_as_their_values_and_flagged(desk: Desk) -> None:
    rows = [[*HEADS], unit_row("201", rent="=1000+920"), unit_row("202", rent="=1/0")]
    checked = desk.upload("supply.units", workbook(rows))
    assert checked["warn"] == 2
    assert ImportRow.objects.get(number=2).warnings[0]["code"] == "formula"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("江湾家园三期", "3号楼"), ("江湾家园四期", "3号楼")),
        (("江湾家园1期", "3号楼"), ("江湾家园10期", "3号楼")),
        (("澜州市江湾新城保障性住房家园1期", "1号楼"), ("澜州市江湾新城保障性住房家园2期", "1号楼")),
        (("江湾家园", "A1栋"), ("江湾家园", "B1栋")),
        (("江湾家园", "东1号楼"), ("江湾家园", "西1号楼")),
        (("江湾家园", "十号楼"), ("江湾家园", "四号楼")),
    ],
)
def test_neighbours_get_different_codes(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert unit_code("JW01", *one, "1203") != unit_code("JW01", *other, "1203")


@pytest.mark.parametrize(
    ("estate", "building", "code"),
    [
        ("江湾家园一期", "3号楼", "JW01-JWJY1Q03-1203"),
        ("江湾家园十二期", "三号楼", "JW01-JWJY12Q03-1203"),
        ("江湾家园二十期", "12", "JW01-JWJY20Q12-1203"),
        ("江湾", "3号楼甲单元", "JW01-JW3HLJDY-1203"),
    ],
)
def test_a_code_says_where_the_unit_stands(estate: str, building: str, code: str) -> None:
    assert unit_code("JW01", estate, building, "1203") == code
