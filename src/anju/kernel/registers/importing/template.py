"""The template that a page offers for download, and the file of failed rows: both have the import's own columns."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from anju.kernel.registers.dictionaries import titles
from anju.kernel.registers.fields import Field
from anju.kernel.registers.importing.declaration import Import
from anju.kernel.registers.importing.sheet import MAX_ROWS
from anju.kernel.registers.importing.staging import opened
from anju.kernel.registers.models import ImportRow

DATA, NOTES, LISTS = "数据", "填写说明", "选项"
KINDS = {
    "text": "文字", "textarea": "文字", "integer": "整数", "number": "数字", "money": "金额（元）",
    "area": "面积（㎡）", "date": "日期，如 2026-12-01", "boolean": "是 / 否", "choice": "从下拉列表选择",
    "row": "填已登记的编码",
}  # fmt: skip


def template(declared: Import) -> bytes:
    """An empty workbook: headers with stars at what is required, drop-down lists, and a sheet of notes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    data, notes, lists = book.add_worksheet(DATA), book.add_worksheet(NOTES), book.add_worksheet(LISTS)
    header(book, data, declared.fields)
    lists.hide()
    date_format, text_format = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
    for position, item in enumerate(declared.fields):
        shape = date_format if item.type == "date" else text_format if item.type in {"text", "row"} else None
        data.set_column(position, position, max(12, 2 * len(item.title) + 4), shape)
        words = (
            list(titles(item.dictionary).values())
            if item.dictionary
            else ["是", "否"]
            if item.type == "boolean"
            else []
        )
        if words:
            lists.write_column(0, position, words)
            source = f"={LISTS}!${letters(position)}$1:${letters(position)}${len(words)}"
            data.data_validation(1, position, MAX_ROWS, position, {
                "validate": "list", "source": source, "error_title": item.title, "error_message": "请从下拉列表选择",
            })  # fmt: skip
    write_notes(book, notes, declared)
    book.close()
    return buffer.getvalue()


def header(book: Any, sheet: Any, fields: Iterable[Field]) -> None:
    """The row of column titles."""
    needed = book.add_format({"bold": True, "bg_color": "#FDECEC", "border": 1, "border_color": "#D8DEE8"})
    optional = book.add_format({"bold": True, "bg_color": "#EEF3FB", "border": 1, "border_color": "#D8DEE8"})
    for position, item in enumerate(fields):
        sheet.write_string(
            0, position, f"{item.title}*" if item.required else item.title, needed if item.required else optional
        )
    sheet.freeze_panes(1, 0)


def write_notes(book: Any, sheet: Any, declared: Import) -> None:
    """What each column wants, and what the import does with the rows."""
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 2, 12)
    sheet.set_column(3, 4, 40, wrap)
    lines = [f"{declared.title}：在“{DATA}”表填写，第一行表头不要改动，带 * 的列必填。", *declared.notes]
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line)
    top = len(lines) + 1
    for position, title in enumerate(["列", "必填", "类型", "要求", "示例"]):
        sheet.write_string(top, position, title, bold)
    for number, item in enumerate(declared.fields, start=top + 1):
        limits = [f"不小于 {item.min}"] if item.min is not None else []
        limits += [f"不大于 {item.max}"] if item.max is not None else []
        limits += [f"最多 {item.max_length} 字"] if item.type in {"text", "textarea"} else []
        cells = [
            item.title,
            "是" if item.required else "否",
            KINDS[item.type],
            "；".join([*filter(None, [item.hint]), *limits]),
            item.example,
        ]
        for position, text in enumerate(cells):
            sheet.write_string(number, position, text)


def failures(declared: Import, rows: Iterable[ImportRow]) -> bytes:
    """The rows that were not taken, as they were filled in, with the number and the reasons; ready to be corrected."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(DATA)
    header(book, sheet, declared.fields)
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


def letters(position: int) -> str:
    """0 for A, 26 for AA."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text
