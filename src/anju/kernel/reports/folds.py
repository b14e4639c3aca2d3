"""What happened, folded: rows that stand for whole months and years, so that long periods are counted from few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

NEVER = Q(pk__in=[])
# beyond the days of any fold, and before the end of the calendar
FAR = date(9000, 1, 1)


@dataclass(frozen=True)
class Folds:
    """How a dataset tells its rows of months and years from those of days.

    The field `span` says `month` or `year`, and the dataset's period then holds the first day; `day` for days that such
    rows may hold too; anything else for what no other row holds. `until` gives the first day that no month holds, None
    where nothing is folded; the years before its own are folded too.
    """

    until: Callable[[], date | None]
    span: str = "span"

    def between(self, path: str, start: date | None, end: date | None, *, by_month: bool) -> Q:
        """The rows that together hold each day of a period once; none of years where months are asked for."""
        until = self.until() or date.min
        first, after = start or date.min, end + timedelta(days=1) if end and end < date.max else None
        last = min(until, after or until).replace(day=1)
        months = next_month(min(first, FAR)), last
        years = next_year(min(first, FAR)), date.min if by_month else last.replace(month=1)
        days = Q(**{f"{path}__gte": first}, **({f"{path}__lt": after} if after else {}))
        held = ["day", "month", "year"]
        return (
            (Q(**{self.span: "year"}) & stretch(path, *years))
            | (Q(**{self.span: "month"}) & stretch(path, *months) & ~stretch(path, *years))
            | (Q(**{self.span: "day"}) & days & ~stretch(path, *months))
            | (~Q(**{f"{self.span}__in": held}) & days)
        )


def stretch(path: str, first: date, after: date) -> Q:
    """From a day to before another."""
    return Q(**{f"{path}__gte": first, f"{path}__lt": after}) if first < after else NEVER


def next_month(day: date) -> date:
    """The first day of a month on or after a day."""
    return day if day.day == 1 else (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def next_year(day: date) -> date:
    """The first day of a year on or after a day."""
    return day if (day.month, day.day) == (1, 1) else date(day.year + 1, 1, 1)
