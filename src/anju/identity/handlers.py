"""What identity offers to the blocks below it."""

from __future__ import annotations

from collections.abc import Iterable

from anju.identity.models import Account, Role
from anju.identity.sessions import staff_actor
from anju.kernel.cases.types import colleagues
from anju.kernel.forms import Entry, provide
from anju.kernel.scope import Actor


@colleagues
def by_account(username: str) -> Actor | None:
    """The member of staff with this account name."""
    found = Account.objects.filter(username=username).values_list("pk", flat=True).first()
    return staff_actor(found) if found else None


def roles() -> Iterable[Entry]:
    """The roles, as an administrator chooses from them."""
    return [Entry(key, title) for key, title in Role.objects.order_by("id").values_list("key", "title")]


provide("role", roles)
