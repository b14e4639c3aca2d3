"""From an actor's grants to a filter over rows."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from anju.kernel.scope.actor import Actor
from anju.kernel.scope.areas import Area, division_prefix
from anju.kernel.scope.branches import below, level_of, levels_of

M = TypeVar("M", bound=Model)

__all__ = ["admits", "division_prefix", "reach_filter", "reach_sql", "restrict"]


def reach_filter(
    actor: Actor,
    right: str,
    *,
    path: str = "org_path",
    division: str = "division",
    owner: str = "created_by",
    levels: Container[int] = (),
) -> Q | None:
    """The rows that a right opens to an actor, as a condition on the named columns; None when it opens none.

    `levels`: those of the tree for which the table has an index of branches.
    """
    areas = actor.areas_of(right)
    if not areas:
        return None
    found = [_condition(area, path, division, owner, levels) for area in areas]
    condition = found[0]
    for each in found[1:]:
        condition |= each
    return condition


def _condition(area: Area, path: str, division: str, owner: str, levels: Container[int]) -> Q:
    conditions: dict[str, str] = {}
    branch = Q()
    if area.path and not area.exact and level_of(area.path) in levels:
        branch = below(path, area.path)
    elif area.path:
        conditions[path if area.exact else f"{path}__startswith"] = area.path
    if area.division:
        conditions[f"{division}__startswith"] = area.division
    if area.owner:
        conditions[owner] = area.owner
    return Q(branch, **conditions) if branch else Q(**conditions)


def reach_sql(actor: Actor, right: str, table: str) -> tuple[str, list[str]] | None:
    """The same condition for a statement written by hand, over `org_path` and `division` of a table's name in it.

    Rows there know no author, so what reaches one's own only opens none of them.
    """
    conditions, values = list[str](), list[str]()
    for area in actor.areas_of(right):
        if area.owner:
            continue
        parts = ["true"]
        if area.path:
            parts.append(f"{table}.org_path {'=' if area.exact else 'LIKE'} %s")
            values.append(area.path if area.exact else area.path + "%")
        if area.division:
            parts.append(f"{table}.division LIKE %s")
            values.append(area.division + "%")
        conditions.append(" AND ".join(parts[1:]) or "true")
    if not conditions:
        return None
    return (conditions[0] if len(conditions) == 1 else "(" + " OR ".join(f"({c})" for c in conditions) + ")"), values


def restrict(
    rows: QuerySet[M],
    actor: Actor,
    right: str,
    *,
    path: str = "org_path",
    division: str = "division",
    owner: str = "created_by",
) -> QuerySet[M]:
    """The rows of a query that the right opens to the actor; none at all without the right."""
    levels = levels_of(rows.model) if path == "org_path" else frozenset[int]()
    condition = reach_filter(actor, right, path=path, division=division, owner=owner, levels=levels)
    return rows.none() if condition is None else rows.filter(condition)


def admits(actor: Actor, right: str, row: Any) -> bool:
    """Whether one loaded row lies within the actor's reach; for rows that were locked before they could be filtered."""
    return any(_lies_in(area, row) for area in actor.areas_of(right))


def _lies_in(area: Area, row: Any) -> bool:
    if area.path and not (row.org_path == area.path if area.exact else str(row.org_path).startswith(area.path)):
        return False
    if area.division and not str(row.division).startswith(area.division):
        return False
    return not area.owner or bool(row.created_by == area.owner)
