"""What is confirmed of a unit: its layout, floor area and rent; and what a later change of them means (SH-184.7-9).

Our choice where the sources say only that a wrong confirmation is undone and made anew. A change of these facts takes
the confirmation of a unit that is not published away, by form, by sheet or otherwise: a trigger sees to it. What is
published was judged and is relied on: there only who may confirm changes them, and his change is the confirmation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from anju.kernel.errors import Conflict
from anju.kernel.registers.importing.row import Row
from anju.kernel.scope import Actor, admits
from anju.supply.models import Unit, UnitStatus
from anju.supply.moves import move

RIGHT = "supply.unit.confirm"
FACTS = {"layout": "户型", "floor_area": "建筑面积", "rent": "月租金"}
PUBLISHED = "supply.published_facts"
ADVICE = "请先回退发布，改后重新确认；或由有“确认房源”权限的人员修改"
AGAIN = {"code": "supply.confirmed_again", "message": "改后须重新确认"}


def changed(unit: Unit, values: Mapping[str, Any]) -> list[str]:
    """The facts that the values would change; one that is not told stays."""
    return [key for key in FACTS if values.get(key) is not None and values[key] != getattr(unit, key)]


def judge(unit: Unit, values: Mapping[str, Any], actor: Actor) -> bool:
    """Whether a change takes the unit's confirmation away. Raises `Conflict` for a published one, without the right."""
    wrong = changed(unit, values)
    if not wrong or not unit.confirmed:
        return False
    if not unit.published:
        return True
    if not admits(actor, RIGHT, unit):
        names = "、".join(FACTS[key] for key in wrong)
        raise Conflict(f"房源已发布，不能直接修改{names}", code=PUBLISHED, advice=ADVICE, field=wrong[0])
    return False


def unconfirm(unit: Unit, actor: Actor) -> None:
    """Takes the confirmation of a locked unit away, on record; the row that was read is as it is stored afterwards."""
    changes: dict[str, Any] = {"status": UnitStatus.UNCONFIRMED} if unit.status == UnitStatus.READY else {}
    move(
        unit.pk,
        actor=actor,
        action="信息变更，取消确认",
        when=Q(confirmed=True, published=False),
        confirmed=False,
        **changes,
    )
    unit.refresh_from_db(fields=["confirmed", "status", "status_since", "version"])


def examine(rows: Sequence[Row], actor: Actor) -> None:
    """Judges the rows of a sheet that changes units, as `judge` does a form: in the dry run, and when they are written."""
    units = Unit.objects.in_bulk([row.values["unit"] for row in rows])
    for row in rows:
        unit = units[row.values["unit"]]
        try:
            if judge(unit, row.values, actor) and AGAIN not in row.warnings:
                row.warnings.append(AGAIN)
        except Conflict as refusal:
            row.wrong(refusal.field or "unit", refusal.code, f"{refusal.message}，{refusal.advice}")
