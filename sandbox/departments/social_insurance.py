"""社会保险: the monthly payments of a person between two months."""

from __future__ import annotations

import re
from typing import Any

from sandbox import people
from sandbox.departments.common import Asked, Operation, Refused, answer, asked, text
from sandbox.store import Store

KEY, TITLE, OFFICE = "social_insurance", "社会保险", "澜州市社会保险事业管理中心"
_MONTHS_AT_ONCE = 120


def query(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """The payments month by month, from the first month asked for to the last."""
    who = asked(request, store)
    first, last = _month(request, "from_month"), _month(request, "to_month")
    if not 0 <= last - first < _MONTHS_AT_ONCE:
        raise Refused("bad_request", "查询期间须在 10 年以内，且起月不晚于止月")
    if KEY in who.profile.records:
        records = [{**who.holder, **record} for record in who.profile.records[KEY]]
    else:
        records = [r for month in range(first, last + 1) for r in _payment(who, month)]
    return {**answer(OFFICE, who, records), "from_month": _name(first), "to_month": _name(last)}


def _payment(who: Asked, month: int) -> list[dict[str, Any]]:
    kind = who.profile.insurance
    if kind == "none" or month > who.as_of.year * 12 + who.as_of.month - 1:
        return []
    born = people.born_on(who.id_number)
    if month < (born.year + 18) * 12 + born.month:
        return []
    lapse = (month + people.number(who.id_number, "lapse")) % 7 == 0
    if kind == "gap" and lapse:
        return []
    base = 4462 + people.number(who.id_number, "base") % 6000
    return [
        {
            **who.holder,
            "month": _name(month),
            "employer": people.employer(who.id_number),
            "base": f"{base}.00",
            "state": "made_up" if kind == "made_up" and lapse else "paid",
        }
    ]


def _month(request: dict[str, Any], key: str) -> int:
    """Months since the year 0."""
    if not (found := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text(request, key))):
        raise Refused("bad_request", f"月份格式不符：{key}")
    return int(found[1]) * 12 + int(found[2]) - 1


def _name(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"


OPERATIONS: dict[str, Operation] = {"query": query}
