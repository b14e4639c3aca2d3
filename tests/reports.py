"""Reports in tests: the way from a line or a cell to its rows, gone as the page goes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def way(table: Mapping[str, Any], *parts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The filters of the register that lead to the rows of a line and of values across; None where no link is drawn."""
    drill = table["drill"]
    if drill is None or any(part["filters"] is None for part in parts):
        return None
    found = dict(drill["always"])
    for part in parts:
        found |= part["filters"]
    found = {name: values for name, values in drill["otherwise"].items() if name not in found} | found
    return {f"f.{name}": values for name, values in found.items()}


def behind(clerk: Any, table: Mapping[str, Any], *parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows behind a line and values across."""
    filters = way(table, *parts)
    assert filters is not None
    answer = clerk.get(f"/registers/{table['drill']['register']}/rows", **filters, limit=200)
    assert answer.status_code == 200, answer.json()
    return list(answer.json()["rows"])
