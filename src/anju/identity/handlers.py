"""What identity offers to the blocks below it."""

from __future__ import annotations

from anju.identity.models import Account
from anju.identity.sessions import staff_actor
from anju.kernel.cases.types import colleagues
from anju.kernel.scope import Actor


@colleagues
def by_account(username: str) -> Actor | None:
    """The member of staff with this account name."""
    found = Account.objects.filter(username=username).values_list("pk", flat=True).first()
    return staff_actor(found) if found else None
