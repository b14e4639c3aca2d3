"""公有住房: public housing let to a person, with floor and living area."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sandbox.departments.common import Operation, answer, asked, housing_record
from sandbox.store import Store

KEY, TITLE, OFFICE = "public_housing", "公有住房", "澜州市公有住房管理中心"


def query(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """The public housing a person holds."""
    who = asked(request, store)
    if KEY in who.profile.records:
        return answer(OFFICE, who, [{**who.holder, **record} for record in who.profile.records[KEY]])
    if who.profile.housing != "public" or who.is_minor:
        return answer(OFFICE, who, [])
    home = housing_record(who, "public", 30, 42, certificate="澜公房{year}字第{serial}号")
    living = (Decimal(home["floor_area"]) / 2).quantize(Decimal("0.01"))
    return answer(OFFICE, who, [{**home, "living_area": str(living)}])


OPERATIONS: dict[str, Operation] = {"query": query}
