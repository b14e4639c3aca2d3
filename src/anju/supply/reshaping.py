"""拆套与合并: a unit becomes several, several become one; what is paid for and how large it is stay the same (SH-184.2-3).

A split unit stays as the parent of its parts. Parts put together again give the parent back; other neighbours that are
merged give a new unit. Whatever comes out is reviewed anew before it is offered.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from anju.kernel import clock
from anju.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotFound
from anju.kernel.events import publish
from anju.kernel.registers.dictionaries import titles
from anju.kernel.scope import Actor, restrict
from anju.supply import talent
from anju.supply.models import Reshape, ReshapeKind, ReshapePart, Unit, UnitStatus
from anju.supply.moves import move, record_made, tell_outside

RIGHT = "supply.unit.reshape"
MOST_PARTS = 20
EMPTY = Q(status__in=[UnitStatus.UNCONFIRMED, UnitStatus.READY, UnitStatus.VACANT, UnitStatus.REPAIR]) | Q(
    status=UnitStatus.LOCKED, market_ends_on__isnull=True
)
_ANEW: dict[str, Any] = {"confirmed": False, "published": False}


@dataclass(frozen=True)
class Part:
    """A unit that is to come out: yuan a month, square metres."""

    room_no: str
    layout: str
    floor_area: Decimal
    rent: Decimal


class SumsDiffer(DomainError):
    """Area or rent before and after are not the same; `details` tells both sums."""

    code, message = "supply.split_sum", "拆并前后的面积或租金不一致"
    advice = "各套合计须与原房源完全相等"


def compare(before: Sequence[Unit | Part], after: Sequence[Unit | Part]) -> dict[str, Decimal]:
    """The sums of both sides. Raises `SumsDiffer` where they are not equal to the cent and to 0.01 ㎡."""
    sums = {
        f"{name}_{side}": sum((getattr(unit, name.replace("area", "floor_area")) for unit in units), Decimal(0))
        for side, units in (("before", before), ("after", after))
        for name in ("area", "rent")
    }
    if sums["area_before"] != sums["area_after"] or sums["rent_before"] != sums["rent_after"]:
        told = [
            f"{title}原 {sums[f'{name}_before']:,.2f} {unit}，现 {sums[f'{name}_after']:,.2f} {unit}"
            for name, title, unit in (("area", "建筑面积", "㎡"), ("rent", "月租金", "元"))
            if sums[f"{name}_before"] != sums[f"{name}_after"]
        ]
        raise SumsDiffer("；".join(told), field="parts", details={key: str(value) for key, value in sums.items()})
    return sums


def within(actor: Actor, unit_ids: Iterable[int]) -> QuerySet[Unit]:
    """Those of some units that are within reach, in the order of their ids."""
    return restrict(Unit.objects.all(), actor, RIGHT).filter(pk__in=set(unit_ids)).order_by("pk")


def empty(units: list[Unit], wanted: Iterable[int]) -> list[Unit]:
    """The units as they were read. Raises `NotFound` when some are missing, `Conflict` when one is in use."""
    if len(units) != len(set(wanted)):
        raise NotFound("所选房源有的不存在，或不在你的管辖范围内")
    free = set(Unit.objects.filter(EMPTY, pk__in=[unit.pk for unit in units]).values_list("pk", flat=True))
    if used := [unit.code for unit in units if unit.pk not in free]:
        raise Conflict(
            "只有空置的房源可以拆套或合并", code="supply.not_reshapable", advice="已选定、在租或已移交的房源请先收回",
            details={"units": used},
        )  # fmt: skip
    return units


def locked(actor: Actor, unit_ids: Iterable[int]) -> list[Unit]:
    """The units within reach, locked in the order of their ids. Raises `NotFound`, `Conflict` for one in use or pushed."""
    wanted = sorted(set(unit_ids))
    pushed = talent.lock_marks(wanted)
    found = list(within(actor, wanted).select_for_update(of=("self",)))
    if len(found) == len(wanted) and pushed:
        raise talent.Pushed(details={"units": pushed})
    return empty(found, wanted)


def faults(parts: Sequence[Part]) -> list[FieldError]:
    """What is wrong with the parts one by one."""
    wrong = []
    for number, part in enumerate(parts):
        if part.floor_area <= 0:
            wrong.append(FieldError(f"parts.{number}.floor_area", "supply.floor_area", "建筑面积应大于 0"))
        if part.rent < 0:
            wrong.append(FieldError(f"parts.{number}.rent", "supply.rent_negative", "租金不能为负数"))
        if not part.room_no.strip():
            wrong.append(FieldError(f"parts.{number}.room_no", "required", "必填"))
        if part.layout not in titles("layout"):
            wrong.append(FieldError(f"parts.{number}.layout", "not_in_dictionary", "请从列表中选择户型"))
        if part.room_no in {other.room_no for other in parts[:number]}:
            wrong.append(FieldError(f"parts.{number}.room_no", "supply.room_no_taken", "室号重复"))
    return wrong


@transaction.atomic
def split(*, actor: Actor, unit_id: int, parts: Sequence[Part], note: str = "") -> list[Unit]:
    """Splits an empty unit; it stays as the parent. Gives the parts, which are to be confirmed anew.

    Raises `NotFound`, `Conflict` for a unit in use or one that is itself a part, `Invalid`, `SumsDiffer`.
    """
    (unit,) = locked(actor, [unit_id])
    if unit.parent_id is not None:
        raise Conflict("子房源不能再拆", code="supply.split_part", advice="请先合并后再按需要拆套")
    if not 2 <= len(parts) <= MOST_PARTS:
        raise DomainError(f"一套房源可拆成 2 至 {MOST_PARTS} 套", code="supply.split_number", field="parts")
    if wrong := faults(parts):
        raise Invalid(wrong)
    sums = compare([unit], parts)
    move(unit.pk, actor=actor, action="拆套", when=EMPTY, status=UnitStatus.SPLIT, status_note=note, **_ANEW)
    first = Unit.objects.filter(parent_id=unit.pk).count() + 1
    made = Unit.objects.bulk_create(
        [
            Unit(
                building_id=unit.building_id, parent_id=unit.pk, code=f"{unit.code[:36]}-{number}", room_no=part.room_no,
                floor=unit.floor, layout=part.layout, floor_area=part.floor_area, rent=part.rent,
                orientation=unit.orientation, channel=unit.channel, lent_path=unit.lent_path,
                lent_division=unit.lent_division, own_programme=unit.own_programme, created_by=actor.ref,
                **shared([unit]),
            )
            for number, part in enumerate(parts, start=first)
        ]
    )  # fmt: skip
    keep(ReshapeKind.SPLIT, actor, note, [unit], made, sums)
    record_made(made, actor, f"由 {unit.code} 拆出")
    return made


def together(units: Sequence[Unit]) -> Unit | None:
    """The parent that these units give back when they are merged, None where they give a new one.

    Raises `DomainError` for fewer than two, `Conflict` where they do not belong together.
    """
    if len(units) < 2:
        raise DomainError("请选择两套以上的房源", code="supply.merge_number", field="unit_ids")
    parents = {unit.parent_id for unit in units}
    if len({unit.building_id for unit in units}) > 1 or len(parents) > 1:
        raise Conflict("只能合并同一楼栋、同一次拆出的房源", code="supply.merge_apart", advice="请核对所选房源")
    if len({(unit.lent_path, unit.own_programme) for unit in units}) > 1:
        raise Conflict("所选房源的归属或类别不同", code="supply.merge_apart", advice="请核对所选房源")
    parent_id = parents.pop()
    if parent_id is None:
        floors = sorted({unit.floor for unit in units})
        # our choice: what is one home lies on one floor, or on floors that a stair joins
        if any(upper - lower > 1 for lower, upper in itertools.pairwise(floors)):
            told = "、".join(str(floor) for floor in floors)
            raise Conflict(
                f"所选房源在 {told} 层，不相邻，不能合为一套", code="supply.merge_floors",
                advice="请选同一层或上下相邻楼层的房源",
            )  # fmt: skip
        return None
    left = Unit.objects.filter(parent_id=parent_id).exclude(status=UnitStatus.MERGED).exclude(
        pk__in=[unit.pk for unit in units]
    )  # fmt: skip
    if others := list(left.values_list("code", flat=True)):
        raise Conflict(
            "须把子房源全部合并", code="supply.split_parts_left", advice="请一并勾选其余子房源",
            details={"units": others},
        )  # fmt: skip
    return Unit.objects.get(pk=parent_id)


def proposal(actor: Actor, unit_ids: Sequence[int]) -> dict[str, Any]:
    """What merging these units would give, with the sums that stay. Raises what `merge` would raise."""
    units = empty(list(within(actor, unit_ids).select_related("building")), unit_ids)
    parent = together(units)
    if parent is not None:
        compare(units, [parent])
    return {
        "units": units, "parent": parent,
        "floor_area": sum((unit.floor_area for unit in units), Decimal(0)),
        "rent": sum((unit.rent for unit in units), Decimal(0)),
    }  # fmt: skip


@transaction.atomic
def merge(*, actor: Actor, unit_ids: Sequence[int], whole: Part, note: str = "") -> Unit:
    """Merges empty units of one building. All parts of a split unit give the unit back; others a new one.

    Raises `NotFound`, `Conflict`, `Invalid`, `SumsDiffer`.
    """
    units = locked(actor, unit_ids)
    parent = together(units)
    if wrong := faults([whole]):
        raise Invalid(wrong)
    if parent is not None:
        parent = Unit.objects.select_for_update().get(pk=parent.pk)
        compare(units, [parent])
    sums = compare(units, [whole])
    for unit in units:
        move(unit.pk, actor=actor, action="合并", when=EMPTY, status=UnitStatus.MERGED, status_note=note, **_ANEW)
    if parent is not None:
        move(
            parent.pk, actor=actor, action="合并恢复", when=Q(status=UnitStatus.SPLIT), status=UnitStatus.UNCONFIRMED,
            status_note=note,
        )  # fmt: skip
        made = parent
    else:
        made = Unit.objects.create(
            building_id=units[0].building_id, code=f"{units[0].code[:37]}-H", room_no=whole.room_no, floor=units[0].floor,
            layout=whole.layout, floor_area=whole.floor_area, rent=whole.rent, orientation=units[0].orientation,
            channel=units[0].channel, lent_path=units[0].lent_path, lent_division=units[0].lent_division,
            own_programme=units[0].own_programme, created_by=actor.ref, **shared(units),
        )  # fmt: skip
        record_made([made], actor, "由 " + "、".join(unit.code for unit in units) + " 合并")
    keep(ReshapeKind.MERGE, actor, note, units, [made], sums)
    return made


def shared(units: Sequence[Unit]) -> dict[str, Any]:
    """What comes out has too: the attributes of the city in which all agree, and what all may be used for."""
    first, *others = units
    extra = {key: value for key, value in first.extra.items() if all(one.extra.get(key) == value for one in others)}
    return {"extra": extra, "transferable": all(one.transferable for one in units)}


def keep(
    kind: ReshapeKind, actor: Actor, note: str, before: Sequence[Unit], after: Sequence[Unit], sums: dict[str, Decimal]
) -> None:
    """The line of descent, for the life of a unit; and other systems are told."""
    unit = before[0]
    reshape = Reshape.objects.create(
        kind=kind, building_id=unit.building_id, at=clock.now(), by_name=actor.name, note=note, org_path=unit.org_path,
        division=unit.division, created_by=actor.ref, **sums,
    )  # fmt: skip
    ReshapePart.objects.bulk_create(
        ReshapePart(reshape=reshape, unit=one, after=one in after, floor_area=one.floor_area, rent=one.rent)
        for one in [*before, *after]
    )
    talent.pass_on(actor, before, after)
    publish("supply.units_reshaped", kind=str(kind), before=[one.pk for one in before], after=[one.pk for one in after])
    tell_outside()
