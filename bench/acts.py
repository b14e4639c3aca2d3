"""What changes something: signing in, and a step of a case with its commit."""

from __future__ import annotations

import uuid
from datetime import timedelta
from itertools import cycle
from typing import Any

from django.db import connection

from anju.identity import services as identity
from anju.identity.models import Account, Captcha
from anju.kernel import clock
from anju.kernel.cases import services
from anju.kernel.crypto import seal_text
from anju.kernel.scope import Actor
from anju.site.demo import PASSWORD
from bench.client import load
from bench.figures import Figure, below, median_of, milliseconds, under_load
from bench.installation import Person
from bench.machine import cpu_seconds
from bench.measuring import IN_FLIGHT, Bench, fill
from bench.statements import replay, sent_by_change

LETTERS = "ACDF"
# With the hash, which is meant to be slow. The tender allows 5 s (NF-01.1).
SIGN_IN_P95_MS = 300.0
SIGNING_IN = 200
STEP_CPU_MS = 5.0
NODE, OUTCOME = "second_review", "pass"


def captchas(count: int) -> list[uuid.UUID]:
    """Fresh captchas whose answer is known here, because it is sealed with the installation's own keys."""
    ends = clock.real_now() + timedelta(minutes=5)
    return [Captcha.objects.create(answer=seal_text(LETTERS), expires_at=ends).pk for _ in range(count)]


def sign_in(bench: Bench, person: Person) -> Figure:
    """Account, password and captcha to a session; each captcha serves once."""

    names = cycle(Account.objects.order_by("pk").values_list("username", flat=True)[:SIGNING_IN])

    def posts(count: int) -> list[bytes]:
        asked = [
            {"account": next(names), "password": PASSWORD, "captcha_id": str(each), "captcha": LETTERS}
            for each in captchas(count)
        ]
        return [person.posting("/identity/sign-in", body) for body in asked]

    figure = Figure("sign_in", "sign-in")
    bench.quiet()
    count, rounds = bench.effort.sign_ins, range(bench.effort.rounds)
    load(person.target, posts(8), in_flight=4, count=8, once=True)
    ones, manys, cpus = [], [], []
    for _ in rounds:
        single, many = posts(count // 4), posts(count)
        before = cpu_seconds(bench.installation.web)
        ones.append(load(person.target, single, in_flight=1, count=len(single), once=True))
        cpus.append((cpu_seconds(bench.installation.web) - before) / len(single))
        manys.append(load(person.target, many, in_flight=IN_FLIGHT, count=len(many), once=True))
    fill(figure, ones, manys)
    figure.cpu = milliseconds(median_of(cpus))
    run = sent_by_change(lambda: check(captchas(1)[0], person.actor))
    figure.sql = replay(bench.own, [run], bench.effort.sql // 4, undo=True)
    under_load(figure, SIGN_IN_P95_MS)
    figure.note = "the password's hash (argon2id) takes most of it and is meant to"
    return figure


def check(captcha: uuid.UUID, actor: Actor) -> None:
    """The part of a sign-in that speaks to the database before the session."""
    from django.http import HttpRequest

    identity.sign_in(
        username=actor.account, password=PASSWORD, captcha_id=captcha, answer=LETTERS, request=HttpRequest()
    )


def step(bench: Bench, reviewer: Person) -> Figure:
    """The second review of a case, passed: checks, record, process, events, audit, in one transaction."""
    figure = Figure("case_step", "case step with its commit")
    effort, rounds = bench.effort, bench.effort.rounds
    tasks = claimed(reviewer, (effort.steps * 2) * rounds + 4)
    bench.quiet()

    def take(count: int) -> list[bytes]:
        found, tasks[:] = tasks[:count], tasks[count:]
        return [reviewer.posting(f"/cases/{case_id}/act", body) for case_id, body in found]

    load(reviewer.target, take(3), in_flight=1, count=3, once=True)
    ones, manys, cpus = [], [], []
    for _ in range(rounds):
        single, many = take(effort.steps), take(effort.steps)
        before = cpu_seconds(bench.installation.web)
        ones.append(load(reviewer.target, single, in_flight=1, count=len(single), once=True))
        cpus.append((cpu_seconds(bench.installation.web) - before) / len(single))
        manys.append(load(reviewer.target, many, in_flight=IN_FLIGHT, count=len(many), once=True))
    fill(figure, ones, manys)
    figure.cpu = milliseconds(median_of(cpus))
    case_id, body = tasks[0]
    run = sent_by_change(lambda: services.act(case_id=case_id, actor=reviewer.actor, **arguments(body)))
    figure.sql = replay(bench.own, [run], bench.effort.sql // 4, undo=True)
    figure.note = f"{len(run)} statements; the SQL beside it is not committed"
    below(figure, figure.cpu, STEP_CPU_MS, f"web CPU < {STEP_CPU_MS:.0f} ms a step")
    under_load(figure)
    return figure


def arguments(body: dict[str, Any]) -> dict[str, Any]:
    """A step's body as the function takes it."""
    return {"reason_type": "", "reason": "", "data": {}, **body}


def claimed(reviewer: Person, count: int) -> list[tuple[int, dict[str, Any]]]:
    """Cases that wait for the second review, claimed by the reviewer, with the body of the step."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE processes_token SET claimed_by = %s, claimed_name = %s, claimed_at = now()
                WHERE id IN (SELECT id FROM processes_token WHERE node_id = %s AND state = 'waiting' ORDER BY id LIMIT %s)
            RETURNING id, instance_id""",
            [reviewer.actor.ref, reviewer.actor.name, NODE, count],
        )
        found = {instance: token for token, instance in cursor.fetchall()}
        if len(found) < count:
            raise SystemExit(f"only {len(found)} cases wait for the second review, {count} are needed")
        cursor.execute(
            "SELECT id, version, instance_id FROM cases_case WHERE instance_id = ANY(%s) ORDER BY id", [list(found)]
        )
        return [
            (case_id, {"task_id": found[instance], "version": version, "outcome": OUTCOME, "opinion": "情况属实，同意"})
            for case_id, version, instance in cursor.fetchall()
        ]
