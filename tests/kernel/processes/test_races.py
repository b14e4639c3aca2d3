"""Two people at one task at the same moment: the race is shown without the lock, then that the lock stops it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from anju.kernel import clock
from anju.kernel.compiled import Compiled
from anju.kernel.errors import DomainError
from anju.kernel.processes import locks
from anju.kernel.processes import services as processes
from anju.kernel.processes.models import Instance, Token
from anju.kernel.scope import Actor
from tests.kernel.processes.drawing import Drawing, clerk, simple

pytestmark = pytest.mark.django_db(transaction=True)

ONE_WAITING = "processes_token_one_waiting"


@pytest.fixture
def task() -> Token:
    with transaction.atomic():
        processes.publish("test", simple().xml)
        instance = processes.start("test", subject="thing:1", actor=clerk(9), org_path="/1/", division="339901")
    return Token.objects.get(instance=instance)


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rows are read without locks, and the constraint behind them is away."""
    unlocked = lambda rows, **_: rows  # noqa: E731
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", unlocked)
    for name in ("_INSTANCE_OF_TOKEN", "_TOKENS_AROUND"):
        monkeypatch.setattr(locks, name, Compiled(getattr(locks, name).query))
    constraint = next(c for c in Token._meta.constraints if c.name == ONE_WAITING)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Token, constraint)
    yield
    Token.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Token, constraint)


def race(task: Token, monkeypatch: pytest.MonkeyPatch, *, meet: bool) -> list[str]:
    """Two people finish one task; with `meet` both have read it before either writes. What each was answered."""
    both_read = threading.Barrier(2)
    answers: list[str] = []
    real: Callable[[int], Any] = locks.lock_run_of

    def reading(token_id: int) -> Any:
        found = real(token_id)
        if meet:
            both_read.wait(timeout=20)
        return found

    monkeypatch.setattr(processes, "lock_run_of", reading)

    def finish(actor: Actor) -> None:
        try:
            with transaction.atomic():
                processes.complete(task.pk, "pass", actor)
            answers.append("won")
        except DomainError as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=finish, args=(clerk(number),)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(answers)


def test_without_the_lock_both_win_and_the_next_task_doubles(
    task: Token, without_lock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert race(task, monkeypatch, meet=True) == ["won", "won"]
    assert Token.objects.filter(node_id="b", state="waiting").count() == 2


def test_with_the_lock_one_wins_and_the_other_is_told(task: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    assert race(task, monkeypatch, meet=False) == ["task.moved", "won"]
    assert Token.objects.filter(node_id="b", state="waiting").count() == 1


def test_timers_pass_by_instances_that_somebody_holds() -> None:
    drawing = Drawing().start().timer("t", "P1D").end().path("start", "t", "end")
    with transaction.atomic():
        processes.publish("timed", drawing.xml)
        instance = processes.start("timed", subject="thing:1", actor=clerk(9), org_path="/1/", division="339901")
    tomorrow = clock.now() + timedelta(days=1)
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Instance.objects.select_for_update().get(pk=instance.pk)
            held.set()
            go.wait(timeout=20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(timeout=20)
    try:
        assert processes.fire_due_timers(tomorrow) == 0
    finally:
        go.set()
        holder.join(timeout=20)
    assert processes.fire_due_timers(tomorrow) == 1
