"""Finished tasks by year, month and day: a report counts the same whichever rows it takes, at every moment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.kernel import clock
from anju.kernel.reports.folds import Folds
from anju.site.consistency import disagreements
from anju.workspace import finished
from anju.workspace.finished import count_anew, count_finished, fold, folded_until, portion
from anju.workspace.models import (
    FinishedDay,
    FinishedMonth,
    FinishedSpan,
    FinishedTask,
    FinishedUntil,
    FinishedYear,
    Task,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 4)
SUMS = {name: Sum(name) for name in ("tasks", "hours", "timed", "on_time")}
# from before the first fold to after the last day, at the edges of months and years and between
DAY = st.one_of(
    st.dates(date(2023, 11, 1), date(2026, 4, 30)),
    st.sampled_from([date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1)]),
)
PERIOD = st.tuples(st.none() | DAY, st.none() | DAY)


def finish(day: date, number: int, person: int = 0) -> None:
    done = clock.start_of(day) + timedelta(hours=9)
    Task.objects.create(
        source="s", source_title=f"来源{number % 2}", key=f"{day}-{number}", name="任务", requirement="做", assignee_ref="a",
        assignee_name="甲", state="done", result="好", done_at=done, created_at=done - timedelta(hours=number + 1),
        due_on=day - timedelta(days=number % 2), done_ref=f"staff:{person}", done_name=f"人{person}", org_path="/1/",
        division="339901",
    )  # fmt: skip


def by_day(start: date | None, end: date | None, *keys: str) -> list[dict[str, Any]]:
    rows = FinishedTask.objects.all()
    rows = rows.filter(done_on__gte=start) if start else rows
    rows = rows.filter(done_on__lte=end) if end else rows
    return list(rows.order_by().values(*keys).annotate(**SUMS).order_by(*keys))


def folded(start: date | None, end: date | None, *keys: str, by_month: bool = False) -> list[dict[str, Any]]:
    chosen = Folds(folded_until).between("done_on", start, end, by_month=by_month)
    return list(FinishedSpan.objects.filter(chosen).order_by().values(*keys).annotate(**SUMS).order_by(*keys))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the day on which the count runs."""
    return lambda day: monkeypatch.setattr(clock, "today", lambda: day)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moments=st.lists(
        st.tuples(
            st.lists(DAY, max_size=6),
            st.integers(-40, 400),
            st.booleans(),
            st.lists(PERIOD, min_size=1, max_size=4),
            st.integers(0, 6),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_every_period_counts_what_its_days_count(at: Any, moments: list[Any]) -> None:
    with transaction.atomic():
        counted, now, number = date.min, date(2024, 1, 15), 0
        for days, later, anew, periods, portions in moments:
            now = now + timedelta(days=later)
            # nothing is finished in days that were counted; a recount is for whoever brings such steps in
            for day in days if anew else [day for day in days if day > counted]:
                number += 1
                finish(day, number, number % 3)
            at(now)
            if anew:
                count_anew()
                compare(periods)
                counted = date.min
            compare(periods)
            # a count that was killed after some portions, then whole ones
            for _ in range(portions):
                portion()
            compare(periods)
            assert [each for each in disagreements() if each.rule.key == "task.folds"] == []
            for _ in range(2):
                count_finished()
                compare(periods)
            counted = max(counted, now - timedelta(days=2))
            assert [each for each in disagreements() if each.rule.key == "task.folds"] == []
        transaction.set_rollback(True)


def compare(periods: list[tuple[date | None, date | None]]) -> None:
    for start, end in [*periods, (None, None)]:
        for by_month in (False, True):
            assert folded(start, end, "person_ref", "source", by_month=by_month) == by_day(
                start, end, "person_ref", "source"
            )


def test_long_periods_are_read_from_years_and_months_and_what_is_left(at: Any) -> None:
    for number, day in enumerate(
        [date(2024, 5, 1), date(2025, 5, 1), date(2025, 6, 2), date(2026, 1, 9), date(2026, 3, 1)]
    ):
        finish(day, 2 * number)
    at(TODAY)
    count_finished()
    kept = FinishedUntil.objects.get()
    assert (kept.day, kept.folded) == (date(2026, 3, 2), date(2026, 3, 1))

    def spans(start: date | None, end: date | None, *, by_month: bool = False) -> list[str]:
        chosen = Folds(folded_until).between("done_on", start, end, by_month=by_month)
        return sorted(FinishedSpan.objects.filter(chosen).values_list("span", flat=True))

    assert spans(None, None) == ["day", "month", "year", "year"]
    assert spans(None, None, by_month=True) == ["day", "month", "month", "month", "month"]
    assert spans(date(2025, 5, 1), date(2025, 6, 30)) == ["month", "month"]
    assert spans(date(2025, 5, 2), date(2025, 6, 29)) == ["day"]
    assert spans(date(2026, 3, 1), date(2026, 3, 1)) == ["day"]
    finish(date(2026, 3, 3), 9)
    assert spans(None, date.max) == ["day", "live", "month", "year", "year"]
    assert spans(date(9999, 12, 30), date.max) == []


def test_what_was_counted_before_there_were_folds_is_folded_by_the_job(at: Any) -> None:
    for number, day in enumerate([date(2024, 5, 1), date(2024, 5, 1), date(2025, 7, 1)]):
        finish(day, number)
    at(TODAY)
    count_finished()
    FinishedMonth.objects.all().delete()
    FinishedYear.objects.all().delete()
    FinishedUntil.objects.update(folded=None)
    compare([(None, None), (date(2024, 5, 1), None)])
    # killed before the end of its transaction, nothing of it is there
    with transaction.atomic():
        fold(FinishedUntil.objects.get())
        transaction.set_rollback(True)
    assert not FinishedMonth.objects.exists()
    for _ in range(2):
        count_finished()
        assert (FinishedMonth.objects.count(), FinishedYear.objects.count()) == (3, 3)
        compare([(None, None), (date(2024, 5, 1), None)])
    # a clock set back takes nothing away
    at(TODAY - timedelta(days=90))
    count_finished()
    assert FinishedUntil.objects.get().folded == date(2026, 3, 1)


@pytest.mark.django_db(transaction=True)
def test_a_count_that_is_killed_between_or_in_portions_loses_and_doubles_nothing(
    at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [
        date(2024, 5, 1),
        date(2024, 5, 31),
        date(2024, 12, 31),
        date(2025, 1, 1),
        date(2025, 7, 4),
        date(2026, 3, 1),
    ]
    for number, day in enumerate(days):
        finish(day, number)
    at(TODAY)
    wanted, killed = by_day(None, None, "person_ref", "source"), set()

    class Killed(Exception):
        pass

    def killing(kept: FinishedUntil) -> bool:
        """Each portion dies once: in its middle where it folds, at its beginning where it counts."""
        stands = kept.day, kept.folded
        done = fold(kept)
        if stands not in killed:
            killed.add(stands)
            raise Killed
        return done

    monkeypatch.setattr(finished, "fold", killing)
    stood = []
    while True:
        try:
            count_finished()
            break
        except Killed:
            kept = FinishedUntil.objects.first()
            stood.append((kept.day, kept.folded or date.min) if kept else (date.min, date.min))
            compare([(None, None), (date(2024, 5, 2), date(2025, 7, 3))])
            assert folded(None, None, "person_ref", "source") == wanted
    # what was done before a kill stays done, and each next run goes on from there
    assert len(stood) > 8
    assert stood == sorted(set(stood))
    kept = FinishedUntil.objects.get()
    assert (kept.day, kept.folded) == (date(2026, 3, 2), date(2026, 3, 1))
    assert folded(None, None, "person_ref", "source") == by_day(None, None, "person_ref", "source") == wanted
    assert (FinishedDay.objects.count(), FinishedMonth.objects.count(), FinishedYear.objects.count()) == (6, 5, 4)
    assert disagreements() == []
    assert not portion()


def test_the_database_keeps_a_fold_at_its_first_day_and_the_books_find_a_wrong_one(at: Any) -> None:
    finish(date(2025, 5, 1), 1)
    at(TODAY)
    count_finished()
    assert FinishedDay.objects.count() == 1
    for model, wrong in ((FinishedMonth, date(2025, 5, 2)), (FinishedYear, date(2025, 2, 1))):
        with pytest.raises(IntegrityError, match="_first"), transaction.atomic():
            model.objects.update(done_on=wrong)
        with transaction.atomic():
            model.objects.update(tasks=7)
            assert [each.rule.key for each in disagreements()] == ["task.folds"]
            model.objects.all().delete()
            assert [each.rule.key for each in disagreements()] == ["task.folds"]
            transaction.set_rollback(True)
