"""Search in records by what their marks say: the person who acted by name or account, the subject by its name, number or code.

A piece of the text finds the rows of each kind that the reader is told of (`subjects.py`), as the search of that kind's
register finds them, and the records whose marks name these. It is one statement, however many rows a piece finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from anju.kernel.registers.limited import limited
from anju.kernel.registers.register import REGISTERS
from anju.kernel.registers.search import Search
from anju.kernel.registers.subjects import Kind, kinds, told_rows
from anju.kernel.scope import Actor

# the shortest piece that is looked for in other ledgers, and how many marks of a kind it finds there, latest first
SHORTEST = 2
MOST = 20_000


class MarksOf(Func):
    """The marks that a row has: each of some beginnings before its number."""

    template = "unnest(%(expressions)s::text)"
    arg_joiner = "::text[]) || ':' || ("
    arity = 2
    output_field = TextField()


class OneOf(Func):
    """Whether a value is one of an array's, which is found once before the rows are."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    arity = 2
    output_field = BooleanField()


@dataclass(frozen=True)
class MarkedSearch(Search):
    """Own text columns, and for each of `marks` what it names: rows of the kinds with the given beginnings, of all if none."""

    marks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    walks: ClassVar[bool] = False

    def asked(self, text: str, model: type[Model], actor: Actor) -> Q:
        found = Q()
        for term in self.terms(text):
            one = self.condition(term, model)
            for column, starts in self.marks.items():
                one |= Q(**{column: term}) if ":" in term else Q()
                one |= named(column, starts, term, actor)
            found &= one
        return found


def named(column: str, starts: Sequence[str], term: str, actor: Actor) -> Q:
    """The records in which a column holds a mark of a row that a piece of text finds."""
    parts = list(marks_of(starts, term, actor)) if len(term) >= SHORTEST else []
    if not parts:
        return Q()
    first, *others = parts
    rows = first.union(*others, all=True) if others else first
    return Q(OneOf(F(column), ArraySubquery(rows)))


def marks_of(starts: Sequence[str], term: str, actor: Actor) -> Iterator[QuerySet[Any, Any]]:
    """The marks of the rows that a piece of text finds, kind by kind."""
    for kind in {kind.key: kind for kind in kinds().values()}.values():
        marks = [mark for mark in kind.marks if not starts or mark in starts]
        rows = told_rows(kind, actor) if marks else None
        condition = held(kind, term, actor) if rows is not None else None
        if rows is not None and condition is not None:
            beginnings = Value(marks, output_field=ArrayField(TextField()))
            yield (
                rows.filter(condition)
                .order_by("-pk")
                .values_list(MarksOf(beginnings, Cast("pk", TextField())), flat=True)[:MOST]
            )


def held(kind: Kind, term: str, actor: Actor) -> Q | None:
    """The rows of a kind that hold a piece of text, as its register looks for it; None where they cannot be searched."""
    for mark in kind.marks:
        if mark in REGISTERS:
            register = limited(REGISTERS[mark], actor)
            search = register.search
            # records are not named by what they name in turn, and long logs are not read for their words
            if search is None or not search.walks or not (register.open_names or indexed(register.model)):
                return None
            return search.asked(term, register.model, actor)
    return Q(**{f"{kind.name}__icontains": term}) if kind.name else None


def indexed(model: type[Model]) -> bool:
    """Whether a table has a search index."""
    return any(isinstance(index, GinIndex) for index in model._meta.indexes)
