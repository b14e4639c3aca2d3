"""From a report and what was asked to a table: one grouped query a total, and one more for the compared period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import F, Q, QuerySet

from anju.kernel import clock
from anju.kernel.errors import DomainError
from anju.kernel.forms import dictionary
from anju.kernel.reports.declaration import Dataset, Dimension, Measure, Ratio, Report
from anju.kernel.scope import Actor
from anju.kernel.scope.fields import HIDDEN, MASKED, level_of, limits_of
from anju.kernel.scope.filters import division_prefix

MAX_DIMENSIONS = 3
MAX_GROUPS = 5000
Values = dict[str, Any]
Group = tuple[Any, ...]


class BadReport(DomainError):
    """The report was asked with something it does not have."""

    code, message, advice = "report.bad_request", "报表条件无法识别", "请重新选择维度、指标和筛选"


@dataclass(frozen=True)
class Asked:
    """What was asked: other dimensions or measures than the report's own, filters by dimension, and a time.

    The time is a period for what happened, and for what stands the day `end`. `compare` is nothing, `year` or `month`:
    the same time a year or a month before stands beside.
    """

    rows: Sequence[str] = ()
    columns: Sequence[str] | None = None
    measures: Sequence[str] = ()
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    compare: str = ""


def build(report: Report, actor: Actor, asked: Asked) -> dict[str, Any]:
    """The report's table. Raises `NotFound` for unknown dimensions and measures, `BadReport` for unusable values."""
    dataset = seen(report.dataset, actor)
    shown = {item.key for item in (*dataset.dimensions, *dataset.measures)}
    usual = [[key for key in keys if key in shown] for keys in (report.rows, report.columns, report.measures)]
    down = [dataset.dimension(key) for key in asked.rows or usual[0] or report.rows]
    across = [dataset.dimension(key) for key in (usual[1] if asked.columns is None else asked.columns)]
    if len(down) + len(across) > MAX_DIMENSIONS or len({item.key for item in (*down, *across)}) < len(down) + len(
        across
    ):
        raise BadReport(f"最多选 {MAX_DIMENSIONS} 个不同的维度", field="rows")
    measures = [dataset.measure(key) for key in asked.measures or usual[2] or report.measures]
    if asked.compare not in COMPARED:
        raise BadReport("只能与上年或上月对比", field="compare")
    table = Table(dataset, down, across, measures, at_time(dataset, actor, asked, asked.start, asked.end))
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
            "time": "period" if dataset.period else "day" if dataset.snapshots else "",
        },
        "period": [asked.start, asked.end] if dataset.period and asked.start and asked.end else None,
        "rows": table.rows(),
        "totals": table.totals(),
        "compared": None,
        "drill": asdict(report.drill) if report.drill else None,
        "at": clock.now(),
    }
    if asked.compare:
        answer["compared"] = compared(dataset, actor, asked, (down, across, measures))
    return answer


Shape = tuple[Sequence[Dimension], Sequence[Dimension], Sequence[Measure | Ratio]]


def compared(dataset: Dataset, actor: Actor, asked: Asked, shape: Shape) -> dict[str, Any]:
    """The same table a year or a month before; `rows` is None where nothing was kept of that time."""
    earlier, title = COMPARED[asked.compare]
    end = asked.end or (clock.today() if dataset.snapshots else None)
    if end is None or (dataset.period and asked.start is None) or not (dataset.period or dataset.snapshots):
        raise BadReport("这张报表没有选定时段，不能对比", field="compare", advice="请先选择起止日期")
    start = earlier(asked.start) if dataset.period and asked.start else None
    told = {"title": title, "start": start, "end": earlier(end)}
    rows = at_time(dataset, actor, asked, start, earlier(end), missing=None)
    if rows is None:
        return told | {"rows": None, "totals": None}
    past = Table(dataset, *shape, rows)
    return told | {"rows": past.rows(), "totals": past.totals()}


def at_time(dataset: Dataset, actor: Actor, asked: Asked, start: date | None, end: date | None, **missing: None) -> Any:
    """The rows of a period, or as they stood at the end of a day that is over.

    Of a day before anything was kept `missing` is given, or `BadReport` raised where none is.
    """
    source = dataset
    if dataset.snapshots and end is not None and end < clock.today():
        kept = dataset.as_of(end)
        if kept is None:
            if missing:
                return None
            raise BadReport(f"没有 {end:%Y-%m-%d} 的数据", field="end", advice="请选择较近的日期")
        source = kept
    return within(source, filtered(source, source.rows(actor), asked.filters), start, end)


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


def year_before(day: date) -> date:
    """The same day of the year before; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def month_before(day: date) -> date:
    """The same day of the month before, its last day where it has no such day; the last day of a month stays the last."""
    first = day.replace(day=1)
    last = first - timedelta(days=1)
    if (day + timedelta(days=1)).month != day.month:
        return last
    return last.replace(day=min(day.day, last.day))


COMPARED: dict[str, tuple[Callable[[date], date], str]] = {
    "": (lambda day: day, ""),
    "year": (year_before, "上年同期"),
    "month": (month_before, "上月同期"),
}


def within(
    dataset: Dataset, rows: QuerySet[models.Model], start: date | None, end: date | None
) -> QuerySet[models.Model]:
    """The rows of a period, both days included."""
    if not dataset.period:
        return rows
    limits = {f"{dataset.period}__gte": start, f"{dataset.period}__lte": end}
    return rows.filter(**{key: value for key, value in limits.items() if value is not None})


def filtered(
    dataset: Dataset, rows: QuerySet[models.Model], filters: Mapping[str, Sequence[str]]
) -> QuerySet[models.Model]:
    """The rows with the given values of dimensions; a division stands for all below it."""
    for key, values in filters.items():
        item = dataset.dimension(key)
        try:
            if item.dictionary == "division" and all(division_prefix(value) != value for value in values):
                rows = rows.filter(**{f"{item.path}__regex": "^(" + "|".join(map(digits, values)) + ")"})
            else:
                rows = rows.filter(**{f"{item.path}__in": list(values)})
        except (ValueError, ValidationError, FieldDoesNotExist) as error:
            raise BadReport(f"“{values[0][:40]}”不能用来筛选{item.title}", field=f"f.{key}") from error
    return rows


def digits(division: str) -> str:
    """The prefix of a division code, digits only."""
    prefix = division_prefix(division)
    if not prefix.isascii() or not prefix.isdigit():
        raise BadReport("行政区划应为数字代码")
    return prefix


class Table:
    """The groups of a query with their measures, and the sums over them."""

    def __init__(
        self,
        dataset: Dataset,
        down: Sequence[Dimension],
        across: Sequence[Dimension],
        measures: Sequence[Measure | Ratio],
        rows: QuerySet[models.Model],
    ) -> None:
        self.dataset, self.down, self.across, self.measures = dataset, down, across, measures
        self.source = rows
        self.words: dict[str, dict[Any, str]] = {item.key: words(item) for item in (*down, *across)}
        self.aggregates = {f"m_{item.key}": item.of for item in needed(dataset, measures)}
        self.cells = self.grouped((*down, *across))
        self.lines = self.grouped(down) if across else self.cells

    def grouped(self, by: Sequence[Dimension]) -> dict[Group, Values]:
        """Measures of each combination of values that occurs."""
        titles = {item.key: item.title_path for item in by if item.title_path}
        found = self.source.order_by().values(*(item.path for item in by), *titles.values()).annotate(**self.aggregates)
        groups: dict[Group, Values] = {}
        for row in found[:MAX_GROUPS]:
            for key, path in titles.items():
                dimension = self.dataset.dimension(key)
                self.words[key][row[dimension.path]] = str(row[path])
            groups[tuple(row[item.path] for item in by)] = self.shown(row)
        return groups

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

    def order(self, dimension: Dimension, value: Any) -> tuple[int, str]:
        """Values in the order of their dictionary, others by their words, nothing last."""
        known = list(self.words[dimension.key])
        if dimension.dictionary and value in self.words[dimension.key]:
            return known.index(value), ""
        return (len(known) + (value is None), str(self.words[dimension.key].get(value, value)))

    def rows(self) -> list[dict[str, Any]]:
        """One entry a combination of the dimensions down, with cells for those across."""
        told = []
        width = len(self.down)
        for group in sorted(self.lines, key=lambda g: [self.order(d, v) for d, v in zip(self.down, g, strict=True)]):
            entry: dict[str, Any] = {
                "keys": {item.key: value for item, value in zip(self.down, group, strict=True)},
                "titles": [self.title(item, value) for item, value in zip(self.down, group, strict=True)],
                "values": self.lines[group],
            }
            if self.across:
                entry["cells"] = {
                    "|".join(str(value) for value in cell[width:]): values
                    for cell, values in self.cells.items()
                    if cell[:width] == group
                }
            told.append(entry)
        return told

    def columns_of(self, dimension: Dimension) -> list[dict[str, Any]]:
        """The values of a dimension across, in order."""
        position = [*self.down, *self.across].index(dimension)
        values = {group[position] for group in self.cells}
        return [
            {"code": value, "title": self.title(dimension, value)}
            for value in sorted(values, key=lambda v: self.order(dimension, v))
        ]

    def title(self, dimension: Dimension, value: Any) -> str:
        """How a value is called."""
        return "未填写" if value in (None, "") else self.words[dimension.key].get(value, str(value))

    def totals(self) -> dict[str, Any]:
        """The measures over everything, and over each value across."""
        totals: dict[str, Any] = {"values": self.shown(self.source.order_by().aggregate(**self.aggregates))}
        if self.across:
            totals["cells"] = {"|".join(map(str, group)): values for group, values in self.grouped(self.across).items()}
        return totals


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
    return {"key": item.key, "title": item.title, "dictionary": item.dictionary}


def describe_measure(item: Measure | Ratio) -> dict[str, Any]:
    """A measure as the page needs it."""
    kind = "ratio" if isinstance(item, Ratio) else "number"
    return {"key": item.key, "title": item.title, "unit": item.unit, "places": item.places, "type": kind}
