"""征收安置: housing a person received when the former home was expropriated."""

from __future__ import annotations

from typing import Any

from sandbox.departments.common import Operation, answer, asked, housing_record
from sandbox.store import Store

KEY, TITLE, OFFICE = "resettlement", "征收安置住房", "澜州市房屋征收与补偿管理中心"


def query(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """The resettlement housing of a person."""
    who = asked(request, store)
    if KEY in who.profile.records:
        return answer(OFFICE, who, [{**who.holder, **record} for record in who.profile.records[KEY]])
    if who.profile.housing != "resettlement" or who.is_minor:
        return answer(OFFICE, who, [])
    return answer(OFFICE, who, [housing_record(who, "resettlement", 88, 110, certificate="澜征安{year}第{serial}号")])


OPERATIONS: dict[str, Operation] = {"query": query}
