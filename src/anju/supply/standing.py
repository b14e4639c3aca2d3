"""How a unit stands, as far as the public is concerned: nothing about who lives in it or why it is kept (SH-006.2-3)."""

from __future__ import annotations

from anju.supply.models import GONE, OCCUPIED, Unit, UnitStatus

RENTABLE, OFFLINE, LET, NOT_RENTABLE = "rentable", "offline", "let", "not_rentable"
WORDS = {RENTABLE: "可供应", OFFLINE: "可供应", LET: "已出租", NOT_RENTABLE: "暂未供应"}


def supply_of(unit: Unit) -> str:
    """The supply status (供应状态) of a unit: can be let (online, or only at the counter of its company), is let, neither.

    One that is held for somebody who has yet to sign counts as let: nobody else can have it, and for whom is not told.
    """
    if unit.status == UnitStatus.VACANT:
        return RENTABLE if unit.channel == "online" else OFFLINE
    return LET if unit.status in {UnitStatus.HELD, *OCCUPIED} else NOT_RENTABLE


def standing(unit: Unit) -> str:
    """The same in words, for who scans the code of a unit that may be gone."""
    return "已拆分或合并" if unit.status in GONE else WORDS[supply_of(unit)]
