"""What the gateway offers to the blocks below it: the dictionary of its roles."""

from __future__ import annotations

from collections.abc import Iterable

from anju.gateway.models import PartyRole
from anju.kernel.forms import Entry, provide


def roles() -> Iterable[Entry]:
    """The roles of parties, as an administrator chooses from them."""
    return [Entry(key, title) for key, title in PartyRole.objects.order_by("key").values_list("key", "title")]


provide("gateway_role", roles)
