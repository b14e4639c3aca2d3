"""Efficiency of finished tasks (SH-003.5): how many, how long on average, which share on time; own ones and reports.

`FinishedTask` is a view over the finished steps of cases and the finished tasks of other origins.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection

from anju.kernel import clock
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor

# before the one and after the other nobody finished anything here, and moments cannot be told
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(9000, 1, 1)
OWN = """
    SELECT count(*) AS tasks, avg(extract(epoch FROM took)) / 3600 AS hours,
           count(*) FILTER (WHERE due_on IS NOT NULL) AS timed,
           count(*) FILTER (WHERE due_on IS NOT NULL AND done_on <= due_on) AS on_time
      FROM (
        SELECT left_at - entered_at AS took, due_on, (left_at AT TIME ZONE 'Asia/Shanghai')::date AS done_on
          FROM processes_token
         WHERE kind = 'user' AND state = 'done' AND actor_ref = %(me)s AND left_at >= %(start)s AND left_at < %(end)s
        UNION ALL
        SELECT done_at - created_at, due_on, (done_at AT TIME ZONE 'Asia/Shanghai')::date
          FROM workspace_task
         WHERE state = 'done' AND done_ref = %(me)s AND done_at >= %(start)s AND done_at < %(end)s
      ) AS finished
"""


def own_statistics(actor: Actor, start: date | None, end: date | None) -> dict[str, Any]:
    """What a person finished in a period, both days included; the last 30 days without one."""
    last = min(end or clock.today(), LAST_DAY)
    first = start or max(last, FIRST_DAY + timedelta(days=29)) - timedelta(days=29)
    if not timedelta(0) <= last - first <= timedelta(days=3660) or first < FIRST_DAY:
        raise DomainError("起止日期不对", code="period.wrong", field="start", advice="开始不晚于结束，最长十年")
    given: dict[str, Any] = {
        "me": actor.ref,
        "start": clock.start_of(first),
        "end": clock.start_of(last + timedelta(days=1)),
    }
    with connection.cursor() as cursor:
        cursor.execute(OWN, given)
        tasks, hours, timed, on_time = cursor.fetchone()
    return {
        "start": first,
        "end": last,
        "tasks": tasks,
        "hours": round(float(hours), 1) if hours is not None else None,
        "on_time": round(100 * on_time / timed, 1) if timed else None,
        "timed": timed,
    }
