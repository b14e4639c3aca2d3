"""What the foundation costs: a thousand people online, the check of who may, and a desk with 20,000 tasks."""

from __future__ import annotations

import heapq
import io
import selectors
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from random import Random
from typing import Any
from unittest.mock import patch

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from anju.identity import middleware, sessions
from anju.identity.models import Account
from anju.kernel import clock
from anju.kernel.scope import Actor
from anju.workspace.tasks import Asked, task_page
from bench.asked import UNITS
from bench.asked import Asked as Measured
from bench.client import PATIENCE, Line, Outcome, Unanswered, load
from bench.figures import Figure, Goal, below, milliseconds, percentile, under_load
from bench.installation import Person
from bench.measuring import IN_FLIGHT, Bench

PEOPLE, THINK = 1000, 10.0
TASKS = 20_000
TASKS_MS = 50.0
OVERHEAD_MS = 1.0
CALLS = 400
PATHS = (
    ("supply.unit.view", f"/registers/{UNITS}/rows"),
    ("supply.unit.view", f"/registers/{UNITS}/rows?f.status=vacant"),
    ("supply.project.view", "/registers/supply.projects/rows"),
    ("cases.case.view", "/cases/todo?view=todo"),
    ("cases.case.view", "/registers/cases.cases/rows"),
    ("", "/workspace/messages"),
    ("", "/workspace/tasks?view=todo"),
    ("", "/identity/me"),
)


@dataclass
class Visitor:
    """Someone at his desk: his connection, and what he looks at in turn."""

    line: Line
    ahead: Iterator[bytes]


def staff(bench: Bench, count: int) -> list[Person]:
    """That many members of staff from all over the tree, each with a session."""
    if count not in bench.present:
        names = list(Account.objects.filter(state="active").order_by("pk").values_list("username", flat=True))
        step = max(1, len(names) // count)
        bench.present[count] = [bench.installation.person(name) for name in names[::step][:count]]
    return bench.present[count]


def make_known(bench: Bench, people: list[Person]) -> None:
    """Lets every process see the people once or more, as it has those who are online."""
    known = [person.request("/identity/me") for person in people]
    load(bench.installation.target, known, in_flight=IN_FLIGHT, count=len(known) * 3)


def online(bench: Bench) -> Figure:
    """A thousand people, each asking for a page every ten seconds on average, as a working day goes."""
    people = PEOPLE if bench.effort.rounds > 1 else 100
    figure = Figure("online", f"{people} people online, {THINK:.0f} s between two pages")
    present = staff(bench, people)
    make_known(bench, present)
    bench.quiet()
    random = Random(1000)
    visitors = []
    for person in present:
        paths = [path for right, path in PATHS if not right or person.actor.may(right)]
        random.shuffle(paths)
        line = Line((person.target.host, person.target.port))
        visitors.append(Visitor(line, cycle([person.request(path) for path in paths])))
    outcome = working_day(visitors, random, bench.effort.day_seconds)
    figure.p50 = milliseconds(percentile(outcome.seconds, 0.5))
    figure.p95 = milliseconds(percentile(outcome.seconds, 0.95))
    figure.per_second, figure.refused = round(outcome.per_second, 1), outcome.refused
    figure.note = f"{len(outcome.seconds)} pages; p50 and p95 are over all of them, not at 50 in flight"
    below(figure, figure.p95, 200.0, "p95 < 200 ms")
    figure.goals.append(Goal("nobody refused", outcome.refused == 0))
    return figure


def working_day(visitors: list[Visitor], random: Random, seconds: float) -> Outcome:
    """Lets each visitor ask, read, think, and ask again, for a while. Raises `Unanswered`."""
    outcome = Outcome()
    selector = selectors.DefaultSelector()
    began = time.perf_counter()
    due = [(began + random.uniform(0, THINK), number) for number in range(len(visitors))]
    heapq.heapify(due)
    asking = 0
    while due or asking:
        moment = time.perf_counter()
        while due and due[0][0] <= moment:
            _, number = heapq.heappop(due)
            visitor = visitors[number]
            visitor.line.ask(next(visitor.ahead))
            selector.register(visitor.line.socket, selectors.EVENT_READ, number)
            asking += 1
        wait = min(PATIENCE, due[0][0] - moment) if due else PATIENCE
        ready = selector.select(max(0.0, wait))
        if not ready and not due:
            raise Unanswered(f"no answer for {PATIENCE:.0f} seconds")
        for key, _ in ready:
            line = visitors[key.data].line
            if not line.read():
                continue
            selector.unregister(line.socket)
            asking -= 1
            outcome.seconds.append(time.perf_counter() - line.began)
            outcome.refused += not 200 <= line.status < 300
            again = time.perf_counter() + random.uniform(THINK * 0.5, THINK * 1.5)
            if again < began + seconds:
                heapq.heappush(due, (again, key.data))
    outcome.took = time.perf_counter() - began
    for visitor in visitors:
        visitor.line.socket.close()
    selector.close()
    return outcome


def overhead(bench: Bench, person: Person) -> Figure:
    """What it costs to find out who asks and whether he may: the same calls with it and, for comparison, without.

    Both run in this process, in turn; without it the actor is simply given.
    """
    figure = Figure("overhead", "finding out who asks and what he may do")
    bench.quiet()
    application = WSGIHandler()
    given = partial(_given, person.actor)
    asked = sessions.actor_of
    call = partial(called, application, f"/api/registers/{UNITS}/options", person.target.headers)
    spent: dict[Callable[..., Actor], list[float]] = {asked: [], given: []}
    for who in (asked, given) * CALLS:
        with patch.object(middleware, "actor_of", who):
            began = time.perf_counter()
            call()
            spent[who].append(time.perf_counter() - began)
    with_it, without = (milliseconds(statistics.median(spent[who][10:])) for who in (asked, given))
    figure.one = round(with_it - without, 2)
    figure.note = f"{with_it} ms with it, {without} ms without"
    below(figure, figure.one, OVERHEAD_MS, f"< {OVERHEAD_MS:.0f} ms")
    return figure


def _given(actor: Actor, request: Any) -> Actor:
    return actor


def called(application: Any, path: str, headers: Any) -> None:
    """One call of the application without a network. Raises RuntimeError when it is refused."""
    environment = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1",
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }  # fmt: skip
    said: list[str] = []
    answer = application(environment, lambda status, head, error=None: said.append(status))
    b"".join(answer)
    answer.close()
    if not said[0].startswith("200"):
        raise RuntimeError(f"{path}: {said[0]}")


def full_desk(bench: Bench, person: Person) -> Figure:
    """The first page of the task centre of someone who has 20,000 tasks, most of them late."""
    give_tasks(person.actor, TASKS)
    asked = Measured(
        "tasks", f"task centre with {TASKS} tasks",
        [f"/workspace/tasks?view=todo&order={order}" for order in ("deadline", "priority")],
        [partial(task_page, person.actor, Asked("todo", order)) for order in ("deadline", "priority")],
    )  # fmt: skip
    figure = bench.measure(person, asked)
    below(figure, figure.one, TASKS_MS, f"1 client < {TASKS_MS:.0f} ms")
    under_load(figure)
    return figure


def give_tasks(actor: Actor, count: int) -> None:
    """Puts tasks of another system on somebody's desk, unless they lie there already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM workspace_task WHERE source = 'bench' AND assignee_ref = %s", [actor.ref])
        missing = count - cursor.fetchone()[0]
        if missing <= 0:
            return
        cursor.execute(
            """INSERT INTO workspace_task (created_at, created_by, updated_at, version, org_path, division, extra, source,
                      source_title, key, name, requirement, priority, due_on, assignee_ref, assignee_name, starter_ref,
                      link, subject, batch, state, result, note, done_ref, done_name)
               SELECT %s, 'system:0', %s, 1, %s, %s, '{}', 'bench', '测量', %s || n, '核对房源信息 ' || n, '与现场一致', 1 + n %% 4,
                      %s::date + n %% 400 - 300, %s, %s, '', '', '', false, 'waiting', '', '', '', ''
                 FROM generate_series(1, %s) AS n ON CONFLICT DO NOTHING""",
            [
                clock.now(), clock.now(), actor.org_path, actor.division, f"{actor.id}-", clock.today(), actor.ref,
                actor.name, count,
            ],
        )  # fmt: skip
        cursor.execute("ANALYZE workspace_task")
