"""To-do lists: what is on them, in which order, page by page, with few queries and an index to walk on."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.kernel import clock
from anju.kernel.cases.api import page, visible
from anju.kernel.cases.lists import remaining_days, todo, trend
from anju.kernel.processes.models import Token
from tests.casework import Town
from tests.support import FRIDAY, go_to


def test_the_list_pages_in_order_of_deadline_without_gap_or_double(town: Town) -> None:
    cases = [town.apply() for _ in range(7)]
    for days, case in enumerate(cases):
        tokens = Token.objects.filter(instance_id=case.instance_id)
        tokens.update(due_on=None if days == 6 else clock.today() + timedelta(days=-days))
    clerk, seen, cursor = town.staff("fangting"), [], ""
    while True:
        answer = clerk.get("/cases/todo", limit=2, cursor=cursor).json()
        seen += [row["case_id"] for row in answer["rows"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert seen == [case.pk for case in [*reversed(cases[:6]), cases[6]]]


@pytest.mark.covers("SH-048.3")
def test_late_ones_stand_first_and_are_marked(town: Town) -> None:
    early, late = town.apply(), town.apply()
    Token.objects.filter(instance_id=late.instance_id).update(due_on=clock.today() - timedelta(days=10))
    rows = town.staff("fangting").get("/cases/todo").json()["rows"]
    assert [(row["case_id"], row["late"]) for row in rows] == [(late.pk, True), (early.pk, False)]
    assert rows[0]["remaining"] < 0 <= rows[1]["remaining"]
    overdue = town.staff("fangting").get("/cases/todo", view="overdue").json()["rows"]
    assert [row["case_id"] for row in overdue] == [late.pk]
    counts = town.staff("fangting").get("/cases/summary").json()["nodes"]
    assert [(node["node"], node["count"], node["late"]) for node in counts] == [("accept", 2, 1)]


def test_what_was_done_is_listed_by_node_number_and_name(town: Town) -> None:
    case, other = town.apply(), town.apply(town.household(name="王建国"))
    town.act(case)
    clerk = town.staff("fangting")
    done = clerk.get("/cases/todo", view="done").json()["rows"]
    assert [(row["case_id"], row["outcome"]) for row in done] == [(case.pk, "accept")]
    for asked in (other.number, "王建", " 王建国 "):
        assert [row["case_id"] for row in clerk.get("/cases/todo", q=asked).json()["rows"]] == [other.pk]
    assert clerk.get("/cases/todo", q="%").json()["rows"]  # a wildcard is no pattern
    assert clerk.get("/cases/todo", node="first_review").json()["rows"] == []


@pytest.mark.parametrize("cursor", ["x", "%%", base64.urlsafe_b64encode(b'["2026-13-01", 1]').decode(),
                                    base64.urlsafe_b64encode(b'[1, 2]').decode(), base64.urlsafe_b64encode(b'{}').decode(),
                                    base64.urlsafe_b64encode(b'["2026-01-01", 99999999999999999999]').decode()])  # fmt: skip
def test_a_forged_cursor_is_refused_in_words(town: Town, cursor: str) -> None:
    answer = town.staff("fangting").get("/cases/todo", cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (422, "list.bad_cursor")


def test_unknown_lists_are_refused(town: Town) -> None:
    assert town.staff("fangting").get("/cases/todo", view="all").json()["code"] == "list.unknown"
    assert town.staff("fangting").get("/cases/countdown", bucket="x").json()["code"] == "list.unknown"


def test_a_list_costs_the_same_few_queries_however_long_it_is(town: Town) -> None:
    actor = town.actor("fangting")
    # a process's graph is read once in each process of the machine
    todo(actor, view="todo")
    for number in (1, 4):
        for _ in range(number):
            town.apply()
        clock.today()
        with CaptureQueriesContext(connection) as asked:
            assert todo(actor, view="todo")["rows"]
        assert len(asked) <= 3


def test_a_case_page_costs_a_known_number_of_queries(town: Town) -> None:
    case, actor = town.go(town.apply(), "second_review"), town.actor("gaoyuan")
    town.take(case)
    with CaptureQueriesContext(connection) as asked:
        page(visible(case.pk, actor), actor)
    assert len(asked) <= 15
    with CaptureQueriesContext(connection) as asked:
        town.staff("gaoyuan").get(f"/cases/{case.pk}")
    assert len(asked) <= 25


def test_the_list_walks_an_index_and_sorts_no_more_than_a_page(town: Town) -> None:
    actor, case = town.actor("gaoyuan"), town.apply()
    assert case.instance_id
    with CaptureQueriesContext(connection) as asked:
        todo(actor, view="todo", limit=20)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {asked.captured_queries[-1]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "processes_token_order" in plan, plan
    assert "Seq Scan" not in plan, plan


@pytest.mark.covers("SH-048.2", "SH-048.4")
def test_open_cases_are_listed_and_counted_by_working_days_left(town: Town) -> None:
    cases = [town.apply() for _ in range(4)]
    today = clock.today()
    for case, days in zip(cases, (-3, 1, 12, 60), strict=True):
        case.due_on = today + timedelta(days=days)
        case.save()
    answer = town.staff("fangting").get("/cases/countdown").json()
    assert [row["case_id"] for row in answer["rows"]] == [case.pk for case in cases]
    for row, case in zip(answer["rows"], cases, strict=True):
        assert row["remaining"] == remaining_days(case.due_on, today)
        assert row["late"] == (row["remaining"] < 0)
    assert sum(bucket["count"] for bucket in answer["buckets"]) == 4
    for bucket in answer["buckets"]:
        rows = town.staff("fangting").get("/cases/countdown", bucket=bucket["key"]).json()["rows"]
        assert len(rows) == bucket["count"]
        assert {row["bucket"] for row in rows} <= {bucket["key"]}
    assert next(b for b in answer["buckets"] if b["key"] == "late")["count"] == 1
    first = town.staff("fangting").get("/cases/countdown", limit=3).json()
    rest = town.staff("fangting").get("/cases/countdown", limit=3, cursor=first["next"]).json()
    assert [row["case_id"] for row in first["rows"] + rest["rows"]] == [case.pk for case in cases]


@pytest.mark.covers("SH-048.1")
def test_the_countdown_runs_in_working_days_from_submission_to_the_close(town: Town) -> None:
    go_to(FRIDAY)
    case = town.apply()
    shown = town.take(case)["deadline"]
    assert shown["total"] == 45
    assert (shown["case_remaining"], shown["remaining"]) == (45, 5)
    go_to(FRIDAY + timedelta(days=3))
    shown = town.staff("fangting").get(f"/cases/{case.pk}").json()["deadline"]
    assert (shown["case_remaining"], shown["remaining"]) == (44, 4)
    go_to(FRIDAY + timedelta(days=10))
    shown = town.staff("fangting").get(f"/cases/{case.pk}").json()["deadline"]
    assert (shown["remaining"], shown["late"]) == (-1, True)
    town.act(case, "refuse")
    assert town.staff("fangting").get(f"/cases/{case.pk}").json()["deadline"] is None
    assert town.staff("fangting").get("/cases/countdown").json()["rows"] == []


def test_the_trend_counts_only_what_one_may_see(town: Town) -> None:
    case = town.apply()
    town.apply(division="339902")
    town.act(case, "refuse")
    days = trend(town.actor("fangting"))
    assert len(days) == 30
    assert (days[-1]["arrived"], days[-1]["closed"]) == (1, 1)
    assert trend(town.actor("gaoyuan"))[-1]["arrived"] == 2
    assert trend(town.actor("shenji"))[-1]["arrived"] == 0
