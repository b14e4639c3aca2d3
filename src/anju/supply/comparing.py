"""推送核对: what other systems hold of units beside what is here, and telling them again where it differs (SH-188.4)."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from anju.kernel import audit
from anju.kernel.errors import NotFound
from anju.kernel.registers.dictionaries import titles
from anju.kernel.scope import Actor, restrict
from anju.supply.connectors import READS, UnitsAsked, UnitState
from anju.supply.models import System, Unit, UnitDue, UnitPush
from anju.supply.moves import tell_outside
from anju.supply.pushing import loaded, state_of

VIEW, AGAIN = "supply.push.view", "supply.push.again"
AT_ONCE = 200
TITLES = {
    "public_code": "房源码", "project_code": "项目编码", "project": "项目", "estate": "小区", "building": "楼栋",
    "room_no": "室号", "floor": "楼层", "address": "坐落", "division": "行政区划", "programme": "保障类别",
    "layout": "户型", "floor_area": "建筑面积（㎡）", "rent": "月租金（元）", "orientation": "朝向", "channel": "供应渠道",
    "status": "状态", "published": "已发布", "released_on": "供应日期", "parent": "父房源", "marks": "标记",
}  # fmt: skip
WORDS = {"division": "division", "programme": "programme", "layout": "layout", "orientation": "orientation",
         "channel": "supply_channel", "status": "unit_status"}  # fmt: skip


def followed(actor: Actor, system: System, right: str) -> QuerySet[Unit]:
    """The units within reach that a system follows: the data hub all, the others those handed over to them."""
    reach = restrict(Unit.objects.all(), actor, right)
    if system == System.DATA_HUB:
        return reach
    following = UnitPush.objects.filter(system=system, active=True)
    return reach.filter(pk__in=following.values("unit_id"))


def differences(actor: Actor, system: System, *, after: int = 0) -> dict[str, Any]:
    """Compares a portion of the units, those with greater ids than `after`; asks the system.

    A row of the answer is a unit that the system does not have (`missing`) or that reads otherwise there (`differs`),
    with both values of what differs; `due` says that a change of it is still on its way. `next` is where the following
    portion begins, None at the end. Raises what the connector raises.
    """
    portion = list(
        followed(actor, system, VIEW).filter(pk__gt=after).order_by("pk").values_list("pk", "code")[:AT_ONCE]
    )
    rows: list[dict[str, Any]] = []
    if portion:
        asked = UnitsAsked(codes=tuple(code for _, code in portion))
        held = {
            unit.code: unit for unit in READS[system]().call(asked, subject=f"supply.units:{system}", actor=actor).units
        }
        units = loaded(pk for pk, _ in portion)
        due = set(UnitDue.objects.filter(system=system, unit_id__in=units).values_list("unit_id", flat=True))
        for pk, _ in portion:
            unit = units.get(pk)
            there = held.get(unit.code) if unit else None
            if unit is None or (wrong := compared(unit, there)) == []:
                continue
            rows.append(
                {
                    "id": pk, "code": unit.code, "address": unit.address, "due": pk in due,
                    "kind": "differs" if there else "missing", "fields": wrong or [],
                }
            )  # fmt: skip
    return {
        "compared": len(portion), "rows": rows, "next": portion[-1][0] if len(portion) == AT_ONCE else None,
    }  # fmt: skip


def compared(unit: Unit, there: UnitState | None) -> list[dict[str, str]] | None:
    """What reads otherwise there; None when it is not there at all."""
    if there is None:
        return None
    here = asdict(state_of(unit, there.revision))
    names = [field.name for field in fields(there) if field.name in TITLES]
    return [
        {
            "key": name, "title": TITLES[name], "ours": word(name, here[name]),
            "theirs": word(name, getattr(there, name)),
        }
        for name in names
        if getattr(there, name) != here[name]
    ]  # fmt: skip


def word(name: str, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(value)
    text = "" if value is None else str(value)
    return titles(WORDS[name]).get(text, text) if name in WORDS else text


@transaction.atomic
def tell_again(*, actor: Actor, system: System, unit_ids: list[int]) -> int:
    """Notes units as due for a system, which is told their present state; gives their number.

    Raises `NotFound` when one is out of reach or not followed by the system.
    """
    wanted = set(unit_ids)
    # a note is numbered while its unit is locked, as the trigger numbers a change's
    units = list(followed(actor, system, AGAIN).filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",)))
    if len(units) != len(wanted):
        raise NotFound("所选房源有的不存在、不在你的管辖范围内，或该系统没有使用")
    UnitDue.objects.bulk_create(UnitDue(system=system, unit_id=unit.pk, code=unit.code) for unit in units)
    audit.record(
        "act", actor=actor, subject=f"supply.pushes:{system}", title=f"重新推送 {len(units)} 套房源到{system.label}",
        detail={"units": sorted(wanted)},
    )  # fmt: skip
    tell_outside()
    return len(units)
