"""How far an invented case has come, and the way that it took: the published process as a table of steps.

Every step of a kind lasts equally long, so a case's tokens, record and publicity follow from two figures, when it was
submitted and at which step it stands or ended; the database expands them (see `matters`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from anju.kernel import clock
from anju.kernel.calendar import add_working_days
from anju.kernel.processes.graph import Graph, Kind, Node
from anju.site.full_city.loading import listed

# Who takes each step; the process says which right it asks for, the product's roles who holds it.
ROLES = ("operator_clerk", "district_reviewer", "district_approver", "city_reviewer", "city_approver")
ROLE_OF = {
    "accept": "operator_clerk", "first_review": "district_reviewer", "first_approval": "district_approver",
    "publicity_entry": "district_reviewer", "publicity_result": "district_reviewer", "second_review": "city_reviewer",
    "second_approval": "city_approver", "online_publicity_entry": "city_reviewer",
    "online_publicity_result": "city_reviewer", "online_publicity_approval": "city_approver",
    "admission": "city_reviewer",
}  # fmt: skip
# Where open cases wait, out of a hundred.
WAITING_AT = (
    ("accept", 22), ("first_review", 20), ("first_approval", 8), ("publicity_entry", 8), ("publicity_wait", 12),
    ("second_review", 12), ("second_approval", 5), ("online_publicity_entry", 4), ("online_publicity_wait", 5),
    ("online_publicity_approval", 2), ("admission", 2),
)  # fmt: skip
# Where refused cases ended, and how the process names that end.
ENDED_AT = (
    ("accept", "not_accepted"), ("first_review", "first_failed"), ("first_review", "first_failed"),
    ("first_approval", "first_failed"), ("second_review", "second_failed"), ("admission", "failed"),
)  # fmt: skip
YEARS_BACK = 3
PUBLICITY_DAYS = 10
STEP_HOURS, TIMER_HOURS = 50, PUBLICITY_DAYS * 24 + 20
NOTES = {"danger": "经核实不符合准入条件，按规定不予通过", "primary": "情况属实，同意", "default": "情况属实"}
TONES = {"danger": "bad", "primary": "ok", "default": "idle"}
PERIODS = {"publicity_entry": "preliminary", "online_publicity_entry": "online"}

STEP = """
    place int, node text, title text, kind text, "right" text, deadline int, timer text, role int, starts int, lasts int,
    entry int, period text, good text, good_title text, good_note text, good_tone text, bad text, bad_title text,
    bad_note text, bad_tone text
"""


@dataclass(frozen=True)
class Journey:
    """When a case was submitted, at which step it stands or ended (`last`), and the process's end, empty while open."""

    submitted: datetime
    last: int
    end: str
    closed: datetime | None
    entries: int


class Ways:
    """The process's main path with the hours at which each step begins."""

    def __init__(self, graph: Graph) -> None:
        self.path = graph.main_path
        unknown = {node.id for node in self.path if node.kind is Kind.USER} - set(ROLE_OF)
        if unknown:
            raise ValueError(f"nobody is known to take {', '.join(sorted(unknown))}")
        self.place = {node.id: at for at, node in enumerate(self.path)}
        self.starts = [sum(map(hours, self.path[:at])) for at in range(len(self.path) + 1)]
        self.waiting_at = [self.place[node] for node, share in WAITING_AT for _ in range(share)]
        self.refused_at = [(self.place[node], end) for node, end in ENDED_AT]

    def open_one(self, random: Random) -> tuple[int, int]:
        """At which step an open case waits, and how many hours before midnight it was submitted."""
        last = random.choice(self.waiting_at)
        ago = random.randrange(2, 72 if self.path[last].kind is Kind.TIMER else 20 * 24)
        return last, ago + self.starts[last]

    def at(self, submitted: datetime, last: int, end: str) -> Journey:
        """The way of a case that stands at a step, or ended there as the process names it."""
        done = self.path[: last + bool(end)]
        closed = submitted + timedelta(hours=self.starts[last + 1]) if end else None
        return Journey(submitted, last, end, closed, 1 + sum(node.kind is Kind.USER for node in done))

    def write_steps(self) -> None:
        """The steps as table `full_step`, and `full_due` with the deadline of each day and number of working days."""
        entries, rows = 0, []
        for place, node in enumerate(self.path):
            entries += node.kind is Kind.USER
            role = ROLES.index(ROLE_OF[node.id]) + 1 if node.id in ROLE_OF else 0
            rows.append([
                place, node.id, node.title, node.kind, node.right, node.deadline, node.timer, role, self.starts[place],
                hours(node), entries, PERIODS.get(node.id, ""), *told(node, good=True), *told(node, good=False),
            ])  # fmt: skip
        listed("full_step", STEP, rows)
        lengths = {node.deadline for node in self.path if node.deadline}
        first = clock.today() - timedelta(days=YEARS_BACK * 365 + 2)
        days = [first + timedelta(days=number) for number in range((clock.today() - first).days + 2)]
        due = [(day, length, add_working_days(day, length)) for day in days for length in sorted(lengths)]
        listed("full_due", "day date, days int, due date", due)


def hours(node: Node) -> int:
    """How long a step takes."""
    return {Kind.TIMER: TIMER_HOURS, Kind.SERVICE: 1}.get(node.kind, STEP_HOURS)


def told(node: Node, *, good: bool) -> tuple[str, str, str, str]:
    """Key, title, note and tone of the outcome that goes on, or of the one that ends the case."""
    if not node.outcomes:
        return "", "", "", ""
    chosen = node.outcomes[0] if good else next((o for o in node.outcomes if o.tone == "danger"), node.outcomes[0])
    return chosen.key, chosen.title, NOTES[chosen.tone], TONES[chosen.tone]


def due_of(day: date, working_days: int, known: dict[date, date]) -> date:
    """The day so many working days later; asked for a few hundred days very many times."""
    if day not in known:
        known[day] = add_working_days(day, working_days)
    return known[day]
