"""The queue's order over arbitrary households: place is index + 1, keys decide, who ran out stands nowhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.kernel import clock
from anju.waiting.models import Entry
from anju.waiting.queue import ORDER, next_in_line, place_of, queue

TODAY = clock.real_now().astimezone(clock.SHANGHAI).date()
LAYOUTS = ("one_one", "two_one")

households = st.fixed_dictionaries(
    {
        "priority": st.sampled_from([1, 2, 3, 9]),
        "certified_on": st.dates(TODAY - timedelta(days=3), TODAY),
        "accepted_at": st.integers(0, 3).map(lambda n: datetime(2026, 1, 1, n, tzinfo=UTC)),
        "valid_until": st.sampled_from([TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]),
        "state": st.sampled_from(["waiting", "waiting", "called", "chosen", "left"]),
        "division": st.sampled_from(["339901", "339901", "339902"]),
        "layouts": st.sampled_from([[], ["one_one"], ["two_one"], ["one_one", "two_one"]]),
        "project_ids": st.sampled_from([[], [1], [2, 3]]),
        "divisions": st.sampled_from([[], ["339901"], ["339902"]]),
    }
)


def stored(rows: list[dict[str, Any]]) -> list[Entry]:
    Entry.objects.all().delete()
    made = []
    for number, row in enumerate(rows):
        left = {"left_at": clock.now()} if row["state"] == "left" else {}
        made.append(
            Entry(
                certificate_id=number, certificate_no=f"ZR{number}", case_number=f"GZ{number:04d}",
                holder_ref=f"resident:{number}", household="王建华", household_size=1, registered_at=clock.now(),
                org_path="/1/", **row, **left,
            )
        )  # fmt: skip
    return Entry.objects.bulk_create(made)


def stands(entry: Entry, division: str) -> bool:
    return entry.division == division and entry.state != "left" and entry.valid_until >= TODAY


def keys(entry: Entry) -> tuple[int, date, datetime, str]:
    return (entry.priority, entry.certified_on, entry.accepted_at, entry.case_number)


@pytest.mark.covers("SH-053.1", "SH-053.2")
@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(households, max_size=12))
def test_everybody_stands_where_the_keys_say_and_nobody_else_counts(rows: list[dict[str, Any]]) -> None:
    entries = stored(rows)
    assert ORDER == ("priority", "certified_on", "accepted_at", "case_number")
    for division in ("339901", "339902"):
        expected = sorted((each for each in entries if stands(each, division)), key=keys)
        assert [each.pk for each in queue(division)] == [each.pk for each in expected]
        for index, each in enumerate(expected):
            assert place_of(each) == index + 1
    assert all(place_of(each) is None for each in entries if not stands(each, each.division))


@pytest.mark.django_db(transaction=False)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(households, max_size=12), count=st.integers(0, 5), layout=st.sampled_from(LAYOUTS))
def test_those_next_in_line_are_the_first_whose_wishes_fit(rows: list[dict[str, Any]], count: int, layout: str) -> None:
    entries = stored(rows)
    projects = {1, 3}

    def fits(entry: Entry) -> bool:
        return (
            stands(entry, "339901")
            and entry.state == "waiting"
            and (not entry.layouts or layout in entry.layouts)
            and (not entry.project_ids or bool(projects & set(entry.project_ids)))
            and (not entry.divisions or "339901" in entry.divisions)
        )

    expected = sorted((each for each in entries if fits(each)), key=keys)[:count]
    assert [each.pk for each in next_in_line("339901", layout, projects, count)] == [each.pk for each in expected]
