"""Who may see the papers of supply."""

from __future__ import annotations

from anju.kernel.documents import may_see
from anju.kernel.scope import Actor, admits
from anju.supply.models import Redistribution


@may_see("redistribution")
def sees_redistribution(actor: Actor, number: str) -> bool:
    """The paper of an order is seen by whoever may see the order."""
    order = Redistribution.objects.filter(pk=int(number)).first()
    return order is not None and admits(actor, "supply.redistribution.view", order)
