"""From a report and what was asked to a table: one grouped query, whose groups are summed up, and one more for the compared
period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncMonth

from anju.kernel import clock
from anju.kernel.forms import dictionary
from anju.kernel.registers.columns import field_at
from anju.kernel.reports.declaration import Dataset, Dimension, Drill, Measure, Ratio, Report
from anju.kernel.reports.drilling import behind, way_down
from anju.kernel.reports.sources import (
    Asked,
    BadReport,
    Source,
    month_before,
    months_between,
    months_on,
    source_of,
    year_before,
)
from anju.kernel.scope import Actor
from anju.kernel.scope.fields import HIDDEN, MASKED, level_of, limits_of

MAX_DIMENSIONS = 3
MAX_GROUPS = 5000
NOTHING = "未填写"
# the longest time of which months without a row are told
MONTHS_TOLD = 120
Values = dict[str, Any]
Group = tuple[Any, ...]
# the aggregates of a group as the database gives them, not yet rounded
Sums = dict[str, Any]

# how the compared time is found, what it is called, and how many months lie between
COMPARED: dict[str, tuple[Callable[[date], date], str, int]] = {
    "": (lambda day: day, "", 0),
    "year": (year_before, "上年同期", 12),
    "month": (month_before, "上月同期", 1),
}


def build(report: Report, actor: Actor, asked: Asked) -> dict[str, Any]:
    """The report's table. Raises `NotFound` for unknown dimensions and measures, `BadReport` for unusable values."""
    dataset = seen(report.dataset, actor)
    shown = {item.key for item in (*dataset.dimensions, *dataset.measures)}
    usual = [[key for key in keys if key in shown] for keys in (report.rows, report.columns, report.measures)]
    down = [dataset.dimension(key) for key in asked.rows or usual[0] or report.rows]
    across = [dataset.dimension(key) for key in (usual[1] if asked.columns is None else asked.columns)]
    keys = [item.key for item in (*down, *across)]
    if len(keys) > MAX_DIMENSIONS or len(set(keys)) < len(keys):
        raise BadReport(f"最多选 {MAX_DIMENSIONS} 个不同的维度", field="rows")
    measures = [dataset.measure(key) for key in asked.measures or usual[2] or report.measures]
    if asked.compare not in COMPARED:
        raise BadReport("只能与上年或上月对比", field="compare")
    monthly = any(item.monthly for item in (*down, *across))
    source = source_of(dataset, actor, asked, asked.start, asked.end, monthly=monthly)
    if source is None:
        raise BadReport(f"没有 {asked.end:%Y-%m-%d} 的数据", field="end", advice="请选择较近的日期")
    table = Table(source, down, across, measures, drill=report.drill)
    answer = {
        "key": report.key,
        "title": report.title,
        "note": report.note,
        "chart": report.chart,
        "dimensions": [describe_dimension(item) for item in down],
        "columns": [describe_dimension(item) | {"values": table.columns_of(item)} for item in across],
        "measures": [describe_measure(item) for item in measures],
        "available": {
            "dimensions": [describe_dimension(item) for item in dataset.dimensions],
            "measures": [describe_measure(item) for item in dataset.measures],
            "time": "period" if dataset.period or source.series else "day" if dataset.snapshots else "",
        },
        "period": [source.start, source.end] if source.start and source.end else None,
        "rows": table.rows(),
        "totals": table.totals(),
        "compared": None,
        "drill": way_down(report, asked, source),
        "at": clock.now(),
    }
    if asked.compare:
        answer["compared"] = compared(dataset, actor, asked, source, (down, across, measures))
    return answer


Shape = tuple[Sequence[Dimension], Sequence[Dimension], Sequence[Measure | Ratio]]


def compared(dataset: Dataset, actor: Actor, asked: Asked, present: Source, shape: Shape) -> dict[str, Any]:
    """The same table a year or a month before; `rows` is None where nothing was kept of that time."""
    earlier, title, months = COMPARED[asked.compare]
    monthly = any(item.monthly for item in (*shape[0], *shape[1]))
    start, end = present.start, present.end or asked.end or (clock.today() if dataset.snapshots else None)
    if end is None or (dataset.period and start is None) or not (dataset.period or dataset.snapshots):
        raise BadReport("这张报表没有选定时段，不能对比", field="compare", advice="请先选择起止日期")
    start, end = start and earlier(start), earlier(end)
    told = {"title": title, "start": start, "end": end}
    source = source_of(dataset, actor, asked, start, end, monthly=monthly)
    if source is None or (source.series and source.last is None):
        return told | {"rows": None, "totals": None}
    past = Table(source, *shape, months=months)
    # what stood in the end of another month is nothing to compare with
    whole = source.last is None or (source.last.year, source.last.month) == (end.year, end.month)
    return told | {"rows": past.rows(), "totals": past.totals() if whole else None}


def seen(dataset: Dataset, actor: Actor) -> Dataset:
    """The dataset without dimensions and measures of fields that the actor's roles hide or mask from him."""
    limits = limits_of(actor, dataset.right.rpartition(".")[0])
    if not limits:
        return dataset

    def open_(*paths: str) -> bool:
        return not any(level_of(limits, path.replace("__", ".")) in {HIDDEN, MASKED} for path in paths if path)

    measures = [item for item in dataset.measures if isinstance(item, Ratio) or open_(*names(item.of))]
    kept = {item.key for item in measures}
    return replace(
        dataset,
        dimensions=[item for item in dataset.dimensions if open_(item.path, item.title_path)],
        measures=[item for item in measures if isinstance(item, Measure) or {item.part, item.whole} <= kept],
    )


def names(expression: Any) -> list[str]:
    """The fields that an expression reads, in its conditions too."""
    found: list[str] = [str(vars(expression)["name"])] if isinstance(expression, F) else []
    if isinstance(expression, Q):
        for child in expression.children:
            found += [child[0]] if isinstance(child, tuple) else names(child)
        return found
    if hasattr(expression, "get_source_expressions"):
        for inner in expression.get_source_expressions():
            found += names(inner)
    return found


class Table:
    """The groups of a query with their measures, and the sums over them.

    `months` is how many months later than its own each month stands: beside the month it is compared with.
    """

    def __init__(
        self,
        source: Source,
        down: Sequence[Dimension],
        across: Sequence[Dimension],
        measures: Sequence[Measure | Ratio],
        *,
        drill: Drill | None = None,
        months: int = 0,
    ) -> None:
        self.source, self.down, self.across, self.measures = source, down, across, measures
        self.dataset, self.drill, self.months = source.dataset, drill, months
        self.words: dict[str, dict[Any, str]] = {item.key: words(item) for item in (*down, *across)}
        self.aggregates = {f"m_{item.key}": item.of for item in needed(self.dataset, measures)}
        # whether a query had no more groups than are read
        self.complete = True
        self.cells = self.grouped((*down, *across))
        self.lines = self.summed(range(len(down)), down) if across else self.cells
        for code in self.every_month(down[0]) if len(down) == 1 else ():
            self.lines.setdefault((code,), dict.fromkeys(self.aggregates))

    def grouped(self, by: Sequence[Dimension]) -> dict[Group, Sums]:
        """Measures of each combination of values that occurs."""
        months = {f"month_{item.key}": self.month(item) for item in by if self.by_month(item)}
        places = [f"month_{item.key}" if self.by_month(item) else item.path for item in by]
        titles = [item.title_path for item in by if item.title_path]
        found = self.counted(by).order_by().values(*(set(places) - set(months)), *titles, **months)
        found = found.annotate(**self.aggregates)
        if self.dataset.present is not None:
            found = found.annotate(present=self.dataset.present).filter(present__gt=0)
        groups: dict[Group, Sums] = {}
        read = list(found[: MAX_GROUPS + 1])
        self.complete = self.complete and len(read) <= MAX_GROUPS
        for row in read[:MAX_GROUPS]:
            group = tuple(self.code(item, row[place]) for item, place in zip(by, places, strict=True))
            for item, code in zip(by, group, strict=True):
                if item.title_path:
                    self.words[item.key][code] = str(row[item.title_path])
            # what is called two things is one all the same
            groups[group] = self.added(row, groups.get(group))
        return groups

    def summed(self, places: Sequence[int], by: Sequence[Dimension]) -> dict[Group, Sums]:
        """The same over fewer dimensions: those at some places of the cells' groups.

        From the cells themselves, unless these are too many to be all there, cannot be added up, or stand each for the end
        of a month.
        """
        standing = self.source.last is not None and not any(item.monthly for item in by)
        if standing or not self.complete or not all(map(is_sum, self.aggregates.values())):
            return self.grouped(by) if by else {(): self.counted(()).order_by().aggregate(**self.aggregates)}
        found: dict[Group, Sums] = {}
        for group, sums in self.cells.items():
            less = tuple(group[place] for place in places)
            found[less] = self.added(sums, found.get(less))
        return found

    def added(self, one: Mapping[str, Any], other: Sums | None) -> Sums:
        """The aggregates of two groups together."""
        if other is None:
            return {name: one[name] for name in self.aggregates}
        return {name: (one[name] or 0) + (other[name] or 0) for name in self.aggregates}

    def by_month(self, item: Dimension) -> bool:
        """Whether days have still to be put into months: those of a stock month by month are one a month."""
        return item.monthly and not self.source.series

    def month(self, item: Dimension) -> TruncMonth:
        """The month of a day, or of a moment as Shanghai has it."""
        moments = isinstance(field_at(self.dataset.model, item.path), models.DateTimeField)
        return TruncMonth(item.path, tzinfo=clock.SHANGHAI if moments else None)

    def counted(self, by: Sequence[Dimension]) -> Any:
        """The rows to count; of a stock month by month, over all months together, those of the last one."""
        if self.source.last is None or any(item.monthly for item in by) or self.dataset.snapshots is None:
            return self.source.rows
        return self.source.rows.filter(**{self.dataset.snapshots.on: self.source.last})

    def code(self, item: Dimension, value: Any) -> Any:
        """The code of a value: of a month its year and number, the others as they are."""
        if not item.monthly or value is None:
            return value
        first = months_on(date(value.year, value.month, 1), self.months)
        code = f"{first:%Y-%m}"
        whole = not self.source.series or (value + timedelta(days=1)).month != value.month
        self.words[item.key][code] = f"{first.year}年{first.month}月" + ("" if whole else f"（至{value.day}日）")
        return code

    def every_month(self, item: Dimension) -> list[Any]:
        """The months of the time that was asked for, those without a row too: in these nothing happened.

        They begin with the first row where no day was asked, and end with this month. Of more than `MONTHS_TOLD` those between
        the first and the last row are told.
        """
        if not item.monthly or item.path != self.dataset.period or self.source.picked or not self.complete:
            return []
        at, today = [*self.down, *self.across].index(item), clock.today()
        met = [months_on(date.fromisoformat(f"{group[at]}-01"), -self.months) for group in self.cells if group[at]]
        if not met and self.source.start is None:
            return []
        first = (self.source.start or min(met)).replace(day=1)
        last = max([min(self.source.end or today, today).replace(day=1), *met])
        if months_between(first, last) >= MONTHS_TOLD:
            if not met:
                return []
            first, last = min(met), max(met)
        return [self.code(item, months_on(first, number)) for number in range(months_between(first, last) + 1)]

    def shown(self, sums: Mapping[str, Any]) -> Values:
        """The measures that were asked for, from the sums of a group."""
        values: Values = {}
        for item in self.measures:
            if isinstance(item, Ratio):
                part, whole = sums[f"m_{item.part}"] or 0, sums[f"m_{item.whole}"] or 0
                values[item.key] = (
                    rounded(Decimal(item.times) * Decimal(part) / Decimal(whole), item.places) if whole else None
                )
            else:
                value = sums[f"m_{item.key}"] or 0
                values[item.key] = rounded(Decimal(value), item.places) if item.places else int(value)
        return values

    def ranks(self, dimension: Dimension, values: Iterable[Any]) -> dict[Any, tuple[int, str]]:
        """What values are sorted by: their dictionary, months in time, others by their words, nothing last."""
        names = self.words[dimension.key]
        places = {code: at for at, code in enumerate(names)} if dimension.dictionary else {}
        return {
            value: (places[value], "")
            if value in places
            else (len(names) + (value is None), str(value if dimension.monthly else names.get(value, value)))
            for value in values
        }

    def rows(self) -> list[dict[str, Any]]:
        """One entry a combination of the dimensions down, with cells for those across."""
        width = len(self.down)
        cells: dict[Group, dict[str, Values]] = defaultdict(dict)
        for group, sums in self.cells.items() if self.across else ():
            cells[group[:width]]["|".join(map(cell, group[width:]))] = self.shown(sums)
        ranks = [self.ranks(item, {group[at] for group in self.lines}) for at, item in enumerate(self.down)]
        told = []
        for group in sorted(self.lines, key=lambda g: [rank[value] for rank, value in zip(ranks, g, strict=True)]):
            entry: dict[str, Any] = {
                "keys": {item.key: value for item, value in zip(self.down, group, strict=True)},
                "titles": [self.title(item, value) for item, value in zip(self.down, group, strict=True)],
                "values": self.shown(self.lines[group]),
                "filters": self.filters(zip(self.down, group, strict=True)),
            }
            if self.across:
                entry["cells"] = cells[group]
            told.append(entry)
        return told

    def filters(self, values: Iterable[tuple[Dimension, Any]]) -> dict[str, list[str]] | None:
        """The filters that lead to the rows of some values together; None where there are none such."""
        if self.drill is None:
            return None
        found: dict[str, list[str]] = {}
        for item, value in values:
            one = behind(self.drill, self.source, item, value)
            if one is None:
                return None
            found |= one
        return found

    def columns_of(self, dimension: Dimension) -> list[dict[str, Any]]:
        """The values of a dimension across, in order."""
        position = [*self.down, *self.across].index(dimension)
        ranks = self.ranks(dimension, {*(group[position] for group in self.cells), *self.every_month(dimension)})
        return [
            {"code": value, "title": self.title(dimension, value), "filters": self.filters([(dimension, value)])}
            for value in sorted(ranks, key=ranks.__getitem__)
        ]

    def title(self, dimension: Dimension, value: Any) -> str:
        """How a value is called."""
        return NOTHING if value in (None, "") else self.words[dimension.key].get(value, str(value))

    def totals(self) -> dict[str, Any]:
        """The measures over everything, and over each value across; of a stock month by month what stood in the end."""
        last = self.source.last
        over_all = self.summed((), ()).get((), dict.fromkeys(self.aggregates))
        totals: dict[str, Any] = {
            "title": f"期末（{last:%Y-%m-%d}）" if last else "合计",
            "values": self.shown(over_all),
        }
        if self.across:
            beside = range(len(self.down), len(self.down) + len(self.across))
            totals["cells"] = {
                "|".join(map(cell, group)): self.shown(sums) for group, sums in self.summed(beside, self.across).items()
            }
        return totals


def is_sum(aggregate: Any) -> bool:
    """Whether the aggregate of two groups together is the sum of theirs."""
    return isinstance(aggregate, Sum | Count) and not getattr(aggregate, "distinct", False)


def cell(code: Any) -> str:
    """A code as it names a cell; nothing is the empty text."""
    return "" if code is None else str(code)


def needed(dataset: Dataset, measures: Sequence[Measure | Ratio]) -> list[Measure]:
    """The plain measures behind those that were asked for."""
    keys: dict[str, None] = {}
    for item in measures:
        for key in (item.part, item.whole) if isinstance(item, Ratio) else (item.key,):
            keys[key] = None
    found = [dataset.measure(key) for key in keys]
    return [item for item in found if isinstance(item, Measure)]


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up, once, at the end."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def words(dimension: Dimension) -> dict[Any, str]:
    """The words of a dimension's dictionary."""
    if not dimension.dictionary:
        return {}
    return {entry.code: entry.title for entry in dictionary(dimension.dictionary)}


def describe_dimension(item: Dimension) -> dict[str, Any]:
    """A dimension as the page needs it."""
    return {"key": item.key, "title": item.title, "dictionary": item.dictionary, "monthly": item.monthly}


def describe_measure(item: Measure | Ratio) -> dict[str, Any]:
    """A measure as the page needs it."""
    kind = "ratio" if isinstance(item, Ratio) else "number"
    return {"key": item.key, "title": item.title, "unit": item.unit, "places": item.places, "type": kind}
