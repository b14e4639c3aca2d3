"""How units change: the one way for one unit, the one way for many; each locked, judged, changed, on record, told.

Nothing outside this package changes a unit's state; the acts of `services`, `publishing` and `reshaping` are said here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from anju.kernel import clock
from anju.kernel.errors import Conflict, NotFound
from anju.kernel.events import publish
from anju.kernel.jobs import defer
from anju.kernel.registers import record_history
from anju.kernel.registers.history import plain
from anju.kernel.registers.models import RegisterHistory
from anju.kernel.scope import Actor
from anju.supply.models import AT_PLATFORM, TalentUnit, Unit, UnitStatus

REGISTER = "supply.units"
PUSHED = Q(Exists(TalentUnit.objects.filter(unit=OuterRef("pk"), push_state__in=AT_PLATFORM)))
"""The city's talent-housing platform has the unit, which stays locked until it is rolled back (SH-191.2)."""


class UnitTaken(Conflict):
    """The unit is not in the state that the act needs; `details.status` says in which it is."""

    code, message, advice = "supply.unit_taken", "这套房源刚刚被选走了", "请另选一套"


@dataclass(frozen=True)
class UnitInfo:
    """A unit as other contexts see it; money in yuan a month, area in square metres."""

    id: int
    code: str
    address: str
    project_id: int
    project_name: str
    estate_id: int
    building_id: int
    building_name: str
    programme: str
    division: str
    org_path: str
    operator_id: int
    operator_name: str
    room_no: str
    floor: int
    layout: str
    floor_area: Decimal
    orientation: str
    rent: Decimal
    status: str
    held_for: str
    contract_id: int | None


def info(unit: Unit) -> UnitInfo:
    """The public face of a unit; expects project, operator and building loaded with it."""
    return UnitInfo(
        id=unit.pk,
        code=unit.code,
        address=unit.address,
        project_id=unit.project_id,
        project_name=unit.project.name,
        estate_id=unit.estate_id,
        building_id=unit.building_id,
        building_name=unit.building.name,
        programme=unit.programme,
        division=unit.division,
        org_path=unit.org_path,
        operator_id=unit.project.operator_id,
        operator_name=unit.project.operator.name,
        room_no=unit.room_no,
        floor=unit.floor,
        layout=unit.layout,
        floor_area=unit.floor_area,
        orientation=unit.orientation,
        rent=unit.rent,
        status=unit.status,
        held_for=unit.held_for,
        contract_id=unit.contract_id,
    )


def get_unit(unit_id: int) -> UnitInfo:
    """A unit by id, whoever asks. Raises `NotFound`."""
    unit = Unit.objects.select_related("project__operator", "building").filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("没有这套房源")
    return info(unit)


REST = "rest"
"""As a new status: wherever the unit rests when nothing keeps it, see `resting`."""


def resting(unit: Unit) -> UnitStatus:
    """The state of a unit that nothing keeps: vacant when published, else as far as it had come before."""
    if unit.published:
        return UnitStatus.VACANT
    return UnitStatus.READY if unit.confirmed else UnitStatus.UNCONFIRMED


def refuse_pushed(unit_id: int, what: str) -> None:
    """Raises `Conflict` for an act that would open a unit that the talent platform has."""
    if Unit.objects.filter(PUSHED, pk=unit_id).exists():
        raise Conflict(
            f"房源已推送市人才安居平台，不能{what}", code="supply.talent_pushed", advice="请先在“人才房源”里回退房源"
        )


@transaction.atomic
def move(
    unit_id: int, *, actor: Actor, action: str, when: Q, refusal: type[Conflict] | Conflict = UnitTaken, **changes: Any
) -> UnitInfo:
    """Locks the unit, makes sure `when` holds, changes it, leaves history and event. The only way a state changes."""
    unit = Unit.objects.select_for_update().filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("没有这套房源")
    if not Unit.objects.filter(when, pk=unit_id).exists():
        error = refusal() if isinstance(refusal, type) else refusal
        error.details["status"] = unit.status
        raise error
    if changes.get("status") == REST:
        changes["status"] = resting(unit)
    old = {key: getattr(unit, key) for key in changes}
    if "status" in changes and changes["status"] != unit.status:
        changes["status_since"] = clock.today()
    for key, value in changes.items():
        setattr(unit, key, value)
    unit.version += 1
    unit.save(update_fields=[*changes, "version", "updated_at"])
    record_history(REGISTER, unit_id, actor=actor, action=action, old=old, new={key: changes[key] for key in old})
    if "status" in changes:
        publish("supply.unit_moved", unit_id=unit_id, status=unit.status, was=old["status"])
    tell_outside()
    return get_unit(unit_id)


@transaction.atomic
def move_all(
    rows: QuerySet[Unit],
    *,
    actor: Actor,
    action: str,
    when: Q,
    changes: Mapping[str, Any],
    refusal: Conflict,
    ticked: Iterable[int] | None = None,
    note: str = "",
) -> list[int]:
    """Changes many units in one transaction and a fixed number of statements; gives their ids.

    `rows` are those within the actor's reach. With `ticked` exactly those: one that is out of reach raises `NotFound`,
    one for which `when` does not hold raises the refusal with the codes of all such in its details, and nothing is
    changed. Without, all of `rows` for which `when` holds.
    """
    if ticked is not None:
        wanted = sorted(set(ticked))
        there = list(
            rows.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",)).values_list("pk", "code")
        )
        if len(there) != len(wanted):
            raise NotFound("所选房源有的不存在，或不在你的管辖范围内")
        fit = set(Unit.objects.filter(when, pk__in=wanted).values_list("pk", flat=True))
        if unfit := [code for pk, code in there if pk not in fit]:
            refusal.details |= {"units": unfit[:50], "count": len(unfit)}
            raise refusal
    else:
        # judged again once it is locked: PostgreSQL reads the row anew when somebody changed it meanwhile
        locked = rows.filter(when).order_by("pk").select_for_update(of=("self",))
        wanted = list(locked.values_list("pk", flat=True))
    if not wanted:
        return []
    chosen = Unit.objects.filter(pk__in=wanted)
    before = list(chosen.order_by("pk").values("pk", *changes))
    stamped = dict(changes)
    if "status" in changes:
        stamped["status_since"] = clock.today()
    chosen.update(**stamped, version=F("version") + 1, updated_at=clock.now())
    moment = clock.now()
    RegisterHistory.objects.bulk_create(
        [line(row["pk"], row, changes, actor=actor, action=action, at=moment, note=note) for row in before],
        batch_size=2000,
    )
    publish(
        "supply.units_moved",
        unit_ids=wanted,
        action=action,
        **{"status": changes["status"]} if "status" in changes else {},
    )
    tell_outside()
    return wanted


def line(
    unit_id: int,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    *,
    actor: Actor,
    action: str,
    at: datetime,
    note: str = "",
) -> RegisterHistory:
    """A line of a unit's history, as `record_history` writes it, for those that write many at once."""
    changes = [
        {"field": key, "old": plain(old[key]), "new": plain(value)}
        for key, value in new.items()
        if plain(old[key]) != plain(value)
    ]
    return RegisterHistory(
        register=REGISTER, row_id=unit_id, at=at, actor=actor.ref, actor_name=actor.name, action=action, note=note[:500],
        changes=changes,
    )  # fmt: skip


def tell_outside() -> None:
    """Asks the worker to tell other systems what has changed of the units they follow."""
    defer("supply.push_units", once="supply.push_units")


def record_made(units: Iterable[Unit], actor: Actor, note: str) -> None:
    """The first line in the history of units that were made by an act."""
    for unit in units:
        record_history(
            REGISTER, unit.pk, actor=actor, action="create", new={"code": unit.code, "rent": unit.rent}, note=note
        )
