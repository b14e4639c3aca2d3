"""Keyset paging: a page begins after a row, not after a number of rows, so deep pages cost what the first one costs.

The order is (sort column, id), with nulls where PostgreSQL's indexes have them: last when ascending, first when
descending. A cursor holds direction, sort, and the two values of the row at the page's edge.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.expressions import OrderBy
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from anju.kernel.errors import DomainError
from anju.kernel.http.json import dumps


class BadCursor(DomainError):
    """The cursor was not made by this list in this order."""

    code, message, advice = "register.bad_cursor", "翻页位置无法识别", "请回到第一页"


@dataclass(frozen=True)
class Sort:
    """An order: the column's key as the page names it, the field behind it, and its direction."""

    key: str
    field: str
    descending: bool

    @property
    def text(self) -> str:
        return f"-{self.key}" if self.descending else self.key


@dataclass(frozen=True)
class Cursor:
    """An edge: rows beyond (value, id), `backward` towards the list's beginning.

    It also carries `about`, how many rows the first page said there are, so that no further page needs to ask.
    """

    backward: bool
    value: Any
    id: int
    about: int

    def encode(self, sort: Sort) -> str:
        packed = dumps([sort.text, int(self.backward), self.value, self.id, self.about])
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @staticmethod
    def decode(text: str, sort: Sort, field: models.Field[Any, Any]) -> Cursor:
        """The cursor in a text; raises `BadCursor` for anything that this sort did not make."""
        try:
            packed = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            order, backward, value, row_id, about = packed
            if order != sort.text or not isinstance(about, int) or not isinstance(row_id, int) or abs(row_id) >= 2**63:
                raise BadCursor
            typed = None if value is None else field.to_python(value)
            if isinstance(typed, str) and "\x00" in typed:
                raise BadCursor
            return Cursor(bool(backward), typed, row_id, about)
        except (binascii.Error, ValueError, TypeError, ValidationError, ArithmeticError) as error:
            raise BadCursor from error


class Beyond(Func):
    """`(a, b) > (x, y)`: a row comparison, which an index over (a, b) answers by starting at the right place."""

    output_field = BooleanField()

    def __init__(self, column: str | Func, value: Value, row_id: int, greater: bool) -> None:
        if column == "pk":
            super().__init__(F("pk"), Value(row_id))
        else:
            super().__init__(F(column) if isinstance(column, str) else column, F("pk"), value, Value(row_id))
        self.operator = ">" if greater else "<"

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts, params = [], []
        for expression in self.get_source_expressions():
            sql, values = compiler.compile(expression)
            parts.append(sql)
            params.extend(values)
        half = len(parts) // 2
        return f"({', '.join(parts[:half])}) {self.operator} ({', '.join(parts[half:])})", params


def order_of(sort: Sort, *, backward: bool) -> list[str]:
    """The ORDER BY of a page; towards the beginning the order is turned round."""
    sign = "-" if sort.descending != backward else ""
    return [f"{sign}pk"] if sort.field in {"id", "pk"} else [f"{sign}{sort.field}", f"{sign}pk"]


@dataclass(frozen=True)
class Piece:
    """The rows for which an expression has a value, in the order of their numbers, walked along an index over both.

    The value stands as a range of one: an equation would make it a constant, the order that of the number alone, and the
    planner would walk the whole table where it takes the rows for evenly spread.
    """

    expression: Func
    value: str

    def beyond(self, row_id: int | None, *, greater: bool) -> Q:
        """The rows of the piece, those beyond a row when one is named."""
        value = Value(self.value)
        found = Q(GreaterThanOrEqual(self.expression, value), LessThanOrEqual(self.expression, value))
        return found & Q(Beyond(self.expression, value, row_id, greater)) if row_id is not None else found

    def order(self, down: bool) -> list[OrderBy]:
        return [OrderBy(self.expression, descending=down), OrderBy(F("pk"), descending=down)]


class Aside(Func):
    """A value that no index is seen to carry: the planner then finds the rows by their search, not by their order."""

    template = "(ARRAY[%(expressions)s])[1]"
    arity = 1


def gathered(sort: Sort, *, backward: bool) -> list[OrderBy]:
    """The ORDER BY of a search's page: the same order, sorted rather than walked.

    Walking the order of the list until enough rows match is fast only when hits lie evenly; the planner believes they
    do, and a search for what stands at the list's end would read all of it.
    """
    down = sort.descending != backward
    keys = [F("pk")] if sort.field in {"id", "pk"} else [F(sort.field), F("pk")]
    return [OrderBy(Aside(key), descending=down) for key in keys]


def stretches(sort: Sort, field: models.Field[Any, Any], cursor: Cursor | None) -> Iterator[Q]:
    """The conditions to try one after another until the page is full.

    A row comparison leaves out nulls, and `OR value IS NULL` would cost the index; so nulls are a stretch of their own.
    """
    if cursor is None:
        yield Q()
        return
    greater = sort.descending == cursor.backward
    if sort.field in {"id", "pk"}:
        yield Q(Beyond("pk", Value(0), cursor.id, greater))
        return
    nothing = Q(**{f"{sort.field}__isnull": True})
    if cursor.value is None:
        yield nothing & Q(Beyond("pk", Value(0), cursor.id, greater))
        if not greater:
            yield ~nothing
        return
    yield Q(Beyond(sort.field, Value(cursor.value, output_field=field), cursor.id, greater))
    if greater and field.null:
        yield nothing
