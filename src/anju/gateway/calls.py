"""The call log: one line a call, written at its end without waiting for the disk, kept by month."""

from __future__ import annotations

import logging
import re
import secrets
import zlib
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest

from anju.gateway import limits
from anju.kernel import clock

log = logging.getLogger("anju.gateway")
_TRACE = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
# Of those who cannot prove who they are, so many lines a minute and address; more would let anybody fill the disk.
UNKNOWN_A_MINUTE = 60
MONTHS_AHEAD = 2
PARTITION = re.compile(r"gateway_call_(\d{4})_(\d{2})")


@dataclass(frozen=True)
class Line:
    """A line of the log, in the order of its columns."""

    at: datetime
    party_id: int | None
    service_id: int | None
    operation_id: int | None
    key_id: str
    test: bool
    method: str
    path: str
    status: int
    result: str
    bytes_in: int
    bytes_out: int
    duration_us: int
    trace_id: str
    address: str
    org_path: str
    division: str


_COLUMNS = ", ".join(field.name for field in fields(Line))
_INSERT = f"""
    WITH soon AS (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO gateway_call ({_COLUMNS}) SELECT {", ".join(["%s"] * len(fields(Line)))} FROM soon
"""


def note(line: Line) -> None:
    """Writes a line. A crash of the database may cost the last second of lines; a call is never lost for its line."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, astuple(line))
    except Error:
        log.exception("a call of %s could not be written down", line.path)


def trace_of(request: HttpRequest) -> str:
    """The caller's trace (W3C trace context) or a fresh one."""
    told = _TRACE.fullmatch(request.headers.get("traceparent", ""))
    return told[1] if told else secrets.token_hex(16)


def worth_noting(address: str) -> bool:
    """Whether one more refusal of somebody unknown is written down; without a database none is."""
    try:
        limits.take(0, zlib.crc32(address.encode()), (UNKNOWN_A_MINUTE, 60), (None, "day"))
    except (limits.OverLimit, Error):
        return False
    return True


def _month(day: date, ahead: int = 0) -> date:
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


def make_partitions(today: date | None = None) -> list[str]:
    """Makes the tables of this month and the coming ones; gives the names of those that were missing."""
    made = []
    with connection.cursor() as cursor:
        for ahead in range(MONTHS_AHEAD + 1):
            first = _month(today or clock.real_now().date(), ahead)
            name = f"gateway_call_{first:%Y_%m}"
            cursor.execute("SELECT to_regclass(%s) IS NULL", [name])
            if cursor.fetchone()[0]:
                cursor.execute(
                    f"CREATE TABLE {name} PARTITION OF gateway_call FOR VALUES FROM ('{first}') TO ('{_month(first, 1)}')"
                )
                made.append(name)
    return made


def drop_old(today: date | None = None) -> list[str]:
    """Removes the months that ended longer ago than the log is kept (GB/T 22239: six months at least)."""
    oldest = _month((today or clock.real_now().date()) - timedelta(days=settings.ANJU_CALLS_KEPT_DAYS))
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'gateway_call'::regclass")
        names = [row[0] for row in cursor.fetchall()]
        gone = [
            name
            for name in names
            if (found := PARTITION.fullmatch(name)) and date(int(found[1]), int(found[2]), 1) < oldest
        ]
        for name in gone:
            cursor.execute(f"DROP TABLE {name}")
    return gone
