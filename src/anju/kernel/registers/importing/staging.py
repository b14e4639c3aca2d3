"""Staging rows: written by COPY, read by the pages and by the run; personal text in them is sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from anju.kernel.crypto import open_text, seal_text
from anju.kernel.http.json import dumps
from anju.kernel.registers.importing.checking import Examiner, identity, repeat_key
from anju.kernel.registers.importing.declaration import Import
from anju.kernel.registers.importing.row import Row, plain
from anju.kernel.registers.models import ImportRow

COPY = """
    COPY registers_importrow (owner_id, number, state, is_new, key, makes, cells, values, errors, warnings) FROM STDIN
"""


def json(value: Any) -> str:
    """A JSON column's text; the null character cannot be stored and is dropped."""
    return dumps(value).decode().replace("\\u0000", "")


def kept(declared: Import, values: Mapping[str, Any]) -> dict[str, Any]:
    """Cells or values as JSON; personal text is sealed, bytes have the form that a bytea column reads."""
    return {key: stored(value, sealed=key in declared.masks) for key, value in values.items()}


def stored(value: Any, *, sealed: bool = False) -> Any:
    """One cell or value as `kept` keeps it."""
    if value is not None and sealed:
        value = seal_text(str(plain(value)))
    return "\\x" + value.hex() if isinstance(value, bytes) else plain(value)


def opened(declared: Import, row: Mapping[str, Any]) -> dict[str, Any]:
    """What `kept` kept, with personal text readable again."""
    masks = declared.masks
    return {
        key: open_text(bytes.fromhex(value[2:])) if value is not None and key in masks else value
        for key, value in row.items()
    }


def typed(declared: Import, row: Mapping[str, Any]) -> dict[str, Any]:
    """What `kept` kept of a row's values, in the types of their fields again."""
    return {
        key: declared.field(key).read(value) if isinstance(value, str) else value
        for key, value in opened(declared, row).items()
    }


def told(declared: Import, problems: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Problems as they are kept and shown: what personal text was refused stays behind its mask."""
    shown = []
    for problem in problems:
        mask = declared.masks.get(problem["field"])
        value = problem["value"]
        shown.append({**problem, "value": mask(str(value)), "suggestion": None} if mask and value else {**problem})
    return shown


def fields_of(examiner: Examiner, row: Row) -> tuple[Any, ...]:
    """A row as staging keeps it."""
    return (
        row.number, ImportRow.BAD if row.errors else ImportRow.GOOD, row.is_new, identity(examiner.declared, row),
        repeat_key(examiner, row), json(kept(examiner.declared, row.cells)), json(kept(examiner.declared, row.values)),
        json(told(examiner.declared, row.errors)), json(row.warnings),
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
