"""A report as a workbook: the figures of the page in the same order, with who made it and when, and nothing that runs."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import Any

import xlsxwriter

from anju.kernel import clock
from anju.kernel.reports.tables import cell
from anju.kernel.scope import Actor

Values = Mapping[str, Any] | None


def workbook(table: Mapping[str, Any], actor: Actor) -> bytes:
    """The workbook of a report's table as `tables.build` gives it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("报表")
    bold, head = book.add_format({"bold": True}), book.add_format({"bold": True, "bg_color": "#EEF3FB", "border": 1})
    made = f"{actor.org_name} {actor.name}（{actor.account or actor.ref}）"
    at = table["at"].astimezone(clock.SHANGHAI)
    sheet.write_string(0, 0, str(table["title"]), bold)
    sheet.write_string(1, 0, f"{made}{at:%Y-%m-%d %H:%M} 导出，仅限工作使用")
    heads = [*(item["title"] for item in table["dimensions"]), *(title for title, _ in figures(table))]
    for position, title in enumerate(heads):
        sheet.write_string(3, position, title, head)
    width = len(table["dimensions"])
    sheet.set_column(0, width - 1, 22)
    sheet.set_column(width, len(heads), 14)
    sheet.freeze_panes(4, width)
    past = {tuple(line["keys"].values()): line for line in (table["compared"] or {}).get("rows") or ()}
    lines = [
        ([table["totals"]["title"]] + [""] * (width - 1), table["totals"], (table["compared"] or {}).get("totals"))
    ]
    lines += [(line["titles"], line, past.get(tuple(line["keys"].values()))) for line in table["rows"]]
    for number, (titles, now, before) in enumerate(lines, start=4):
        for position, title in enumerate(titles):
            sheet.write_string(number, position, title)
        for position, (_, read) in enumerate(figures(table), start=width):
            value = read(now, before)
            if value is not None:
                sheet.write_number(number, position, float(value))
    if table["note"]:
        sheet.write_string(len(lines) + 5, 0, str(table["note"]))
    book.close()
    return buffer.getvalue()


def figures(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The columns of figures: title, and how to read one from a line and the compared line."""
    for measure in table["measures"]:
        key, unit = measure["key"], f"（{measure['unit']}）" if measure["unit"] else ""
        for values in product(*(item["values"] for item in table["columns"])) if table["columns"] else ():
            code = "|".join(cell(value["code"]) for value in values)
            yield (
                " ".join([*(value["title"] for value in values), f"{measure['title']}{unit}"]),
                lambda now, before, key=key, code=code: of(now.get("cells", {}).get(code), key),
            )
        yield f"{measure['title']}{unit}", lambda now, before, key=key: of(now["values"], key)
        if table["compared"]:
            yield (
                f"{table['compared']['title']}{measure['title']}{unit}",
                lambda now, before, key=key: of(before and before["values"], key),
            )


def of(values: Values, key: str) -> Decimal | int | None:
    """A figure of a line, None where there is no line."""
    return values[key] if values else None
