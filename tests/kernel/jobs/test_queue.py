"""Background functions: enqueued with the change, once where asked, recovered when their worker died."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.sql import queries

from anju.kernel import clock
from anju.kernel.jobs import background, defer, defer_each, every
from anju.kernel.jobs.handlers import recover_stalled
from anju.kernel.jobs.queue import FUNCTIONS
from anju.workspace.models import Message
from anju.workspace.services import send_message
from tests.support import run_jobs, waiting_jobs

pytestmark = pytest.mark.django_db
RAN: list[object] = []


@background("test.note")
def note(**arguments: object) -> None:
    RAN.append(arguments)


@background("test.half")
def half() -> None:
    send_message("staff:1", "半途", "", key="half")
    raise ZeroDivisionError


@background("test.whole")
def whole() -> None:
    RAN.append(connection.in_atomic_block)


background("test.portions", atomic=False)(whole)
every(minutes=60)("test.whole")
every(minutes=60)("test.portions")


@pytest.fixture(autouse=True)
def _ran() -> Iterator[None]:
    RAN.clear()
    yield
    RAN.clear()


@pytest.mark.django_db(transaction=True)
def test_a_job_commits_and_rolls_back_with_the_change_that_asks_for_it() -> None:
    @transaction.atomic
    def fails() -> None:
        defer("test.note", number=1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert waiting_jobs("test.note") == []
    with transaction.atomic():
        defer("test.note", number=2)
    assert waiting_jobs("test.note") == [("test.note", {"number": 2})]
    run_jobs()
    assert RAN == [{"number": 2}]


@pytest.mark.django_db(transaction=True)
def test_the_clock_runs_a_function_as_it_was_declared_in_one_transaction_or_in_portions_of_its_own() -> None:
    for name in ("test.whole.tick", "test.portions.tick"):
        app.tasks[name](timestamp=0)
    assert RAN == [True, False]


def test_once_means_that_no_second_one_waits_beside_it() -> None:
    for number in (1, 2):
        defer("test.note", once="the-same", number=number)
    assert waiting_jobs("test.note") == [("test.note", {"number": 1})]
    run_jobs()
    defer("test.note", once="the-same", number=3)
    run_jobs()
    assert RAN == [{"number": 1}, {"number": 3}]


def test_a_job_for_later_waits_for_its_time() -> None:
    defer("test.note", at=clock.real_now() + timedelta(minutes=5), number=1)
    assert run_jobs() == []
    assert run_jobs(later=True) == ["test.note"]


def test_a_function_that_fails_leaves_nothing_half_done() -> None:
    with pytest.raises(ZeroDivisionError):
        app.tasks["test.half"]()
    assert not Message.objects.exists()


def test_every_declared_function_is_a_task_of_the_worker() -> None:
    assert set(FUNCTIONS) <= set(app.tasks)
    assert {"cases.run_check", "events.deliver", "jobs.run"} <= set(FUNCTIONS)


READ = """
    SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables
     WHERE relname = 'procrastinate_jobs'
"""


def test_taking_the_next_job_reads_few_however_many_wait() -> None:
    """Asked in the queue's own words, so that an upgrade which makes its function anew is noticed."""
    asked = queries["fetch_job"]
    with connection.cursor() as cursor:
        # as the planner knows a queue that was just cleared up
        cursor.execute("UPDATE pg_class SET relpages = 0, reltuples = 0 WHERE relname = 'procrastinate_jobs'")
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        worker = cursor.fetchone()[0]
        defer_each("test.note", [{"number": number} for number in range(2000)])
        cursor.execute("UPDATE procrastinate_jobs SET lock = 'line-' || id / 2 WHERE id % 3 > 0")
        cursor.execute(READ)
        before = cursor.fetchone()[0]
        for _ in range(20):
            cursor.execute(asked, {"queues": ["default"], "worker_id": worker})
            assert cursor.fetchone()[0] is not None
        cursor.execute(READ)
        assert cursor.fetchone()[0] - before < 1000


def test_the_next_job_is_the_most_urgent_whose_line_is_free() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        worker = cursor.fetchone()[0]

        def take(queue: str | None = None) -> object:
            cursor.execute(queries["fetch_job"], {"queues": [queue] if queue else None, "worker_id": worker})
            taken = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))
            return taken["id"] and (json.loads(taken["args"])["number"], taken["status"], taken["worker_id"] == worker)

        later: dict[str, Any] = {"at": clock.real_now() + timedelta(minutes=5)}
        asked: list[dict[str, Any]] = [{"lock": "line"}, {"lock": "line"}, {}, later, {"lock": "line"}]
        for number, more in enumerate(asked):
            defer("test.note", number=number, **more)
        assert take("work") is None
        assert take("default") == (0, "doing", True)
        assert take() == (2, "doing", True)  # 1 waits for 0, and 4 for 1
        assert take() is None
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'doing'")
        cursor.execute("UPDATE procrastinate_jobs SET priority = 5 WHERE args ->> 'number' = '4'")
        assert take() == (4, "doing", True)
        assert take() is None


def taken(job_args: dict[str, object], worker: bool, seconds: int) -> int:
    """A job that a worker took, whose last sign of life was so many seconds ago; without worker, it is gone."""
    defer("test.note", **job_args)
    with connection.cursor() as cursor:
        worker_id = None
        if worker:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
                [seconds],
            )
            worker_id = cursor.fetchone()[0]
        cursor.execute("SELECT max(id) FROM procrastinate_jobs")
        job_id = int(cursor.fetchone()[0])
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker_id, job_id]
        )
    return job_id


@pytest.mark.parametrize(("worker", "seconds", "comes_back"), [(True, 5, False), (True, 120, True), (False, 0, True)])
def test_a_job_whose_worker_died_is_done_again_and_one_at_work_is_left_alone(
    worker: bool, seconds: int, comes_back: bool
) -> None:
    taken({"number": 9}, worker, seconds)
    recover_stalled()
    assert (waiting_jobs("test.note") != []) == comes_back
    run_jobs()
    assert ([{"number": 9}] if comes_back else []) == RAN
