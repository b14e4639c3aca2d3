"""Measuring one kind of request: several rounds with one and with fifty in flight, the median round counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.asked import Asked
from bench.client import Outcome, Target, load
from bench.figures import Figure, Goal, median_of, milliseconds, percentile
from bench.installation import Installation, Person, until
from bench.machine import busy, cpu_seconds
from bench.statements import replay, sent_by

IN_FLIGHT = 50
SLOW_SECONDS = 2.0
JOBS = """SELECT count(*) FROM procrastinate_jobs
           WHERE status = 'doing' OR status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"""


@dataclass
class Effort:
    """How much is measured."""

    rounds: int = 3
    one: int = 200
    many: int = 1500
    sql: int = 200
    steps: int = 200
    sign_ins: int = 200
    import_rows: int = 100_000
    seldom: int = 20
    published: int = 5_000
    reviews: int = 10_000
    spreadsheets: int = 20
    every: int = 1
    """Of a spreadsheet of the migration every so many of its records; a divisor of a building's 250 leaves some of each."""
    day_seconds: float = 40.0


QUICK = Effort(
    rounds=1,
    one=50,
    many=300,
    sql=50,
    steps=30,
    sign_ins=60,
    import_rows=5_000,
    seldom=5,
    published=500,
    reviews=200,
    spreadsheets=4,
    every=125,
    day_seconds=8.0,
)
LIGHT = Effort(
    rounds=3,
    one=30,
    many=600,
    sql=20,
    steps=40,
    sign_ins=100,
    import_rows=5_000,
    seldom=3,
    published=500,
    reviews=1_000,
    spreadsheets=40,
    every=125,
    day_seconds=20.0,
)


@dataclass
class Bench:
    """What measurements share: the installation, a connection for bare SQL, and how busy others kept the machine."""

    installation: Installation
    own: psycopg.Connection[Any]
    effort: Effort
    noise: list[float] = field(default_factory=list)
    present: dict[int, list[Person]] = field(default_factory=dict)
    """That many members of staff, each with a session; signed in once for all measurements that want so many."""

    def quiet(self) -> None:
        """Waits for the installation's own jobs to end, then notes how busy the machine is while this measurement rests."""
        until(self.idle, "jobs that wait")
        self.noise.append(busy())

    def idle(self) -> bool:
        """Whether no job runs or waits, save those for later."""
        row = self.own.execute(JOBS).fetchone()
        return row is not None and row[0] == 0

    def measure(self, person: Person, asked: Asked, note: str = "") -> Figure:
        """One kind of request over HTTP beside its own statements in bare SQL."""
        requests = [person.request(path) for path in asked.paths]
        figure = Figure(asked.key, asked.title, note=note)
        self.quiet()
        self.over_http(figure, person.target, requests)
        runs = [sent_by(function) for function in asked.functions]
        figure.sql = median_of(replay(self.own, runs, self.effort.sql) for _ in range(self.effort.rounds))
        return figure

    def alone(self, person: Person, asked: Asked, limit: float) -> Figure:
        """One client only, for what is looked at now and then; beside its bare SQL. `limit` in ms is its goal."""
        requests = [person.request(path) for path in asked.paths]
        figure = Figure(asked.key, asked.title)
        self.quiet()
        first = load(person.target, requests, in_flight=1, count=len(requests))
        runs = [sent_by(function) for function in asked.functions]
        if max(first.seconds) > SLOW_SECONDS:
            # far from any goal: once is enough
            ones = [first]
            figure.sql = replay(self.own, runs, len(runs), warm=0)
        else:
            count = max(self.effort.seldom, len(requests))
            ones = [load(person.target, requests, in_flight=1, count=count) for _ in range(self.effort.rounds)]
            figure.sql = replay(self.own, runs, self.effort.seldom)
        fill(figure, ones, [])
        slowest = milliseconds(max(seconds for outcome in ones for seconds in outcome.seconds))
        figure.note = f"slowest {slowest:.0f} ms"
        goal = Goal(f"1 client < {limit:.0f} ms", figure.one is not None and figure.one < limit and not figure.refused)
        figure.goals.append(goal)
        return figure

    def over_http(self, figure: Figure, target: Target | Sequence[Target], requests: Sequence[bytes]) -> None:
        """Times of one client and of fifty, and the web processes' time a request."""
        effort, web = self.effort, self.installation.web
        load(target, requests, in_flight=8, count=max(32, len(requests)))
        ones, manys, cpus = [], [], []
        for _ in range(effort.rounds):
            before = cpu_seconds(web)
            ones.append(load(target, requests, in_flight=1, count=effort.one))
            cpus.append((cpu_seconds(web) - before) / effort.one)
            manys.append(load(target, requests, in_flight=IN_FLIGHT, count=effort.many))
        fill(figure, ones, manys)
        figure.cpu = milliseconds(median_of(cpus))

    def directus(self, figure: Figure, targets: Sequence[Target], requests: Sequence[bytes]) -> None:
        """The same page from Directus, as long as it takes, with a tenth of the requests."""
        load(targets, requests, in_flight=2, count=6)
        rounds = range(self.effort.rounds)
        ones = [load(targets[:1], requests, in_flight=1, count=max(10, self.effort.one // 5)) for _ in rounds]
        manys = [load(targets, requests, in_flight=IN_FLIGHT, count=max(100, self.effort.many // 5)) for _ in rounds]
        if any(outcome.refused for outcome in (*ones, *manys)):
            raise SystemExit(f"Directus refused: {ones[0].first[-400:]!r}")
        figure.directus = milliseconds(median_of(percentile(outcome.seconds, 0.5) for outcome in ones))
        figure.directus_p95 = milliseconds(median_of(percentile(outcome.seconds, 0.95) for outcome in manys))


def fill(figure: Figure, ones: Sequence[Outcome], manys: Sequence[Outcome]) -> None:
    """The medians of the rounds."""
    if ones:
        figure.one = milliseconds(median_of(percentile(outcome.seconds, 0.5) for outcome in ones))
    if manys:
        figure.p50 = milliseconds(median_of(percentile(outcome.seconds, 0.5) for outcome in manys))
        figure.p95 = milliseconds(median_of(percentile(outcome.seconds, 0.95) for outcome in manys))
        figure.per_second = round(median_of(outcome.per_second for outcome in manys), 1)
        figure.slowest = milliseconds(max(max(outcome.seconds) for outcome in manys))
    figure.refused = sum(outcome.refused for outcome in (*ones, *manys))
