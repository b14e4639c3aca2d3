"""The run: good staging rows into the records, portion by portion, each portion one transaction that also marks it.

A worker killed in the middle leaves whole portions; the repeated job begins with the first unmarked row. What a portion
cannot take as a whole (another person was faster) is tried row by row, so that an error is its row's own. Rows that
services write come one by one in any case, and in smaller portions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models.functions import Now
from psycopg import sql as pg
from psycopg.types.json import Jsonb

from anju.kernel import clock
from anju.kernel.crypto import EncryptedText, seal_text
from anju.kernel.errors import DomainError, Forbidden
from anju.kernel.http.constraints import explained
from anju.kernel.registers import history
from anju.kernel.registers.importing import staging
from anju.kernel.registers.importing.declaration import FIND, UPDATE, Import, Level
from anju.kernel.registers.importing.row import Row
from anju.kernel.registers.models import Import as ImportRecord
from anju.kernel.registers.models import ImportRow
from anju.kernel.registers.register import Register, find
from anju.kernel.scope import Actor

PORTION = 5000
WRITTEN_PORTION = 200
TYPES = {
    "text": "text",
    "textarea": "text",
    "choice": "text",
    "integer": "integer",
    "number": "numeric",
    "money": "numeric",
    "area": "numeric",
    "date": "date",
    "boolean": "boolean",
    "row": "bigint",
    "bytes": "bytea",
    "json": "jsonb",
}


def size(declared: Import) -> int:
    """How many rows make a portion of an import."""
    return PORTION if declared.write is None else WRITTEN_PORTION


class Portion:
    """Some staging rows of an import on their way in. Everything happens in the caller's transaction."""

    def __init__(self, record: ImportRecord, register: Register[Any], declared: Import, actor: Actor) -> None:
        self.record, self.register, self.declared, self.actor = record, register, declared, actor
        self.now = clock.now()

    def run(self, numbers: Sequence[int]) -> None:
        """Brings the rows in and marks them. Raises `IntegrityError` or a `DomainError` when one cannot be taken."""
        self.load(numbers)
        self.judge_again(numbers)
        for level in self.declared.levels:
            self.write(level)
        self.execute(
            "UPDATE registers_importrow AS row SET state = 'done' FROM import_portion AS part"
            " WHERE row.owner_id = {owner} AND row.number = part.number",
            owner=pg.Literal(self.record.pk),
        )

    def load(self, numbers: Sequence[int]) -> None:
        """The rows as a typed table that lives as long as the transaction."""
        fields = [*self.declared.fields, *self.declared.derived]
        shape = pg.SQL(", ").join(
            pg.SQL("{} {}").format(pg.Identifier(item.key), pg.SQL("bytea" if item.masked else TYPES[item.type]))
            for item in fields
        )
        places = pg.SQL(", ").join(
            pg.SQL("NULL::bigint AS {}, {} AS {}").format(
                place(level), self.presence(level), pg.Identifier(f"has@{level.key}")
            )
            for level in self.declared.levels
        )
        self.execute("DROP TABLE IF EXISTS import_portion")
        self.execute(
            "CREATE TEMP TABLE import_portion ON COMMIT DROP AS SELECT row.number, row.is_new, cell.*, {places}"
            " FROM registers_importrow AS row, jsonb_to_record(row.values) AS cell ({shape})"
            " WHERE row.owner_id = {owner} AND row.state = 'good' AND row.number = ANY({numbers})",
            places=places,
            shape=shape,
            owner=pg.Literal(self.record.pk),
            numbers=pg.Literal(list(numbers)),
        )
        self.execute("ANALYZE import_portion")

    def judge_again(self, numbers: Sequence[int]) -> None:
        """Runs the examinations that are to hold at the writing; a row that is wrong by now stays out, with its reasons."""
        again = [each for each in self.declared.examine if each.again]
        if not again:
            return
        for level in self.declared.levels:
            if level.existing == UPDATE and not level.parents:
                self.lock(level)
        found = ImportRow.objects.filter(owner=self.record, number__in=numbers, state=ImportRow.GOOD)
        staged = {each.number: each for each in found}
        rows = [
            Row(number, staging.opened(self.declared, each.cells), staging.typed(self.declared, each.values))
            for number, each in sorted(staged.items())
        ]
        for examination in again:
            examination.run([row for row in rows if row.sound(examination.needs)], self.actor)
        wrong = [row for row in rows if row.errors]
        for row in wrong:
            each = staged[row.number]
            each.state, each.errors = ImportRow.BAD, staging.told(self.declared, row.errors)
        ImportRow.objects.bulk_update([staged[row.number] for row in wrong], ["state", "errors"], batch_size=1000)
        self.execute(
            "DELETE FROM import_portion WHERE number = ANY({numbers})",
            numbers=pg.Literal([row.number for row in wrong]),
        )

    def lock(self, level: Level) -> None:
        """Locks the records that the rows change, in the order in which everybody locks them."""
        self.execute(
            "SELECT FROM {table} AS stored WHERE EXISTS (SELECT FROM import_portion AS part"
            " WHERE {same} AND NOT part.is_new AND {last}) ORDER BY stored.id FOR NO KEY UPDATE",
            table=pg.Identifier(level.model._meta.db_table),
            same=self.same(level),
            last=self.last(level),
        )

    def presence(self, level: Level) -> pg.Composable:
        """Whether a row has the level."""
        return pg.SQL(" AND ").join(
            pg.SQL("cell.{} IS NOT NULL").format(pg.Identifier(name)) for name in level.own_match
        )

    def last(self, level: Level) -> pg.Composable:
        """Whether the level is the row's last one."""
        later = self.declared.levels[self.declared.levels.index(level) + 1 :]
        parts = [pg.SQL("part.{}").format(pg.Identifier(f"has@{level.key}"))]
        parts += [pg.SQL("NOT part.{}").format(pg.Identifier(f"has@{item.key}")) for item in later]
        return pg.SQL(" AND ").join(parts)

    def source(self, level: Level, name: str) -> pg.Composable:
        """The column of the portion that fills a column of the level's table."""
        parents = level.parents or {}
        if name in parents:
            return pg.SQL("part.{}").format(pg.Identifier(f"id@{parents[name]}"))
        return pg.SQL("part.{}").format(pg.Identifier(level.values[name]))

    def same(self, level: Level) -> pg.Composable:
        """Whether a stored record is the one a row means."""
        return pg.SQL(" AND ").join(
            pg.SQL("stored.{} = {}").format(pg.Identifier(column(level, name)), self.source(level, name))
            for name in level.match
        )

    def write(self, level: Level) -> None:
        """Updates and inserts one level's records, then notes their ids beside the rows."""
        table = pg.Identifier(level.model._meta.db_table)
        has = pg.SQL("part.{}").format(pg.Identifier(f"has@{level.key}"))
        if level.existing != FIND:
            self.refuse_taken(level, table)
            self.update(level, table)
        self.insert(level, table, has)
        self.execute(
            "UPDATE import_portion AS part SET {place} = stored.id FROM {table} AS stored WHERE {has} AND {same}",
            place=place(level),
            table=table,
            has=has,
            same=self.same(level),
        )
        ids = [row[0] for row in self.execute(
            "SELECT DISTINCT {place} FROM import_portion WHERE {place} IS NOT NULL", place=place(level)
        )]  # fmt: skip
        if level.after:
            level.after(ids, self.actor)
        self.stay_in_reach(level, ids)

    def refuse_taken(self, level: Level, table: pg.Composable) -> None:
        """A record that was to be new but is there by now: somebody was faster since the dry run."""
        cursor = self.execute(
            "SELECT part.number FROM import_portion AS part JOIN {table} AS stored ON {same}"
            " WHERE part.is_new AND {last} LIMIT 1",
            table=table,
            same=self.same(level),
            last=self.last(level),
        )
        if cursor:
            raise DomainError(f"{level.title}已存在", code="exists", field=level.own_match[-1])

    def updated_columns(self, level: Level) -> list[str]:
        """The columns that an import may change on a record that exists."""
        return [name for name in level.values if name not in level.match]

    def update(self, level: Level, table: pg.Composable) -> None:
        """Changes existing records where a filled cell differs, with their history; an empty cell changes nothing."""
        names = self.updated_columns(level)
        if not names:
            return
        differs = [
            pg.SQL("({new} IS NOT NULL AND {kept} IS DISTINCT FROM stored.{old})").format(
                new=self.source(level, name), kept=self.kept(level, name), old=pg.Identifier(column(level, name))
            )
            for name in names
        ]
        told = pg.SQL(" || ").join(
            pg.SQL(
                "CASE WHEN {differs} THEN jsonb_build_array(jsonb_build_object("
                "'field', {name}::text, 'old', stored.{old}, 'new', {new})) ELSE '[]'::jsonb END"
            ).format(
                differs=change,
                name=pg.Literal(name),
                old=pg.Identifier(column(level, name)),
                new=self.source(level, name),
            )
            for name, change in zip(names, differs, strict=True)
        )
        where = pg.SQL("{same} AND NOT part.is_new AND {last} AND ({any})").format(
            same=self.same(level), last=self.last(level), any=pg.SQL(" OR ").join(differs)
        )
        self.execute(
            "INSERT INTO registers_registerhistory"
            " (register, row_id, at, actor, actor_name, action, changes, note, import_id)"
            " SELECT {register}, stored.id, {now}, {actor}, {name}, 'import', {told}, {note}, {import_id}"
            " FROM import_portion AS part JOIN {table} AS stored ON {where}",
            told=told,
            table=table,
            where=where,
            **self.authorship(level),
        )
        sets = pg.SQL(", ").join(
            pg.SQL("{column} = COALESCE({kept}, stored.{column})").format(
                column=pg.Identifier(column(level, name)), kept=self.kept(level, name)
            )
            for name in names
        )
        self.execute(
            "UPDATE {table} AS stored SET {sets}, version = stored.version + 1, updated_at = {now}"
            " FROM import_portion AS part WHERE {where}",
            table=table,
            sets=sets,
            where=where,
            now=pg.Literal(self.now),
        )

    def kept(self, level: Level, name: str) -> pg.Composable:
        """What a column holds after the row: its value, or what a JSON column held with the row's parts in it."""
        new = self.source(level, name)
        if isinstance(level.model._meta.get_field(name), models.JSONField):
            return pg.SQL("stored.{old} || {new}").format(old=pg.Identifier(column(level, name)), new=new)
        return new

    def insert(self, level: Level, table: pg.Composable, has: pg.Composable) -> None:
        """Adds the records that are not there, with a line of history each."""
        values = {name: self.source(level, name) for name in [*(level.parents or {}), *level.values]}
        names, sources = [], []
        for item in level.model._meta.concrete_fields:
            if item.primary_key or item.column is None:
                continue
            source = values.get(item.name)
            fallback = self.default(item)
            if source is None and fallback is None:
                continue
            names.append(pg.Identifier(item.column))
            if source is None:
                sources.append(fallback)
            else:
                sources.append(source if fallback is None else pg.SQL("COALESCE({}, {})").format(source, fallback))
        match = pg.SQL(", ").join(pg.Identifier(column(level, name)) for name in level.match)
        distinct = pg.SQL(", ").join(self.source(level, name) for name in level.match)
        self.execute(
            "WITH fresh AS (INSERT INTO {table} ({names})"
            " SELECT DISTINCT ON ({distinct}) {sources} FROM import_portion AS part"
            " WHERE {has} AND NOT EXISTS (SELECT FROM {table} AS stored WHERE {same}) ORDER BY {distinct}, part.number"
            " ON CONFLICT ({match}) DO NOTHING RETURNING id)"
            " INSERT INTO registers_registerhistory"
            " (register, row_id, at, actor, actor_name, action, changes, note, import_id)"
            " SELECT {register}, fresh.id, {now}, {actor}, {name}, 'import', '[]'::jsonb, {note}, {import_id} FROM fresh",
            table=table,
            names=pg.SQL(", ").join(names),
            distinct=distinct,
            sources=pg.SQL(", ").join(source for source in sources if source is not None),
            has=has,
            same=self.same(level),
            match=match,
            **self.authorship(level),
        )

    def default(self, item: models.Field[Any, Any]) -> pg.Composable | None:
        """What a column holds when the sheet says nothing, or None when the database shall decide."""
        office = {"org_path": self.actor.org_path or "/", "division": self.actor.division, "created_by": self.actor.ref}
        if item.name in office:
            return pg.Literal(office[item.name])
        if getattr(item, "auto_now", False) or getattr(item, "auto_now_add", False):
            return pg.Literal(self.now)
        value = item.get_default()
        if value is None:
            return None
        if isinstance(item, EncryptedText):
            return pg.Literal(seal_text(str(value)))
        if isinstance(value, Now):
            return pg.SQL("now()")
        if isinstance(item, models.JSONField):
            return pg.Literal(Jsonb(value))
        return pg.Literal(str(value) if isinstance(value, str) else value)

    def authorship(self, level: Level) -> dict[str, pg.Composable]:
        """Who brings the rows in, as history tells it."""
        return {
            "register": pg.Literal(level.register),
            "now": pg.Literal(self.now),
            "actor": pg.Literal(self.actor.ref),
            "name": pg.Literal(self.actor.name),
            "note": pg.Literal(self.note),
            "import_id": pg.Literal(self.record.pk),
        }

    @property
    def note(self) -> str:
        """What history says of the rows' origin."""
        return f"导入 {self.record.file_name}（第 {self.record.pk} 次）"[:500]

    def stay_in_reach(self, level: Level, ids: Sequence[int]) -> None:
        """Refuses a portion that would put records outside the actor's reach."""
        stored = level.model._default_manager.filter(pk__in=ids)
        within = find(level.register).within(stored, self.actor, self.register.rights.of("import"))
        if within.count() != len(ids):
            raise Forbidden(f"{level.title}不在你的管辖范围内", code="out_of_reach", advice="请核对上级记录")

    def execute(self, text: str, **parts: pg.Composable) -> list[Any]:
        """Runs a statement; gives its rows, if it has any."""
        with connection.cursor() as cursor:
            cursor.execute(pg.SQL(text).format(**parts) if parts else text)
            return list(cursor.fetchall()) if cursor.description else []


def place(level: Level) -> pg.Identifier:
    """Where the portion notes the ids of a level."""
    return pg.Identifier(f"id@{level.key}")


def column(level: Level, name: str) -> str:
    """The column of a field."""
    field = level.model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return str(field.column)


def bring_in(portion: Portion, numbers: Sequence[int]) -> None:
    """Brings rows in together if they can be, else one by one; a row that cannot be taken is marked with its reason."""
    if portion.declared.write:
        write_each(portion, portion.declared.write, numbers)
        return
    try:
        with transaction.atomic():
            portion.run(numbers)
        return
    except (IntegrityError, DataError, DomainError) as error:
        if len(numbers) == 1:
            reject(portion, numbers[0], error)
            return
    middle = len(numbers) // 2
    bring_in(portion, numbers[:middle])
    bring_in(portion, numbers[middle:])


def write_each(portion: Portion, write: Callable[[dict[str, Any], Actor], int], numbers: Sequence[int]) -> None:
    """Brings rows in through the services of their context, each with its line of history."""
    for row in ImportRow.objects.filter(owner=portion.record, number__in=numbers).order_by("number"):
        try:
            with transaction.atomic():
                made = write(staging.typed(portion.declared, row.values), portion.actor)
                history.record(portion.register.key, made, actor=portion.actor, action="import", note=portion.note)
                ImportRow.objects.filter(pk=row.pk).update(state=ImportRow.DONE)
        except (IntegrityError, DataError, DomainError) as error:
            reject(portion, row.number, error)


def reject(portion: Portion, number: int, error: Exception) -> None:
    """Marks a row as not taken."""
    if isinstance(error, IntegrityError):
        refusal: DomainError = explained(error)
    elif isinstance(error, DomainError):
        refusal = error
    else:
        refusal = DomainError("有数字或文字超出可保存的范围", code="out_of_range")
    field = next((item.key for item in portion.declared.fields if item.key == refusal.field), portion.declared.identify)
    row = ImportRow.objects.get(owner=portion.record, number=number)
    row.state = ImportRow.BAD
    value = staging.opened(portion.declared, row.cells).get(field)
    problem = {"field": field, "code": refusal.code, "message": refusal.message, "suggestion": None, "value": value}
    row.errors = staging.told(portion.declared, [problem])
    row.save(update_fields=["state", "errors"])
