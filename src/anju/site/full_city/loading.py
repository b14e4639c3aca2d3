"""Writing very many rows: COPY into tables whose indexes, foreign keys and triggers are put aside and built anew after.

Nothing is skipped by that: building an index or adding a constraint checks every row, at a fraction of the cost of
doing it row by row. What triggers would have filled is written by the caller and is the caller's to get right.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from django.apps import apps
from django.db import connection, models
from psycopg.types.json import Jsonb

from anju.kernel.crypto import EncryptedText, seal_text

BYTES_AT_ONCE = 1 << 18
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

ASIDE = """
    SELECT 'ALTER TABLE %(table)s DROP CONSTRAINT ' || quote_ident(conname),
           'ALTER TABLE %(table)s ADD CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid),
           CASE contype WHEN 'f' THEN 2 ELSE 1 END
      FROM pg_constraint WHERE conrelid = '%(table)s'::regclass AND contype IN ('f', 'u', 'x')
    UNION ALL
    SELECT 'DROP INDEX ' || indexrelid::regclass, pg_get_indexdef(indexrelid), 0
      FROM pg_index WHERE indrelid = '%(table)s'::regclass AND NOT indisprimary
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('u', 'x'))
"""
COUNTER = """
    INSERT INTO numbering_counter (kind, area, year, last) VALUES (%s, %s, %s, %s)
    ON CONFLICT (kind, area, year) DO UPDATE SET last = greatest(numbering_counter.last, excluded.last)
"""


def text(value: Any) -> str:
    """A value as COPY's text format holds it."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes):
        return f"\\\\x{value.hex()}"
    if isinstance(value, str):
        return value.translate(ESCAPED)
    if isinstance(value, dict):
        return orjson.dumps(value).decode().translate(ESCAPED)
    if isinstance(value, list):
        return "{" + ",".join(map(str, value)) + "}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, int | Decimal):
        return str(value)
    raise TypeError(f"no column of ours holds {type(value).__name__}")


def model_of(label: str) -> type[models.Model]:
    """The model behind `supply.Unit`; contexts keep their tables to themselves, so the registry is asked."""
    return apps.get_model(label)


def default_of(field: models.Field[Any, Any]) -> Any:
    """What a column holds when nothing is said of it; sealed where the column is."""
    default = field.get_default()
    return seal_text(default) if isinstance(field, EncryptedText) and default is not None else default


class Sheet:
    """Rows for one table. `names` are given for each row, in order; `same` alike for all; the rest by default.

    Columns that are `left` are not written, so that the database's own default fills them.
    """

    def __init__(self, label: str, *names: str, left: Collection[str] = (), **same: Any) -> None:
        self.model = model_of(label)
        fields = {field.name: field for field in self.model._meta.concrete_fields}
        rest = {name: field for name, field in fields.items() if name not in names and name not in left}
        unknown = {*names, *same} - set(fields)
        if unknown:
            raise ValueError(f"{label} has no {', '.join(sorted(unknown))}")
        self.table = self.model._meta.db_table
        self.columns = [fields[name].column for name in names] + [field.column for field in rest.values()]
        constant = [same[name] if name in same else default_of(field) for name, field in rest.items()]
        self.tail = "".join(f"\t{text(value)}" for value in constant) + "\n"
        self.lines: list[str] = []

    def add(self, *values: str) -> None:
        """One row, each value already as COPY's text."""
        self.lines.append("\t".join(values) + self.tail)

    def take(self) -> bytes:
        """The rows added so far as COPY's text, and no rows any more; another process may pour them."""
        lines, self.lines = self.lines, []
        return "".join(lines).encode()

    def pour(self, content: bytes) -> None:
        """Copies what `take` gave."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        with (
            connection.cursor() as cursor,
            cursor.copy(f'COPY "{self.table}" ({columns}) FROM STDIN') as copy,
        ):
            for start in range(0, len(content), BYTES_AT_ONCE):
                copy.write(content[start : start + BYTES_AT_ONCE])

    def write(self) -> None:
        """Copies what was added so far."""
        self.pour(self.take())


def fill(label: str, source: str, columns: dict[str, str], **same: Any) -> int:
    """Rows made in the database: an SQL expression over `source` for each named column, the rest as in `Sheet`."""
    model = model_of(label)
    fields = {field.name: field for field in model._meta.concrete_fields}
    said = {fields[name].column: expression for name, expression in columns.items()}
    rest = {field.column: same[name] if name in same else default_of(field)
            for name, field in fields.items() if name not in columns}  # fmt: skip
    names = ", ".join(f'"{name}"' for name in (*said, *rest))
    values = ", ".join([*said.values(), *["%s"] * len(rest)])
    with connection.cursor() as cursor:
        given: list[Any] = [Jsonb(value) if isinstance(value, dict) else value for value in rest.values()]
        cursor.execute(f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {values} {source}', given)
        return int(cursor.rowcount)


@contextmanager
def temporary(name: str, definition: str) -> Iterator[Callable[[bytes], None]]:
    """A table of this transaction; gives what pours COPY's text into it."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({definition}) ON COMMIT DROP")

    def pour(content: bytes) -> None:
        with connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
            copy.write(content)

    yield pour
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {name}")


def listed(name: str, definition: str, rows: Iterable[Iterable[Any]]) -> None:
    """A table of this transaction with these rows."""
    with temporary(name, definition) as pour:
        pour("".join("\t".join(map(text, row)) + "\n" for row in rows).encode())


class Numbers:
    """The numbers of a kind by area and year, going on after those that were given."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        with connection.cursor() as cursor:
            cursor.execute("SELECT area, year, last FROM numbering_counter WHERE kind = %s", [kind])
            self.last = {(area, year): int(last) for area, year, last in cursor.fetchall()}

    def next(self, area: str, year: int) -> int:
        """The next number."""
        number = self.last[area, year] = self.last.get((area, year), 0) + 1
        return number

    def write(self) -> None:
        """Lets the next real one take the next number."""
        with connection.cursor() as cursor:
            cursor.executemany(COUNTER, [[self.kind, area, year, last] for (area, year), last in self.last.items()])


def first_free_id(label: str) -> int:
    """The next id of a table; `bulk_loading` moves the sequences past what was written."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT coalesce(max(id), 0) + 1 FROM "{model_of(label)._meta.db_table}"')
        return int(cursor.fetchone()[0])


@contextmanager
def bulk_loading(labels: Iterable[str], say: Callable[[str], None]) -> Iterator[None]:
    """Puts indexes, foreign keys and triggers of the tables aside for the block and builds them anew after it."""
    tables = [model_of(label)._meta.db_table for label in labels]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL synchronous_commit = off")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        later: list[tuple[int, str]] = []
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            cursor.execute(ASIDE % {"table": table})
            # foreign keys go first and come last: they stand on the unique constraints
            for away, back, order in sorted(cursor.fetchall(), key=lambda row: -row[2]):
                cursor.execute(away)
                later.append((order, back))
        yield
        began = time.monotonic()
        for _, back in sorted(later, key=lambda item: item[0]):
            cursor.execute(back)
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT coalesce(max(id), 1) FROM \"{table}\"))"
            )
        say(f"索引与约束重建 {time.monotonic() - began:.0f} 秒")
