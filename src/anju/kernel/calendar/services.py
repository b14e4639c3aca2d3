"""Counting working days, editing special days, moving the demonstration's clock."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from anju.kernel import clock
from anju.kernel.calendar.models import ClockOffset, Day
from anju.kernel.errors import DomainError

_CACHE_SECONDS = 5.0
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class _Exceptions:
    """The special days in order, and after each the sum of working days won (+1) or lost (-1) so far."""

    read_at: float
    kinds: dict[date, str]
    dates: list[date]
    sums: list[int]

    def difference(self, up_to: date) -> int:
        """Working days won or lost against the plain week, from the beginning up to and including a day."""
        found = bisect_right(self.dates, up_to)
        return self.sums[found - 1] if found else 0


_known: _Exceptions | None = None


def forget_days() -> None:
    """Makes the next count read the table anew. Other processes notice a change within 5 seconds."""
    global _known
    _known = None


def _exceptions() -> _Exceptions:
    global _known
    if _known is None or time.monotonic() - _known.read_at > _CACHE_SECONDS:
        kinds = dict(Day.objects.order_by("date").values_list("date", "kind"))
        dates, sums, total = list(kinds), [], 0
        for day, kind in kinds.items():
            if kind == Day.Kind.WORKDAY and day.weekday() >= 5:
                total += 1
            elif kind == Day.Kind.HOLIDAY and day.weekday() < 5:
                total -= 1
            sums.append(total)
        _known = _Exceptions(time.monotonic(), kinds, dates, sums)
    return _known


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from the first day of the calendar (a Monday) up to and including a day."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def is_working_day(day: date) -> bool:
    """Whether offices work on a day."""
    kind = _exceptions().kinds.get(day)
    return day.weekday() < 5 if kind is None else kind == Day.Kind.WORKDAY


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before `start`.

    The day on which a time limit begins is not counted, the day on which it ends is (Civil Code, article 201).
    """
    if end < start:
        return -working_days_between(end, start)
    known = _exceptions()
    plain = _weekdays_until(end) - _weekdays_until(start)
    return plain + known.difference(end) - known.difference(start)


def add_working_days(day: date, count: int) -> date:
    """The working day that is the `count`-th after `day` (before it when negative); `day` itself for 0."""
    step = 1 if count >= 0 else -1
    remaining = abs(count)
    reached = day
    while remaining:
        # A calendar day holds at most one working day, so a stride of that many days never goes too far.
        stride = reached + timedelta(days=step * remaining)
        if step > 0:
            remaining -= working_days_between(reached, stride)
        else:
            remaining -= working_days_between(stride - timedelta(days=1), reached - timedelta(days=1))
        reached = stride
    return reached


def set_day(day: date, kind: str, name: str) -> Day:
    """Declares a day a holiday or a working day. Raises `calendar.kind_unknown` and `calendar.day_out_of_range`."""
    if kind not in Day.Kind.values:
        raise DomainError("类别只能是放假或上班", code="calendar.kind_unknown", field="kind", advice="请选择放假或上班")
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise DomainError(
            "日期超出日历范围", code="calendar.day_out_of_range", field="date", advice="请填写 2000 年至 2199 年的日期"
        )
    row, _ = Day.objects.update_or_create(date=day, defaults={"kind": kind, "name": name})
    _forget_now_and_on_commit()
    return row


def clear_day(day: date) -> bool:
    """Lets a day be again what its weekday says; tells whether there was anything to clear."""
    deleted, _ = Day.objects.filter(date=day).delete()
    _forget_now_and_on_commit()
    return bool(deleted)


def _forget_now_and_on_commit() -> None:
    # Now, for the rest of this transaction; on commit, because another thread may have read the old rows meanwhile.
    forget_days()
    transaction.on_commit(forget_days)


class ClockFixed(DomainError):
    """Production's clock cannot be moved."""

    status, code, message = 403, "clock.fixed", "正式环境的时间不能调整"


class ClockBackwards(DomainError):
    """What has happened on a day cannot be made to happen before it."""

    status, code, message = 409, "clock.backwards", "时间只能向前调整"
    advice = "如需回到真实时间，请使用 --reset"


def move_clock(moment: datetime) -> None:
    """Sets a demonstration's clock to a later moment. Raises `ClockFixed` or `ClockBackwards`."""
    if not settings.ANJU_CLOCK_MOVABLE:
        raise ClockFixed
    with transaction.atomic():
        row, _ = ClockOffset.objects.select_for_update().get_or_create(id=1)
        ahead = moment - (clock.now() - clock.offset())
        seconds = round(ahead.total_seconds())
        if seconds < row.offset_seconds:
            raise ClockBackwards
        row.offset_seconds = seconds
        row.save()
        for hook in _WHEN_MOVED:
            hook()
    clock.forget_offset()


_WHEN_MOVED: list[Callable[[], None]] = []


def when_moved(hook: Callable[[], None]) -> Callable[[], None]:
    """Declares what else happens, in the same transaction, when a demonstration's clock was moved: timers fire now."""
    _WHEN_MOVED.append(hook)
    return hook


def reset_clock() -> None:
    """Sets a demonstration's clock to the real time. Raises `ClockFixed`."""
    if not settings.ANJU_CLOCK_MOVABLE:
        raise ClockFixed
    ClockOffset.objects.update_or_create(id=1, defaults={"offset_seconds": 0})
    clock.forget_offset()
