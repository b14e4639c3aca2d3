"""Working days: counted fast, and always as a person counting on a wall calendar would."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anju.kernel.calendar import add_working_days, is_working_day, working_days_between
from anju.kernel.calendar.models import Day
from anju.kernel.calendar.services import clear_day, forget_days, set_day
from anju.kernel.errors import DomainError

pytestmark = pytest.mark.django_db

DAYS = st.dates(date(2024, 6, 1), date(2029, 6, 1))
COUNTS = st.integers(0, 60)


@pytest.fixture(autouse=True)
def _fresh_days() -> None:
    forget_days()


def counted(start: date, end: date) -> int:
    """One day after the other, asking the table only."""
    special = dict(Day.objects.values_list("date", "kind"))
    total, day = 0, start
    while day < end:
        day += timedelta(days=1)
        total += special.get(day, "workday" if day.weekday() < 5 else "holiday") == "workday"
    return total


@given(start=DAYS, length=st.integers(0, 400))
@settings(max_examples=150, deadline=None)
def test_counting_agrees_with_counting_on_the_fingers(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    assert working_days_between(start, end) == counted(start, end)
    assert working_days_between(end, start) == -counted(start, end)


@given(start=DAYS, count=COUNTS)
@settings(max_examples=150, deadline=None)
def test_adding_and_counting_are_each_other_s_inverse(start: date, count: int) -> None:
    end = add_working_days(start, count)
    assert working_days_between(start, end) == count
    assert count == 0 or is_working_day(end)
    back = add_working_days(end, -count)
    assert counted(back - timedelta(days=1), end - timedelta(days=1)) == count
    assert count == 0 or is_working_day(back)


def test_the_official_days_are_there() -> None:
    assert not is_working_day(date(2026, 10, 1)), "国庆节"
    assert is_working_day(date(2026, 10, 10)), "国庆节调休的星期六"
    assert not is_working_day(date(2025, 1, 28)), "除夕"
    assert Day.objects.get(date=date(2027, 2, 6)).name == "春节（暂定）"
    assert Day.objects.filter(date__year=2027).count() == 13, "全国年节及纪念日放假办法: 13 days a year"
    assert not Day.objects.filter(date__year=2026, name__contains="暂定").exists()


def test_a_time_limit_over_the_national_holiday() -> None:
    # accepted on Wednesday 30 September 2026; 1 to 7 October are free, Saturday the 10th is worked
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(date(2026, 9, 30), 5) == date(2026, 10, 13)
    assert working_days_between(date(2026, 9, 30), date(2026, 10, 10)) == 3


def test_an_edited_day_counts_at_once() -> None:
    plain = date(2026, 12, 16)
    assert is_working_day(plain)
    set_day(plain, "holiday", "雪灾停工")
    assert not is_working_day(plain)
    assert add_working_days(date(2026, 12, 15), 1) == date(2026, 12, 17)
    assert clear_day(plain)
    assert is_working_day(plain)
    assert not clear_day(plain)


def test_nonsense_is_refused() -> None:
    with pytest.raises(DomainError, match="kind_unknown"):
        set_day(date(2026, 12, 16), "maybe", "")
    with pytest.raises(DomainError, match="out_of_range"):
        set_day(date(1066, 10, 14), "holiday", "")
