"""A row of a spreadsheet on its way: cells as they were read, values as they were understood, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from anju.kernel.http.json import default


@dataclass
class Row:
    """A row under examination."""

    number: int
    cells: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    is_new: bool = True

    def sound(self, keys: Iterable[str]) -> bool:
        """Whether none of these fields is wrong."""
        return not self.errors or {error["field"] for error in self.errors}.isdisjoint(keys)

    def wrong(self, key: str, code: str, message: str, suggestion: str | None = None) -> None:
        """Notes an error at a field."""
        told = {"field": key, "code": code, "message": message, "suggestion": suggestion}
        self.errors.append(told | {"value": plain(self.cells.get(key))})


def plain(value: Any) -> Any:
    """A cell as JSON."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value if value is None or isinstance(value, str | int | float | bool | dict) else default(value)
