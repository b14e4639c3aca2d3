"""房源履历: everything that happened to a unit, from set-up to today, in one list; and what it came from and became."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from anju.kernel import clock
from anju.kernel.errors import NotFound
from anju.kernel.registers import REGISTERS
from anju.kernel.registers.history import ACTIONS, shown
from anju.kernel.registers.models import RegisterHistory
from anju.kernel.scope import Actor, restrict
from anju.supply import public_codes
from anju.supply.models import Occupancy, Reshape, ReshapePart, Unit, UnitPush
from anju.supply.moves import REGISTER

RIGHT = "supply.unit.view"
MOST = 300


def life(actor: Actor, unit_id: int) -> dict[str, Any]:
    """The life of a unit within reach, latest first; at most the latest 300 entries. Raises `NotFound`."""
    rows = restrict(Unit.objects.all(), actor, RIGHT).select_related("project", "building", "parent")
    unit = rows.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("没有这套房源")
    entries = [*history(unit), *occupancies(unit), *reshapes(unit), *pushes(unit)]
    entries.sort(key=lambda entry: entry["at"], reverse=True)
    return {
        "unit": head(unit),
        "entries": entries[:MOST],
        "lineage": lineage(unit),
        "occupancies": list(
            Occupancy.objects.filter(unit=unit).order_by("-starts_on", "-pk")
            .values("who", "contract_id", "starts_on", "ended_on", "lease_end", "rent")
        ),
    }  # fmt: skip


def head(unit: Unit) -> dict[str, Any]:
    """What stands above the list."""
    return {
        "id": unit.pk, "code": unit.code, "public_code": unit.public_code, "address": unit.address,
        "project": unit.project.name, "project_id": unit.project_id, "building": unit.building.name,
        "programme": unit.programme, "division": unit.division, "layout": unit.layout, "floor_area": unit.floor_area,
        "rent": unit.rent, "channel": unit.channel, "room_no": unit.room_no, "status": unit.status,
        "status_note": unit.status_note, "market_ends_on": unit.market_ends_on, "lent_division": unit.lent_division,
        "parent": {"id": unit.parent.pk, "code": unit.parent.code} if unit.parent else None,
        "page": public_codes.address(unit.public_code) if unit.public_code else None,
    }  # fmt: skip


def entry(
    at: datetime, kind: str, title: str, *, by: str = "", note: str = "", changes: Iterable[dict[str, Any]] = ()
) -> dict[str, Any]:
    """One line: `kind` is state, change, let, shape or push."""
    return {"at": at, "kind": kind, "title": title, "by": by, "note": note, "changes": list(changes)}


def history(unit: Unit) -> list[dict[str, Any]]:
    """What was changed, field by field."""
    register = REGISTERS[REGISTER]
    found = RegisterHistory.objects.filter(register=REGISTER, row_id=unit.pk).order_by("-id")[:MOST]
    return [
        entry(
            line.at,
            "state" if any(change["field"] == "status" for change in line.changes) else "change",
            ACTIONS.get(line.action, line.action),
            by=line.actor_name or "系统",
            note=line.note,
            changes=[one for one in shown(register, line.changes) if one["field"] not in HIDDEN],
        )
        for line in found
    ]


HIDDEN = {"confirmed", "published", "contract_id", "held_for", "lent_path"}


def occupancies(unit: Unit) -> list[dict[str, Any]]:
    """Who moved in and out; names are masked."""
    lines = []
    for one in Occupancy.objects.filter(unit=unit):
        until = f"，合同至 {one.lease_end}" if one.lease_end else ""
        lines.append(
            entry(clock.start_of(one.starts_on), "let", f"{one.who} 起租", note=f"月租金 {one.rent} 元{until}")
        )
        if one.ended_on:
            lines.append(entry(clock.start_of(one.ended_on), "let", f"{one.who} 退租"))
    return lines


def reshapes(unit: Unit) -> list[dict[str, Any]]:
    """Splits and merges it took part in."""
    found = Reshape.objects.filter(parts__unit=unit).prefetch_related("parts__unit")
    lines = []
    for one in found:
        sides = [
            "、".join(part.unit.code for part in one.parts.all() if part.after is after) for after in (False, True)
        ]
        note = f"{sides[0]} → {sides[1]}；建筑面积 {one.area_after} ㎡，月租金 {one.rent_after} 元，前后一致"
        lines.append(entry(one.at, "shape", one.get_kind_display(), by=one.by_name, note=note))
    return lines


def pushes(unit: Unit) -> list[dict[str, Any]]:
    """What other systems were told last."""
    told = UnitPush.objects.filter(unit=unit, told_at__isnull=False)
    return [entry(one.told_at, "push", f"推送到{one.get_system_display()}") for one in told if one.told_at]


def lineage(unit: Unit) -> list[dict[str, Any]]:
    """The acts that connect the unit with others, oldest first: each with what there was before and what came out."""
    near = set(ReshapePart.objects.filter(unit=unit).values_list("reshape_id", flat=True))
    family = (
        Q(parts__unit__parent=unit) | Q(parts__unit=unit.parent_id) if unit.parent_id else Q(parts__unit__parent=unit)
    )
    found = (
        Reshape.objects.filter(Q(pk__in=near) | family).distinct().order_by("at", "pk").prefetch_related("parts__unit")
    )
    return [
        {
            "kind": one.kind, "at": one.at, "by": one.by_name,
            "before": [brief(part) for part in one.parts.all() if not part.after],
            "after": [brief(part) for part in one.parts.all() if part.after],
        }
        for one in found
    ]  # fmt: skip


def brief(part: ReshapePart) -> dict[str, Any]:
    """A unit in the drawing."""
    return {
        "id": part.unit_id, "code": part.unit.code, "room_no": part.unit.room_no, "status": part.unit.status,
        "floor_area": part.floor_area, "rent": part.rent,
    }  # fmt: skip
