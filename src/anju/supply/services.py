"""What other contexts may ask of supply: units found, held, let and freed; each act one conditional change of one row.

Who holds or lives in a unit is told with the act and kept beside the unit, so that a board is one query. Every act
leaves a line in the unit's history and an event. The callers are `waiting` (choice) and `tenancy` (contracts).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, Q

from anju.kernel.errors import Conflict, DomainError, NotFound
from anju.kernel.scope import Actor
from anju.supply import occupancies, publishing
from anju.supply.models import Project, PublicationAct, TalentUnit, Unit, UnitStatus
from anju.supply.moves import PUSHED, REST, UnitInfo, UnitTaken, get_unit, info, move, refuse_pushed
from anju.supply.seed import seed_supply
from anju.supply.surveys import AreaCompared, area_tolerance
from anju.supply.units_public import pictures_of

__all__ = [
    "AreaCompared",
    "UnitInfo",
    "UnitTaken",
    "area_tolerance",
    "confirm_unit",
    "get_unit",
    "hold_unit",
    "let_unit",
    "list_vacant_units",
    "lock_unit",
    "pictures_of",
    "projects_by_id",
    "publish_unit",
    "release_unit",
    "rents_of",
    "seed_supply",
    "set_occupant",
    "start_leaving",
    "stay_after_all",
    "talent_district",
    "unlock_unit",
    "vacate_unit",
]


def get_units(unit_ids: Iterable[int]) -> dict[int, UnitInfo]:
    """Units by id in one query; unknown ids are left out."""
    units = Unit.objects.select_related("project__operator", "building").filter(pk__in=list(unit_ids))
    return {unit.pk: info(unit) for unit in units}


def talent_district(unit_id: int) -> str:
    """The district that manages a unit's talent mark in force, nothing for an unmarked one; the mark is locked."""
    marks = TalentUnit.objects.select_for_update().filter(unit_id=unit_id, active=True)
    return marks.values_list("managing_division", flat=True).first() or ""


def list_vacant_units(
    *,
    programme: str = "",
    divisions: Iterable[str] = (),
    project_ids: Iterable[int] = (),
    layouts: Iterable[str] = (),
    org_path: str = "",
    without: Iterable[int] = (),
    limit: int = 500,
) -> list[UnitInfo]:
    """Vacant units that fit, by code, those in `without` left out; for the batches of `waiting`."""
    wanted = Q(status=UnitStatus.VACANT)
    for field, values in (("division", divisions), ("project_id", project_ids), ("layout", layouts)):
        if chosen := list(values):
            wanted &= Q(**{f"{field}__in": chosen})
    if programme:
        wanted &= Q(programme=programme)
    if org_path:
        wanted &= Q(org_path__startswith=org_path)
    if left_out := list(without):
        wanted &= ~Q(pk__in=left_out)
    units = Unit.objects.select_related("project__operator", "building").filter(wanted).order_by("code")
    return [info(unit) for unit in units[:limit]]


def projects_by_id(project_ids: Iterable[int] | None = None) -> dict[int, dict[str, Any]]:
    """Names, programme and division of projects; all of them without ids."""
    projects = Project.objects.all() if project_ids is None else Project.objects.filter(pk__in=list(project_ids))
    return {row["id"]: dict(row) for row in projects.values(*_PROJECT)}


_PROJECT = ("id", "code", "name", "programme", "division", "address", "org_path")


def rents_of(project_ids: Iterable[int], layouts: Iterable[str] = ()) -> tuple[Decimal, Decimal] | None:
    """The lowest and highest monthly rent of published units of the projects, of these layouts or of all; yuan."""
    units = Unit.objects.filter(project_id__in=list(project_ids), published=True)
    if wanted := list(layouts):
        units = units.filter(layout__in=wanted)
    found = units.aggregate(low=Min("rent"), high=Max("rent"))
    return None if found["low"] is None else (found["low"], found["high"])


@transaction.atomic
def hold_unit(*, actor: Actor, unit_id: int, held_for: str, note: str = "") -> UnitInfo:
    """Keeps a vacant unit for someone (`held_for` such as `choice:12`). Raises `UnitTaken` when it is not vacant.

    Two who want the same unit queue at its row; the second finds it held. Held again for the same one, nothing changes.
    """
    if not held_for:
        raise DomainError("须说明为谁保留", code="supply.held_without_reason")
    if Unit.objects.select_for_update().filter(pk=unit_id, status=UnitStatus.HELD, held_for=held_for).exists():
        return get_unit(unit_id)
    return move(
        unit_id,
        actor=actor,
        action="选定保留",
        when=Q(status=UnitStatus.VACANT),
        status=UnitStatus.HELD,
        held_for=held_for,
        status_note=note,
    )


def release_unit(*, actor: Actor, unit_id: int, held_for: str, note: str = "") -> UnitInfo:
    """Gives a held unit back; only for the one it is held for."""
    return move(
        unit_id,
        actor=actor,
        action="解除保留",
        when=Q(status=UnitStatus.HELD, held_for=held_for),
        refusal=Conflict("这套房源不是为此保留的", code="supply.not_held"),
        status=UnitStatus.VACANT,
        held_for="",
        status_note=note,
    )


@transaction.atomic
def let_unit(
    *, actor: Actor, unit_id: int, contract_id: int, occupant_name_masked: str, lease_end: date, held_for: str = ""
) -> UnitInfo:
    """Lets a unit to a tenant: one held for him, or a vacant one. Raises `UnitTaken`."""
    if Unit.objects.filter(pk=unit_id, contract_id=contract_id, status=UnitStatus.LET).exists():
        return get_unit(unit_id)
    ready = Q(status=UnitStatus.VACANT)
    if held_for:
        ready |= Q(status=UnitStatus.HELD, held_for=held_for)
    let = move(
        unit_id,
        actor=actor,
        action="签约入住",
        when=ready,
        status=UnitStatus.LET,
        held_for="",
        contract_id=contract_id,
        occupant_name_masked=occupant_name_masked,
        lease_end=lease_end,
        status_note="",
    )
    occupancies.begun(let, contract_id=contract_id, who=occupant_name_masked, lease_end=lease_end)
    return let


@transaction.atomic
def set_occupant(
    *, actor: Actor, unit_id: int, contract_id: int, occupant_name_masked: str, lease_end: date
) -> UnitInfo:
    """Corrects who lives in a let unit and until when (renewal, change of tenant)."""
    unit = move(
        unit_id,
        actor=actor,
        action="更新承租信息",
        when=Q(status__in=[UnitStatus.LET, UnitStatus.LEAVING]),
        contract_id=contract_id,
        occupant_name_masked=occupant_name_masked,
        lease_end=lease_end,
    )
    occupancies.corrected(unit, contract_id=contract_id, who=occupant_name_masked, lease_end=lease_end)
    return unit


def start_leaving(*, actor: Actor, unit_id: int, contract_id: int, note: str = "") -> UnitInfo:
    """The tenant has asked to leave (待退); the unit stays his until it is vacated (SH-074)."""
    return move(
        unit_id,
        actor=actor,
        action="登记退租申请",
        when=Q(status=UnitStatus.LET, contract_id=contract_id),
        refusal=Conflict("这套房源不在该合同租期内", code="supply.not_let"),
        status=UnitStatus.LEAVING,
        status_note=note,
    )


def stay_after_all(*, actor: Actor, unit_id: int, contract_id: int) -> UnitInfo:
    """The request to leave was withdrawn or refused."""
    return move(
        unit_id,
        actor=actor,
        action="撤销退租申请",
        when=Q(status=UnitStatus.LEAVING, contract_id=contract_id),
        refusal=Conflict("这套房源没有退租申请", code="supply.not_leaving"),
        status=UnitStatus.LET,
        status_note="",
    )


@transaction.atomic
def vacate_unit(*, actor: Actor, unit_id: int, contract_id: int, note: str = "", lock: bool = False) -> UnitInfo:
    """The contract has ended: the unit is vacant again, or with `lock` unusable until it is checked (SH-070.4)."""
    unit = move(
        unit_id,
        actor=actor,
        action="退租腾空",
        when=Q(status__in=[UnitStatus.LET, UnitStatus.LEAVING], contract_id=contract_id),
        refusal=Conflict("这套房源不在该合同租期内", code="supply.not_let"),
        status=UnitStatus.LOCKED if lock else UnitStatus.VACANT,
        contract_id=None,
        occupant_name_masked="",
        lease_end=None,
        status_note=note,
    )
    occupancies.ended(unit)
    return unit


@transaction.atomic
def confirm_unit(*, actor: Actor, unit_id: int) -> UnitInfo:
    """A new unit is right and may be published; a repaired one goes back to where it was."""
    unit = Unit.objects.select_related("project").select_for_update(of=("self",)).filter(pk=unit_id).first()
    if unit is not None and unit.status != UnitStatus.REPAIR:
        publishing.act_on(actor=actor, unit=unit, act=PublicationAct.CONFIRM)
        return get_unit(unit_id)
    return move(
        unit_id,
        actor=actor,
        action="维修完成",
        when=Q(status=UnitStatus.REPAIR) & ~PUSHED,
        refusal=Conflict("只有待确认或维修中的房源可以确认", code="supply.not_confirmable"),
        status=REST,
        status_note="",
    )


@transaction.atomic
def publish_unit(*, actor: Actor, unit_id: int) -> UnitInfo:
    """Puts one confirmed unit on offer; for many see `publishing`."""
    unit = Unit.objects.select_related("project").filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("没有这套房源")
    publishing.act_on(actor=actor, unit=unit, act=PublicationAct.PUBLISH)
    return get_unit(unit_id)


def lock_unit(*, actor: Actor, unit_id: int, note: str) -> UnitInfo:
    """Takes an empty unit out of supply (SH-070.5)."""
    return move(
        unit_id,
        actor=actor,
        action="锁定",
        when=Q(status__in=[UnitStatus.VACANT, UnitStatus.UNCONFIRMED, UnitStatus.READY, UnitStatus.REPAIR]),
        refusal=Conflict(
            "已选定、在租或已锁定的房源不能锁定", code="supply.not_lockable", advice="请先办理退租或解除保留"
        ),
        status=UnitStatus.LOCKED,
        status_note=note,
    )


def unlock_unit(*, actor: Actor, unit_id: int) -> UnitInfo:
    """Puts a locked unit back to where it was (SH-070.7); one whose market contract still runs stays locked.

    So does one that the talent platform has (SH-191.2).
    """
    refuse_pushed(unit_id, "解锁")
    return move(
        unit_id,
        actor=actor,
        action="解锁",
        when=Q(status=UnitStatus.LOCKED, market_ends_on__isnull=True) & ~PUSHED,
        refusal=Conflict(
            "这套房源没有锁定，或市场化合同还没有到期", code="supply.not_locked", advice="市场化合同到期的次日自动解锁"
        ),
        status=REST,
        status_note="",
    )


def repair_unit(*, actor: Actor, unit_id: int, note: str) -> UnitInfo:
    """An empty unit under repair cannot be supplied; one that the talent platform has stays locked."""
    refuse_pushed(unit_id, "转维修")
    return move(
        unit_id,
        actor=actor,
        action="转维修",
        when=Q(status__in=[UnitStatus.VACANT, UnitStatus.UNCONFIRMED, UnitStatus.READY])
        | Q(status=UnitStatus.LOCKED, market_ends_on__isnull=True) & ~PUSHED,
        refusal=Conflict("只有空置的房源可以转维修", code="supply.not_repairable"),
        status=UnitStatus.REPAIR,
        status_note=note,
    )


def change_channel(*, actor: Actor, unit_id: int, channel: str) -> UnitInfo:
    """Changes by which channel a unit is supplied."""
    return move(unit_id, actor=actor, action="调整供应渠道", when=Q(), channel=channel)
