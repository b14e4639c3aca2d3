"""Who may see the papers of a household that waits."""

from __future__ import annotations

from anju.kernel.documents import may_see
from anju.kernel.scope import Actor, admits
from anju.waiting.models import Entry


@may_see("waiting")
def sees_entry(actor: Actor, number: str) -> bool:
    """An entry's papers are seen by its household and by staff who may see the queue."""
    entry = Entry.objects.filter(pk=int(number)).first()
    return entry is not None and (entry.holder_ref == actor.ref or admits(actor, "waiting.entry.view", entry))
