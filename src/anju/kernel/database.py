"""Connections that died behind our back: after a restart of PostgreSQL the pool is full of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection
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
