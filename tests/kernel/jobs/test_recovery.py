"""Jobs of workers that died: done again once, dropped where the same waits already, long work never left hanging."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection

from anju.kernel.jobs import defer, start, watched, work
from anju.kernel.jobs.handlers import close_forgotten, recover_stalled
from anju.kernel.jobs.models import Job, JobState
from anju.kernel.scope import system

RAN: list[str] = []


@work("tests.cut_off", title="被打断的任务")
def cut_off(context: Any, mode: str) -> None:
    RAN.append(mode)
    if mode == "database":
        raise OperationalError("terminating connection due to administrator command")
    if mode == "fault":
        raise RuntimeError("a mistake of ours")


def run_sql(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values) or None)
        return cursor.fetchall() if cursor.description else []


def worker(seconds_silent: int) -> int:
    """A worker as its registration shows it."""
    return int(
        run_sql(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
            seconds_silent,
        )[0][0]
    )


def doing(worker_id: int | None, **how: Any) -> int:
    """A job that a worker has begun."""
    defer("events.deliver", event_id=1, **how)
    job_id = int(run_sql("SELECT max(id) FROM procrastinate_jobs")[0][0])
    run_sql("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", worker_id, job_id)
    return job_id


def status(job_id: int) -> str:
    return str(run_sql("SELECT status FROM procrastinate_jobs WHERE id = %s", job_id)[0][0])


@pytest.mark.django_db
def test_only_jobs_of_silent_workers_are_done_again() -> None:
    lost, orphan, busy = doing(worker(25)), doing(None), doing(worker(5))
    assert recover_stalled() == 2
    assert [status(lost), status(orphan), status(busy)] == ["todo", "todo", "doing"]
    assert recover_stalled() == 0


@pytest.mark.django_db
def test_a_job_that_waits_already_does_not_keep_the_others_from_recovery() -> None:
    first = doing(worker(25), once="sweep")
    defer("events.deliver", once="sweep", event_id=1)
    other = doing(worker(25))
    assert recover_stalled() == 2
    assert [status(first), status(other)] == ["failed", "todo"]


@pytest.mark.django_db
def test_long_work_that_the_queue_lost_is_closed_and_other_work_is_not() -> None:
    lost, waits = start("tests.cut_off", system(), mode="well"), start("tests.cut_off", system(), mode="well")
    run_sql("DELETE FROM procrastinate_jobs WHERE (args ->> 'job_id')::bigint = %s", lost.pk)
    assert close_forgotten() == 1
    lost.refresh_from_db()
    waits.refresh_from_db()
    assert (lost.state, bool(lost.error), waits.state) == (JobState.FAILED, True, JobState.WAITING)


@pytest.mark.django_db
def test_work_cut_off_from_the_database_goes_back_to_the_queue_and_a_mistake_does_not() -> None:
    cut, wrong = start("tests.cut_off", system(), mode="database"), start("tests.cut_off", system(), mode="fault")
    with pytest.raises(OperationalError):
        watched.run(job_id=cut.pk)
    watched.run(job_id=wrong.pk)
    states = dict(Job.objects.values_list("pk", "state"))
    assert (states[cut.pk], states[wrong.pk]) == (JobState.RUNNING, JobState.FAILED)
    for error in watched.CUT_OFF:
        assert issubclass(error, tuple(watched.WHEN_CUT_OFF.retry_exceptions or ()))
    RAN.clear()
    watched.run(job_id=wrong.pk)
    assert RAN == []
