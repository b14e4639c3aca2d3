"""The books of the outside interfaces: breaker and call log, written so that they stand whatever the caller does.

A failed call must stay on record, and count against the breaker, even when the caller's transaction is rolled back;
so inside a transaction the writes go over a connection of their own. The breaker runs on the database's clock, the one
clock that all processes share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

DATABASE = "default"
_NUMBER = re.compile(r"\d{5,}[\dXx]?")


@dataclass(frozen=True)
class Breaker:
    """After so many failed tries in a row an interface is left alone for `pause` seconds; then one call probes it."""

    failures: int = 5
    pause: float = 30.0


@contextmanager
def _cursor() -> Iterator[Any]:
    connection = connections[DATABASE]
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            yield cursor
        return
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            yield cursor
    finally:
        own.close()


_ADMIT = """
UPDATE connectors_state SET probe_until = clock_timestamp() + make_interval(secs => %(lease)s)
 WHERE key = %(key)s AND opened_until <= clock_timestamp()
   AND (probe_until IS NULL OR probe_until <= clock_timestamp())
"""
_WAIT = """
SELECT ceil(extract(epoch FROM greatest(opened_until, probe_until, clock_timestamp()) - clock_timestamp()))
  FROM connectors_state WHERE key = %(key)s AND opened_until IS NOT NULL
"""


def admit(key: str, lease: float) -> int | None:
    """None when a call may be made, else the seconds to wait.

    When the pause is over, the first caller is let through and holds the probe for at most `lease` seconds; the others
    wait for its outcome.
    """
    with _cursor() as cursor:
        cursor.execute(_WAIT, {"key": key})
        if cursor.fetchone() is None:
            return None
        cursor.execute(_ADMIT, {"key": key, "lease": lease})
        if cursor.rowcount:
            return None
        cursor.execute(_WAIT, {"key": key})
        left = cursor.fetchone()
        return None if left is None else max(1, int(left[0]))


_FAILED = """
INSERT INTO connectors_state AS s (key, failures, opened_until, failed_at, error)
VALUES (%(key)s, 1, CASE WHEN %(limit)s <= 1 THEN clock_timestamp() + make_interval(secs => %(pause)s) END,
        clock_timestamp(), %(error)s)
ON CONFLICT (key) DO UPDATE SET
    failures = s.failures + 1, failed_at = excluded.failed_at, error = excluded.error, probe_until = NULL,
    opened_until = CASE WHEN s.failures + 1 >= %(limit)s
                        THEN clock_timestamp() + make_interval(secs => %(pause)s) ELSE s.opened_until END
RETURNING opened_until IS NOT NULL
"""


def failed(key: str, breaker: Breaker, error: str) -> bool:
    """Counts one failed try; True when the breaker is open now."""
    values = {"key": key, "limit": breaker.failures, "pause": breaker.pause, "error": error[:300]}
    with _cursor() as cursor:
        cursor.execute(_FAILED, values)
        return bool(cursor.fetchone()[0])


def succeeded(key: str) -> None:
    """Closes the breaker; writes nothing where there was no failure, so that good calls do not queue on one row."""
    with _cursor() as cursor:
        cursor.execute(
            "UPDATE connectors_state SET failures = 0, opened_until = NULL, probe_until = NULL "
            "WHERE key = %s AND (failures > 0 OR opened_until IS NOT NULL)",
            [key],
        )


@dataclass(frozen=True)
class Entry:
    """One line of the call log."""

    connector: str
    call_id: str
    subject: str
    actor: str
    asked_at: datetime
    duration_ms: int
    result: str
    tries: int
    error: str
    digest: str


def record(entry: Entry) -> None:
    """Writes a line of the call log; numbers that a department quotes in its refusal are left out."""
    with _cursor() as cursor:
        cursor.execute(
            "INSERT INTO connectors_call "
            "(connector, call_id, subject, actor, asked_at, duration_ms, result, tries, error, digest) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                entry.connector, entry.call_id, entry.subject[:100], entry.actor, entry.asked_at, entry.duration_ms,
                entry.result, entry.tries, _NUMBER.sub("…", entry.error)[:300], entry.digest,
            ],
        )  # fmt: skip
