"""A spreadsheet of some thousand units, made from the template that the page offers."""

from __future__ import annotations

import io

import xlsxwriter
from python_calamine import CalamineWorkbook

SIZE = 12_000


def units_sheet(template: bytes, project: str, estate: str, building: str, floors: int) -> bytes:
    """The template's columns filled with new units of one building; more than two portions of an import."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(template)).get_sheet_by_index(0).to_python()
    headers = [str(cell).removesuffix("*") for cell in rows[0]]
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, rows[0])
        for number in range(SIZE):
            known = {
                "项目编码": project, "小区名称": estate, "楼栋": building, "地上层数": floors, "室号": f"T{number:05d}",
                "房源编码": f"TT-{number:05d}", "楼层": 1 + number % 9, "户型": "一室一厅", "建筑面积": 45.5, "月租金": 1000,
            }  # fmt: skip
            sheet.write_row(number + 1, 0, [known.get(header, "") for header in headers])
    return made.getvalue()
