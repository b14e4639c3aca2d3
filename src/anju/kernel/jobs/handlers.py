"""Finds the jobs of workers that died and gives them back to the queue."""

from __future__ import annotations

from django.db import connection

from anju.kernel.jobs.queue import background, every

STALLED_AFTER_SECONDS = 30
RECOVER = """
    SELECT procrastinate_retry_job_v1(job.id, now(), NULL, NULL, NULL)
    FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
"""


@background("jobs.recover")
def recover_stalled() -> None:
    """Jobs whose worker has not been heard of are done again; every job is written to bear that."""
    with connection.cursor() as cursor:
        cursor.execute(RECOVER, [STALLED_AFTER_SECONDS])


every(minutes=1)("jobs.recover")
