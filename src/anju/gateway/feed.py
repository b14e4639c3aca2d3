"""Changes of users, organisations and roles for parties: each sees those within its reach, in the order they were made.

Identity numbers its changes so that they become visible in order; here each gets the place of its object, before and
after, so that a party also hears when an object leaves its reach. What is handed out is the object as it stands now: a
reader who went through all numbers has the present state, however late or often he read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from anju.gateway.models import FeedEntry
from anju.identity.models import Account, Organisation, Post, Role
from anju.identity.services import Change, changes_since
from anju.kernel.scope import Actor, Reach, restrict
from anju.kernel.scope.actor import areas_at

VIEW = {
    "account": "open.user.view", "organisation": "open.organisation.view", "role": "open.role.view",
    "post": "open.role.view",
}  # fmt: skip
KINDS = tuple(VIEW)
PAGE = 200


def follow() -> int:
    """Takes over what identity numbered since; gives how many. One at a time, so that numbers appear in order."""
    taken = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('gateway_feed'))")
    last = FeedEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    while changes := changes_since(last):
        for change in changes:
            _take(change)
        last, taken = changes[-1].number, taken + len(changes)
    return taken


def _take(change: Change) -> None:
    before = (
        FeedEntry.objects.filter(kind=change.kind, object_id=change.id)
        .order_by("-number")
        .values_list("org_path", "division")
        .first()
    )
    place = place_of(change.kind, change.id) or before or ("/", "")
    was = before or ("", "")
    FeedEntry.objects.create(
        number=change.number, kind=change.kind, object_id=change.id, action=change.action, at=change.at,
        org_path=place[0], division=place[1], was_path=was[0], was_division=was[1],
    )  # fmt: skip


def place_of(kind: str, object_id: int) -> tuple[str, str] | None:
    """Path and division of an object that has them; None for one that is gone."""
    if kind == "account":
        return Account.objects.filter(pk=object_id).values_list("org_path", "division").first()
    if kind == "organisation":
        return Organisation.objects.filter(pk=object_id).values_list("path", "division").first()
    if kind == "post":
        return Post.objects.filter(pk=object_id).values_list("org_path", "division").first()
    return ("/", "")


def users(actor: Actor) -> QuerySet[Account]:
    """The accounts within the actor's reach."""
    return restrict(Account.objects.select_related("organisation"), actor, VIEW["account"])


def within(actor: Actor, right: str) -> QuerySet[Account]:
    """The accounts that a right opens to the actor."""
    return restrict(Account.objects.all(), actor, right)


def organisations(actor: Actor) -> QuerySet[Organisation]:
    """The organisations within the actor's reach."""
    return restrict(Organisation.objects.select_related("parent"), actor, VIEW["organisation"], path="path")


def user_json(account: Account) -> dict[str, Any]:
    """A user as other systems know him; no document, telephone or password."""
    return {
        "id": account.pk, "account": account.username, "name": account.name, "post": account.post,
        "state": account.state, "organisation_id": account.organisation_id,
        "organisation_code": account.organisation.code, "division": account.division,
        "roles": sorted(role.key for role in account.roles.all()),
    }  # fmt: skip


def organisation_json(row: Organisation) -> dict[str, Any]:
    """An organisation as other systems know it."""
    return {
        "id": row.pk, "code": row.code, "name": row.name, "kind": row.kind, "division": row.division,
        "parent_id": row.parent_id, "parent_code": row.parent.code if row.parent else None, "path": row.path,
        "active": row.active,
    }  # fmt: skip


def role_json(role: Role) -> dict[str, Any]:
    """A role with its rights (SH-228.2)."""
    return {"key": role.key, "title": role.title, "reach": role.reach, "rights": sorted(role.rights)}


@dataclass(frozen=True)
class Portion:
    """A stretch of the feed: what an actor may see of it, and the number up to which it was read."""

    items: list[dict[str, Any]]
    last: int
    more: bool


def read(actor: Actor, *, after: int, kinds: tuple[str, ...] = KINDS, limit: int = PAGE) -> Portion:
    """The changes after a number that the actor may see; `last` is where to go on, also when none was his."""
    found = list(FeedEntry.objects.filter(number__gt=after).order_by("number")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    wanted = [each for each in found if each.kind in kinds and actor.may(VIEW[each.kind])]
    present = _present(wanted)
    items = []
    for entry in wanted:
        data, *now = present.get((entry.kind, entry.object_id), (None, "", ""))
        places = [(entry.org_path, entry.division), (entry.was_path, entry.was_division)]
        if data is not None and sees(actor, entry.kind, *now):
            action = "upsert"
        elif any(path and sees(actor, entry.kind, path, division) for path, division in places):
            action, data = ("delete" if data is None else "leave"), None
        else:
            continue
        items.append(
            {
                "number": entry.number, "kind": entry.kind, "id": entry.object_id, "action": action,
                "at": entry.at.isoformat(), "data": data,
            }
        )  # fmt: skip
    return Portion(items, found[-1].number if found else after, more)


def sees(actor: Actor, kind: str, path: str, division: str) -> bool:
    """Whether an object at a place is within the actor's reach; roles are the whole city's."""
    if kind == "role":
        return True
    reach = actor.reach(VIEW[kind])
    if reach is None or reach is Reach.CHOSEN:
        return False
    return any(
        (not area.path or (path == area.path if area.exact else path.startswith(area.path)))
        and (not area.division or division.startswith(area.division))
        and not area.owner
        for area in areas_at(reach, actor.org_path, actor.division, actor.ref)
    )


def _present(entries: list[FeedEntry]) -> dict[tuple[str, int], tuple[dict[str, Any], str, str]]:
    """The objects of some entries as they stand now, each with its place."""
    ids: dict[str, set[int]] = {}
    for entry in entries:
        ids.setdefault(entry.kind, set()).add(entry.object_id)
    found: dict[tuple[str, int], tuple[dict[str, Any], str, str]] = {}
    accounts = Account.objects.filter(pk__in=ids.get("account", ())).select_related("organisation")
    for account in accounts.prefetch_related("roles"):
        found["account", account.pk] = user_json(account), account.org_path, account.division
    for row in Organisation.objects.filter(pk__in=ids.get("organisation", ())).select_related("parent"):
        found["organisation", row.pk] = organisation_json(row), row.path, row.division
    for role in Role.objects.filter(pk__in=ids.get("role", ())):
        found["role", role.pk] = role_json(role), "/", ""
    for post in Post.objects.filter(pk__in=ids.get("post", ())):
        told = {
            "id": post.pk,
            "title": post.title,
            "organisation_id": post.organisation_id,
            "rights": sorted(post.rights),
        }
        found["post", post.pk] = told, post.org_path, post.division
    return found
