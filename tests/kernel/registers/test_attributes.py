"""Attributes that a city adds: in form, list, filter, import, export and history at once, and refused where they cannot work."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from anju.kernel.jobs.models import Job
from anju.kernel.jobs.watched import run as run_job
from anju.kernel.registers import attributes
from anju.kernel.registers.models import Attribute
from anju.kernel.registers.registers import index_attribute
from anju.kernel.scope import Actor
from anju.supply.models import Unit
from tests.spreadsheets import Desk, workbook
from tests.supply.samples import Supply, make_supply, make_unit

UNIT = [f"supply.unit.{verb}" for verb in ("view", "create", "change", "import", "export", "confirm")]
STRUCTURE = [f"registers.attribute.{verb}" for verb in ("view", "create", "change", "delete")]
HEATING = {
    "register": "supply.units",
    "key": "heating",
    "title": "供暖",
    "type": "choice",
    "options": "集中\nself=自采暖",
}
AREA = {
    "register": "supply.units",
    "key": "balcony",
    "title": "阳台面积",
    "type": "number",
    "unit": "㎡",
    "min": 0,
    "max": 50,
}
CHECKED = {"register": "supply.units", "key": "checked_on", "title": "查验日期", "type": "date"}


@pytest.fixture(autouse=True)
def _read_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test's own attributes are seen at once and by no other test."""
    monkeypatch.setattr(attributes, "SECONDS", -1.0)
    yield
    attributes.forget()


@pytest.fixture
def clerk(city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Any:
    return client_as(staff(*UNIT, *STRUCTURE, "supply.building.view", name="周敏"))


@pytest.fixture
def branch(city: Any) -> Supply:
    return make_supply("A", city.path)


def add(clerk: Any, values: dict[str, Any]) -> Any:
    answer = clerk.post("/registers/registers.attributes/rows", {"values": values})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def change(clerk: Any, unit: Unit, values: dict[str, Any]) -> Any:
    unit.refresh_from_db()
    return clerk.patch(f"/registers/supply.units/rows/{unit.pk}", {"version": unit.version, "values": values})


@pytest.mark.django_db
class TestEverywhereAtOnce:
    def test_form_list_panel_filter_and_history(self, clerk: Any, branch: Supply) -> None:
        for values in (HEATING, AREA | {"listed": True}, CHECKED):
            add(clerk, values)
        told = clerk.get("/registers/supply.units").json()
        columns = {column["key"]: column for column in told["columns"]}
        assert (columns["x_heating"]["title"], columns["x_heating"]["hidden"]) == ("供暖", True)
        assert (columns["x_balcony"]["unit"], columns["x_balcony"]["hidden"]) == ("㎡", False)
        fields = {field["key"]: field for field in told["form"]["sections"][0]["fields"]}
        assert [entry["title"] for entry in clerk.get("/dictionaries").json()[fields["x_heating"]["dictionary"]]] == [
            "集中", "自采暖",
        ]  # fmt: skip

        wrong = change(clerk, branch.unit, {"x_heating": "地热", "x_balcony": 51, "x_checked_on": "昨天"})
        assert wrong.status_code == 422
        codes = {error["field"]: error["code"] for error in wrong.json()["details"]["errors"]}
        assert codes == {"x_heating": "not_in_dictionary", "x_balcony": "too_large", "x_checked_on": "date"}
        right = change(clerk, branch.unit, {"x_heating": "self", "x_balcony": "6.50", "x_checked_on": "2026-03-02"})
        assert right.status_code == 200, right.json()
        branch.unit.refresh_from_db()
        assert branch.unit.extra == {"heating": "self", "balcony": "6.50", "checked_on": "2026-03-02"}
        assert right.json()["form"]["x_heating"] == "self"

        make_unit(branch.building, "A-0102", "102", extra={"heating": "集中", "balcony": "12.00"})
        for query, found in (
            ({"f.x_heating": "self"}, ["A-0101"]),
            ({"f.x_balcony": "6.6..20"}, ["A-0102"]),
            ({"f.x_balcony": "9..10"}, []),
            ({"f.x_checked_on": "2026-03-01..2026-03-31"}, ["A-0101"]),
        ):
            rows = clerk.get("/registers/supply.units/rows", **query).json()["rows"]
            assert [row["code"] for row in rows] == found, query
        assert clerk.get("/registers/supply.units/rows", **{"f.x_checked_on": "x..y"}).status_code == 422
        row = clerk.get("/registers/supply.units/rows", **{"f.x_heating": "self"}).json()["rows"][0]
        assert (row["x_heating"], float(row["x_balcony"]), row["x_checked_on"]) == ("self", 6.5, "2026-03-02")
        history = clerk.get(f"/registers/supply.units/rows/{branch.unit.pk}/history").json()["rows"][0]
        assert {(item["title"], item["new"]) for item in history["changes"]} == {
            ("供暖", "自采暖"), ("阳台面积", "6.50"), ("查验日期", "2026-03-02"),
        }  # fmt: skip

    def test_import_and_export_have_the_columns(self, clerk: Any, branch: Supply) -> None:
        for values in (HEATING, AREA):
            add(clerk, values)
        desk = Desk(clerk)
        branch.unit.extra = {"heating": "self", "other": 1}
        branch.unit.save()
        book = CalamineWorkbook.from_filelike(io.BytesIO(desk.template("supply.units", "units")))
        assert book.get_sheet_by_name("数据").to_python()[0][-2:] == ["供暖", "阳台面积"]
        rows = [["A-0101", "", 7.5], ["A-0101X", "集中", 1], ["A-0101", "集体", 1]]
        checked = desk.upload("supply.units", workbook([["房源编码*", "供暖", "阳台面积"], *rows]), kind="units")
        assert (checked["update"], checked["failed"]) == (1, 2)
        assert {(item["row"], item["field"], item["code"]) for item in desk.failed(checked["id"])} == {
            (3, "unit", "not_found"), (4, "x_heating", "not_in_dictionary"), (4, "unit", "repeated"),
        }  # fmt: skip
        assert desk.run(checked["id"])["done"] == 1
        branch.unit.refresh_from_db()
        assert branch.unit.extra == {"heating": "self", "other": 1, "balcony": "7.50"}, "empty cells change nothing"
        history = clerk.get(f"/registers/supply.units/rows/{branch.unit.pk}/history").json()["rows"][0]
        assert [(item["title"], item["old"], item["new"]) for item in history["changes"]] == [
            ("阳台面积", None, "7.50")
        ]

        heads = ["项目编码", "小区名称", "楼栋", "地上层数", "室号", "户型", "建筑面积", "月租金", "供暖", "阳台面积"]
        fresh = ["A01", "A小区", "1号楼", 12, "1102", "一室一厅", 40, 900, "自采暖", 3]
        made = desk.run(desk.upload("supply.units", workbook([heads, fresh]), kind="supply")["id"])
        assert made["done"] == 1
        assert Unit.objects.get(room_no="1102").extra == {"heating": "self", "balcony": "3.00"}

        asked = clerk.post("/registers/supply.units/exports", {
            "columns": ["code", "x_heating", "x_balcony"], "filters": {"x_heating": ["self"]}, "format": "csv",
        })  # fmt: skip
        run_job(job_id=asked.json()["id"])
        content = clerk.get(f"/files/{Job.objects.get(pk=asked.json()['id']).file_id}").content.decode("utf-8-sig")
        assert list(csv.reader(io.StringIO(content)))[1:] == [
            ["房源编码", "供暖", "阳台面积（㎡）"], ["A-0101", "自采暖", "7.50"], ["A01-AXQ01-1102", "自采暖", "3.00"],
        ]  # fmt: skip

    def test_a_required_one_is_asked_of_new_rows_only(self, clerk: Any, branch: Supply) -> None:
        add(clerk, HEATING | {"required": True})
        values = {
            "building": branch.building.pk, "code": "A-0103", "room_no": "103", "floor": 1, "layout": "one_one",
            "floor_area": 40, "rent": 900, "channel": "online",
        }  # fmt: skip
        refused = clerk.post("/registers/supply.units/rows", {"values": values})
        assert [error["field"] for error in refused.json()["details"]["errors"]] == ["x_heating"]
        made = clerk.post("/registers/supply.units/rows", {"values": values | {"x_heating": "self"}})
        assert made.status_code == 200, made.json()
        assert Unit.objects.get(code="A-0103").extra == {"heating": "self"}
        assert change(clerk, branch.unit, {"rent": 910}).status_code == 200
        assert change(clerk, branch.unit, {"x_heating": ""}).status_code == 422

    def test_put_out_of_use_it_is_nowhere_and_what_was_filled_in_stays(self, clerk: Any, branch: Supply) -> None:
        row = add(clerk, HEATING)
        change(clerk, branch.unit, {"x_heating": "self"})
        kept = clerk.delete(f"/registers/registers.attributes/rows/{row['id']}?version={row['version']}")
        assert (kept.status_code, kept.json()["code"]) == (409, "attribute.in_use")
        off = clerk.patch(
            f"/registers/registers.attributes/rows/{row['id']}",
            {"version": row["version"], "values": {"active": False}},
        )
        assert off.status_code == 200, off.json()
        assert "x_heating" not in {column["key"] for column in clerk.get("/registers/supply.units").json()["columns"]}
        assert clerk.get("/registers/supply.units/rows", **{"f.x_heating": "self"}).status_code == 422
        branch.unit.refresh_from_db()
        assert branch.unit.extra == {"heating": "self"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        (HEATING | {"key": "Heating"}, "key", "pattern"),
        (HEATING | {"options": ""}, "options", "attribute.options"),
        (HEATING | {"dictionary": "orientation"}, "options", "attribute.options"),
        (HEATING | {"options": "", "dictionary": "nothing"}, "dictionary", "attribute.no_dictionary"),
        (HEATING | {"options": "a=甲\na=乙"}, "options", "attribute.options_doubled"),
        (HEATING | {"title": "月租金"}, "title", "attribute.title_taken"),
        (HEATING | {"register": "supply.rooms"}, "register", "not_in_dictionary"),
        (AREA | {"min": 9, "max": 1}, "max", "attribute.bounds"),
        (AREA | {"pattern": "[0-9]+"}, "pattern", "attribute.no_text"),
        (AREA | {"type": "text", "pattern": "[0-9"}, "pattern", "attribute.pattern"),
        (CHECKED | {"max": 3}, "min", "attribute.no_figure"),
    ],
)
def test_what_cannot_work_is_refused_at_its_field(clerk: Any, values: dict[str, Any], field: str, code: str) -> None:
    refused = clerk.post("/registers/registers.attributes/rows", {"values": values})
    assert refused.status_code in {409, 422}, refused.json()
    told = refused.json()
    errors = told["details"].get("errors") or [{"field": told["field"], "code": told["code"]}]
    assert (field, code) in {(error["field"], error["code"]) for error in errors}
    assert not Attribute.objects.exists()


@pytest.mark.django_db
def test_a_type_and_a_code_stay(clerk: Any) -> None:
    row = add(clerk, AREA)
    refused = clerk.patch(
        f"/registers/registers.attributes/rows/{row['id']}", {"version": row["version"], "values": {"type": "text"}}
    )
    assert refused.json()["details"]["errors"][0]["code"] == "fixed"


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'supply_unit_x_%'")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_the_filter_gets_an_index_that_it_uses_and_loses_it_with_the_attribute() -> None:
    for values in (HEATING, AREA):
        made = Attribute.objects.create(**{key: value for key, value in values.items() if key != "unit"})
        index_attribute(register="supply.units", key=made.key)
        index_attribute(register="supply.units", key=made.key)
    assert indexes() == {"supply_unit_x_heating", "supply_unit_x_balcony"}
    attributes.forget()
    register = attributes.extended(attributes_register())
    rows = Unit.objects.alias(x_balcony=register.aliases["x_balcony"]).filter(x_balcony__gte=3)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN {rows.order_by().query.sql_with_params()[0]}", rows.order_by().query.sql_with_params()[1]
        )
        plan = "\n".join(line[0] for line in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
    assert "supply_unit_x_balcony" in plan
    Attribute.objects.update(filtered=False)
    for key in ("heating", "balcony"):
        index_attribute(register="supply.units", key=key)
    assert indexes() == set()


def attributes_register() -> Any:
    from anju.kernel.registers import REGISTERS

    return REGISTERS["supply.units"]
