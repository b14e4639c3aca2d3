"""Staging rows: written by COPY, read by the pages and by the run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from anju.kernel.http.json import dumps
from anju.kernel.registers.importing.checking import Examiner, Row, identity, plain, repeat_key
from anju.kernel.registers.models import ImportRow

COPY = """
    COPY registers_importrow (owner_id, number, state, is_new, key, makes, cells, values, errors, warnings) FROM STDIN
"""


def json(value: Any) -> str:
    """A JSON column's text; the null character cannot be stored and is dropped."""
    return dumps(value).decode().replace("\\u0000", "")


def fields_of(examiner: Examiner, row: Row) -> tuple[Any, ...]:
    """A row as staging keeps it."""
    return (
        row.number, ImportRow.BAD if row.errors else ImportRow.GOOD, row.is_new, identity(examiner.declared, row),
        repeat_key(examiner, row), json({key: plain(value) for key, value in row.cells.items()}), json(row.values),
        json(row.errors), json(row.warnings),
    )  # fmt: skip


def keep(owner: int, examiner: Examiner, rows: Iterable[Row]) -> None:
    """Writes examined rows of an import by COPY."""
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for row in rows:
            copy.write_row((owner, *fields_of(examiner, row)))


REASONS = """
    SELECT problem->>'field', problem->>'code', count(DISTINCT row.number)
    FROM registers_importrow AS row, jsonb_array_elements(row.errors) AS problem
    WHERE row.owner_id = %s AND row.state = 'bad' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""


def reasons(owner: int) -> list[tuple[str, str, int]]:
    """Field, code and number of rows of each kind of error."""
    with connection.cursor() as cursor:
        cursor.execute(REASONS, [owner])
        return [(str(field), str(code), int(count)) for field, code, count in cursor.fetchall()]
