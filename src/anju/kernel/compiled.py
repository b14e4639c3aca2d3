"""Statements sent at every step, compiled once: the ORM's own, sent again with other values.

Compiling a query over a wide table takes the ORM longer than PostgreSQL takes to answer it, and a connection keeps the plan.
Only for queries whose form never changes, on paths where that was measured; everywhere else a query set says more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models import QuerySet

from anju.kernel.database import planned, planned_together

M = TypeVar("M", bound=models.Model)
Key = int | str


@dataclass(frozen=True)
class Statement(Generic[M]):
    """A compiled query: its text, where each key goes, and how a row becomes an instance."""

    model: type[M]
    sql: str
    slots: list[tuple[bool, Any]]
    names: list[str]
    readers: list[tuple[int, list[Callable[..., Any]]]]


class Compiled(Generic[M]):
    """A query as a function of keys: `Compiled(lambda case: Case.objects.filter(pk=case))(12)` gives a list of rows.

    Deferred fields stay deferred, `select_for_update` locks; `select_related` and annotations are not for this.
    """

    def __init__(self, query: Callable[..., QuerySet[M]]) -> None:
        self.query = query
        self._statement: Statement[M] | None = None

    def __call__(self, *keys: Key) -> list[M]:
        """The rows for these keys."""
        ahead = _AHEAD.get()
        if ahead is not None and (self, keys) in ahead:
            return ahead[self, keys]
        return self.made(planned(*self.asked(keys)))

    def asked(self, keys: tuple[Key, ...]) -> tuple[str, list[Any]]:
        """The statement for these keys, and its values."""
        how = self._statement = self._statement or compiled(self.query, keys)
        return how.sql, [keys[given] if is_slot else given for is_slot, given in how.slots]

    def made(self, fetched: list[tuple[Any, ...]]) -> list[M]:
        """The instances of what was fetched."""
        how = self._statement
        assert how is not None
        rows = []
        for found in fetched:
            values = list(found)
            for position, readers in how.readers:
                for read in readers:
                    values[position] = read(values[position], None, connection)
            rows.append(how.model.from_db(DEFAULT_DB_ALIAS, how.names, values))
        return rows

    def one(self, *keys: Key) -> M | None:
        """The first row for these keys, None where there is none."""
        return next(iter(self(*keys)), None)


_AHEAD: ContextVar[Mapping[tuple[Compiled[Any], tuple[Key, ...]], list[Any]] | None] = ContextVar("ahead", default=None)


@contextmanager
def read_ahead(*wanted: tuple[Compiled[Any], tuple[Key, ...]]) -> Iterator[None]:
    """Within the block these queries with these keys are answered from what is read now, all in one exchange.

    For a page that only reads: whoever asks again gets the same instances.
    """
    fetched = planned_together([query.asked(keys) for query, keys in wanted])
    answers = {each: each[0].made(rows) for each, rows in zip(wanted, fetched, strict=True)}
    token = _AHEAD.set(answers)
    try:
        yield
    finally:
        _AHEAD.reset(token)


def compiled(query: Callable[..., QuerySet[M]], keys: tuple[Key, ...]) -> Statement[M]:
    """Compiles a query with stand-ins of the keys' types. Raises ValueError when a key has no place in the statement."""
    samples = [stand_in(key, number) for number, key in enumerate(keys)]
    rows = query(*samples)
    sql, params = rows.query.sql_with_params()
    slots = [(True, samples.index(value)) if value in samples else (False, value) for value in params]
    if {given for is_slot, given in slots if is_slot} != set(range(len(keys))):
        raise ValueError("a key of the query has no place in its statement")
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    compiler.setup_query()
    fields = [column.target for column, _, _ in compiler.select]
    readers = [(at, found) for at, field in enumerate(fields) if (found := field.get_db_converters(connection))]
    return Statement(rows.model, sql, slots, [field.attname for field in fields], readers)


def stand_in(key: Key, number: int) -> Key:
    """What stands for a key while compiling; no id of ours is negative, no text of ours like this."""
    return -9_170_000 - number if isinstance(key, int) else f"·stand-in {number}·"


@dataclass(frozen=True)
class Insertion:
    """How a row of a model is added: the statement, and the fields whose values it takes."""

    sql: str
    fields: list[models.Field[Any, Any]]


_insertions: dict[type[models.Model], Insertion] = {}


def added(row: M) -> M:
    """Adds a new row and gives it its key, as `save` does, without compiling the statement again.

    For rows that are only ever added: signals are not sent, and what the database fills in by default is its own and not
    read back. Raises ValueError for a model with a field that needs more than a plain place in the statement.
    """
    how = _insertions.get(type(row))
    if how is None:
        how = _insertions[type(row)] = insertion(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in how.fields]
    with connection.cursor() as cursor:
        cursor.execute(how.sql, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def insertion(model: type[models.Model]) -> Insertion:
    """The statement that adds a row of a model."""
    key = model._meta.pk
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if field is not key and not field.generated and (field.editable or not field.has_db_default())
    ]
    if any(hasattr(field, "get_placeholder") or field.has_db_default() for field in fields):
        raise ValueError(f"{model.__name__} has a field that needs more than a plain place")
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places}) RETURNING {quote(str(key.column))}"
    return Insertion(sql, fields)
