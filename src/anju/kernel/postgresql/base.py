"""Django's PostgreSQL, but a connection taken from the pool is looked at here, not asked about over the line.

Django sends an empty statement with each connection that it takes, which is once a request: a fifth of the exchanges of a
small one. A server that ended or was restarted has closed its side, and that can be seen without asking.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

from anju.kernel.postgresql.pools import still_open


class DatabaseWrapper(base.DatabaseWrapper):
    """The backend that `ENGINE` names."""

    @property
    def pool(self) -> Any:
        pool = super().pool
        if pool is not None and pool._check is ConnectionPool.check_connection:
            # Django leaves no other place to say so
            pool._check = still_open
        return pool
