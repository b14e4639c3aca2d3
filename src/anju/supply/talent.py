"""人才房: units marked for talents, locked and pushed to the city's talent-housing platform, taken back, ended (SH-190 to 192).

Where a push stands is kept with the mark; what is told goes the way of all pushes (`pushing`). Locks are taken in this
order: batch, mark, unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from anju.kernel import audit, clock
from anju.kernel.errors import Conflict
from anju.kernel.events import publish
from anju.kernel.jobs import defer
from anju.kernel.registers import record_history
from anju.kernel.scope import Actor
from anju.supply.handing import follow, unfollow
from anju.supply.models import (
    AT_PLATFORM,
    System,
    TalentBatch,
    TalentBatchState,
    TalentPushState,
    TalentUnit,
    Unit,
    UnitDue,
    UnitStatus,
)
from anju.supply.moves import get_unit
from anju.supply.services import lock_unit

REGISTER = "supply.talent_units"
LOCKABLE = Q(
    status__in=[UnitStatus.VACANT, UnitStatus.UNCONFIRMED, UnitStatus.READY, UnitStatus.REPAIR]
) | Q(status=UnitStatus.LOCKED, market_ends_on__isnull=True)  # fmt: skip


class NotLockable(Conflict):
    """Only a unit that nobody uses can be set apart for talents."""

    code, message = "supply.not_lockable", "已选定、在租或已移交的房源不能作人才房"
    advice = "请先办理退租、解除保留或收回"


@dataclass(frozen=True)
class Attributes:
    """The special attributes (特殊属性词) of a unit for talents; `managing_division` empty: the batch's."""

    level: str
    category: str
    word: str = ""
    managing_division: str = ""


@transaction.atomic
def mark(*, actor: Actor, unit: Unit, batch: TalentBatch, attributes: Attributes) -> TalentUnit:
    """Marks a unit of the batch's project, or gives its mark other attributes (SH-191.1).

    The database refuses a unit of another project and a batch that is over. Raises `NotLockable`.
    """
    need_lockable(unit)
    TalentBatch.objects.select_for_update().get(pk=batch.pk)
    held = TalentUnit.objects.select_for_update().filter(unit=unit, batch=batch, active=True).first()
    told = {
        "level": attributes.level, "category": attributes.category, "word": attributes.word,
        "managing_division": attributes.managing_division or batch.managing_division,
    }  # fmt: skip
    if held is not None:
        change(held, actor, "修改人才属性", **told)
        tell_again(held)
        return held
    made = TalentUnit.objects.create(
        batch=batch, unit=unit, org_path=unit.org_path, division=unit.division, created_by=actor.ref, **told
    )
    record_history(REGISTER, made.pk, actor=actor, action="create", new={"unit": str(unit), "batch": str(batch)})
    return made


def need_lockable(unit: Unit) -> None:
    """Raises `NotLockable` for a unit that somebody uses or that is bound by a market contract."""
    if not Unit.objects.filter(LOCKABLE, pk=unit.pk).exists():
        raise NotLockable(details={"status": unit.status})


@transaction.atomic
def push(*, actor: Actor, held: TalentUnit) -> str:
    """Locks a marked unit and has it told to the platform with its project (SH-191.2); a repeat changes nothing."""
    if held.push_state in AT_PLATFORM:
        return f"{held.unit.code} {held.get_push_state_display()}，不必重复推送"
    if not held.active:
        raise Conflict("人才房标识已注销，不能推送", code="supply.talent_cancelled", advice="请先重新标注房源")
    # nobody unlocks it between the look at its state and the push
    unit = Unit.objects.select_for_update().get(pk=held.unit_id)
    need_lockable(unit)
    if unit.status != UnitStatus.LOCKED:
        lock_unit(actor=actor, unit_id=held.unit_id, note=f"人才房：{held.batch}"[:200])
    change(held, actor, "锁定并推送", push_state=TalentPushState.PUSHING, trouble="", receipt="", told_at=None)
    follow(get_unit(held.unit_id), System.TALENT)
    return ""


@transaction.atomic
def roll_back(*, actor: Actor, held: TalentUnit) -> str:
    """Ends the pushed state of a unit (SH-191.3, SH-192.2); the platform is told that it is gone. A repeat changes nothing."""
    if held.push_state == TalentPushState.ROLLED_BACK:
        return f"{held.unit.code} 已回退，不必重复回退"
    if held.push_state not in AT_PLATFORM:
        raise Conflict("房源没有推送，不必回退", code="supply.talent_not_pushed")
    change(held, actor, "回退", push_state=TalentPushState.ROLLED_BACK, trouble="")
    unfollow(get_unit(held.unit_id), (System.TALENT,))
    return ""


@transaction.atomic
def cancel(*, actor: Actor, held: TalentUnit) -> None:
    """Cancels the mark of a unit that the platform does not have."""
    if not held.active:
        raise Conflict("人才房标识已经注销", code="supply.talent_cancelled")
    if held.push_state in AT_PLATFORM:
        raise Conflict("已推送的房源不能注销标识", code="supply.talent_pushed", advice="请先回退房源")
    change(held, actor, "注销标识", active=False, cancelled_at=clock.now())


@transaction.atomic
def end(*, actor: Actor, batch: TalentBatch) -> str:
    """Ends a batch whose supply is over: all marks of its units are cancelled with it, those pushed are taken back.

    The platform is told of the end (SH-192.3). A repeat changes nothing.
    """
    now = TalentBatch.objects.select_for_update().get(pk=batch.pk)
    if now.state == TalentBatchState.ENDED:
        return f"{now}已结束"
    marks = list(now.units.select_for_update(of=("self",)).select_related("unit").filter(active=True).order_by("pk"))
    for held in marks:
        if held.push_state in AT_PLATFORM:
            roll_back(actor=actor, held=held)
        change(held, actor, "批次结束，注销标识", active=False, cancelled_at=clock.now())
    now.state, now.ended_at, now.ended_by = TalentBatchState.ENDED, clock.now(), actor.name[:50]
    now.version += 1
    now.save(update_fields=["state", "ended_at", "ended_by", "version", "updated_at"])
    audit.record(
        "act",
        actor=actor,
        subject=f"supply.talent_batches:{now.pk}",
        title=f"结束人才批次 {now}，注销标识 {len(marks)} 套",
    )
    publish("supply.talent_batch_ended", batch_id=now.pk)
    return f"{now}已结束，注销 {len(marks)} 套房源的人才房标识"


def ask_again(held: TalentUnit) -> str:
    """Has what the platform was not told yet told now, instead of after the pause that follows a failure."""
    if not UnitDue.objects.filter(system=System.TALENT, unit_id=held.unit_id).exists():
        raise Conflict("没有待推送的内容", code="supply.nothing_to_do", advice="平台已收到最新内容")
    defer("supply.push_system", once=f"supply.push_now:{System.TALENT}", system=str(System.TALENT))
    return "已重新推送，稍后刷新查看"


def tell_again(held: TalentUnit) -> None:
    """A change of a mark that the platform has is told."""
    if held.push_state in AT_PLATFORM:
        follow(get_unit(held.unit_id), System.TALENT)


def change(held: TalentUnit, actor: Actor, action: str, **values: Any) -> None:
    """Changes a locked mark, on record."""
    old = {key: getattr(held, key) for key in values}
    if old == values:
        return
    for key, value in values.items():
        setattr(held, key, value)
    held.version += 1
    held.save(update_fields=[*values, "version", "updated_at"])
    record_history(REGISTER, held.pk, actor=actor, action=action, old=old, new=values)


# -- splitting and merging ---------------------------------------------------------------------------------------


def lock_marks(unit_ids: Iterable[int]) -> list[str]:
    """Locks the marks of units that are to be split or merged, and their batches; gives the units that the platform has."""
    there = TalentUnit.objects.filter(unit_id__in=list(unit_ids), active=True)
    list(TalentBatch.objects.filter(pk__in=there.values("batch_id")).order_by("pk").select_for_update())
    held = there.order_by("pk").select_for_update(of=("self",)).select_related("unit")
    return [one.unit.code for one in held if one.push_state in AT_PLATFORM]


class Pushed(Conflict):
    """A unit that the platform has is not split or merged (SH-191.5); `details.units` names such."""

    code, message = "supply.talent_pushed", "房源已推送市人才安居平台，不能拆套或合并"
    advice = "请先在“人才房源”里回退房源，拆并后再重新推送"


def pass_on(actor: Actor, before: Sequence[Unit], after: Sequence[Unit]) -> None:
    """What comes out of units that all carried one batch's mark carries it too, and can be pushed (SH-191.4)."""
    marks = list(TalentUnit.objects.filter(unit__in=before, active=True).select_related("batch", "unit").order_by("pk"))
    for held in marks:
        change(held, actor, "拆并，标识转到新房源", active=False, cancelled_at=clock.now())
    if len(marks) < len(before) or len({held.batch_id for held in marks}) > 1:
        return
    first = marks[0]
    attributes = Attributes(first.level, first.category, first.word, first.managing_division)
    for unit in after:
        unit.refresh_from_db()
        mark(actor=actor, unit=unit, batch=first.batch, attributes=attributes)
