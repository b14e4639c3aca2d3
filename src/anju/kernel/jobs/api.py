"""Operations on one's own long work: list, look, cancel."""

from __future__ import annotations

from typing import Any

from anju.kernel.errors import Conflict, NotFound
from anju.kernel.http import SIGNED_IN, Request, Routes
from anju.kernel.jobs.models import Job
from anju.kernel.jobs.watched import cancel

routes = Routes("/jobs", title="任务")


def as_json(job: Job) -> dict[str, Any]:
    """A piece of work as pages show it."""
    return {
        "id": job.pk,
        "kind": job.kind,
        "title": job.title,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "result": job.result,
        "error": job.error,
        "file_id": job.file_id,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }


def mine(request: Request, job_id: int) -> Job:
    """One's own work or `NotFound`."""
    job = Job.objects.filter(pk=job_id, actor_ref=request.actor.ref).first()
    if job is None:
        raise NotFound
    return job


@routes.read("", right=SIGNED_IN, scope="self", summary="我的任务")
def list_jobs(request: Request) -> dict[str, Any]:
    jobs = Job.objects.filter(actor_ref=request.actor.ref).order_by("-id")[:50]
    return {"rows": [as_json(job) for job in jobs], "next": None, "prev": None, "about": None}


@routes.read("/{int:job_id}", right=SIGNED_IN, scope="self", summary="任务进度")
def read_job(request: Request, job_id: int) -> dict[str, Any]:
    return as_json(mine(request, job_id))


@routes.act("/{int:job_id}/cancel", right=SIGNED_IN, scope="self", summary="取消任务")
def cancel_job(request: Request, job_id: int) -> dict[str, Any]:
    job = mine(request, job_id)
    if not cancel(job.pk, request.actor):
        raise Conflict("任务已经结束，不能取消", code="job.ended", advice="刷新后查看结果")
    job.refresh_from_db()
    return as_json(job)
