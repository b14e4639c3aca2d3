"""What waiting does when certificates are issued and contracts are signed, cancelled or ended."""

from __future__ import annotations

from anju.kernel.events import Event, on
from anju.kernel.jobs import background, every
from anju.waiting import wishes
from anju.waiting.models import Choice
from anju.waiting.services import back_to_waiting, call_to_vacated, free_choice, leave

__all__ = ["wishes"]


@on("tenancy.signed", name="waiting.leave_on_signing")
def on_signed(event: Event) -> None:
    """A household leaves the queue only when signing is complete (SH-053.3)."""
    Choice.objects.filter(entry__certificate_id=event["certificate_id"], active=True).update(active=False)
    leave(certificate_id=event["certificate_id"], reason="已签约")


@on("tenancy.cancelled", name="waiting.choice_back")
def on_cancelled(event: Event) -> None:
    """A contract cancelled before signing gives the household its choice back."""
    free_choice(certificate_id=event["certificate_id"], reason="合同作废，可以重新选房")


@on("tenancy.terminated", name="waiting.call_next")
def on_terminated(event: Event) -> None:
    """A unit became vacant: where it belongs to an open batch, the next household is called."""
    call_to_vacated(event["unit_id"])


@on("waiting.lapsed", name="waiting.call_after_lapse")
def on_lapsed(event: Event) -> None:
    """A chosen unit was not signed for in time: where its batch is still open, the next household is called."""
    call_to_vacated(event["unit_id"])


@background("waiting.batches_over")
def batches_over() -> None:
    """Households whose batch ended wait again, day by day."""
    back_to_waiting()


every(minutes=60)("waiting.batches_over")
