"""Finds the jobs of workers that died and gives them back to the queue."""

from __future__ import annotations

import logging

from django.db import IntegrityError, connection, transaction

from anju.kernel import clock
from anju.kernel.jobs.models import Job, JobState

log = logging.getLogger("anju.jobs")

STALLED_AFTER_SECONDS = 20
STALLED = """
    SELECT job.id FROM procrastinate_jobs AS job
      LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
     WHERE job.status = 'doing'
       AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
     ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
"""
AGAIN = "SELECT procrastinate_retry_job_v1(%s, now(), NULL, NULL, NULL)"
DROP = "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s AND status = 'doing'"
FORGOTTEN = """
    NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS queued WHERE queued.task_name = 'jobs.run'
                 AND queued.status IN ('todo', 'doing') AND (queued.args ->> 'job_id')::bigint = jobs_job.id)
"""


@transaction.atomic
def recover_stalled() -> int:
    """Jobs whose worker has not been heard of are done again, every job is written to bear that; says how many.

    One of which the same already waits (a periodic one) is dropped instead. Called by each worker every few seconds;
    two at once share the jobs between them.
    """
    with connection.cursor() as cursor:
        cursor.execute(STALLED, [STALLED_AFTER_SECONDS])
        stalled = [row[0] for row in cursor.fetchall()]
        for job_id in stalled:
            try:
                with transaction.atomic():
                    cursor.execute(AGAIN, [job_id])
            except IntegrityError:
                cursor.execute(DROP, [job_id])
    if stalled:
        log.warning("%s jobs of a dead worker are done again", len(stalled))
    return len(stalled)


@transaction.atomic
def close_forgotten() -> int:
    """Ends long work that the queue no longer holds, so that nobody watches it for ever; says how many."""
    return (
        Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING])
        .extra(where=[FORGOTTEN])
        .update(state=JobState.FAILED, error="任务中断，没有完成；请重新发起", finished_at=clock.now())
    )
