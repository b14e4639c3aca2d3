"""Which rows a report counts: those of a period, those that stood at the end of a day, or a stock month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q, QuerySet

from anju.kernel import clock
from anju.kernel.errors import DomainError
from anju.kernel.registers.columns import field_at
from anju.kernel.registers.filters import EMPTY, without
from anju.kernel.reports.declaration import Dataset, Dimension
from anju.kernel.scope import Actor
from anju.kernel.scope.filters import division_prefix

MONTHS = 12
MAX_MONTHS = 36
# Beyond these no calendar of ours reaches, and neither does a year earlier or a day more.
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


class BadReport(DomainError):
    """The report was asked with something it does not have."""

    code, message, advice = "report.bad_request", "报表条件无法识别", "请重新选择维度、指标和筛选"


@dataclass(frozen=True)
class Asked:
    """What was asked: other dimensions or measures than the report's own, filters by dimension, and a time.

    The time is a period for what happened and for a stock month by month, and for what stands the day `end`. `compare`
    is nothing, `year` or `month`: the same time a year or a month before stands beside.
    """

    rows: Sequence[str] = ()
    columns: Sequence[str] | None = None
    measures: Sequence[str] = ()
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    compare: str = ""


@dataclass(frozen=True)
class Source:
    """The rows to count, those of `start` to `end` where that was asked. `past`: not as they stand now.

    `picked`: only some months of that time. `series`: a stock month by month, one day of each; over all its months together
    it is what stood on the `last` one.
    """

    dataset: Dataset
    rows: QuerySet[models.Model]
    start: date | None = None
    end: date | None = None
    past: bool = False
    picked: bool = False
    series: bool = False
    last: date | None = None


def source_of(
    dataset: Dataset, actor: Actor, asked: Asked, start: date | None, end: date | None, *, monthly: bool
) -> Source | None:
    """The rows of a time within the actor's reach; None of a time before anything was kept. Raises `BadReport`."""
    for name, day in (("start", start), ("end", end)):
        if day is not None and not EARLIEST <= day <= LATEST:
            years = f"{EARLIEST.year} 到 {LATEST.year}"
            raise BadReport(f"报表的日期应在 {years} 年之间", field=name, advice="请检查日期里的年份")

    def chosen(of: Dataset) -> QuerySet[models.Model]:
        return filtered(of, of.rows(actor), asked.filters)

    if dataset.snapshots is None:
        picked = any(dataset.dimension(key).monthly for key in asked.filters)
        rows = within(dataset, chosen(dataset), start, end, by_month=monthly or picked)
        return Source(dataset, rows, start, end, picked=picked)
    if monthly:
        start, end = months_asked(start, end)
        days = dataset.snapshots.month_ends(start, end)
        past = dataset.as_of(days)
        return Source(past, chosen(past), start, end, past=True, series=True, last=days[-1] if days else None)
    if end is None or end >= clock.today():
        return Source(dataset, chosen(dataset))
    kept = dataset.snapshots.day(end)
    if kept is None:
        return None
    past = dataset.as_of([kept])
    return Source(past, chosen(past), past=True)


def months_asked(start: date | None, end: date | None) -> tuple[date, date]:
    """The period of a stock month by month, the last twelve months where none was asked. Raises `BadReport`."""
    end = end or clock.today()
    start = start or months_on(end.replace(day=1), 1 - MONTHS)
    if months_between(start, end) >= MAX_MONTHS:
        raise BadReport(f"按月份最多看 {MAX_MONTHS} 个月", field="start", advice="请缩短时段")
    return start, end


def months_between(start: date, end: date) -> int:
    """How many months later than one day another's month is."""
    return (end.year - start.year) * 12 + end.month - start.month


def months_on(first: date, months: int) -> date:
    """The first day of a month, some months later or, below 0, earlier."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def within(
    dataset: Dataset, rows: QuerySet[models.Model], start: date | None, end: date | None, *, by_month: bool
) -> QuerySet[models.Model]:
    """The rows of a period, both days included."""
    if dataset.folds is not None:
        return rows.filter(dataset.folds.between(dataset.period, start, end, by_month=by_month))
    return rows.filter(between(dataset.model, dataset.period, start, end)) if dataset.period else rows


def between(model: type[models.Model], path: str, start: date | None, end: date | None) -> Q:
    """From one day to another, either side open; for moments the days are those of Shanghai."""
    low: Any = start
    high: Any = end and end + timedelta(days=1)
    if isinstance(model._meta.get_field(path), models.DateTimeField):
        low, high = low and clock.start_of(low), high and clock.start_of(high)
    limits = {f"{path}__gte": low, f"{path}__lt": high}
    return Q(**{key: value for key, value in limits.items() if value is not None})


def filtered(
    dataset: Dataset, rows: QuerySet[models.Model], filters: Mapping[str, Sequence[str]]
) -> QuerySet[models.Model]:
    """The rows with the given values of dimensions; a division stands for all below it. Raises `BadReport`."""
    for key, values in filters.items():
        item = dataset.dimension(key)
        try:
            rows = rows.filter(condition(dataset, item, values))
        except (ValueError, ValidationError, OverflowError, FieldDoesNotExist) as error:
            raise BadReport(f"“{values[0][:40]}”不能用来筛选{item.title}", field=f"f.{key}") from error
    return rows


def condition(dataset: Dataset, item: Dimension, values: Sequence[str]) -> Q:
    """The rows with one of the values of a dimension."""
    found, named = Q(), [value for value in values if value != EMPTY]
    if len(named) < len(values):
        kind = field_at(dataset.model, item.path)
        if kind is None:
            raise FieldDoesNotExist(item.path)
        found |= without(kind, item.path)
    if item.monthly:
        for value in named:
            first = date.fromisoformat(f"{value}-01")
            found |= between(dataset.model, item.path, first, months_on(first, 1) - timedelta(days=1))
    elif item.dictionary == "division":
        for value in named:
            prefix = digits(value)
            found |= Q(**{item.path if prefix == value else f"{item.path}__startswith": prefix})
    elif named:
        found |= Q(**{f"{item.path}__in": named})
    return found


def digits(division: str) -> str:
    """The prefix of a division code, digits only."""
    prefix = division_prefix(division)
    if not prefix.isascii() or not prefix.isdigit():
        raise BadReport("行政区划应为数字代码")
    return prefix


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
