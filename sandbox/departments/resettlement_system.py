"""征收安置系统: holds the units that were handed over to it, as they were told last, and says which were given to households."""

from __future__ import annotations

from typing import Any

from sandbox.departments.common import Operation
from sandbox.departments.unit_systems import operations
from sandbox.store import Store

KEY, TITLE, OFFICE = "resettlement_system", "征收安置房源", "澜州市房屋征收安置办公室"
USED = "resettlement_system_used"
_UNITS = operations(KEY)


def states(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Of the units asked for that are held: received, or used since a day."""
    used = {one["push_id"]: one["content"]["on"] for one in store.pushed(USED, 10_000)}
    held = _UNITS["read"](request, store)["units"]
    return {
        "units": [
            {
                "code": unit["code"],
                "state": "used" if unit["code"] in used else "received",
                "on": used.get(unit["code"]),
            }
            for unit in held
        ]
    }


OPERATIONS: dict[str, Operation] = {**_UNITS, "states": states}
