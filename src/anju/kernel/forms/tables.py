"""A table of a form as a spreadsheet: the template to fill in, and the rows of a filled-in one with what is wrong.

The page takes the rows over into the table, where wrong cells are corrected; nothing is stored here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from anju.kernel import spreadsheets
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.forms.dictionaries import dictionary
from anju.kernel.forms.schema import NUMERIC, Field, load
from anju.kernel.forms.validation import validate_rows
from anju.kernel.spreadsheets import DATA, EXCEL_ERRORS, Head, NotReadable, bare, limits, refuse_headers

LARGEST = 5 * 1024 * 1024
# rows that a sheet may have at all; a table takes fewer, and says how many
MOST_READ = 20_000
YES_NO = {"是": True, "否": False}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


def table_of(form: str, section: str, key: str) -> Field:
    """The table of a form that takes a spreadsheet; raises `NotFound`."""
    found = next((each for each in load(form).section(section).fields if each.key == key and each.sheet), None)
    if found is None:
        raise NotFound("这张表不从电子表格读取", code="form.no_table")
    return found


def template(table: Field) -> bytes:
    """An empty workbook with the table's columns."""
    heads = []
    for column in table.fields:
        longest = (column.max_length or 200) if column.type in {"text", "textarea"} else None
        told = limits(column.min, column.max, longest, f"单位 {column.unit}" if column.unit else "")
        heads.append(Head(column.title, column.type, bool(column.required), list(words(column).values()), told))
    lines = [f"{table.title}：在“{DATA}”表填写，第一行表头不要改动，带 * 的列必填，最多 {table.max} 行。"]
    lines += [f"{title_of(table, table.unique)}不能重复。"] if table.unique else []
    return spreadsheets.template(heads, lines, int(table.max))


def title_of(table: Field, keys: Sequence[str]) -> str:
    """The titles of columns, joined."""
    return "、".join(column.title for column in table.fields if column.key in keys)


def words(column: Field) -> Mapping[str, str]:
    """The title of each code that may be chosen; 是 and 否 of a question of that kind."""
    if column.type == "boolean":
        return {word: word for word in YES_NO}
    if column.dictionary:
        return {entry.code: entry.title for entry in dictionary(column.dictionary)}
    return dict(column.options)


def read_table(table: Field, content: bytes, name: str) -> dict[str, Any]:
    """The rows of a file and what is wrong with them.

    A right cell is as it would be stored, a wrong one as the file has it. A problem names the row of the answer (`at`,
    from 0), the row of the file, the column, what stands there, and what to do. Raises `NotReadable` for what is no
    spreadsheet, `WrongColumns` for another heading, `DomainError` for no rows and for more than the table takes.
    """
    if len(content) > LARGEST:
        raise NotReadable(f"文件超过 {LARGEST // 1024 // 1024} MB", advice="请只保留这张表，删去图片和其他工作表")
    sheet = spreadsheets.read(content, name, MOST_READ)
    columns = columns_of(table, sheet.headers)
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    unread: dict[tuple[int, str], tuple[str, str]] = {}
    for number, cells in sheet.rows:
        row: dict[str, Any] = {}
        for column, cell in zip(columns, cells, strict=False):
            if column is None or cell is None or (isinstance(cell, str) and not cell.strip()):
                continue
            row[column.key] = value_of(column, cell)
            if why := lost(column, cell):
                unread[len(rows), column.key] = why
        if row:
            rows.append(row)
            numbers.append(number)
    if not rows:
        raise NotReadable("表头下面没有数据", code="import.empty", advice="请填写后再上传")
    if len(rows) > int(table.max):
        raise DomainError(
            f"“{table.title}”最多 {table.max} 条，文件里有 {len(rows)} 条", code="group.too_many", field="file",
            advice="请删去多余的行，或分次填报",
        )  # fmt: skip
    clean, errors = validate_rows(table, rows)
    for each in errors:
        at, _, key = each.path.partition(".")
        if key:
            unread.setdefault((int(at), key), (each.code, each.message))
    titles = {column.key: column.title for column in table.fields}
    problems = [
        {
            "at": at, "row": numbers[at], "field": key, "title": titles[key], "value": str(rows[at].get(key, "")),
            "code": code, "message": message,
        }
        for (at, key), (code, message) in sorted(unread.items(), key=lambda item: item[0][0])
    ]  # fmt: skip
    wrong = {(each["at"], each["field"]) for each in problems}
    taken = [
        row | {key: value for key, value in good.items() if (at, key) not in wrong}
        for at, (row, good) in enumerate(zip(rows, clean, strict=True))
    ]
    return {"rows": taken, "problems": problems, "wrong": len({each["at"] for each in problems})}


def columns_of(table: Field, headers: Sequence[str]) -> list[Field | None]:
    """The column that each heading means, None under an empty heading; raises `WrongColumns`."""
    by_title = {bare(column.title): column for column in table.fields}
    found = [by_title.get(bare(header)) for header in headers]
    present = [column.key for column in found if column]
    refuse_headers(
        [column.title for column in table.fields if column.required and column.key not in present],
        [header for header, column in zip(headers, found, strict=True) if header and column is None],
        [column.title for column in table.fields if present.count(column.key) > 1],
    )
    return found


def value_of(column: Field, cell: Any) -> Any:
    """A cell as a person would have typed it into the form."""
    if isinstance(cell, bool):
        return cell if column.type == "boolean" else "是" if cell else "否"
    if isinstance(cell, date | datetime):
        return cell.isoformat()[:10]
    if isinstance(cell, int | float):
        # a workbook keeps 46.35 as the nearest of its own numbers
        return f"{round(cell, 8):f}".rstrip("0").rstrip(".") if cell % 1 else str(int(cell))
    text = str(cell).strip()
    if column.type == "date" and (told := _DATE.fullmatch(text)):
        return f"{told[1]}-{int(told[2]):02d}-{int(told[3]):02d}"
    if column.type == "boolean":
        return YES_NO.get(text, text)
    if column.type == "choice":
        return next((code for code, title in words(column).items() if title == text), text)
    return text


def lost(column: Field, cell: Any) -> tuple[str, str] | None:
    """Why a cell does not say what was meant, though it could be taken for a value."""
    if isinstance(cell, str) and cell in EXCEL_ERRORS:
        return "formula_error", f"{column.title}的公式出错（{cell}），请填写结果"
    if isinstance(cell, float) and abs(cell) >= 1e15 and column.type not in NUMERIC:
        return "digits_lost", f"{column.title}被表格当作数字，后几位已丢失，请把这一列设为文本后重填"
    return None
