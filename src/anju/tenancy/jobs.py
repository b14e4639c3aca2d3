"""Background work of tenancy: chosen units that nobody signed for are free again, day by day."""

from __future__ import annotations

from anju.kernel.jobs import background, defer, every
from anju.tenancy.unsigned import end_unsigned
from anju.waiting.terms import overdue_choices


@background("tenancy.unsigned")
def sweep() -> None:
    """Asks for the end of every choice whose term is over; each in its own transaction."""
    for overdue in overdue_choices():
        defer(
            "tenancy.end_unsigned", once=f"unsigned:{overdue.id}", choice_id=overdue.id,
            certificate_id=overdue.certificate_id,
        )  # fmt: skip


background("tenancy.end_unsigned")(end_unsigned)
every(minutes=1440)("tenancy.unsigned")
