"""The locks of waiting, in one place: taken once, in the order batch, batch unit, entry, unit."""

from __future__ import annotations

from anju.kernel.errors import NotFound
from anju.kernel.scope import Actor, admits
from anju.waiting.models import Appointment, AppointmentState, Batch, BatchUnit


def batch(batch_id: int, actor: Actor, right: str) -> Batch:
    """A batch, locked, within the actor's reach."""
    actor.require(right)
    found = Batch.objects.select_for_update().filter(pk=batch_id).first()
    if found is None or not admits(actor, right, found):
        raise NotFound
    return found


def batch_unit(batch_id: int, unit_id: int) -> BatchUnit:
    """A unit of a batch, locked: those who want the same unit wait for each other here."""
    found = BatchUnit.objects.select_for_update().filter(batch_id=batch_id, unit_id=unit_id, open=True).first()
    if found is None:
        raise NotFound("这套房不在批次里", code="batch.no_unit")
    return found


def appointment(appointment_id: int, actor: Actor) -> Appointment:
    """A booked appointment, locked: the household's own, or one within the clerk's reach."""
    found = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("batch", "entry")
        .filter(pk=appointment_id, state=AppointmentState.BOOKED)
        .first()
    )
    if found is None:
        raise NotFound
    own = actor.is_resident and found.entry.holder_ref == actor.ref
    if not own and not admits(actor, "waiting.appointment.manage", found):
        raise NotFound
    return found
