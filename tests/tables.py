"""Puts the tables back after a test that commits: only those it wrote to. Django would empty and refill them all."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from psycopg import sql


class Tables:
    """All tables of models, and what stands in some of them from the start: definitions, catalogues, kinds of content."""

    def __init__(self) -> None:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        self.names = sorted(names)
        self.from_the_start = {name: content(name) for name in self.filled()}

    def filled(self) -> set[str]:
        """The tables that have rows, found in one statement."""
        one = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
        asked = sql.SQL(" UNION ALL ").join(one.format(name, sql.Identifier(name)) for name in self.names)
        with connection.cursor() as cursor:
            cursor.execute(asked)
            return {name for (name,) in cursor.fetchall()}

    def put_back(self) -> None:
        """Everything as it was at the start; sequences go on, as they do for Django."""
        changed = self.filled() - set(self.from_the_start)
        changed |= {name for name, kept in self.from_the_start.items() if content(name) != kept}
        if changed:
            self.replace(sorted(changed))

    def replace(self, names: Iterable[str]) -> None:
        """Empties these tables and fills those that were filled; triggers and references, true before, look away."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for name in names:
                cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
                if kept := self.from_the_start.get(name):
                    with cursor.cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                        copy.write(kept)


def content(name: str) -> bytes:
    """The rows of a table, as the server writes them."""
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as copy,
    ):
        return b"".join(bytes(part) for part in copy)
