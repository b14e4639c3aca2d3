"""Search in Chinese text without an extension: an index over all pairs of neighbouring characters.

pg_trgm needs three characters, and two are the usual length of what people type (a surname and a name, an estate). A
GIN index over `anju_grams(text)` (migration 0002) finds any piece of two characters or more; in a longer one the order of
its pairs is confirmed.

Only the rarest pairs of what was typed are looked up: the index holds a list of rows for each pair, and that of 号楼 or 20
is as long as the table. How frequent a pair is, PostgreSQL knows from its statistics of the index.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection
from django.db.models import BooleanField, F, Func, Model, Q, TextField, Value

if TYPE_CHECKING:
    from anju.kernel.scope import Actor

MAX_TERMS = 5
MAX_LENGTH = 60
MAX_GRAMS = 4
KNOWN_SECONDS = 600.0
FREQUENT = """
    SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats
     WHERE schemaname = current_schema() AND tablename = %s AND most_common_elems IS NOT NULL
"""


class SearchText(Func):
    """The text that is searched: the named columns, lower case, with blanks between."""

    template = "lower(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class Grams(Func):
    """All pairs of neighbouring characters of a text."""

    function = "anju_grams"
    arity = 1
    output_field = ArrayField(TextField())


class HasAll(Func):
    """Whether an array holds all elements of another; the form that a GIN index answers."""

    template = "(%(expressions)s)"
    arg_joiner = " @> "
    arity = 2
    output_field = BooleanField()


class Holds(Func):
    """Whether a text holds another. Not LIKE: the planner takes that for so rare that it expects next to no rows."""

    template = "(strpos(%(expressions)s) > 0)"
    arity = 2
    output_field = BooleanField()


def search_index(name: str, *fields: str) -> GinIndex:
    """The index that makes `Search` over the same NOT NULL text columns, in the same order, fast."""
    return GinIndex(Grams(SearchText(*(F(field) for field in fields))), name=name)


_known: dict[type[Model], tuple[float, Mapping[str, float]]] = {}


def frequencies(model: type[Model]) -> Mapping[str, float]:
    """The part of a model's rows that holds each of its most frequent pairs; empty where no search index has statistics."""
    held = _known.get(model)
    if held is None or time.monotonic() - held[0] > KNOWN_SECONDS:
        indexes: Sequence[Any] = model._meta.indexes
        found: dict[str, float] = {}
        for name in (each.name for each in indexes if isinstance(each, GinIndex) and each.expressions):
            with connection.cursor() as cursor:
                cursor.execute(FREQUENT, [name])
                for pairs, parts in cursor.fetchall():
                    # after the parts of the pairs come the least, the greatest, and that of nothing
                    found |= dict(zip(pairs, parts, strict=False))
        held = _known[model] = (time.monotonic(), found)
    return held[1]


def grams(terms: Sequence[str], frequent: Mapping[str, float]) -> list[str]:
    """The pairs by which rows that hold all terms are found: the rarest few.

    Among those of which nothing is known, neighbours that share a character say the least together.
    """
    seen: dict[str, tuple[float, int, int]] = {}
    for term in terms:
        for at in range(len(term) - 1):
            pair = term[at : at + 2]
            seen.setdefault(pair, (frequent.get(pair, 0.0), at % 2, len(seen)))
    return sorted(sorted(seen, key=lambda pair: seen[pair])[:MAX_GRAMS])


@dataclass(frozen=True)
class Search:
    """What the search box of a register looks into. `fields` are own text columns; large tables need `search_index`."""

    fields: Sequence[str]
    placeholder: str = "搜索"
    # whether what it finds is told by the text of a row alone
    walks: ClassVar[bool] = True

    def text(self) -> SearchText:
        """What is looked into, as a column."""
        return SearchText(*(F(field) for field in self.fields))

    def terms(self, text: str) -> list[str]:
        """The pieces of which a row must hold every one."""
        return text[:MAX_LENGTH].lower().split()[:MAX_TERMS]

    def asked(self, text: str, model: type[Model], actor: Actor) -> Q:
        """The rows that a text finds for an actor."""
        return self.condition(text, model)

    def condition(self, text: str, model: type[Model]) -> Q:
        """Rows of a model that contain every blank-separated term of the text."""
        searched, terms = self.text(), self.terms(text)
        found = Q()
        looked_up = grams(terms, frequencies(model))
        if looked_up:
            found &= Q(HasAll(Grams(searched), Value(looked_up, output_field=ArrayField(TextField()))))
        for term in terms:
            if term not in looked_up:
                found &= Q(Holds(searched, Value(term)))
        return found
