"""Spreadsheets that anybody may send: what is read, what is refused, and what it may cost."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from typing import Any

import pytest
import xlsxwriter

from anju.kernel.spreadsheets import reading as sheet
from anju.kernel.spreadsheets.reading import NotReadable, read


def workbook(rows: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            page.write(number, position, cell)
    book.close()
    return buffer.getvalue()


def with_sheet(content: bytes, xml: bytes) -> bytes:
    """The workbook with other XML for its first sheet."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, xml if item.filename == "xl/worksheets/sheet1.xml" else old.read(item))
    return buffer.getvalue()


def sheet_xml(cells: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + cells
        + b"</sheetData></worksheet>"
    )


def code_of(content: bytes, name: str = "x.xlsx") -> str:
    with pytest.raises(NotReadable) as refused:
        read(content, name)
    assert refused.value.message
    return refused.value.code


def test_values_come_with_their_row_numbers_and_formulas_as_what_they_show() -> None:
    content = workbook([[], ["编码", "租金"], ["A", 1.5], [], ["B", "=1+2"]])
    table = read(content, "x.xlsx")
    assert table.headers == ["编码", "租金"]
    rows = [(number, row) for number, row in table.rows if any(cell != "" for cell in row)]
    assert rows == [(3, ["A", 1.5]), (5, ["B", 0.0])]
    assert table.formulas == {5}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_as_excel_in_china_saves_it(encoding: str) -> None:
    table = read("编码,租金\r\nA,1\r\nB,=1+2\r\n".encode(encoding), "数据.csv")
    assert table.headers == ["编码", "租金"]
    assert list(table.rows) == [(2, ["A", "1"]), (3, ["B", "=1+2"])]
    assert table.formulas == {3}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7 whatever", "x.xlsx"),
        (b"\x89PNG\r\n\x1a\n", "x.png"),
        (b"PK\x03\x04 broken zip", "x.xlsx"),
        (b"\xd0\xcf\x11\xe0 no real workbook", "x.xls"),
        (b"", "x.csv"),
        (b"a\x00b,c", "x.csv"),
        (b"just text", "x.doc"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(content: bytes, name: str) -> None:
    assert code_of(content, name) == "import.not_spreadsheet"


def test_a_zip_that_is_no_workbook_and_a_damaged_sheet_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert code_of(buffer.getvalue()) == "import.not_spreadsheet"
    assert code_of(with_sheet(workbook([["a"]]), b"<worksheet><sheetData><row")) in {
        "import.not_spreadsheet", "import.empty",
    }  # fmt: skip


def test_an_empty_sheet_is_refused() -> None:
    assert code_of(workbook([[]])) == "import.empty"


def test_ten_million_empty_cells_cost_neither_memory_nor_minutes() -> None:
    row = b"".join(b'<c r="%c%d" s="1"/>' % (65 + column, 5) for column in range(20))
    filled = b'<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row><row r="2"><c r="A2"><v>7</v></c></row>'
    content = with_sheet(workbook([["a"]]), sheet_xml(filled + (b'<row r="5">' + row + b"</row>") * 500_000))
    assert len(content) < sheet.MAX_BYTES
    tracemalloc.start()
    # of the processor, which others may keep busy too
    started = time.process_time()
    table = read(content, "x.xlsx")
    rows = [row for _, row in table.rows if any(cell != "" for cell in row)]
    took, (_, peak) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == [[7.0]]
    assert took < 30
    assert peak < 100 * 1024 * 1024


def test_two_cells_in_opposite_corners_do_not_allocate_the_whole_sheet() -> None:
    far = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert code_of(with_sheet(workbook([["a"]]), sheet_xml(far))) == "import.too_many_rows"
    wide = b'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>'
    assert code_of(with_sheet(workbook([["a"]]), sheet_xml(wide))) == "import.too_many_columns"


def test_a_zip_that_unpacks_to_too_much_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = with_sheet(workbook([["a"]]), sheet_xml(b" " * 30_000_000))
    assert len(content) < 100_000
    monkeypatch.setattr(sheet, "MAX_UNPACKED", 20_000_000)
    assert code_of(content) == "import.too_large"


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_BYTES", 100)
    assert code_of(workbook([["a"]])) == "import.too_large"


def test_cells_on_the_edge_of_a_portion_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["编码"]] + [[f"=ROW()+{number}"] for number in range(2, 400)]
    content = workbook(rows)
    expected = read(content, "x.xlsx").formulas
    for size in (64, 97, 512):
        monkeypatch.setattr(sheet, "CHUNK", size)
        assert read(content, "x.xlsx").formulas == expected == set(range(2, 400))


@pytest.mark.parametrize(
    "far",
    [
        b"<row r='1048576'><c r='XFD1048576'><v>2</v></c></row>",
        b'<row r="1048576"><c\n s="1/2" r="xfd1048576" ><v>2</v></c></row>',
        b'<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="1048576">'
        b'<x:c r="XFD1048576"><x:v>2</x:v></x:c></x:row>',
    ],
)
def test_however_a_far_cell_is_written_it_is_seen(far: bytes) -> None:
    near = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    assert code_of(with_sheet(workbook([["a"]]), sheet_xml(near + far))) == "import.too_many_rows"


def test_cells_without_a_place_are_refused_for_they_could_lie_anywhere() -> None:
    hidden = b'<row r="1"><c><v>1</v></c><c><v>1</v></c></row><row r="1048576"><c><v>2</v></c></row>'
    assert code_of(with_sheet(workbook([["a"]]), sheet_xml(hidden))) == "import.not_spreadsheet"
    wide = sheet_xml(b'<row r="1"><c r="A1"><v>1</v></c></row>').decode().encode("utf-16")
    assert code_of(with_sheet(workbook([["a"]]), wide)) == "import.not_spreadsheet"


def test_only_the_first_sheet_counts() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    first, second = book.add_worksheet("甲"), book.add_worksheet("乙")
    first.write(0, 0, "编码")
    first.write(1, 0, "A")
    second.write(sheet.MAX_ROWS + 5, 0, "=1")
    book.close()
    table = read(buffer.getvalue(), "x.xlsx")
    assert (list(table.rows), table.formulas) == ([(2, ["A"])], set())
