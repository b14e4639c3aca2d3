"""Finished tasks counted day by day and folded into months and years, for the reports on efficiency (SH-003.5)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Min

from anju.kernel import clock
from anju.kernel.jobs import background, every
from anju.kernel.reports.folds import next_month
from anju.workspace.models import FinishedDay, FinishedMonth, FinishedUntil, FinishedYear

# A day is counted when no transaction that could still write into it can be under way.
DAYS_AFTER = 2
DAY = timedelta(days=1)
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
NEXT = """
    SELECT (least(
        (SELECT min(left_at) FROM processes_token WHERE kind = 'user' AND state = 'done' AND left_at >= %(since)s),
        (SELECT min(done_at) FROM workspace_task WHERE state = 'done' AND done_at >= %(since)s)
    ) AT TIME ZONE 'Asia/Shanghai')::date
"""
FOLD = """
    INSERT INTO workspace_finished{span}
           (done_on, person_ref, person_name, source, step, org_path, division, tasks, hours, timed, on_time)
    SELECT date_trunc('{span}', done_on)::date, person_ref, person_name, source, step, org_path, division, sum(tasks),
           sum(hours), sum(timed), sum(on_time)
      FROM workspace_finished{part} WHERE done_on >= %s AND done_on < %s GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1
"""
MONTHS, YEARS = FOLD.format(span="month", part="day"), FOLD.format(span="year", part="month")


@background("workspace.count_finished", atomic=False)
def count_finished() -> None:
    """Counts the days since the last one counted, up to the day before yesterday, and folds the months and years that
    are whole, portion by portion; a repeat finds nothing to do, and one after a kill goes on where it ended."""
    while portion():
        continue


def portion() -> bool:
    """Counts the days of one month or folds one, in a transaction of its own, so that nobody waits for years of them;
    whether there was anything to do. What was counted before there were folds is folded first."""
    with transaction.atomic():
        FinishedUntil.objects.get_or_create(pk=1, defaults={"day": FIRST})
        kept = FinishedUntil.objects.select_for_update().get(pk=1)
        if not (fold(kept) or count(kept)):
            return False
        kept.save(update_fields=["day", "folded"])
        return True


def count(kept: FinishedUntil) -> bool:
    """Counts the days up to the end of the next month in which something was finished; False where none is left."""
    until, since = clock.today() - timedelta(days=DAYS_AFTER), kept.day + DAY
    if since > until:
        return False
    first = first_finished(since)
    if first is not None and first <= until:
        until = min(until, next_month(first + DAY) - DAY)
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [clock.start_of(since), clock.start_of(until + DAY)])
    kept.day = until
    return True


def first_finished(since: date) -> date | None:
    """The first day from `since` on that anything was finished on."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, {"since": clock.start_of(since)})
        first: date | None = cursor.fetchone()[0]
    return first


def fold(kept: FinishedUntil) -> bool:
    """Sums up the next month that ended with the last day counted, and the years that end with it; False where none is
    left."""
    since, until = kept.folded or FIRST, (kept.day + DAY).replace(day=1)
    if since >= until:
        return False
    first = FinishedDay.objects.filter(done_on__gte=since, done_on__lt=until).aggregate(day=Min("done_on"))["day"]
    until = next_month(first + DAY) if first else until
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, [since, until])
        cursor.execute(YEARS, [since.replace(month=1), until.replace(month=1)])
    kept.folded = until
    return True


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
