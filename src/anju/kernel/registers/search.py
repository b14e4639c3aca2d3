"""Search in Chinese text without an extension: an index over all pairs of neighbouring characters.

pg_trgm needs three characters, and two are the usual length of what people type (a surname and a name, an estate). A
GIN index over `anju_grams(text)` (migration 0002) finds any piece of two characters or more; in a longer one the order of
its pairs is confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db.models import BooleanField, F, Func, Q, TextField, Value

MAX_TERMS = 5
MAX_LENGTH = 60


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


def grams(term: str) -> list[str]:
    """Pairs of a term that together hold all its characters: every other one, and the last.

    The index need not know more: the text itself is looked at afterwards, and each pair is a list to be read.
    """
    last = len(term) - 2
    return sorted({term[i : i + 2] for i in (*range(0, last, 2), last)})


@dataclass(frozen=True)
class Search:
    """What the search box of a register looks into. `fields` are own text columns; large tables need `search_index`."""

    fields: Sequence[str]
    placeholder: str = "搜索"

    def text(self) -> SearchText:
        """What is looked into, as a column."""
        return SearchText(*(F(field) for field in self.fields))

    def terms(self, text: str) -> list[str]:
        """The pieces of which a row must hold every one."""
        return text[:MAX_LENGTH].lower().split()[:MAX_TERMS]

    def condition(self, text: str) -> Q:
        """Rows that contain every blank-separated term of the text."""
        searched = self.text()
        found = Q()
        for term in self.terms(text):
            if len(term) > 1:
                found &= Q(HasAll(Grams(searched), Value(grams(term), output_field=ArrayField(TextField()))))
            if len(term) != 2:
                found &= Q(Holds(searched, Value(term)))
        return found
