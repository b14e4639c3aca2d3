"""From an actor's grants to a filter over rows."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from anju.kernel.scope.actor import Actor, Reach

M = TypeVar("M", bound=Model)


def division_prefix(division: str) -> str:
    """The leading digits that all divisions below share: `339900` gives `3399`, `330000` gives `33`."""
    while len(division) > 2 and division.endswith("00"):
        division = division[:-2]
    return division


def reach_filter(
    actor: Actor, right: str, *, path: str = "org_path", division: str = "division", owner: str = "created_by"
) -> Q | None:
    """The rows that a right opens to an actor, as a condition on the named columns; None when it opens none."""
    reach = actor.reach(right)
    if reach is None:
        return None
    if reach is Reach.ALL:
        return Q()
    if reach is Reach.DIVISION:
        return Q(**{f"{division}__startswith": division_prefix(actor.division)})
    if reach is Reach.ORG_AND_BELOW:
        return Q(**{f"{path}__startswith": actor.org_path})
    if reach is Reach.ORG:
        return Q(**{path: actor.org_path})
    return Q(**{owner: actor.ref})


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
    condition = reach_filter(actor, right, path=path, division=division, owner=owner)
    return rows.none() if condition is None else rows.filter(condition)


def admits(actor: Actor, right: str, row: Any) -> bool:
    """Whether one loaded row lies within the actor's reach; for rows that were locked before they could be filtered."""
    reach = actor.reach(right)
    if reach is None:
        return False
    if reach is Reach.ALL:
        return True
    if reach is Reach.DIVISION:
        return str(row.division).startswith(division_prefix(actor.division))
    if reach is Reach.ORG_AND_BELOW:
        return str(row.org_path).startswith(actor.org_path)
    if reach is Reach.ORG:
        return bool(row.org_path == actor.org_path)
    return bool(row.created_by == actor.ref)
