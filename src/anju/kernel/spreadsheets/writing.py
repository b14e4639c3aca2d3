"""Templates to fill in: a sheet with titles and drop-down lists, and a sheet that says what each column wants."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATA, NOTES, LISTS = "数据", "填写说明", "选项"
KINDS = {
    "text": "文字", "textarea": "文字", "integer": "整数", "number": "数字", "money": "金额（元）",
    "area": "面积（㎡）", "date": "日期，如 2026-12-01", "boolean": "是 / 否", "choice": "从下拉列表选择",
    "row": "填已登记的编码",
}  # fmt: skip


@dataclass(frozen=True)
class Head:
    """A column to fill in; `words` are what may be chosen, `told` its limits in words."""

    title: str
    type: str
    required: bool
    words: Sequence[str] = ()
    told: str = ""
    example: str = ""


def limits(low: Any, high: Any, longest: int | None, hint: str = "") -> str:
    """The bounds of a value in words, after a hint."""
    said = [hint] if hint else []
    said += [f"不小于 {low}"] if low is not None else []
    said += [f"不大于 {high}"] if high is not None else []
    said += [f"最多 {longest} 字"] if longest else []
    return "；".join(said)


def template(columns: Sequence[Head], lines: Sequence[str], rows: int) -> bytes:
    """An empty workbook for so many rows: titles with stars at what is required, drop-down lists, a sheet of notes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    data, notes, lists = book.add_worksheet(DATA), book.add_worksheet(NOTES), book.add_worksheet(LISTS)
    titles(book, data, columns)
    lists.hide()
    date_format, text_format = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
    for position, column in enumerate(columns):
        shape = date_format if column.type == "date" else text_format if column.type in {"text", "row"} else None
        data.set_column(position, position, max(12, 2 * len(column.title) + 4), shape)
        if column.words:
            lists.write_column(0, position, column.words)
            source = f"={LISTS}!${letters(position)}$1:${letters(position)}${len(column.words)}"
            data.data_validation(1, position, rows, position, {
                "validate": "list", "source": source, "error_title": column.title, "error_message": "请从下拉列表选择",
            })  # fmt: skip
    explained(book, notes, columns, lines)
    book.close()
    return buffer.getvalue()


def titles(book: Any, sheet: Any, columns: Iterable[Head]) -> None:
    """The row of column titles, held fast."""
    needed = book.add_format({"bold": True, "bg_color": "#FDECEC", "border": 1, "border_color": "#D8DEE8"})
    optional = book.add_format({"bold": True, "bg_color": "#EEF3FB", "border": 1, "border_color": "#D8DEE8"})
    for position, column in enumerate(columns):
        starred = column.required
        sheet.write_string(
            0, position, f"{column.title}*" if starred else column.title, needed if starred else optional
        )
    sheet.freeze_panes(1, 0)


def explained(book: Any, sheet: Any, columns: Iterable[Head], lines: Sequence[str]) -> None:
    """Lines of advice, and what each column wants."""
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 2, 12)
    sheet.set_column(3, 4, 40, wrap)
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line)
    top = len(lines) + 1
    for position, title in enumerate(["列", "必填", "类型", "要求", "示例"]):
        sheet.write_string(top, position, title, bold)
    for number, column in enumerate(columns, start=top + 1):
        cells = (column.title, "是" if column.required else "否", KINDS[column.type], column.told, column.example)
        for position, text in enumerate(cells):
            sheet.write_string(number, position, text)


def letters(position: int) -> str:
    """0 for A, 26 for AA."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text
