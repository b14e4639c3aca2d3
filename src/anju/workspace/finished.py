"""Finished tasks counted day by day and folded into months and years, for the reports on efficiency (SH-003.5)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection, transaction

from anju.kernel import clock
from anju.kernel.jobs import background, every
from anju.workspace.models import FinishedDay, FinishedMonth, FinishedUntil, FinishedYear

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
FOLD = """
    INSERT INTO workspace_finished{span}
           (done_on, person_ref, person_name, source, step, org_path, division, tasks, hours, timed, on_time)
    SELECT date_trunc('{span}', done_on)::date, person_ref, person_name, source, step, org_path, division, sum(tasks),
           sum(hours), sum(timed), sum(on_time)
      FROM workspace_finished{part} WHERE done_on >= %s AND done_on < %s GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1
"""
MONTHS, YEARS = FOLD.format(span="month", part="day"), FOLD.format(span="year", part="month")


@background("workspace.count_finished")
def count_finished() -> None:
    """Counts the days since the last one counted, up to the day before yesterday, and folds the months and years that
    are whole; a repeat finds nothing to count. What was counted before there were folds is folded by the first run."""
    FinishedUntil.objects.get_or_create(pk=1, defaults={"day": FIRST})
    kept = FinishedUntil.objects.select_for_update().get(pk=1)
    until = max(kept.day, clock.today() - timedelta(days=DAYS_AFTER))
    if kept.day < until:
        day = timedelta(days=1)
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [clock.start_of(kept.day + day), clock.start_of(until + day)])
        kept.day = until
    fold(kept)
    kept.save(update_fields=["day", "folded"])


def fold(kept: FinishedUntil) -> None:
    """Sums up the months that ended with the last day counted, and the years."""
    since, until = kept.folded or FIRST, (kept.day + timedelta(days=1)).replace(day=1)
    if since >= until:
        return
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [since, until])
        cursor.execute(YEARS, [since.replace(month=1), until.replace(month=1)])
    kept.folded = until


def folded_until() -> date | None:
    """The first day that no month holds, or None where none is folded."""
    return FinishedUntil.objects.values_list("folded", flat=True).first()


def count_anew() -> None:
    """For whoever brought in steps of days that were counted already: the next count goes through all days again."""
    with transaction.atomic():
        FinishedYear.objects.all().delete()
        FinishedMonth.objects.all().delete()
        FinishedDay.objects.all().delete()
        FinishedUntil.objects.all().delete()


every(minutes=60)("workspace.count_finished")
