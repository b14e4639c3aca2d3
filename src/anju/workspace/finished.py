"""Finished tasks counted day by day, for the reports on efficiency (SH-003.5)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from anju.kernel import clock
from anju.kernel.jobs import background, every
from anju.workspace.models import FinishedDay, FinishedUntil

# A day is counted when no transaction that could still write into it can be under way.
DAYS_AFTER = 2
FIRST = date(1990, 1, 1)
COUNT = """
    INSERT INTO workspace_finishedday
           (done_on, person_ref, person_name, source, step, org_path, division, tasks, hours, timed, on_time)
    SELECT done_on, person_ref, person_name, source, step, org_path, division, sum(tasks), sum(hours), sum(timed),
           sum(on_time)
      FROM workspace_finished(%s, %s) GROUP BY 1, 2, 3, 4, 5, 6, 7
     -- days lie together, so that a report on some of them reads little
     ORDER BY 1
"""


@background("workspace.count_finished")
def count_finished() -> None:
    """Counts the days since the last one counted, up to the day before yesterday; a repeat finds nothing to count."""
    FinishedUntil.objects.get_or_create(pk=1, defaults={"day": FIRST})
    kept = FinishedUntil.objects.select_for_update().get(pk=1)
    until = clock.today() - timedelta(days=DAYS_AFTER)
    if kept.day >= until:
        return
    day = timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [clock.start_of(kept.day + day), clock.start_of(until + day)])
    kept.day = until
    kept.save(update_fields=["day"])


def count_anew() -> None:
    """For whoever brought in steps of days that were counted already: the next count goes through all days again."""
    FinishedDay.objects.all().delete()
    FinishedUntil.objects.all().delete()


every(minutes=60)("workspace.count_finished")
