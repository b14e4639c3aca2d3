"""Systems that hold units as they are told: what they take, what they ignore as old, what they answer when asked."""

from __future__ import annotations

from typing import Any

from sandbox.departments.common import Operation, Refused, text
from sandbox.store import Store

_MOST = 500


def operations(key: str) -> dict[str, Operation]:
    """The operations of one such system."""

    def units(request: dict[str, Any], store: Store) -> dict[str, Any]:
        """Takes the states of units; one with a smaller revision than the one held is old and changes nothing."""
        told = request.get("units")
        if not isinstance(told, list) or not 1 <= len(told) <= _MOST:
            raise Refused("bad_request", "参数不符：units")
        taken = 0
        for unit in told:
            if not isinstance(unit, dict) or not isinstance(unit.get("revision"), int):
                raise Refused("bad_request", "参数不符：revision")
            taken += store.keep_unit(key, text(unit, "code", 40), unit["revision"], unit)
        return {"taken": taken, "old": len(told) - taken}

    def read(request: dict[str, Any], store: Store) -> dict[str, Any]:
        """The units held, of those asked for."""
        codes = request.get("codes")
        if not isinstance(codes, list) or not 1 <= len(codes) <= _MOST:
            raise Refused("bad_request", "参数不符：codes")
        return {"units": [unit for unit in store.units(key) if unit["code"] in codes and not unit["gone"]]}

    return {"units": units, "read": read}
