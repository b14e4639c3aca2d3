"""The organisations that a row lies under, level by level, so that the list of a district or an office begins at an index.

`org_path LIKE '/1/4/%'` finds what lies under an organisation, but no index gives it in the order of a list: the first
page of a district would be sorted out of all its rows, or looked for along the whole city's. An organisation stands in
one place of the tree only, so `split_part(org_path, '/', 3) = '4'` says the same, and an index over it and the order of
the list has the page at its beginning.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import CharField, F, Func, Index, Model, Q
from django.db.models.lookups import Exact

# Districts stand right below the root, offices and operators below these.
LEVELS = (1, 2)
_ROOT = 2


class Branch(Func):
    """The number of the organisation that a path has at a level below the root; empty where it does not go so deep."""

    template = "split_part(%(expressions)s, '/', %(place)s)"
    arity = 1
    output_field = CharField()

    def __init__(self, path: Any, place: int, **extra: Any) -> None:
        super().__init__(path, place=place, **extra)

    @property
    def level(self) -> int:
        return int(self.extra["place"]) - _ROOT


def branch_indexes(name: str, *order: str) -> list[Index]:
    """The indexes of a large table that lists of districts and offices begin at; `order` is that of the list."""
    return [
        Index(Branch(F("org_path"), level + _ROOT), *(F(column) for column in order), name=f"{name}_branch{level}")
        for level in LEVELS
    ]


@cache
def levels_of(model: type[Model]) -> frozenset[int]:
    """The levels for which a table has such an index."""
    return frozenset(
        part.level for index in model._meta.indexes for part in index.expressions if isinstance(part, Branch)
    )


def level_of(path: str) -> int:
    """How far below the root the organisation of a path stands."""
    return path.count("/") - _ROOT


def below(column: str, path: str) -> Q:
    """The rows that lie under the organisation of a path, by the index of its level."""
    return Q(Exact(Branch(F(column), level_of(path) + _ROOT), path.rstrip("/").rpartition("/")[2]))
