"""Tables of forms that take a spreadsheet: the template, what is read, what is told of a bad file, and what it costs."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from anju.kernel.errors import DomainError
from anju.kernel.forms import SchemaInvalid, load, read_schema, validate
from anju.kernel.forms.schema import Field
from anju.kernel.forms.tables import read_table, table_of, template
from anju.kernel.forms.validation import MOST_TOLD
from anju.kernel.spreadsheets import NotReadable, WrongColumns

HEADS = ["房屋编号*", "坐落*", "户型*", "建筑面积*", "规划用途*"]
TABLE = "/forms/pre_sale_permit/tables/units/units"


def workbook(rows: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def homes(count: int) -> list[list[Any]]:
    return [[f"JW-42-{n:05d}", f"滨江大道 420 号 1号楼 {n} 室", "两室一厅", 62.18, "住宅"] for n in range(1, count + 1)]


@pytest.fixture
def units() -> Field:
    return table_of("pre_sale_permit", "units", "units")


def table(**more: Any) -> dict[str, Any]:
    """A form with a table of every kind of column."""
    columns = [
        {"key": "name", "title": "名称", "type": "text", "required": True},
        {"key": "count", "title": "套数", "type": "integer", "min": 1},
        {"key": "on", "title": "日期", "type": "date"},
        {"key": "sold", "title": "已售", "type": "boolean"},
        {"key": "kind", "title": "类别", "type": "choice", "options": [{"code": "a", "title": "甲类"}]},
    ]
    rows = {"key": "rows", "title": "清单", "type": "group", "sheet": True, "max": 5, "fields": columns} | more
    return {"key": "t", "title": "t", "sections": [{"key": "s", "title": "s", "fields": [rows]}]}


def test_cells_become_what_a_person_would_have_typed() -> None:
    (found,) = read_schema(table()).sections[0].fields
    rows = [
        ["名称", "类别", "已售", "套数", "日期"],
        ["1号楼", "甲类", "是", 12, date(2026, 3, 1)],
        [],
        [3, "乙类", "也许", "三", "2026年3月1日"],
    ]
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    read = read_table(found, buffer.getvalue(), "清单.xlsx")
    assert read["rows"][0] == {"name": "1号楼", "count": 12, "on": "2026-03-01", "sold": True, "kind": "a"}
    # a wrong cell stays as the file has it, to be corrected in the table; a right one beside it is taken
    assert read["rows"][1] == {"name": "3", "count": "三", "on": "2026-03-01", "sold": "也许", "kind": "乙类"}
    assert {(each["row"], each["title"]) for each in read["problems"]} == {(4, "套数"), (4, "已售"), (4, "类别")}
    assert read["wrong"] == 1


def test_the_template_has_the_columns_and_can_be_filled_in_and_read(units: Field) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(template(units)))
    assert book.get_sheet_by_index(0).to_python() == [HEADS]
    notes = "".join(str(cell) for row in book.get_sheet_by_index(1).to_python() for cell in row)
    assert "最多 2000 行" in notes
    assert "房屋编号不能重复" in notes
    read = read_table(units, workbook([HEADS, *homes(2)]), "房屋.xlsx")
    assert read == {
        "rows": [
            {"unit_number": f"JW-42-0000{n}", "location": f"滨江大道 420 号 1号楼 {n} 室", "layout": "两室一厅",
             "floor_area": "62.18", "planned_use": "住宅"}
            for n in (1, 2)
        ],
        "problems": [], "wrong": 0,
    }  # fmt: skip


def test_a_bad_file_is_told_by_row_and_column(units: Field) -> None:
    rows = homes(6)
    rows[1][3] = 0
    rows[2][3] = "六十二"
    rows[3][0] = rows[0][0]
    rows[4][1] = ""
    rows[5][2] = "#REF!"
    read = read_table(units, workbook([HEADS, *rows]), "房屋.xlsx")
    told = [(each["row"], each["title"], each["code"], each["value"]) for each in read["problems"]]
    assert told == [
        (3, "建筑面积", "number.too_small", "0"),
        (4, "建筑面积", "number.invalid", "六十二"),
        (5, "房屋编号", "group.double", "JW-42-00001"),
        (6, "坐落", "missing", ""),
        (7, "户型", "formula_error", "#REF!"),
    ]
    assert read["problems"][2]["message"] == "第 4 套与第 1 套的房屋编号重复，请改正或删去一条"
    assert (len(read["rows"]), read["wrong"]) == (6, 5)
    assert read["rows"][2]["floor_area"] == "六十二"
    assert read["rows"][0]["floor_area"] == "62.18"


@pytest.mark.parametrize(
    ("content", "name", "refusal", "said"),
    [
        (workbook([["房号", "坐落*", "户型*", "建筑面积*", "规划用途*"], *homes(1)]), "x.xlsx", WrongColumns,
         "缺少：房屋编号；不认识：房号"),
        (workbook([HEADS, *homes(2001)]), "x.xlsx", DomainError, "最多 2000 条，文件里有 2001 条"),
        (workbook([HEADS]), "x.xlsx", NotReadable, "表头下面没有数据"),
        (b"no sheet", "x.pdf", NotReadable, "不是可以读取的电子表格"),
        (b"x" * (5 * 1024 * 1024 + 1), "x.csv", NotReadable, "文件超过 5 MB"),
    ],
)  # fmt: skip
def test_a_file_that_is_another_is_refused_whole(
    units: Field, content: bytes, name: str, refusal: type[DomainError], said: str
) -> None:
    with pytest.raises(refusal) as refused:
        read_table(units, content, name)
    assert said in refused.value.message
    assert refused.value.advice


def test_two_thousand_rows_are_validated_and_a_flood_of_errors_is_cut(units: Field) -> None:
    read = read_table(units, workbook([HEADS, *homes(2000)]), "房屋.xlsx")
    form = load("pre_sale_permit")
    clean, _ = validate(form, {"units": {"units": read["rows"]}}, draft=True)
    assert sum(Decimal(row["floor_area"]) for row in clean["units"]["units"]) == Decimal("124360.00")
    bad = [row | {"floor_area": "0"} for row in read["rows"]]
    _, errors = validate(form, {"units": {"units": bad}}, draft=True)
    assert len(errors) == MOST_TOLD + 1
    assert (errors[-1].path, errors[-1].code) == ("units.units", "group.more")
    assert "还有 1800 处" in errors[-1].message
    _, (many,) = validate(form, {"units": {"units": [*read["rows"], read["rows"][0]]}}, draft=True)
    assert many.code == "group.too_many"


@pytest.mark.parametrize(
    "wrong",
    [
        {"max": None},
        {"max": 100_000},
        {"sums": ["name"]},
        {"fields": [{"key": "a", "title": "a", "type": "file"}]},
        {"fields": [{"key": "a", "title": "a", "type": "text", "visible": "1 == 1"}]},
    ],
)
def test_a_table_that_cannot_take_a_spreadsheet_is_refused_at_start_up(wrong: dict[str, Any]) -> None:
    with pytest.raises(SchemaInvalid):
        read_schema(table(**wrong))


def floors(**more: Any) -> dict[str, Any]:
    """The table filled floor by floor."""
    asked = [{"key": key, "title": key, "type": "integer", "required": True} for key in ("from", "to", "rooms")]
    by = {
        "title": "按楼层生成", "fields": asked, "floors": ["from", "to"], "places": "rooms", "alike": ["kind"],
        "row": {"name": "{floor}{place:2}"},
    }  # fmt: skip
    return table(generator=by | more)


def test_how_a_table_is_filled_floor_by_floor_reaches_the_page_and_is_judged_at_loading() -> None:
    assert read_schema(floors()).as_json()["sections"][0]["fields"][0]["generator"]["places"] == "rooms"
    for wrong in (
        {"places": "none"}, {"alike": ["none"]}, {"alike": ["name"]}, {"row": {"none": "{floor}"}},
        {"row": {"name": "{none}"}}, {"fields": [{"key": "from", "title": "从", "type": "text"}]},
    ):  # fmt: skip
        with pytest.raises(SchemaInvalid):
            read_schema(floors(**wrong))


@pytest.mark.django_db
def test_a_page_is_told_where_its_table_is_read(
    anonymous: Any, staff: Callable[..., Any], client_as: Callable[..., Any]
) -> None:
    clerk = client_as(staff())
    units = clerk.get("/forms/pre_sale_permit").json()["sections"][-1]["fields"][0]
    assert (units["sheet"], units["sums"]) == (TABLE, ["floor_area"])
    empty = clerk.get(f"{TABLE}/template")
    assert empty.headers["Content-Disposition"].startswith("attachment")
    file = SimpleUploadedFile("房屋.xlsx", workbook([HEADS, *homes(3)]))
    assert len(clerk.upload(f"{TABLE}/read", {"file": file}).json()["rows"]) == 3
    assert clerk.get("/forms/pre_sale_permit/tables/basic/price/template").status_code == 404
    assert anonymous.get(f"{TABLE}/template").status_code == 401
