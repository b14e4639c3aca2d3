"""Looks into a running server: does it answer, is it new enough, has it the extensions, is the database there."""

from __future__ import annotations

import contextlib
from urllib.parse import unquote, urlsplit, urlunsplit

from tools.devtool.console import Failure
from tools.devtool.postgres.binaries import EXTENSIONS, OLDEST


def name_of(url: str) -> str:
    """The name of the database in an address."""
    return unquote(urlsplit(url).path.lstrip("/"))


def with_name(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def without_password(url: str) -> str:
    """The address as it may be shown."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}@" if parts.username else ""
    return urlunsplit(parts._replace(netloc=f"{user}{host}"))


def prepare(url: str) -> str:
    """Makes the database when it is missing; gives the server's version.

    Raises Failure when the server cannot be reached, is too old or lacks an extension.
    """
    import psycopg

    _create_if_missing(url)
    try:
        connection = psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as refused:
        raise Failure(f"The database {without_password(url)} cannot be opened: {str(refused).strip()}") from refused
    with connection:
        version = connection.info.server_version
        if version < OLDEST * 10_000:
            raise Failure(
                f"The server at {without_password(url)} is PostgreSQL {version // 10_000}; {OLDEST} is needed."
            )
        rows = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
        missing = sorted(set(EXTENSIONS) - {name for (name,) in rows})
        if missing:
            raise Failure(
                f"The PostgreSQL server lacks the extension {' and '.join(missing)}: "
                "install its contrib package (Debian: postgresql-contrib)."
            )
        return str(connection.info.parameter_status("server_version"))


def _create_if_missing(url: str) -> None:
    """Makes the database through the server's maintenance database, as far as that is allowed."""
    import psycopg
    from psycopg import sql

    with (
        contextlib.suppress(psycopg.Error),
        psycopg.connect(with_name(url, "postgres"), connect_timeout=10, autocommit=True) as maintenance,
    ):
        found = maintenance.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name_of(url)]).fetchone()
        if not found:
            maintenance.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name_of(url))))


def drop(url: str) -> None:
    """Drops the database, whoever is connected to it."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(with_name(url, "postgres"), connect_timeout=10, autocommit=True) as maintenance:
        maintenance.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name_of(url))))


def answers(url: str) -> bool:
    """Whether a query is answered within two seconds."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.Error:
        return False
