"""The values of a dimension to narrow a report by: those that occur in the rows within the actor's reach."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from anju.kernel.registers.filters import EMPTY
from anju.kernel.reports.declaration import Report
from anju.kernel.reports.sources import Asked, BadReport, source_of
from anju.kernel.reports.tables import MAX_GROUPS, NOTHING, seen, words
from anju.kernel.scope import Actor

OFFERED = 100


def choices(report: Report, actor: Actor, key: str, asked: Asked, text: str, chosen: Collection[str]) -> list[Any]:
    """Codes and titles, by a piece of the title; those chosen before are always among them.

    Raises `NotFound` for an unknown dimension, `BadReport` for months, which a period chooses.
    """
    dataset = seen(report.dataset, actor)
    item = dataset.dimension(key)
    if item.monthly:
        raise BadReport("月份请用起止日期选择", field="dimension")
    source = source_of(dataset, actor, asked, asked.start, asked.end, monthly=False)
    if source is None:
        return []
    known = words(item)
    fields = [item.path, *([item.title_path] if item.title_path else [])]
    found: dict[str, str] = {}
    for code, *title in source.rows.order_by().values_list(*fields).distinct()[:MAX_GROUPS]:
        found[EMPTY if code in (None, "") else str(code)] = (
            NOTHING if code in (None, "") else str(title[0] if title else known.get(code, code))
        )
    place = {code: number for number, code in enumerate(known)}
    told = sorted(found, key=lambda code: (code == EMPTY, place.get(code, len(place)), found[code]))
    fitting = [code for code in told if code in chosen or text.strip() in found[code]]
    first = [code for code in fitting if code in chosen]
    return [
        {"code": code, "title": found[code]} for code in (first + [c for c in fitting if c not in chosen])[:OFFERED]
    ]
