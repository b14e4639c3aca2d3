"""不动产登记: housing a person owns or owned, with address, floor area, share and day of registration."""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbox import people
from sandbox.departments.common import Asked, Operation, answer, asked, housing_record
from sandbox.store import Store

KEY, TITLE, OFFICE = "real_estate", "不动产登记", "澜州市不动产登记中心"
_CERTIFICATE = "浙（{year}）澜州市不动产权第{serial}号"


def query(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """The homes registered in a person's name."""
    who = asked(request, store)
    if KEY in who.profile.records:
        return answer(OFFICE, who, [{**who.holder, **record} for record in who.profile.records[KEY]])
    return answer(OFFICE, who, [] if who.is_minor else _records(who))


def _records(who: Asked) -> list[dict[str, Any]]:
    match who.profile.housing:
        case "small_owned":
            return [housing_record(who, "owned", 38, 44, certificate=_CERTIFICATE)]
        case "shared_owned":
            return [housing_record(who, "owned", 48, 58, share="0.5", certificate=_CERTIFICATE)]
        case "large_owned":
            return [housing_record(who, "owned", 118, 146, certificate=_CERTIFICATE)]
        case "transferred":
            sold = housing_record(who, "owned", 60, 90, certificate=_CERTIFICATE)
            registered = date.fromisoformat(sold["registered_on"])
            ended = date.fromordinal(registered.toordinal() + 365 + people.number(who.id_number, "sold") % 365)
            return [{**sold, "ended_on": ended.isoformat() if ended <= who.as_of else None}]
        case "strangers":
            other = housing_record(who, "owned", 90, 130, certificate=_CERTIFICATE)
            return [{**other, "holder_id_number": _neighbour(who.id_number)}]
    return []


def _neighbour(id_number: str) -> str:
    """The number of a namesake who lives elsewhere."""
    return id_number[:6] + "1949" + id_number[10:17] + "X"


OPERATIONS: dict[str, Operation] = {"query": query}
