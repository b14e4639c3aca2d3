"""Changes of accounts, organisations, roles and posts, told to others as events with running numbers (SH-223.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from anju.identity.models import Increment
from anju.kernel.events import publish

KINDS = frozenset({"account", "organisation", "role", "post"})
ORDER = "SELECT pg_advisory_xact_lock(hashtext('identity_increment'))"


@dataclass(frozen=True)
class Change:
    """One change: which object of which kind, what happened to it, and its number."""

    number: int
    kind: str
    id: int
    action: str
    at: datetime


def note_change(kind: str, object_id: int, action: str) -> int:
    """Numbers a change and publishes it as `identity.changed` in the present transaction; gives the number.

    `action` is `create`, `change` or `delete`. Numbers become visible in their order: who writes one waits until those
    before him have committed, so call it at the end of an act.
    """
    assert kind in KINDS, kind
    with connection.cursor() as cursor:
        cursor.execute(ORDER)
    made = Increment.objects.create(kind=kind, object_id=object_id, action=action)
    publish("identity.changed", kind=kind, id=object_id, action=action, number=made.number)
    return made.number


def changes_since(number: int, *, limit: int = 200) -> list[Change]:
    """The changes after a number, in their order; a subscriber goes on from the last one he has."""
    found = Increment.objects.filter(number__gt=number).order_by("number")[:limit]
    return [Change(each.number, each.kind, each.object_id, each.action, each.at) for each in found]
