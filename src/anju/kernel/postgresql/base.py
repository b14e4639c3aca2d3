"""Django's PostgreSQL, but a connection taken from the pool is looked at here, not asked about over the line.

Django sends an empty statement with each connection that it takes, which is once a request: a fifth of the exchanges of a
small one. A server that ended or was restarted has closed its side, and that can be seen without asking.
"""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg_pool import ConnectionPool


def still_open(line: Connection[Any]) -> None:
    """Raises `psycopg.OperationalError` for a connection whose server is gone.

    On an idle line nothing is to be read; where there is something, be it an end or a notice, the server is asked.
    """
    watched = select.poll()
    watched.register(line.fileno(), select.POLLIN)
    if watched.poll(0):
        ConnectionPool.check_connection(line)


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend that `ENGINE` names."""

    @property
    def pool(self) -> Any:
        pool = super().pool
        if pool is not None and pool._check is ConnectionPool.check_connection:
            # Django leaves no other place to say so
            pool._check = still_open
        return pool
