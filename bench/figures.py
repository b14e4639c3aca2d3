"""What is kept of a measurement, what it is compared with, and how it is shown."""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

# A page may take three times its bare SQL and three milliseconds, and never longer than this with 50 in flight.
LIST_FACTOR, LIST_PLUS_MS = 3.0, 3.0
P95_MS = 200.0
# Two medians closer than this are the same speed on a machine that others use too.
SAME = 1.10


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed (nearest rank). Raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * share // 1))
    return ordered[int(rank) - 1]


def milliseconds(seconds: float) -> float:
    """Seconds as milliseconds with two places."""
    return round(seconds * 1000, 2)


@dataclass
class Goal:
    """What a figure should be. `met` is None where nothing was measured."""

    said: str
    met: bool | None


@dataclass
class Figure:
    """One thing measured. Times are milliseconds unless `unit` says otherwise; None where not measured."""

    key: str
    title: str
    one: float | None = None
    sql: float | None = None
    directus: float | None = None
    p50: float | None = None
    p95: float | None = None
    per_second: float | None = None
    directus_p95: float | None = None
    cpu: float | None = None
    unit: str = "ms"
    slowest: float | None = None
    refused: int = 0
    meant: int | None = None
    """How many acts were meant, where the books are compared afterwards; `done` are those that they know as done once."""
    done: int | None = None
    parts: list[float] = field(default_factory=list)
    """Seconds of each part of a long piece of work, in their order."""
    parts_cpu: list[float] = field(default_factory=list)
    """Processor seconds of each, of the installation's own processes: others on the machine do not make them more."""
    note: str = ""
    goals: list[Goal] = field(default_factory=list)

    @property
    def ratio(self) -> float | None:
        """How many times the bare SQL it takes."""
        return round(self.one / self.sql, 2) if self.one is not None and self.sql else None

    @property
    def met(self) -> bool | None:
        """Whether every goal is met; None without goals."""
        said = [goal.met for goal in self.goals if goal.met is not None]
        return all(said) if said else None

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "met": self.met}


def list_goals(figure: Figure) -> None:
    """A list: within three times its bare SQL and 3 ms for one client, p95 under 0.2 s for 50."""
    if figure.one is not None and figure.sql is not None:
        limit = LIST_FACTOR * figure.sql + LIST_PLUS_MS
        figure.goals.append(Goal(f"1 client ≤ 3 × SQL + 3 ms = {limit:.1f} ms", figure.one <= limit))
    under_load(figure)


def under_load(figure: Figure, limit: float = P95_MS) -> None:
    """With 50 requests in flight 95 of 100 answers within the limit, none refused."""
    if figure.p95 is not None:
        figure.goals.append(Goal(f"p95 at 50 < {limit:.0f} ms", figure.p95 < limit and not figure.refused))


def faster_than_directus(figure: Figure) -> None:
    """Quicker than Directus for one client and, where measured, with 50 in flight."""
    if figure.one is not None and figure.directus is not None:
        figure.goals.append(Goal(f"faster than Directus ({figure.directus:.1f} ms)", figure.one < figure.directus))
    if figure.p95 is not None and figure.directus_p95 is not None:
        said = f"faster than Directus at 50 (p95 {figure.directus_p95:.0f} ms)"
        figure.goals.append(Goal(said, figure.p95 < figure.directus_p95))


def no_slower(deep: Figure, first: Figure) -> None:
    """A deep page takes no longer than the first, a tenth allowed for noise."""
    if deep.one is not None and first.one is not None:
        deep.goals.append(Goal(f"no slower than the first page ({first.one:.1f} ms)", deep.one <= first.one * SAME))


def below(figure: Figure, value: float | None, limit: float, said: str) -> None:
    """A value below a limit."""
    if value is not None:
        figure.goals.append(Goal(said, value < limit))


def in_the_books(figure: Figure) -> None:
    """None refused, and every act done once."""
    figure.goals.append(Goal("none refused", not figure.refused))
    figure.goals.append(Goal(f"{figure.meant} in the books ({figure.done})", figure.done == figure.meant))


def median_of(rounds: Iterable[float]) -> float:
    """The median of several rounds, which one disturbed round does not move."""
    return statistics.median(list(rounds))


HEADS = (
    "what",
    "1 client",
    "SQL",
    "ratio",
    "Directus",
    "50: p50",
    "50: p95",
    "per s",
    "Directus p95",
    "web CPU",
    "goals",
)


def cells(figure: Figure) -> list[str]:
    """A line of the table."""
    met = {True: "met", False: "MISSED", None: "—"}[figure.met]
    missed = "; ".join(goal.said for goal in figure.goals if goal.met is False)
    suffix = "" if figure.unit == "ms" else f" {figure.unit}"
    return [
        figure.title, shown(figure.one, suffix), shown(figure.sql, suffix), shown(figure.ratio),
        shown(figure.directus), shown(figure.p50), shown(figure.p95), shown(figure.per_second, places=0),
        shown(figure.directus_p95), shown(figure.cpu), f"{met}: {missed}" if missed else met,
    ]  # fmt: skip


def shown(value: float | None, suffix: str = "", places: int = 1) -> str:
    """A number for the table."""
    return "" if value is None else f"{value:.{places}f}{suffix}"


def width(text: str) -> int:
    """Columns on a screen; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table in Markdown, which a terminal shows as well."""
    rows = [list(HEADS), *(cells(figure) for figure in figures)]
    wide = [max(width(row[i]) for row in rows) for i in range(len(HEADS))]
    lines = [
        "| " + " | ".join(cell + " " * (w - width(cell)) for cell, w in zip(row, wide, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in wide) + "|")
    return "\n".join(lines)
