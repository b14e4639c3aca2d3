"""Connections: those that died behind our back, and statements that a connection plans once and keeps.

After a restart of PostgreSQL the pool is full of dead connections.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import InterfaceError, NotSupportedError, OperationalError, connection
from psycopg import Cursor
from psycopg_pool import ConnectionPool, PoolTimeout

Found = TypeVar("Found")


def renew() -> None:
    """Lets go of this thread's connection and of every connection of the pool that is dead; not inside a transaction,
    whose end will find out by itself.
    """
    if connection.in_atomic_block:
        return
    connection.close()
    pool: ConnectionPool | None = getattr(connection, "pool", None)
    if pool is not None:
        pool.check()


def steadily(read: Callable[[], Found]) -> Found:
    """What a reading function gives; asked once more on a fresh connection when the first was dead.

    For the first question of a request. Not inside a transaction, and not for what changes something: whether a lost
    COMMIT happened cannot be known. Raises what the second try raises.
    """
    if connection.in_atomic_block:
        return read()
    try:
        return read()
    except (OperationalError, InterfaceError) as error:
        if isinstance(error.__cause__, PoolTimeout):
            raise
        renew()
        return read()


class Planned(Cursor[Any]):
    """A cursor whose statements are parsed and planned at their first use on a connection."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        # by itself a connection of ours keeps no plan
        self.connection.prepare_threshold = 0
        try:
            return super().execute(query, params, **options)
        finally:
            self.connection.prepare_threshold = None


def planned(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that is asked many times a second with the same text.

    Its values are bound by the server, so their types must be plain from the text (`%s::bigint[]`). Not for conditions
    whose best plan depends on the value: one plan serves all.
    """
    if connection.queries_logged:
        # a log shows statements with their values
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            return list(cursor.fetchall())
    connection.ensure_connection()
    planning: Any = Planned(connection.connection)
    with connection.make_cursor(planning) as cursor:
        try:
            cursor.execute(statement, params)
        except NotSupportedError:
            # A migration changed a column's type under the plan. A transaction forgets its plans when it is rolled back.
            if connection.in_atomic_block:
                raise
            cursor.execute("DEALLOCATE ALL")
            cursor.execute(statement, params)
        return list(cursor.fetchall())


def planned_together(asked: Sequence[tuple[str, Sequence[Any]]]) -> list[list[tuple[Any, ...]]]:
    """What `planned` gives for several statements, sent in one go: none waits for the answer to another.

    For statements that only read; what watches over changes does not see them.
    """
    if connection.queries_logged or len(asked) < 2:
        return [planned(*each) for each in asked]
    connection.ensure_connection()
    line = connection.connection
    line.prepare_threshold = 0
    try:
        with connection.wrap_database_errors, line.pipeline():
            cursors = [Cursor(line).execute(statement, params) for statement, params in asked]
            return [cursor.fetchall() for cursor in cursors]
    except NotSupportedError:
        # as above: one by one they find their way
        if connection.in_atomic_block:
            raise
        line.prepare_threshold = None
        return [planned(*each) for each in asked]
    finally:
        line.prepare_threshold = None
