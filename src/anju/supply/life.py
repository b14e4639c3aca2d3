"""房源履历: everything that happened to a unit, from set-up to today, in one list; and what it came from and became."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

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
MORE = 50
"""How many lines one moment may have: an act writes one or two."""


def life(actor: Actor, unit_id: int, before: datetime | None = None) -> dict[str, Any]:
    """The life of a unit within reach, latest first, a page of 300 entries that happened before a moment.

    `next` is the moment before which the following page begins, None at the end; entries of one moment stay together.
    Raises `NotFound`.
    """
    rows = restrict(Unit.objects.all(), actor, RIGHT).select_related("project", "building", "parent")
    unit = rows.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("没有这套房源")
    entries = [*history(unit, before), *occupancies(unit), *reshapes(unit), *pushes(unit)]
    entries = [entry for entry in entries if before is None or entry["at"] < before]
    entries.sort(key=lambda entry: entry["at"], reverse=True)
    last = entries[MOST - 1]["at"] if len(entries) > MOST else None
    page = entries if last is None else [entry for entry in entries if entry["at"] >= last]
    return {
        "unit": head(unit),
        "entries": page,
        "next": last if len(entries) > len(page) else None,
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


def history(unit: Unit, before: datetime | None) -> list[dict[str, Any]]:
    """What was changed, field by field; as much as a page can show, with what happened at one moment with its last."""
    register = REGISTERS[REGISTER]
    found = RegisterHistory.objects.filter(register=REGISTER, row_id=unit.pk).order_by("-at", "-id")
    if before is not None:
        found = found.filter(at__lt=before)
    found = found[: MOST + MORE]
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


# the state says it
HIDDEN = {"confirmed", "published"}


def occupancies(unit: Unit) -> list[dict[str, Any]]:
    """Who moved in and out; names are masked."""
    lines = []
    for one in Occupancy.objects.filter(unit=unit):
        until = f"，合同至 {one.lease_end}" if one.lease_end else ""
        lines.append(
            entry(clock.start_of(one.starts_on), "let", f"{one.who} 起租", note=f"月租金 {one.rent:,.2f} 元{until}")
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
        note = f"{sides[0]} → {sides[1]}；建筑面积 {one.area_after} ㎡，月租金 {one.rent_after:,.2f} 元，前后一致"
        lines.append(entry(one.at, "shape", one.get_kind_display(), by=one.by_name, note=note))
    return lines


def pushes(unit: Unit) -> list[dict[str, Any]]:
    """What other systems were told last."""
    told = UnitPush.objects.filter(unit=unit, told_at__isnull=False)
    return [entry(one.told_at, "push", f"推送到{one.get_system_display()}") for one in told if one.told_at]


FAMILY = """
    WITH RECURSIVE family (unit_id) AS (
        SELECT %s::bigint
        UNION
        SELECT other.unit_id FROM family JOIN supply_reshapepart AS mine ON mine.unit_id = family.unit_id
          JOIN supply_reshapepart AS other ON other.reshape_id = mine.reshape_id
    )
    SELECT DISTINCT part.reshape_id FROM supply_reshapepart AS part JOIN family ON family.unit_id = part.unit_id
"""


def lineage(unit: Unit) -> list[dict[str, Any]]:
    """The acts of all generations that connect the unit with others, oldest first: what there was, what came out."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, [unit.pk])
        acts = [row[0] for row in cursor.fetchall()]
    found = Reshape.objects.filter(pk__in=acts).order_by("at", "pk").prefetch_related("parts__unit")
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
