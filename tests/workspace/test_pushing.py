"""To-dos told to a connected system, and tasks fetched from it (SH-003.7, SH-003.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from anju.kernel.connectors.errors import ConnectorError
from anju.kernel.scope import Actor
from anju.workspace.models import Task, TaskPush
from anju.workspace.pushing import fetch_tasks, push_task
from anju.workspace.reminders import push_done_steps, remind_new
from anju.workspace.tasking import finish
from anju.workspace.tasks import Asked, task_page
from tests.casework import Town
from tests.sandbox_fixture import Sandbox, _close_breakers
from tests.support import run_jobs
from tests.workspace.test_tasks import give


def received(sandbox: Sandbox) -> list[dict[str, Any]]:
    """What the office system was told, oldest first."""
    return [each["content"] for each in reversed(sandbox.get("/control/tasks").json()["received"])]


@pytest.mark.covers("SH-003.7")
def test_a_to_do_is_told_to_the_office_system_once_and_so_is_its_end(
    sandbox: Sandbox, staff: Callable[..., Actor]
) -> None:
    clerk = staff(name="周敏")
    task = give(clerk, "a", name="核对租金台账", requirement="逐户核对")
    run_jobs()
    run_jobs()
    (told,) = received(sandbox)
    assert (told["name"], told["requirement"], told["assignee"], told["state"]) == (
        "核对租金台账", "逐户核对", "周敏", "waiting",
    )  # fmt: skip
    assert told["due_on"] == str(task.due_on)
    push_task(TaskPush.objects.get().pk)
    finish(task, clerk, result="已核对")
    run_jobs()
    run_jobs()
    assert [(each["state"], each["result"]) for each in received(sandbox)] == [("waiting", ""), ("done", "已核对")]


def test_a_step_of_a_case_is_told_without_a_persons_name(town: Town, sandbox: Sandbox) -> None:
    case = town.apply()
    remind_new()
    run_jobs()
    (told,) = received(sandbox)
    assert case.number in told["name"]
    assert case.household not in str(told)
    town.act(case)
    for _ in range(2):
        push_done_steps()
    run_jobs()
    assert [each["state"] for each in received(sandbox) if each["task_ref"] == told["task_ref"]] == ["waiting", "done"]


def test_a_push_waits_while_the_other_side_is_down(sandbox: Sandbox, staff: Callable[..., Actor]) -> None:
    sandbox.behave("office_automation", "fail")
    give(staff(), "a")
    run_jobs_but_pushes()
    push = TaskPush.objects.get()
    with pytest.raises(ConnectorError):
        push_task(push.pk)
    push.refresh_from_db()
    assert push.pushed_at is None
    sandbox.reset()
    _close_breakers()
    push_task(push.pk)
    assert len(received(sandbox)) == 1


def run_jobs_but_pushes() -> None:
    """Handles the events; the push itself is asked for by the test."""
    from django.db import connection

    from anju.kernel.events.models import Delivery
    from anju.kernel.events.outbox import deliver

    for delivery in Delivery.objects.filter(done_at__isnull=True):
        deliver(event_id=delivery.event_id)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.mark.covers("SH-003.8")
def test_a_task_of_the_office_system_appears_with_that_system_as_its_source(
    sandbox: Sandbox, staff: Callable[..., Actor]
) -> None:
    clerk = staff()
    offer = {"name": "会签：租金标准", "requirement": "三日内会签", "due_on": "2026-12-01", "priority": 2}
    sandbox.tell("/control/tasks", {"key": "OA-7", "assignee": clerk.account, **offer})
    sandbox.tell("/control/tasks", {"key": "OA-8", "assignee": "nobody.here", **offer})
    fetch_tasks()
    (row,) = task_page(clerk, Asked())["rows"]
    assert (row["name"], row["source_title"], row["requirement"], row["priority"]) == (
        "会签：租金标准", "协同办公系统", "三日内会签", 2,
    )  # fmt: skip
    assert sandbox.get("/control/tasks").json()["offered"] == []
    sandbox.tell("/control/tasks", {"key": "OA-7", "assignee": clerk.account, **offer})
    fetch_tasks()
    assert Task.objects.count() == 1


def test_what_was_fetched_but_not_stored_is_offered_again(
    sandbox: Sandbox, staff: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = staff()
    sandbox.tell(
        "/control/tasks", {"key": "OA-1", "assignee": clerk.account, "name": "名", "requirement": "求"}
    )  # fmt: skip

    def dies(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("anju.workspace.pushing.bring", dies)
        with pytest.raises(KeyboardInterrupt):
            fetch_tasks()
    assert len(sandbox.get("/control/tasks").json()["offered"]) == 1
    fetch_tasks()
    assert Task.objects.get().assignee_ref == clerk.ref
