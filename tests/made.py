"""The tests' database is copied from one whose tables are made: making them takes long, and every test process wants them.

It lies on the same server and stays there; when the program is another than it was made by, it is made anew.
`python -m tests.made` makes it before the tests want it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]


def made() -> str:
    """The name of that database. Test processes that want it at once wait for the first."""
    name, program = f"made_for_{connection.settings_dict['NAME']}", digest()
    told = {key: connection.settings_dict[key.upper()] for key in ("host", "port", "user", "password")}
    with psycopg.connect(dbname="postgres", autocommit=True, **told) as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        by = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        if server.execute(by, [name]).fetchone() != (program,):
            quoted = sql.Identifier(name)
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted))
            server.execute(sql.SQL("CREATE DATABASE {}").format(quoted))
            make(name)
            server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(quoted, program))
    return name


def digest() -> str:
    """One hash over the program and the versions of its packages; migrations run through both."""
    total = hashlib.sha256()
    for path in sorted((ROOT / "src").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    total.update((ROOT / "uv.lock").read_bytes())
    return total.hexdigest()


def make(name: str) -> None:
    """All tables, in this database."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's connections have it
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's connections have it
        connection.settings_dict["NAME"] = usual


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.site.settings")
    django.setup()
    made()
