"""Taking a whole import back, as long as nothing rests on it: what it made is removed, what it changed is as before.

All or nothing: one row that somebody touched since, or that another record needs, keeps the import as it is, and the
refusal names it. What the import did stands in the history of the rows (`import_id`), and so does that it was undone.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models
from psycopg import sql as pg

from anju.kernel import clock
from anju.kernel.errors import Conflict
from anju.kernel.registers.importing.declaration import Import, Level
from anju.kernel.registers.importing.running import column
from anju.kernel.registers.models import Import as ImportRecord
from anju.kernel.registers.register import find
from anju.kernel.scope import Actor

MADE = "h.changes = '[]'::jsonb"


class InUse(Conflict):
    """Something rests on what the import brought in; the message says what."""

    code, advice = "import.in_use", "请先处理这些记录，或到登记册里逐条修改"


def undo(record: ImportRecord, declared: Import, actor: Actor) -> dict[str, int]:
    """Takes an import back in the caller's transaction; gives how many records were removed and restored.

    Raises `InUse` with the first record that was changed since, or with the kind of records that need one.
    """
    levels = {level.register: level for level in declared.levels}
    removed = restored = 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for level in levels.values():
        untouched(record, level)
    for level in reversed(levels.values()):
        restored += restore(record, level, actor)
        removed += remove(record, level, actor)
    return {"removed": removed, "restored": restored}


def untouched(record: ImportRecord, level: Level) -> None:
    """Raises `InUse` when somebody changed one of the level's records after the import."""
    found = execute(
        "SELECT later.row_id, later.action, count(*) OVER () FROM registers_registerhistory AS h"
        " JOIN registers_registerhistory AS later ON later.register = h.register AND later.row_id = h.row_id"
        "  AND later.id > h.id AND later.import_id IS DISTINCT FROM h.import_id"
        " WHERE h.import_id = {id} AND h.register = {register} ORDER BY later.id LIMIT 1",
        record,
        level,
    )
    if found:
        row_id, _, count = found[0]
        row = level.model._default_manager.filter(pk=row_id).first()
        name = f"“{row}”" if row is not None else "其中一条"
        raise InUse(f"{level.title}{name}等记录在导入后又有 {count} 次变动，不能整批撤销")


def remove(record: ImportRecord, level: Level, actor: Actor) -> int:
    """Removes the records that the import made."""
    try:
        gone = execute(
            "WITH gone AS (DELETE FROM {table} AS t USING registers_registerhistory AS h"
            f" WHERE h.import_id = {{id}} AND h.register = {{register}} AND {MADE} AND t.id = h.row_id RETURNING t.id)"
            " INSERT INTO registers_registerhistory"
            " (register, row_id, at, actor, actor_name, action, changes, note, import_id)"
            " SELECT {register}, gone.id, {now}, {actor}, {name}, 'delete', '[]'::jsonb, {note}, NULL FROM gone"
            " RETURNING row_id",
            record,
            level,
            actor,
        )
    except IntegrityError as error:
        raise InUse(f"{needed_by(error)}已在使用这次导入的{level.title}，不能整批撤销") from error
    return len(gone)


def needed_by(error: IntegrityError) -> str:
    """What kind of record keeps another from being removed."""
    diagnosis = getattr(error.__cause__, "diag", None)
    table = getattr(diagnosis, "table_name", "") or ""
    model = next((each for each in apps.get_models() if each._meta.db_table == table), None)
    return next((f"“{each.title}”" for each in registers_of(model)), "其他记录") if model else "其他记录"


def registers_of(model: type[models.Model]) -> list[Any]:
    """The registers over a table."""
    from anju.kernel.registers.register import REGISTERS

    return [each for each in REGISTERS.values() if each.model is model]


def restore(record: ImportRecord, level: Level, actor: Actor) -> int:
    """Puts back what the import changed, field by field."""
    changed = 0
    for name in [name for name in level.values if name not in level.match]:
        field = level.model._meta.get_field(name)
        assert isinstance(field, models.Field)
        kind = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
        old = "c.change->'old'" if isinstance(field, models.JSONField) else f"(c.change->>'old')::{kind}"
        execute(
            f"UPDATE {{table}} AS t SET {{column}} = {old}"
            " FROM registers_registerhistory AS h, jsonb_array_elements(h.changes) AS c(change)"
            " WHERE h.import_id = {id} AND h.register = {register} AND t.id = h.row_id AND c.change->>'field' = {field}"
            " RETURNING t.id",
            record,
            level,
            column=pg.Identifier(column(level, name)),
            field=pg.Literal(name),
        )
    changed += len(
        execute(
            "WITH back AS (UPDATE {table} AS t SET version = t.version + 1, updated_at = {now}"
            f" FROM registers_registerhistory AS h WHERE h.import_id = {{id}} AND h.register = {{register}}"
            f" AND NOT {MADE} AND t.id = h.row_id RETURNING t.id, h.changes)"
            " INSERT INTO registers_registerhistory"
            " (register, row_id, at, actor, actor_name, action, changes, note, import_id)"
            " SELECT {register}, back.id, {now}, {actor}, {name}, 'change',"
            " (SELECT jsonb_agg(jsonb_build_object('field', c->'field', 'old', c->'new', 'new', c->'old'))"
            "  FROM jsonb_array_elements(back.changes) AS c), {note}, NULL FROM back RETURNING row_id",
            record,
            level,
            actor,
        )
    )
    return changed


def execute(
    text: str, record: ImportRecord, level: Level, actor: Actor | None = None, **parts: pg.Composable
) -> list[Any]:
    """Runs a statement about what an import did to the records of a level."""
    named: dict[str, pg.Composable] = {
        "id": pg.Literal(record.pk),
        "register": pg.Literal(level.register),
        "table": pg.Identifier(find(level.register).model._meta.db_table),
        "now": pg.Literal(clock.now()),
        "actor": pg.Literal(actor.ref if actor else ""),
        "name": pg.Literal(actor.name if actor else ""),
        "note": pg.Literal(f"撤销导入 {record.file_name}（第 {record.pk} 次）"[:500]),
    }
    with connection.cursor() as cursor:
        cursor.execute(pg.SQL(text).format(**(named | parts)))
        return list(cursor.fetchall())
