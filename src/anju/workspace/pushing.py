"""To-dos told to connected systems, and tasks fetched from them (SH-003.7, SH-003.8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from anju.kernel import clock
from anju.kernel.connectors.errors import ConnectorError
from anju.kernel.errors import DomainError
from anju.kernel.jobs import background, defer, every
from anju.kernel.scope import system
from anju.workspace.connectors import FetchAsked, PushedTask, TaskFetch, TaskPusher
from anju.workspace.models import TaskPush
from anju.workspace.tasking import Wanted, bring

SOURCE = "office_automation"
SOURCE_TITLE = "协同办公系统"
AT_ONCE = 100


def ask_push(task_ref: str, phase: str, content: dict[str, Any]) -> None:
    """Has the worker tell a to-do or its end; once a task and phase, and the end never before the beginning."""
    if phase == "done" and not TaskPush.objects.filter(task_ref=task_ref, phase="new").exists():
        return
    push, made = TaskPush.objects.get_or_create(
        task_ref=task_ref, phase=phase, defaults={"content": content, "created_at": clock.now()}
    )
    if made:
        defer("workspace.push_task", lock=f"push:{task_ref}", push_id=push.pk)


@background("workspace.push_task", atomic=False)
def push_task(push_id: int) -> None:
    """Tells one to-do; a repeat of the same push changes nothing there."""
    push = TaskPush.objects.get(pk=push_id)
    if push.pushed_at is not None:
        return
    number = f"{push.task_ref}:{push.phase}"
    TaskPusher().call(PushedTask(push_id=number, **push.content), subject=push.task_ref, call_id=f"push-{push.pk}")
    TaskPush.objects.filter(pk=push_id).update(pushed_at=clock.now())


@background("workspace.sweep_pushes")
def sweep_pushes() -> None:
    """Asks again for pushes whose job gave up while the other side was down; where a job waits, nothing is added."""
    since = clock.now() - timedelta(hours=3)
    for push in TaskPush.objects.filter(pushed_at__isnull=True, created_at__lt=since).order_by("id")[:AT_ONCE]:
        defer("workspace.push_task", lock=f"push:{push.task_ref}", once=f"push:{push.pk}", push_id=push.pk)


@background("workspace.fetch_tasks", atomic=False)
def fetch_tasks() -> None:
    """Fetches the tasks that the office system offers; each becomes a to-do of its user once.

    What was taken is acknowledged with the next question only, after it is stored; so nothing is lost on the way. A
    task for an account that does not exist is acknowledged as refused, with the reason.
    """
    taken: list[str] = []
    refused: dict[str, str] = {}
    while True:
        try:
            offered = TaskFetch().call(FetchAsked(taken=taken, refused=refused)).tasks
        except ConnectorError:
            return  # it is logged; the next round asks again
        if not offered:
            return
        taken, refused = [], {}
        for each in offered:
            try:
                with transaction.atomic():
                    wanted = Wanted(
                        each.key, each.name, each.requirement, each.assignee, each.priority, each.due_on, each.link
                    )
                    bring(wanted, source=SOURCE, source_title=SOURCE_TITLE, actor=system(SOURCE_TITLE))
                taken.append(each.key)
            except DomainError as refusal:
                refused[each.key] = refusal.message


every(minutes=60)("workspace.sweep_pushes")
every(minutes=1)("workspace.fetch_tasks")
