"""The template that a page offers for download, and the file of failed rows: both have the import's own columns."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from anju.kernel import spreadsheets
from anju.kernel.registers.dictionaries import titles
from anju.kernel.registers.fields import Field
from anju.kernel.registers.importing.declaration import Import
from anju.kernel.registers.importing.staging import opened
from anju.kernel.registers.models import ImportRow
from anju.kernel.spreadsheets import DATA, MAX_ROWS, Head, limits


def template(declared: Import) -> bytes:
    """An empty workbook of the import's columns, with notes on what each wants and what the import does with the rows."""
    first = f"{declared.title}：在“{DATA}”表填写，第一行表头不要改动，带 * 的列必填。"
    return spreadsheets.template([head(item) for item in declared.fields], [first, *declared.notes], MAX_ROWS)


def head(item: Field) -> Head:
    """A field as a column of a template."""
    words = (
        list(titles(item.dictionary).values()) if item.dictionary else ["是", "否"] if item.type == "boolean" else []
    )
    longest = item.max_length if item.type in {"text", "textarea"} else None
    told = limits(item.min, item.max, longest, item.hint)
    return Head(item.title, item.type, item.required, words, told, item.example)


def failures(declared: Import, rows: Iterable[ImportRow]) -> bytes:
    """The rows that were not taken, as they were filled in, with the number and the reasons; ready to be corrected."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(DATA)
    spreadsheets.titles(book, sheet, [head(item) for item in declared.fields])
    red = book.add_format({"bg_color": "#FDECEC"})
    bold = book.add_format({"bold": True})
    width = len(declared.fields)
    sheet.write_string(0, width, "原行号", bold)
    sheet.write_string(0, width + 1, "未通过原因", bold)
    sheet.set_column(0, width - 1, 14)
    sheet.set_column(width + 1, width + 1, 60)
    for number, row in enumerate(rows, start=1):
        wrong = {problem["field"] for problem in row.errors}
        cells = opened(declared, row.cells)
        for position, item in enumerate(declared.fields):
            value, shape = cells.get(item.key), red if item.key in wrong else None
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(number, position, value, shape)
            elif value is not None:
                sheet.write_string(number, position, "是" if value is True else str(value), shape)
            elif shape:
                sheet.write_blank(number, position, None, shape)
        sheet.write_number(number, width, row.number)
        sheet.write_string(number, width + 1, "；".join(told(declared, problem) for problem in row.errors))
    book.close()
    return buffer.getvalue()


def told(declared: Import, problem: dict[str, Any]) -> str:
    """A problem as one sentence."""
    title = next((item.title for item in declared.fields if item.key == problem["field"]), "")
    return f"{title}：{problem['message']}" if title else str(problem["message"])
