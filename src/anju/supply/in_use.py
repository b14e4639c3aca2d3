"""What became of units that were handed over: read from the resettlement system, into the record of hand-overs (SH-188.1)."""

from __future__ import annotations

from django.db import transaction

from anju.kernel import audit
from anju.kernel.jobs import background, every
from anju.kernel.scope import Actor, system
from anju.supply.connectors import ResettlementStates, UnitsAsked
from anju.supply.models import System, UnitPush

AT_ONCE = 200
USED = "used"


def read(actor: Actor) -> str:
    """Asks for all units that the system follows, portion by portion; says how many changed. A repeat changes nothing."""
    changed, after = 0, 0
    following = UnitPush.objects.filter(system=System.RESETTLEMENT, active=True, told_at__isnull=False).order_by("pk")
    while portion := list(following.filter(pk__gt=after).select_related("unit")[:AT_ONCE]):
        asked = UnitsAsked(codes=tuple(push.unit.code for push in portion))
        told = ResettlementStates().call(asked, subject=f"supply.units:{System.RESETTLEMENT}", actor=actor)
        states = {one.code: one for one in told.units}
        for push in portion:
            one = states.get(push.unit.code)
            if one is not None and (push.use, push.used_on) != (one.state, one.on):
                # only while it follows the unit: one that was taken back meanwhile keeps what it had
                changed += UnitPush.objects.filter(pk=push.pk, active=True).update(use=one.state, used_on=one.on)
        after = portion[-1].pk
    if changed:
        with transaction.atomic():
            subject = f"supply.pushes:{System.RESETTLEMENT}"
            audit.record("act", actor=actor, subject=subject, title=f"读取使用状态，更新 {changed} 套")
    return f"已读取征收安置系统的使用状态，更新 {changed} 套"


@background("supply.read_use", atomic=False)
def read_use() -> None:
    """Reads it without being asked."""
    read(system())


every(minutes=60)("supply.read_use")
