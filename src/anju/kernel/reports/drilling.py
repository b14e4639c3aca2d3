"""The way from a figure to the rows behind it, in the filters of a register; none where it would lead to other rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from anju.kernel.registers.filters import EMPTY
from anju.kernel.reports.declaration import Dimension, Drill, Report
from anju.kernel.reports.sources import Asked, Source, months_on
from anju.kernel.scope.filters import division_prefix

Filters = dict[str, list[str]]


def way_down(report: Report, asked: Asked, source: Source) -> dict[str, Any] | None:
    """The register, and the filters that hold for every line; None where it cannot list what was counted.

    A register lists what stands now, so that figures of an earlier day have no way down.
    """
    drill = report.drill
    if drill is None or source.past:
        return None
    always: Filters = {}
    if source.start or source.end:
        if not drill.period:
            return None
        always[drill.period] = [period(source.start, source.end)]
    for key, values in asked.filters.items():
        if key not in drill.filters:
            return None
        always[drill.filters[key]] = list(values)
    otherwise = {name: list(values) for name, values in drill.otherwise.items() if name not in always}
    return {"register": drill.register, "always": always, "otherwise": otherwise}


def behind(drill: Drill, source: Source, item: Dimension, code: Any) -> Filters | None:
    """The filters that one value of a dimension becomes; None where the register cannot be narrowed to it."""
    if item.monthly:
        return {drill.period: [month(code, source)]} if drill.period and code else None
    name = drill.filters.get(item.key)
    if name is None:
        return None
    if code in (None, ""):
        return {name: [EMPTY]}
    if item.dictionary == "division" and division_prefix(code) != code:
        return None  # the register takes a city's code for all of its districts
    return {name: [str(code)]}


def month(code: str, source: Source) -> str:
    """The days of a month, as far as they were asked for."""
    first = date.fromisoformat(f"{code}-01")
    last = months_on(first, 1) - timedelta(days=1)
    return period(max(first, source.start or first), min(last, source.end or last))


def period(start: date | None, end: date | None) -> str:
    """A period as filters of registers have it."""
    return f"{start or ''}..{end or ''}"
