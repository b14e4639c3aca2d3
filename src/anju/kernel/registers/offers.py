"""What the page must not offer for a row now, as one column of the statement that reads the rows.

The conditions of a register are written into SQL once: a list is read many times a second, and to build a dozen
conditions anew each time would cost more than to read fifty rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.sql import Query


def shut_of(model: type[models.Model], offers: Mapping[str, Q]) -> RawSQL:
    """The keys of the offers whose condition does not hold for the row, or cannot be told for want of a value."""
    cases, values = [], []
    for key, condition in offers.items():
        sql, params = written(model, condition)
        cases.append(f"CASE WHEN {sql} THEN NULL ELSE %s END")
        values += [*params, key]
    return RawSQL(f"array_remove(ARRAY[{', '.join(cases)}]::text[], NULL)", values, ArrayField(models.TextField()))


def written(model: type[models.Model], condition: Q) -> tuple[str, list[Any]]:
    """A condition in SQL on the columns of the model's own table; what lies in other tables is asked by a subquery."""
    query = Query(model)
    try:
        clause = query.build_where(condition)
    except FieldError:  # it follows a reference
        clause = query.build_where(Q(Exists(model._base_manager.filter(condition, pk=OuterRef("pk")))))
    sql, params = query.get_compiler(connection=connection).compile(clause)
    return sql, list(params)
