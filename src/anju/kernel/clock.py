"""What time it is. A demonstration may move the date forward; production cannot.

Everything that depends on the date asks here, never the system clock, so that publicity periods, deadlines and
validity can be shown in minutes (`anju clock +7d`) and tested on fixed days.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

SHANGHAI = ZoneInfo("Asia/Shanghai")
_CACHE_SECONDS = 2.0
_cached: tuple[float, timedelta] = (-1e9, timedelta(0))
_standing: ContextVar[datetime | None] = ContextVar("standing", default=None)


def offset() -> timedelta:
    """How far the demonstration's clock is ahead of the real one; zero in production."""
    global _cached
    if not settings.ANJU_CLOCK_MOVABLE:
        return timedelta(0)
    if time.monotonic() - _cached[0] > _CACHE_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT offset_seconds FROM calendar_clockoffset WHERE id = 1")
            row = cursor.fetchone()
        _cached = (time.monotonic(), timedelta(seconds=row[0] if row else 0))
    return _cached[1]


def forget_offset() -> None:
    """Makes the next question read the offset anew; called when it was moved and between tests."""
    global _cached
    _cached = (-1e9, timedelta(0))


def real_now() -> datetime:
    """The moment on the real clock, in UTC: for sessions and the job queue, which a demonstration does not move."""
    return datetime.now(UTC)


@contextmanager
def standing(moment: datetime) -> Iterator[None]:
    """Inside, it is this moment: a demonstration's past is made of acts done at their dates. Production refuses.

    Only this thread's time stands still, and nothing is kept of it; what people do goes forward (`anju clock`).
    """
    if not settings.ANJU_CLOCK_MOVABLE:
        raise RuntimeError("production's clock stands firm")
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


def now() -> datetime:
    """The present moment, in UTC."""
    return _standing.get() or real_now() + offset()


def today() -> date:
    """The present day in Shanghai, the day that law and deadlines mean."""
    return now().astimezone(SHANGHAI).date()


def local_date(moment: datetime) -> date:
    """The Shanghai day of a moment."""
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The first moment of a Shanghai day, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)
