"""The list of a register: SQL built from the declaration, straight to JSON, no model instances.

A page takes two statements. The first finds which rows stand on it and reads nothing but their order; the second, whose
text never changes, reads what is shown of them, and each connection plans it once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet, ImproperlyConfigured
from django.db import connection, models
from django.db.models import BooleanField, F, Func, Q, QuerySet
from psycopg import ClientCursor

from anju.kernel.database import planned
from anju.kernel.errors import DomainError
from anju.kernel.registers.columns import Column
from anju.kernel.registers.filters import MAX_VALUES, BadFilter
from anju.kernel.registers.offers import shut_of
from anju.kernel.registers.paging import Cursor, Piece, Sort, gathered, order_of, stretches
from anju.kernel.registers.register import Register
from anju.kernel.registers.subjects import tell
from anju.kernel.scope import Actor

MAX_LIMIT = 200
EXACT_UP_TO = 1000
ESTIMATE_SECONDS = 60.0
# A search with more hits than this is read in the order of the list; one with fewer gathers its hits and sorts them.
GATHER_UP_TO = 100_000
# A walk in the order of the list is tried for a search that should fill its page within so many rows.
WALK_UP_TO = 2000
SHUT = "shut"
M = TypeVar("M", bound=models.Model)
Row = dict[str, Any]
Edge = tuple[Any, int]


class NotSortable(DomainError):
    """The column has no index that carries its order."""

    code, message, advice = "register.not_sortable", "不能按这一列排序", "请按带排序标记的列排序"


@dataclass(frozen=True)
class Query:
    """What a page of the list was asked with."""

    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    q: str = ""
    sort: str = ""
    cursor: str = ""
    limit: int = 50

    @staticmethod
    def read(parameters: Any) -> Query:
        """The query in the parameters of an address; unknown ones are left to others."""
        filters = {
            key[2:]: values
            for key in parameters
            if key.startswith("f.") and (values := [v for v in parameters.getlist(key) if v])
        }
        return Query(filters, parameters.get("q", "").strip(), parameters.get("sort", ""))


def narrowed(register: Register[M], rows: QuerySet[M], query: Query, actor: Actor) -> QuerySet[M]:
    """The rows that filters and search keep for an actor. Raises `BadFilter`."""
    condition, computed = Q(), {}
    for key, values in query.filters.items():
        item = register.filter_of.get(key)
        if item is None:
            raise BadFilter(f"没有“{key[:40]}”这个筛选项", field=f"f.{key}")
        if len(values) > MAX_VALUES:
            raise BadFilter(f"一次最多选 {MAX_VALUES} 项", field=f"f.{key}")
        if key in register.aliases:
            computed[item.path] = register.aliases[key]
        condition &= item.condition(register.filter_field[key], values)
    if query.q and register.search:
        condition &= register.search.asked(query.q, register.model, actor)
    return rows.alias(**computed).filter(condition) if condition else rows


def apart(register: Register[Any], query: Query) -> list[Piece]:
    """The pieces in which a filter wants its rows to be read, none where it does not."""
    pieces = [register.filter_of[key].apart(values) for key, values in query.filters.items()]
    return next(([Piece(*each) for each in found] for found in pieces if found), [])


def piecewise(
    rows: QuerySet[M], pieces: Sequence[Piece], cursor: Cursor | None, down: bool, number: int
) -> QuerySet[M, Any]:
    """The first rows by number of each piece, merged."""
    row_id = cursor.id if cursor is not None else None
    chosen = rows.values_list("pk", "pk")
    first, *others = (
        chosen.filter(each.beyond(row_id, greater=not down)).order_by(*each.order(down))[:number] for each in pieces
    )
    return first.union(*others, all=True).order_by("-pk" if down else "pk")[:number] if others else first


def sort_of(register: Register[Any], text: str) -> Sort:
    """The order that was asked for, the register's own when none was; raises `NotSortable`."""
    sort = register.sort(text or register.order)
    if sort is None:
        raise NotSortable(field="sort", details={"sort": text[:60]})
    return sort


class Reader:
    """Reads chosen columns of a register as dictionaries ready for JSON.

    With `offering`, each row says in `shut` what the page must not offer for it now.
    """

    def __init__(self, register: Register[Any], columns: Sequence[Column], *, offering: bool = False) -> None:
        self.register = register
        lead = {
            "id": "pk",
            **({"version": "version"} if register.versioned else {}),
            **{key: key for key in register.extra},
        }
        self.annotations = {f"column_{i}": c.expression for i, c in enumerate(columns) if c.expression is not None}
        if offering and register.offers:
            self.annotations[SHUT] = shut_of(register.model, register.offers)
            lead[SHUT] = SHUT
        self.keys = [*lead, *(column.key for column in columns)]
        self.paths = [
            *lead.values(),
            *(f"column_{i}" if c.expression is not None else c.path for i, c in enumerate(columns)),
        ]
        self.readers: list[tuple[int, Callable[[Any], Any]]] = []
        for position, column in enumerate(columns, start=len(lead)):
            convert = reader_of(column, register.field_of[column.key])
            if convert:
                self.readers.append((position, convert))

    @cached_property
    def statement(self) -> str:
        """The statement that reads the rows of some ids, the ids being its only value."""
        written = self.sql(self.register.base().filter(Among(F("pk"))))
        if written is None:
            raise ImproperlyConfigured(f"{self.register.key}: no row can ever be listed")
        sql, params = written
        connection.ensure_connection()
        literal = ClientCursor(connection.connection).mogrify(sql, params)
        return literal.replace("%", "%%").replace(Among.mark, "%s")

    def of(self, ids: Sequence[int]) -> list[Row]:
        """The rows of ids, in their order; one that is gone meanwhile is left out."""
        if not ids:
            return []
        found = {row["id"]: row for row in self.shape(planned(self.statement, [ids]))}
        return [found[each] for each in ids if each in found]

    def sql(self, rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]] | None:
        """The statement that reads the rows' columns, or None when no row can match."""
        chosen = rows.annotate(**self.annotations) if self.annotations else rows
        try:
            sql, params = chosen.values_list(*self.paths).query.sql_with_params()
        except EmptyResultSet:
            return None
        return sql, params

    def fetch(self, rows: QuerySet[Any]) -> list[Row]:
        """The rows as dictionaries."""
        statement = self.sql(rows)
        if statement is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(*statement)
            fetched = cursor.fetchall()
        return self.shape(fetched)

    def shape(self, fetched: Sequence[Sequence[Any]]) -> list[Row]:
        """Tuples of the statement as dictionaries, masked where the declaration says so."""
        if not self.readers:
            return [dict(zip(self.keys, row, strict=True)) for row in fetched]
        shaped = []
        for row in fetched:
            values = list(row)
            for position, convert in self.readers:
                values[position] = convert(values[position])
            shaped.append(dict(zip(self.keys, values, strict=True)))
        return shaped


def reader_of(column: Column, source: models.Field[Any, Any] | None) -> Callable[[Any], Any] | None:
    """What must be done to a stored value before it may be shown, or None."""
    decode = getattr(source, "from_db_value", None)
    mask = column.masked

    def read(value: Any) -> Any:
        if decode is not None:
            value = decode(value, None, connection)
        if mask is not None:
            value = mask(str(value)) if value else value
        return value

    return read if decode or mask else None


class Among(Func):
    """Whether a key is one of those that the statement is given when it runs."""

    mark = "#ids#"
    template = f"%(expressions)s = ANY({mark}::bigint[])"
    output_field = BooleanField()


_readers: dict[tuple[str, tuple[tuple[str, str], ...]], Reader] = {}


def list_reader(register: Register[Any]) -> Reader:
    """The reader of a register's list; made once."""
    key = (register.key, register.variant)
    if key not in _readers:
        if len(_readers) > 1000:
            _readers.clear()
        listed = [column for column in register.columns if column.listed]
        _readers[key] = Reader(register, listed, offering=True)
    return _readers[key]


def page(register: Register[Any], actor: Actor, query: Query) -> dict[str, Any]:
    """A page of rows with the cursors to its neighbours and about how many rows there are in all."""
    limit = max(1, min(query.limit, MAX_LIMIT))
    sort = sort_of(register, query.sort)
    sort_field = register.model._meta.get_field(sort.field)
    assert isinstance(sort_field, models.Field)
    cursor = Cursor.decode(query.cursor, sort, sort_field) if query.cursor else None
    matching = narrowed(register, register.rows(actor), query, actor)
    backward = cursor is not None and cursor.backward
    searching = bool(query.q and register.search)
    total = cursor.about if cursor is not None else None
    order = order_of(sort, backward=backward)
    hits = few(matching, sort, limit + 1) if searching and cursor is None else None
    edges: list[Edge] = []
    pieces = apart(register, query) if sort.field == "id" and not searching else []
    if pieces:
        down = sort.descending != backward
        edges = fetched(piecewise(matching, pieces, cursor, down, limit + 1))
    elif hits is not None:
        total, edges = hits
    else:
        if searching and total is None:
            total = about(matching, sort.field)
            edges = met_on_a_walk(register, actor, query, sort, total, limit + 1)
        if searching and total is not None and total <= GATHER_UP_TO:
            ordered = matching.order_by(*gathered(sort, backward=backward))
        else:
            ordered = matching.order_by(*order)
        for stretch in stretches(sort, sort_field, cursor):
            if len(edges) > limit:
                break
            chosen = ordered.filter(stretch) if stretch else ordered
            edges += edges_of(chosen[: limit + 1 - len(edges)], sort)
    more = len(edges) > limit
    edges = edges[:limit]
    if backward:
        edges.reverse()
    rows = list_reader(register).of([row_id for _, row_id in edges])
    tell(register.columns, rows, actor)
    has_next, has_prev = (True, more) if backward else (more, cursor is not None)
    if cursor is None and not more:
        total = len(rows)
    elif total is None:
        total = about(matching, sort.field)
    return {
        "rows": rows,
        "next": Cursor(False, *edges[-1], total).encode(sort) if edges and has_next else None,
        "prev": Cursor(True, *edges[0], total).encode(sort) if edges and has_prev else None,
        "about": total,
        # beyond this many nothing is counted: the planner's estimate stands there
        "exact": total <= EXACT_UP_TO,
    }


def edges_of(rows: QuerySet[Any], sort: Sort) -> list[Edge]:
    """What the rows are sorted by, and their keys."""
    return fetched(rows.values_list(sort.field, "pk"))


def fetched(rows: QuerySet[Any, Any]) -> list[Edge]:
    """Pairs of what rows are sorted by and their keys."""
    try:
        statement = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return [(value, int(row_id)) for value, row_id in cursor.fetchall()]


def met_on_a_walk(
    register: Register[Any], actor: Actor, query: Query, sort: Sort, hits: int, wanted: int
) -> list[Edge]:
    """The first hits of a search in the order of the list, when a short walk in that order meets enough; else none.

    What thousands of rows hold is found soon that way, while to gather it all and sort it takes as long as it is many.
    A walk that was not worth it ends after four times what an even spread would take.
    """
    search = register.search
    unsearched = narrowed(register, register.rows(actor), replace(query, q=""), actor)
    steps = wanted * about(unsearched) // max(1, hits) if search else 0
    if search is None or not search.walks or not 0 < steps <= WALK_UP_TO:
        return []
    passed = unsearched.order_by(*order_of(sort, backward=False)).values_list(sort.field, "pk", search.text())
    sql, params = passed[: steps * 4].query.sql_with_params()
    terms = search.terms(query.q)
    holds = " AND ".join("strpos(met.text, %s) > 0" for _ in terms)
    with connection.cursor() as cursor:
        # the rows come as the walk meets them, and it stops at the last one wanted
        cursor.execute(
            f"SELECT met.edge, met.id FROM ({sql}) AS met (edge, id, text) WHERE {holds} LIMIT %s",
            [*params, *terms, wanted],
        )
        found = [(value, int(row_id)) for value, row_id in cursor.fetchall()]
    return found if len(found) == wanted else []


_estimates: dict[tuple[str, str], tuple[float, int]] = {}


def few(rows: QuerySet[Any], sort: Sort, wanted: int) -> tuple[int, list[Edge]] | None:
    """How many rows a search has, and the first of them in the list's order, when there are no more than `EXACT_UP_TO`.

    One pass over the search index tells both.
    """
    try:
        sql, params = unordered(rows, sort.field)
    except EmptyResultSet:
        return 0, []
    # what is remembered was too many
    if known(sql, params) is not None or estimate(sql, params) > EXACT_UP_TO * 5:
        return None
    down = "DESC" if sort.descending else "ASC"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH hit (edge, id) AS MATERIALIZED ({sql} LIMIT {EXACT_UP_TO + 1})"
            f" SELECT edge, id, (SELECT count(*) FROM hit) FROM hit ORDER BY edge {down}, id {down} LIMIT %s",
            [*params, wanted],
        )
        found = cursor.fetchall()
    total = found[0][2] if found else 0
    if total <= EXACT_UP_TO:
        return total, [(value, int(row_id)) for value, row_id, _ in found]
    remember(sql, params, total)
    return None


def unordered(rows: QuerySet[Any], edge: str) -> tuple[str, tuple[Any, ...]]:
    """The statement that finds the rows in whatever order: of each the column of the order, and the key."""
    return rows.order_by().values_list(edge, "pk").query.sql_with_params()


def about(rows: QuerySet[Any], edge: str = "pk") -> int:
    """About how many rows a query has: the planner's estimate, exact up to a thousand. Never a full count.

    With the same `edge` what `few` learned is not asked again.
    """
    try:
        sql, params = unordered(rows, edge)
    except EmptyResultSet:
        return 0
    guess = estimate(sql, params)
    if guess > EXACT_UP_TO * 5 or known(sql, params) is not None:
        return guess
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql} LIMIT {EXACT_UP_TO + 1}) AS counted", params)
        counted = int(cursor.fetchone()[0])
    if counted <= EXACT_UP_TO:
        return counted
    return remember(sql, params, max(guess, counted))


def known(sql: str, params: tuple[Any, ...]) -> int | None:
    """The number of rows that was found lately."""
    held = _estimates.get((sql, repr(params)))
    return held[1] if held and time.monotonic() - held[0] < ESTIMATE_SECONDS else None


def remember(sql: str, params: tuple[Any, ...], number: int) -> int:
    """Keeps a large number for a while; it is about right anyway."""
    if len(_estimates) > 1000:
        _estimates.clear()
    _estimates[(sql, repr(params))] = (time.monotonic(), number)
    return number


def estimate(sql: str, params: tuple[Any, ...]) -> int:
    """What the planner expects, or what was found lately."""
    held = known(sql, params)
    if held is not None:
        return held
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        guess = int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])
    return remember(sql, params, guess) if guess > EXACT_UP_TO * 5 else guess
