"""Pools that look at a connection instead of asking its server after it; an idle line on which nothing lies is alive."""

from __future__ import annotations

import select
from typing import Any

from psycopg import AsyncConnection, Connection
from psycopg_pool import AsyncConnectionPool, ConnectionPool


def silent(line: Connection[Any] | AsyncConnection[Any]) -> bool:
    """Whether nothing is to be read from an idle connection. A server that ended has closed its side, which is read."""
    watched = select.poll()
    watched.register(line.fileno(), select.POLLIN)
    return not watched.poll(0)


def still_open(line: Connection[Any]) -> None:
    """Raises `psycopg.OperationalError` for a connection whose server is gone."""
    if not silent(line):
        # an end or a notice: the server is asked which
        ConnectionPool.check_connection(line)


async def still_open_here(line: AsyncConnection[Any]) -> None:
    """As `still_open`, for the worker's own connections."""
    if not silent(line):
        await AsyncConnectionPool.check_connection(line)


class LookingPool(AsyncConnectionPool[Any]):
    """The pool of the worker's loop, which by itself asks after every connection that it gives out."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "check": still_open_here})
