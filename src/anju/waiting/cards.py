"""What waiting shows on work views (SH-001)."""

from __future__ import annotations

from typing import Any

from anju.kernel.scope import Actor, restrict
from anju.waiting.models import IN_QUEUE, Entry
from anju.workspace.cards import figure


@figure("waiting_households", "轮候家庭", right="waiting.entry.view", order=36)
def waiting_households(actor: Actor) -> dict[str, Any]:
    """Households in the queue within the actor's reach."""
    rows = restrict(Entry.objects.filter(state__in=IN_QUEUE), actor, "waiting.entry.view")
    return {"value": rows.count(), "unit": "户", "link": "/registers/waiting.entries"}
