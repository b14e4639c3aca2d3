"""Queries asked at every step, compiled once: the ORM's own statement, sent again with other values.

Compiling a query over a wide table takes the ORM longer than PostgreSQL takes to answer it. Only for queries whose form
never changes, on paths where that was measured; everywhere else a query set says more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import QuerySet

M = TypeVar("M", bound=models.Model)
# Stand-ins while compiling; no id of ours is negative.
_FIRST_SAMPLE = -9_170_000


class Compiled(Generic[M]):
    """A query as a function of ids: `Compiled(lambda case: Case.objects.filter(pk=case))(12)` gives a list of rows.

    Deferred fields stay deferred, `select_for_update` locks; `select_related` and annotations are not for this.
    """

    def __init__(self, query: Callable[..., QuerySet[M]]) -> None:
        self.query = query
        self._statement: tuple[type[M], str, list[tuple[bool, Any]]] | None = None

    def __call__(self, *ids: int) -> list[M]:
        """The rows for these ids."""
        if self._statement is None:
            self._statement = self._compile(len(ids))
        model, sql, slots = self._statement
        return list(model._default_manager.raw(sql, [ids[given] if is_slot else given for is_slot, given in slots]))

    def _compile(self, count: int) -> tuple[type[M], str, list[tuple[bool, Any]]]:
        samples = [_FIRST_SAMPLE - number for number in range(count)]
        rows = self.query(*samples)
        sql, params = rows.query.sql_with_params()
        slots = [(True, samples.index(value)) if value in samples else (False, value) for value in params]
        if {given for is_slot, given in slots if is_slot} != set(range(count)):
            raise ValueError("an id of the query has no place in its statement")
        return rows.model, sql, slots
