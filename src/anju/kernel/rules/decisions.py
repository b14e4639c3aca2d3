"""Deciding by rule: the version in force on a day and in a place, its result, and which line gave it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from anju.kernel import clock, definitions
from anju.kernel.errors import NotFound
from anju.kernel.rules.sfeel import Value
from anju.kernel.rules.tables import RuleUndecided, Table, read_tables

Decision = dict[str, Value]


@dataclass(frozen=True)
class Explanation:
    """A decision with its grounds: the version used, the lines that fitted (from 1) and their notes."""

    table: Table
    lines: tuple[int, ...]
    notes: tuple[str, ...]
    result: Decision | list[Decision]


@cache
def tables(key: str) -> tuple[Table, ...]:
    """All versions of a rule; raises `NotFound` for an unknown key and `RuleInvalid` for a wrong file."""
    path = definitions.find("rules", key)
    if path is None:
        raise NotFound(f"没有规则 {key}", code="rule.unknown", advice="请检查规则的编码")
    return tuple(read_tables(path.read_bytes()))


def table_for(key: str, on: date, division: str = "") -> Table:
    """The version in force: the one made for the nearest area, among those the latest. Raises `RuleUndecided`."""
    in_force = [table for table in tables(key) if table.holds(on, division)]
    if not in_force:
        raise RuleUndecided(f"规则 {key} 在 {on} 没有适用的版本", details={"key": key, "on": on, "division": division})
    return max(in_force, key=lambda table: (table.nearness(division), table.valid_from))


def explain(key: str, *, on: date | None = None, division: str = "", **inputs: Any) -> Explanation:
    """The decision with its grounds; raises as `decide`."""
    table = table_for(key, on or clock.today(), division)
    hits = table.hits(inputs)
    if not hits and table.policy != "COLLECT":
        raise RuleUndecided(f"规则“{table.title}”没有一行符合", details={"key": key, "inputs": inputs})
    results = [table.result(hit) for hit in hits]
    return Explanation(
        table=table,
        lines=tuple(hit + 1 for hit in hits),
        notes=tuple(table.lines[hit].note for hit in hits),
        result=results if table.policy == "COLLECT" else results[0],
    )


def decide(key: str, *, on: date | None = None, division: str = "", **inputs: Any) -> dict[str, Any]:
    """The outputs of the line that fits, as of a day (today) and for a division; numbers are `Decimal`.

    Raises `RuleInputWrong`, `RuleUndecided` (no line fits: never taken for a yes), `RuleOverlap`, and `TypeError` for
    a COLLECT table, whose answer is a list: `collect`.
    """
    result = explain(key, on=on, division=division, **inputs).result
    if isinstance(result, list):
        raise TypeError(f"{key} is a COLLECT table; use collect")
    return result


def collect(key: str, *, on: date | None = None, division: str = "", **inputs: Any) -> list[dict[str, Any]]:
    """The outputs of all lines of a COLLECT table that fit, in the table's order."""
    result = explain(key, on=on, division=division, **inputs).result
    return result if isinstance(result, list) else [result]
