"""Long work with progress and cancel: declared once, started by a person, resumed after a crash."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from procrastinate import RetryStrategy

from anju.kernel import clock
from anju.kernel.errors import DomainError
from anju.kernel.jobs.models import Job, JobState
from anju.kernel.jobs.queue import background, defer
from anju.kernel.scope import Actor, Area, Reach

log = logging.getLogger("anju.jobs")
Handler = Callable[..., None]
CUT_OFF = (OperationalError, InterfaceError)
WHEN_CUT_OFF = RetryStrategy(max_attempts=10, exponential_wait=2, retry_exceptions=set(CUT_OFF))
_HANDLERS: dict[str, tuple[str, Handler]] = {}


class Cancelled(Exception):
    """The person who started the work asked for its end; what was committed stays."""


class Context:
    """What a running piece of work may ask and tell."""

    def __init__(self, job: Job) -> None:
        self.job = job
        grants = {right: Reach(reach) for right, reach in job.actor.get("grants", {}).items()}
        areas = {right: tuple(Area(**area) for area in given) for right, given in job.actor.get("areas", {}).items()}
        self.actor = Actor(**{**job.actor, "grants": grants, "areas": areas})
        self._told = 0

    def progress(self, done: int, total: int | None = None) -> None:
        """Tells how far the work is, visible at once; also notices a request to cancel."""
        changes: dict[str, Any] = {"done": done}
        if total is not None:
            changes["total"] = total
        Job.objects.filter(pk=self.job.pk).update(**changes)
        self.job.done = done

    def tell(self, done: int, total: int) -> None:
        """Tells how far work has come that is one transaction: over a connection of its own, so that others see it.

        Raises `Cancelled` when the person asked for the end.
        """
        apart = connection.copy()
        try:
            with apart.cursor() as cursor:
                cursor.execute(
                    "UPDATE jobs_job SET done = %s, total = %s WHERE id = %s RETURNING cancel_requested",
                    [done, total, self.job.pk],
                )
                unwanted = any(row[0] for row in cursor.fetchall())
        finally:
            apart.close()
        self.job.done, self.job.total = done, total
        if unwanted:
            raise Cancelled

    def raise_if_cancelled(self) -> None:
        """Raises `Cancelled` when the person asked for the end; call it between portions."""
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise Cancelled

    def finish(self, result: dict[str, Any] | None = None, file: int | None = None) -> None:
        """What came of it: figures to show, and a file to fetch."""
        self.job.result = result or {}
        self.job.file_id = file


def work(kind: str, *, title: str) -> Callable[[Handler], Handler]:
    """Declares long work. The handler takes a `Context` and the parameters; it may be run again after a crash."""

    def register(handler: Handler) -> Handler:
        _HANDLERS[kind] = (title, handler)
        return handler

    return register


def start(kind: str, actor: Actor, *, title: str | None = None, **params: Any) -> Job:
    """Enqueues long work in the present transaction. Parameters must be JSON values."""
    default_title, _ = _HANDLERS[kind]
    job = Job.objects.create(
        kind=kind, title=title or default_title, params=params, actor_ref=actor.ref, actor=snapshot(actor)
    )
    defer("jobs.run", job_id=job.pk)
    return job


def snapshot(actor: Actor) -> dict[str, Any]:
    """The actor as JSON: the work acts with the rights held when it was asked for."""
    # a request's actor is a lazy stand-in, which asdict refuses
    kept = {item.name: getattr(actor, item.name) for item in fields(Actor) if item.name != "demand"}
    kept["grants"] = {right: str(reach) for right, reach in actor.grants.items()}
    kept["areas"] = {right: [asdict(area) for area in areas] for right, areas in actor.areas.items()}
    return kept


def cancel(job_id: int, actor: Actor) -> bool:
    """Asks for the end of one's own open work; work that waits ends at once. False when there is nothing to end."""
    mine = Job.objects.filter(pk=job_id, actor_ref=actor.ref)
    if mine.filter(state=JobState.WAITING).update(state=JobState.CANCELLED, finished_at=clock.now()):
        return True
    return bool(mine.filter(state=JobState.RUNNING).update(cancel_requested=True))


@background("jobs.run", queue="work", atomic=False, retry=WHEN_CUT_OFF)
def run(job_id: int) -> None:
    """Runs one piece of work in the worker; a second run of finished work does nothing.

    When the database goes away the queue asks again, and the work goes on where it stopped.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None or not job.is_open:
            return
        job.state, job.attempts = JobState.RUNNING, job.attempts + 1
        job.started_at = job.started_at or clock.now()
        job.save(update_fields=["state", "attempts", "started_at"])
    context = Context(job)
    try:
        _HANDLERS[job.kind][1](context, **job.params)
        job.state = JobState.DONE
    except Cancelled:
        job.state = JobState.CANCELLED
    except DomainError as refusal:
        job.state, job.error = JobState.FAILED, refusal.message
    except CUT_OFF:
        raise
    except Exception:
        log.exception("work %s (job %s) failed", job.kind, job.pk)
        job.state, job.error = JobState.FAILED, "系统出了问题，任务没有完成；请重试，若仍不行请告知运维人员"
    job.finished_at = clock.now()
    job.save(update_fields=["state", "error", "result", "file_id", "finished_at"])
