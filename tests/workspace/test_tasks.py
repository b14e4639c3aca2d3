"""The task centre: one list over cases and tasks of other origins, done lists, statistics, the open interface (SH-003)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.kernel import clock
from anju.kernel.scope import Actor, Reach
from anju.workspace.finished import count_anew, count_finished
from anju.workspace.models import FinishedDay, Task
from anju.workspace.tasking import Wanted, bring
from anju.workspace.tasks import Asked, task_page
from tests.casework import Town

PARTY_RIGHTS = dict.fromkeys(("open.task.create", "open.task.view", "open.task.complete"), Reach.OWN)


def party(number: int = 1, name: str = "协同办公系统") -> Actor:
    return Actor(kind="party", id=number, name=name, grants=PARTY_RIGHTS)


def give(clerk: Actor, key: str, *, due_in: int | None = 3, by: Actor | None = None, **more: Any) -> Task:
    wanted = Wanted(
        key=key, name=more.pop("name", f"任务{key}"), requirement=more.pop("requirement", "核对材料后反馈"),
        assignee=clerk.account, due_on=None if due_in is None else clock.today() + timedelta(days=due_in), **more,
    )  # fmt: skip
    source = by or party()
    return bring(wanted, source=source.ref, source_title=source.name, actor=source)[0]


@pytest.fixture
def as_party(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], None]:
    """Requests of this test come from an outside system, as the gateway will make them."""

    def become(actor: Actor) -> None:
        monkeypatch.setattr("anju.identity.middleware.actor_of", lambda request: actor)

    return become


@pytest.mark.covers("SH-003.1")
def test_steps_of_cases_and_other_tasks_stand_in_one_list_with_source_requirement_and_deadline(
    town: Town, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    case = town.apply()
    clerk, other = town.actor("fangting"), staff()
    give(clerk, "a", due_in=1, priority=1, requirement="今天回电")
    give(other, "b")
    rows = client_as(clerk).get("/workspace/tasks").json()["rows"]
    assert {row["kind"] for row in rows} == {"case", "task"}
    task = next(row for row in rows if row["kind"] == "task")
    assert (task["name"], task["source_title"], task["requirement"]) == ("任务a", "协同办公系统", "今天回电")
    assert task["due_on"] == (clock.today() + timedelta(days=1)).isoformat()
    step = next(row for row in rows if row["kind"] == "case")
    assert (step["number"], step["link"]) == (case.number, f"/cases/{case.pk}")
    assert step["source_title"] == "公共租赁住房资格申请"
    assert step["requirement"]
    assert step["due_on"] is not None


@pytest.mark.covers("SH-003.2")
def test_the_most_urgent_comes_first_by_priority_or_by_deadline(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    clerk = staff()
    give(clerk, "normal-soon", due_in=1, priority=3)
    give(clerk, "urgent-later", due_in=9, priority=1)
    give(clerk, "urgent-soon", due_in=4, priority=1)
    give(clerk, "open-end", due_in=None, priority=2)
    api = client_as(clerk)

    def order(by: str) -> list[str]:
        return [row["number"] for row in api.get("/workspace/tasks", order=by).json()["rows"]]

    assert order("deadline") == ["normal-soon", "urgent-soon", "urgent-later", "open-end"]
    assert order("priority") == ["urgent-soon", "urgent-later", "open-end", "normal-soon"]
    assert api.get("/workspace/tasks", order="size").json()["code"] == "list.unknown_order"


@pytest.mark.parametrize("order", ["deadline", "priority"])
def test_pages_over_both_kinds_have_no_gap_and_no_double(town: Town, order: str) -> None:
    for _ in range(4):
        town.apply()
    clerk = town.actor("fangting")
    due = task_page(clerk, Asked())["rows"][0]["due_on"]
    for at in range(23):
        task = give(clerk, f"t{at}", priority=1 + at % 4)
        Task.objects.filter(pk=task.pk).update(due_on=None if at % 6 == 5 else due + timedelta(days=at % 3 - 1))
    whole = [(row["kind"], row["id"]) for row in task_page(clerk, Asked(order=order, limit=200))["rows"]]
    assert len(whole) == len(set(whole)) == 27
    seen: list[tuple[str, int]] = []
    cursor = ""
    while cursor is not None:
        page = task_page(clerk, Asked(order=order, limit=4, cursor=cursor))
        seen += [(row["kind"], row["id"]) for row in page["rows"]]
        cursor = page["next"]
    assert seen == whole


@pytest.mark.covers("SH-003.3", "SH-003.4")
def test_what_is_done_leaves_the_to_do_list_and_stands_in_the_done_list(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    clerk = staff(name="周敏")
    task, kept = give(clerk, "a", name="核对租金台账"), give(clerk, "b")
    api = client_as(clerk)
    done = api.post(f"/workspace/tasks/{task.pk}/finish", {"result": "已核对", "note": "账实相符"})
    assert done.status_code == 200
    assert [row["id"] for row in api.get("/workspace/tasks").json()["rows"]] == [kept.pk]
    (row,) = api.get("/workspace/tasks", view="done").json()["rows"]
    assert (row["id"], row["result"], row["done_name"]) == (task.pk, "已核对", "周敏")
    assert row["done_at"] is not None
    assert [each["id"] for each in api.get("/workspace/tasks", view="done", q="租金").json()["rows"]] == [task.pk]
    assert api.get("/workspace/tasks", view="done", q="别的").json()["rows"] == []
    assert api.get(f"/workspace/tasks/{task.pk}").json()["note"] == "账实相符"
    again = api.post(f"/workspace/tasks/{task.pk}/finish", {"result": "另一结果"})
    assert (again.status_code, again.json()["code"]) == (409, "task.over")
    task.refresh_from_db()
    assert task.result == "已核对"


def test_nobody_reads_or_finishes_the_task_of_another(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    clerk, other, told = staff(), staff(), staff()
    task = give(clerk, "a", copies=[told.account], batch=True)
    api = client_as(other)
    assert api.get(f"/workspace/tasks/{task.pk}").status_code == 404
    assert api.post(f"/workspace/tasks/{task.pk}/finish", {"result": "好"}).status_code == 404
    assert api.post("/workspace/tasks/finish", {"ids": [task.pk], "result": "好"}).json()["rows"][0]["done"] is False
    copied = client_as(told)
    assert [row["id"] for row in copied.get("/workspace/tasks", view="copied").json()["rows"]] == [task.pk]
    assert copied.get(f"/workspace/tasks/{task.pk}").json()["mine"] is False
    assert copied.post(f"/workspace/tasks/{task.pk}/finish", {"result": "好"}).status_code == 404
    task.refresh_from_db()
    assert task.state == "waiting"


def test_several_are_finished_at_once_where_the_task_allows_it(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    clerk = staff()
    easy = [give(clerk, f"e{at}", batch=True) for at in range(3)]
    hard = give(clerk, "h")
    ids = [task.pk for task in (*easy, hard)]
    rows = client_as(clerk).post("/workspace/tasks/finish", {"ids": ids, "result": "已阅"}).json()["rows"]
    assert [row["done"] for row in rows] == [True, True, True, False]
    assert rows[3]["message"] == "这项任务须逐项办理"
    assert Task.objects.filter(state="waiting").get().pk == hard.pk


def test_overdue_started_and_copied_are_lists_of_their_own(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    chief, clerk = staff(), staff()
    late = give(clerk, "late", due_in=-2, by=chief)
    give(clerk, "soon", due_in=2)
    api = client_as(clerk)
    assert [row["id"] for row in api.get("/workspace/tasks", view="overdue").json()["rows"]] == [late.pk]
    counts = api.get("/workspace/tasks/summary").json()
    assert (counts["todo"], counts["overdue"]) == (2, 1)
    assert [row["id"] for row in client_as(chief).get("/workspace/tasks", view="started").json()["rows"]] == [late.pk]


@pytest.mark.covers("SH-003.5")
def test_the_efficiency_of_done_tasks_is_counted_by_hand_and_by_the_report(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    clerk = staff("workspace.task.report", "reports.view", name="周敏")
    now = clock.now()
    # hours taken, and whether the deadline was kept
    for at, (hours, in_time) in enumerate([(2, True), (4, True), (12, False), (30, None)]):
        task = give(clerk, f"t{at}")
        due = None if in_time is None else clock.local_date(now) + timedelta(days=0 if in_time else -1)
        Task.objects.filter(pk=task.pk).update(
            state="done", result="好", done_at=now, created_at=now - timedelta(hours=hours), due_on=due,
            # a person whose name was changed is one person
            done_ref=clerk.ref, done_name=clerk.name if at else "周小敏",
        )  # fmt: skip
    api = client_as(clerk)
    own = api.get("/workspace/tasks/statistics").json()
    assert (own["tasks"], own["hours"], own["on_time"]) == (4, 12.0, 66.7)
    assert api.get("/workspace/tasks/statistics", start="2020-01-01", end="2020-02-01").json()["tasks"] == 0
    report = api.get("/reports/workspace.task_efficiency").json()
    (row,) = report["rows"]
    cells = {each["key"]: at for at, each in enumerate(report["measures"])}
    values = [str(value) for value in _values(row)]
    assert values[cells["tasks"]] == "4"
    assert float(values[cells["hours"]]) == 12.0
    assert float(values[cells["on_time"]]) == 66.7


@pytest.mark.covers("SH-003.5")
def test_days_that_are_over_are_counted_once_and_the_report_stays_the_same(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    clerk = staff("workspace.task.report", "reports.view", name="周敏")
    now = clock.now()
    for at, days_ago in enumerate((0, 1, 2, 2, 40)):
        done = now - timedelta(days=days_ago)
        Task.objects.filter(pk=give(clerk, f"t{at}").pk).update(
            state="done", result="好", done_at=done, created_at=done - timedelta(hours=at + 1),
            due_on=clock.local_date(done), done_ref=clerk.ref, done_name=clerk.name,
        )  # fmt: skip
    api = client_as(clerk)
    start = (clock.today() - timedelta(days=2)).isoformat()
    asked: list[dict[str, Any]] = [{}, {"start": start, "end": clock.today().isoformat()}]

    def told() -> list[Any]:
        reports = [api.get("/reports/workspace.task_efficiency", **each).json() for each in asked]
        return [row["values"] for report in reports for row in report["rows"]]

    before = told()
    assert [each["tasks"] for each in before] == [5, 4]
    assert float(before[0]["hours"]) == 3.0
    for _ in range(2):
        count_finished()
        assert FinishedDay.objects.count() == 2
        assert told() == before
    opened = api.get("/reports/workspace.task_efficiency", opening="true").json()
    assert opened["period"] == [(clock.today() - timedelta(days=30)).isoformat(), clock.today().isoformat()]
    assert opened["rows"][0]["values"]["tasks"] == 4
    by_month = api.get("/reports/workspace.task_efficiency", rows="month", measures="tasks").json()["rows"]
    assert sum(row["values"]["tasks"] for row in by_month) == 5
    assert by_month[-1]["keys"] == {"month": f"{clock.today():%Y-%m}"}
    long_ago = now - timedelta(days=50)
    Task.objects.filter(pk=give(clerk, "t8").pk).update(
        state="done", result="好", done_at=long_ago, created_at=long_ago, done_ref=clerk.ref, done_name="周敏"
    )
    assert told() == before
    count_anew()
    assert told()[0]["tasks"] == 6
    count_finished()
    assert told()[0]["tasks"] == 6
    late = give(clerk, "t9")
    Task.objects.filter(pk=late.pk).update(state="done", result="好", done_at=now, done_ref=clerk.ref, done_name="周敏")
    assert told()[0]["tasks"] == 7


def _values(row: dict[str, Any]) -> list[Any]:
    cells = row["cells"] if "cells" in row else row["values"]
    return list(cells.values()) if isinstance(cells, dict) else list(cells)


@pytest.mark.covers("SH-003.6")
def test_a_connected_system_creates_queries_and_completes_and_the_user_sees_it(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any], as_party: Callable[[Actor], None],
    anonymous: Any,
) -> None:  # fmt: skip
    clerk = staff(name="周敏")
    as_party(party())
    wanted = {
        "key": "OA-1", "name": "会签：租金标准调整", "requirement": "请在三日内会签", "assignee": clerk.account,
        "priority": 2, "due_on": "2026-12-01", "link": "https://oa.example.gov.cn/t/1",
    }  # fmt: skip
    made = anonymous.post("/open/tasks", wanted).json()
    assert made["created"] is True
    assert anonymous.post("/open/tasks", wanted).json() == {**made, "created": False}
    assert Task.objects.count() == 1
    differs = anonymous.post("/open/tasks", {**wanted, "name": "另一件"})
    assert (differs.status_code, differs.json()["code"]) == (409, "task.key_used")
    (seen,) = task_page(clerk, Asked())["rows"]
    assert (seen["name"], seen["source_title"], seen["due_on"]) == (
        "会签：租金标准调整",
        "协同办公系统",
        date(2026, 12, 1),
    )
    assert anonymous.get("/open/tasks", key="OA-1").json()["rows"][0]["state"] == "waiting"
    for _ in range(2):
        done = anonymous.post("/open/tasks/OA-1/complete", {"result": "同意", "by": "周敏"})
        assert (done.status_code, done.json()["state"]) == (200, "done")
    assert task_page(clerk, Asked())["rows"] == []
    (row,) = task_page(clerk, Asked(view="done"))["rows"]
    assert (row["result"], row["done_name"]) == ("同意", "周敏")


def test_a_connected_system_reaches_its_own_tasks_only_and_needs_its_rights(
    db: None, staff: Callable[..., Actor], as_party: Callable[[Actor], None], anonymous: Any
) -> None:
    clerk = staff()
    task = give(clerk, "OA-1", by=party(1))
    as_party(party(2, "别的系统"))
    assert anonymous.get("/open/tasks").json()["rows"] == []
    assert anonymous.post("/open/tasks/OA-1/complete", {"result": "同意"}).status_code == 404
    assert anonymous.post("/open/tasks/OA-1/cancel", {"reason": "错了"}).status_code == 404
    as_party(Actor(kind="party", id=1, name="无权", grants={}))
    for answer in (
        anonymous.get("/open/tasks"),
        anonymous.post("/open/tasks/OA-1/complete", {"result": "同意"}),
        anonymous.post("/open/tasks", {"key": "x", "name": "x", "requirement": "x", "assignee": clerk.account}),
    ):
        assert answer.status_code == 403
    assert [(each.pk, each.state) for each in Task.objects.all()] == [(task.pk, "waiting")]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"assignee": "nobody.here"}, "assignee"), ({"copies": ["nobody.here"]}, "copies.0"),
        ({"link": "javascript:alert(1)"}, "link"), ({"link": "//evil.example/x"}, "link"),
    ],
)  # fmt: skip
def test_a_task_for_nobody_or_with_an_unsafe_link_is_refused(
    db: None, staff: Callable[..., Actor], as_party: Callable[[Actor], None], anonymous: Any, wrong: Any, field: str
) -> None:
    as_party(party())
    wanted = {"key": "1", "name": "名", "requirement": "办", "assignee": staff().account, **wrong}
    answer = anonymous.post("/open/tasks", wanted)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not Task.objects.exists()


def test_a_clerk_with_twenty_thousand_tasks_has_his_list_at_once(town: Town) -> None:
    clerk = town.actor("fangting")
    town.apply()
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO workspace_task (created_at, created_by, updated_at, version, org_path, division, extra, source,
                   source_title, key, name, requirement, priority, due_on, assignee_ref, assignee_name, starter_ref, link,
                   subject, batch, state, result, note, done_ref, done_name)
               SELECT now(), 'party:1', now(), 1, '/', '339900', '{}', 'party:1', '协同办公系统', 'bulk' || n, '任务' || n,
                   '核对', 1 + n %% 4, current_date + (n * 7919 %% 400) - 100, %s, '测试员', '', '', '', false, 'waiting',
                   '', '', '', ''
                 FROM generate_series(1, 20000) AS n""",
            [clerk.ref],
        )
        cursor.execute("ANALYZE workspace_task")
    task_page(clerk, Asked())  # the graphs of the processes are read once by each process
    for order in ("deadline", "priority"):
        cursor_text, rows = "", []
        for _ in range(3):
            with CaptureQueriesContext(connection) as few:
                page = task_page(clerk, Asked(order=order, cursor=cursor_text))
            assert len(few) <= 3
            cursor_text = page["next"]
            rows += page["rows"]
        assert len({row["id"] for row in rows}) == 150
        started = time.perf_counter()
        task_page(clerk, Asked(order=order, cursor=cursor_text))
        assert time.perf_counter() - started < 0.05


def test_a_total_holds_what_more_groups_hold_than_are_shown(
    db: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = staff("workspace.task.report", "reports.view", name="周敏")
    for at in range(4):
        Task.objects.filter(pk=give(clerk, f"t{at}").pk).update(
            state="done", result="好", done_at=clock.now(), done_ref=clerk.ref, done_name=f"周敏{at}"
        )
    monkeypatch.setattr("anju.kernel.reports.tables.MAX_GROUPS", 3)
    report = client_as(clerk).get("/reports/workspace.task_efficiency").json()
    assert [row["values"]["tasks"] for row in report["rows"]] == [3]
    assert report["totals"]["values"]["tasks"] == 4
