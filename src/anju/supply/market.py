"""实心房: units that come into supply while a contract of the free market still runs on them (SH-184.4)."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from anju.kernel import clock
from anju.kernel.errors import Conflict, DomainError
from anju.kernel.jobs import background, every
from anju.kernel.scope import Actor, system
from anju.supply.models import Unit, UnitStatus
from anju.supply.moves import PUSHED, REST, UnitInfo, move, refuse_pushed

AT_ONCE = 2000


def occupy(*, actor: Actor, unit_id: int, ends_on: date) -> UnitInfo:
    """Locks an empty unit until the last day of its market contract. Raises `Conflict`, `DomainError` for a past day."""
    if ends_on < clock.today():
        raise DomainError("市场化合同已经到期，不用登记", code="supply.market_over", field="ends_on")
    refuse_pushed(unit_id, "登记为实心房")
    return move(
        unit_id,
        actor=actor,
        action="登记实心房",
        when=Q(status__in=[UnitStatus.UNCONFIRMED, UnitStatus.READY, UnitStatus.VACANT, UnitStatus.LOCKED]) & ~PUSHED,
        refusal=Conflict("只有空置的房源可以登记为实心房", code="supply.not_lockable", advice="请先办理退租或解除保留"),
        status=UnitStatus.LOCKED,
        market_ends_on=ends_on,
        status_note=f"市场化合同 {ends_on:%Y-%m-%d} 到期",
    )


@background("supply.open_market_units")
def open_ended() -> None:
    """Opens the units whose market contract ended before today; a repeat finds none left.

    One that the talent platform has stays locked until it is rolled back.
    """
    ended = Unit.objects.filter(~PUSHED, market_ends_on__lt=clock.today()).order_by("pk")
    for unit_id in list(ended.values_list("pk", flat=True)[:AT_ONCE]):
        move(
            unit_id,
            actor=system(),
            action="市场化合同到期",
            when=Q(market_ends_on__lt=clock.today()),
            status=REST,
            market_ends_on=None,
            status_note="",
        )


every(minutes=60)("supply.open_market_units")
