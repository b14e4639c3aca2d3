"""Bare SQL: the statements that an operation sends, taken from the operation itself, replayed by one plain client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any

import psycopg
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import mogrify

Statement = tuple[str, Sequence[Any]]
WARM = 10


def sent_by(operation: Callable[[], Any]) -> list[Statement]:
    """What a reading operation sends once its caches are warm."""
    operation()
    return noted(operation)


def sent_by_change(operation: Callable[[], Any]) -> list[Statement]:
    """What a changing operation sends; it is undone."""
    with transaction.atomic():
        found = noted(operation)
        transaction.set_rollback(True)
    return found


def noted(operation: Callable[[], Any]) -> list[Statement]:
    """The statements of an operation, those about transactions left out."""
    seen: list[Statement] = []

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if isinstance(params, dict):
            # values of types that only the operation's own connection knows
            seen.append((mogrify(sql, params, connection), ()))
        elif isinstance(sql, str):
            seen.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        operation()
    return [item for item in seen if not item[0].upper().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]


def replay(
    own: psycopg.Connection[Any],
    runs: Iterable[Sequence[Statement]],
    count: int,
    *,
    undo: bool = False,
    warm: int = WARM,
) -> float:
    """The median milliseconds of a run's statements, all rows fetched, the runs taken round and round.

    The first `warm` times do not count.
    """
    prepared = list(runs)
    seconds = []
    with own.cursor() as cursor:
        for number in range(count + warm):
            began = time.perf_counter()
            if undo:
                cursor.execute("BEGIN")
            for sql, params in prepared[number % len(prepared)]:
                cursor.execute(sql.encode(), params or None)
                if cursor.description:
                    cursor.fetchall()
            if undo:
                cursor.execute("ROLLBACK")
            if number >= warm:
                seconds.append(time.perf_counter() - began)
    return round(median(seconds) * 1000, 2)
