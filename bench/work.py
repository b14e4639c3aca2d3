"""The tender's load at its height: fifty requests in flight at any moment, of a thousand people who are signed in.

Of a hundred requests 88 look something up, ten write, and two open a report (NF-01.1, NF-01.2).
"""

from __future__ import annotations

from random import Random

from bench import acts, asked
from bench.asked import UNITS
from bench.client import load
from bench.crowd import PATHS, PEOPLE, make_known, staff
from bench.figures import Figure, Goal, below, median_of, milliseconds, percentile
from bench.installation import Person
from bench.measuring import IN_FLIGHT, Bench

KEYS = ("work", "work_reports")
STEPS, VIEWS, REPORTS = 0.05, 0.05, 0.02
OUR_MS, OUR_REPORT_MS = 200.0, 1000.0
# What the tender allows.
FLOOR_MS, FLOOR_REPORT_MS = 5000.0, 10_000.0


def at_work(bench: Bench, reviewer: Person) -> list[Figure]:
    """Queries and writes, and beside them reports, each with what 95 of a hundred take and the slowest of all."""
    rounds, count = bench.effort.rounds, bench.effort.many
    people = staff(bench, PEOPLE)
    looks = [person.request(path) for person in people for right, path in PATHS if not right or person.actor.may(right)]
    reports = [reviewer.request(path) for each in asked.reports(reviewer.actor) for path in each.paths]
    watchers = [person for person in people if person.actor.may("supply.unit.view")]
    steps = iter(acts.claimed(reviewer, int(count * STEPS) * rounds))
    random = Random(1001)
    make_known(bench, people)
    bench.quiet()
    figures = [
        Figure("work", f"{len(people)} people at work: queries and writes"),
        Figure("work_reports", f"{len(people)} people at work: reports"),
    ]
    taken: list[tuple[list[float], list[float]]] = []
    for _ in range(rounds):
        opened = [random.choice(reports) for _ in range(max(3, int(count * REPORTS)))]
        kept = [view(random.choice(watchers), number) for number in range(int(count * VIEWS))]
        done = [
            reviewer.posting(f"/cases/{case}/act", body)
            for (case, body), _ in zip(steps, range(int(count * STEPS)), strict=False)
        ]
        asking = [random.choice(looks) for _ in range(count - len(opened) - len(kept) - len(done))]
        mixed = [*((request, True) for request in opened), *((request, False) for request in (*kept, *done, *asking))]
        random.shuffle(mixed)
        outcome = load(
            bench.installation.target, [request for request, _ in mixed], in_flight=IN_FLIGHT, count=count, once=True
        )
        answered = list(zip(outcome.seconds, outcome.places, strict=True))
        taken.append(
            (
                [seconds for seconds, place in answered if not mixed[place][1]],
                [seconds for seconds, place in answered if mixed[place][1]],
            )
        )
        for figure in figures:
            figure.refused += outcome.refused
        figures[0].per_second = round(outcome.per_second, 1)
    limits = ((OUR_MS, FLOOR_MS), (OUR_REPORT_MS, FLOOR_REPORT_MS))
    for kind, (figure, (ours, floor)) in enumerate(zip(figures, limits, strict=True)):
        figure.p50 = milliseconds(median_of(percentile(each[kind], 0.5) for each in taken))
        figure.p95 = milliseconds(median_of(percentile(each[kind], 0.95) for each in taken))
        figure.slowest = milliseconds(max(max(each[kind]) for each in taken))
        below(figure, figure.p95, ours, f"p95 < {ours:.0f} ms")
        below(figure, figure.slowest, floor, f"slowest < {floor:.0f} ms")
        figure.goals.append(Goal("nobody refused", not figure.refused))
        figure.note = f"slowest {figure.slowest:.0f} ms; 88 look, 10 write, 2 open a report of each hundred"
    return figures


def view(person: Person, number: int) -> bytes:
    """Someone keeps what he looks for as a view of his own."""
    wanted = {"title": f"常看 {number % 20}", "filters": {"status": ["vacant"]}, "q": "", "sort": "", "columns": []}
    return person.posting(f"/registers/{UNITS}/views", wanted)
