"""What the registers of supply offer beyond change and delete, and why a record may not be deleted."""

from __future__ import annotations

from typing import Any

from anju.kernel.scope import Actor
from anju.supply import handing, market, services, talent
from anju.supply.models import Bed, Building, Estate, Operator, Project, Room, System, Unit, UnitStatus


def confirm(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    services.confirm_unit(actor=actor, unit_id=unit.pk)


def publish(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    services.publish_unit(actor=actor, unit_id=unit.pk)


def occupy(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    market.occupy(actor=actor, unit_id=unit.pk, ends_on=values["ends_on"])


def change_nature(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    handing.change_nature(actor=actor, unit_id=unit.pk, old=values["old"], new=values["to"])


def reserve(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    handing.reserve(actor=actor, unit_id=unit.pk, plan=values["plan"])


def release(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    handing.release(actor=actor, unit_id=unit.pk)


def put_on_order(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    handing.put_on_order(actor=actor, unit=unit, order=values["redistribution"])


def assign(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    handing.assign(actor=actor, unit_id=unit.pk, system=System(values["system"]))


def take_back(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    handing.take_back(actor=actor, unit_id=unit.pk)


def mark_for_talents(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    attributes = talent.Attributes(
        values["level"], values["category"], values["word"] or "", values["managing_division"] or ""
    )
    talent.mark(actor=actor, unit=unit, batch=values["batch"], attributes=attributes)


def lock(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    services.lock_unit(actor=actor, unit_id=unit.pk, note=values["note"])


def unlock(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    services.unlock_unit(actor=actor, unit_id=unit.pk)


def repair(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    services.repair_unit(actor=actor, unit_id=unit.pk, note=values["note"])


def channel(actor: Actor, unit: Unit, values: dict[str, Any]) -> None:
    """Register act."""
    services.change_channel(actor=actor, unit_id=unit.pk, channel=values["channel"])


def projects_of_operator(operator: Operator) -> str:
    """Why an operator cannot be deleted."""
    count = Project.objects.filter(operator=operator).count()
    return f"{operator.name}名下还有 {count} 个项目，不能删除" if count else ""


def contents_of_project(project: Project) -> str:
    """Why a project cannot be deleted (PR-04.1)."""
    buildings = Building.objects.filter(project=project).count()
    if buildings:
        return f"{project.name}下还有 {buildings} 栋楼，不能删除"
    estates = Estate.objects.filter(project=project).count()
    return f"{project.name}下还有 {estates} 个小区，不能删除" if estates else ""


def buildings_of_estate(estate: Estate) -> str:
    """Why an estate cannot be deleted."""
    count = Building.objects.filter(estate=estate).count()
    return f"{estate.name}下还有 {count} 栋楼，不能删除" if count else ""


def units_of_building(building: Building) -> str:
    """Why a building cannot be deleted."""
    count = Unit.objects.filter(building=building).count()
    return f"{building.name}下还有 {count} 套房源，不能删除" if count else ""


def why_unit_stays(unit: Unit) -> str:
    """Why a unit cannot be deleted."""
    if unit.status in {UnitStatus.HELD, UnitStatus.LET, UnitStatus.LEAVING}:
        return f"{unit.address}{UnitStatus(unit.status).label}，不能删除"
    count = Room.objects.filter(unit=unit).count()
    return f"{unit.address}下还有 {count} 间房间，不能删除" if count else ""


def why_room_stays(room: Room) -> str:
    """Why a room cannot be deleted."""
    count = Bed.objects.filter(room=room).count()
    return f"{room.number}房间里还有 {count} 个床位，不能删除" if count else ""
