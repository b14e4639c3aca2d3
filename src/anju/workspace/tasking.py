"""Acts on tasks of other origins: bring, finish, take back; each is safe to repeat under the source's own key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from anju.kernel import audit, clock
from anju.kernel.cases.types import find_colleague
from anju.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotFound
from anju.kernel.events import publish
from anju.kernel.scope import Actor
from anju.workspace.models import Priority, Task, TaskCopy, TaskState

BATCH_LIMIT = 200
DONE = "已办理"


@dataclass(frozen=True)
class Wanted:
    """A task to be: `assignee` and `copies` are account names; `key` is the bringer's own name for it."""

    key: str
    name: str
    requirement: str
    assignee: str
    priority: int = Priority.NORMAL
    due_on: date | None = None
    link: str = ""
    subject: str = ""
    copies: Sequence[str] = ()
    batch: bool = False


class TaskDiffers(Conflict):
    """The same key was used for another task before."""

    code, message, advice = "task.key_used", "这个编号已用于另一项任务", "重复提交须与第一次内容相同；新任务请用新编号"


class TaskOver(Conflict):
    """The task was finished or taken back meanwhile; `details` holds how."""

    code, message, advice = "task.over", "这项任务已经办结", "请刷新任务列表"


@transaction.atomic
def bring(wanted: Wanted, *, source: str, source_title: str, actor: Actor) -> tuple[Task, bool]:
    """Makes a task, or finds the one made before under the same key; says whether it is new (SH-003.6, SH-003.8).

    Raises `Invalid` for unknown accounts and unsafe links, `TaskDiffers` when the key names another task.
    """
    errors = []
    assignee = find_colleague(wanted.assignee)
    if assignee is None:
        errors.append(FieldError("assignee", "account.unknown", "没有这个账号，或账号已停用"))
    copies = {name: find_colleague(name) for name in dict.fromkeys(wanted.copies)}
    errors += [
        FieldError(f"copies.{at}", "account.unknown", f"没有“{name}”这个账号")
        for at, (name, found) in enumerate(copies.items())
        if found is None
    ]
    if wanted.link and not safe_link(wanted.link):
        errors.append(FieldError("link", "link.unsafe", "链接应以 https:// 或本系统的 / 开头"))
    if errors or assignee is None:
        raise Invalid(errors)
    task, made = Task.objects.get_or_create(
        source=source,
        key=wanted.key,
        defaults={
            "source_title": source_title, "name": wanted.name, "requirement": wanted.requirement,
            "priority": wanted.priority, "due_on": wanted.due_on, "assignee_ref": assignee.ref,
            "assignee_name": assignee.name, "starter_ref": actor.ref, "link": wanted.link, "subject": wanted.subject,
            "batch": wanted.batch, "org_path": assignee.org_path, "division": assignee.division,
            "created_by": actor.ref,
        },
    )  # fmt: skip
    if not made:
        if (task.name, task.requirement, task.assignee_ref) != (wanted.name, wanted.requirement, assignee.ref):
            raise TaskDiffers(field="key", details={"task": task.pk})
        return task, False
    TaskCopy.objects.bulk_create([TaskCopy(task=task, person_ref=each.ref) for each in copies.values() if each])
    publish("workspace.task_brought", task_id=task.pk)
    return task, True


def safe_link(link: str) -> bool:
    """Whether a link leads to a page of ours or over https elsewhere; never a script."""
    return (link.startswith("/") and not link.startswith("//")) or link.startswith("https://")


@transaction.atomic
def finish(task: Task, actor: Actor, *, result: str, note: str = "", name: str = "") -> Task:
    """Completes a waiting task that the caller may complete; the same result again changes nothing (SH-003.3).

    `name` is who did it, where another system reports that. Raises `TaskOver` when it ended otherwise.
    """
    locked = Task.objects.select_for_update().get(pk=task.pk)
    if not result.strip():
        raise DomainError("请填写办理结果", code="task.no_result", field="result", advice="选择或写明结果后再提交")
    if locked.state == TaskState.DONE and locked.result == result.strip():
        return locked
    if locked.state != TaskState.WAITING:
        raise TaskOver(details={"state": locked.state, "result": locked.result, "by": locked.done_name})
    by_assignee = actor.ref == locked.assignee_ref
    locked.state, locked.result, locked.note = TaskState.DONE, result.strip(), note.strip()
    locked.done_at = clock.now()
    # what a system reports done stands in the list of the one whose task it was
    locked.done_ref = actor.ref if by_assignee or actor.is_staff else locked.assignee_ref
    locked.done_name = name or (actor.name if actor.is_staff else locked.assignee_name)
    locked.version += 1
    locked.save()
    audit.record("change", actor=actor, subject=f"workspace.task:{locked.pk}", title=f"办结任务 {locked.name}")
    publish("workspace.task_done", task_id=locked.pk)
    return locked


@transaction.atomic
def take_back(task: Task, actor: Actor, *, reason: str) -> Task:
    """Takes a waiting task back, by who brought it; taken back twice is once."""
    locked = Task.objects.select_for_update().get(pk=task.pk)
    if locked.state == TaskState.CANCELLED:
        return locked
    if locked.state != TaskState.WAITING:
        raise TaskOver(details={"state": locked.state, "result": locked.result, "by": locked.done_name})
    locked.state, locked.result, locked.note, locked.done_at = TaskState.CANCELLED, "已撤回", reason, clock.now()
    locked.version += 1
    locked.save()
    audit.record("change", actor=actor, subject=f"workspace.task:{locked.pk}", title=f"撤回任务 {locked.name}")
    publish("workspace.task_done", task_id=locked.pk)
    return locked


def own_task(task_id: int, actor: Actor) -> Task:
    """A task that the person does, began, did or is told of; `NotFound` for anybody else's."""
    task = Task.objects.filter(pk=task_id).first()
    if task is None:
        raise NotFound
    mine = actor.ref in (task.assignee_ref, task.starter_ref, task.done_ref)
    if not mine and not task.copies.filter(person_ref=actor.ref).exists():
        raise NotFound
    return task


def finish_own(task_id: int, actor: Actor, *, result: str, note: str) -> Task:
    """Completes one's own task. Raises `NotFound` for a task that is somebody else's to do."""
    task = own_task(task_id, actor)
    if task.assignee_ref != actor.ref:
        raise NotFound
    return finish(task, actor, result=result, note=note)


def finish_batch(task_ids: Sequence[int], actor: Actor, *, result: str, note: str) -> list[dict[str, Any]]:
    """Completes several of one's own tasks that allow it; says of each what became of it. What cannot be done stays."""
    if len(task_ids) > BATCH_LIMIT:
        raise DomainError(f"一次最多办理 {BATCH_LIMIT} 项", code="task.too_many", field="ids", advice="请分几次办理")
    told = []
    for task_id in sorted(set(task_ids)):
        try:
            with transaction.atomic():
                task = own_task(task_id, actor)
                if not task.batch:
                    raise DomainError("这项任务须逐项办理", code="task.not_in_batch", advice="请打开后单独办理")
                finish_own(task_id, actor, result=result, note=note)
            told.append({"id": task_id, "done": True, "message": ""})
        except DomainError as refusal:
            told.append({"id": task_id, "done": False, "message": refusal.message})
    return told


def task_json(task: Task) -> dict[str, Any]:
    """A task as its page and the open interface show it."""
    return {
        "id": task.pk, "key": task.key, "source": task.source, "source_title": task.source_title, "name": task.name,
        "requirement": task.requirement, "priority": task.priority, "priority_title": task.get_priority_display(),
        "due_on": task.due_on, "assignee": task.assignee_name, "link": task.link, "subject": task.subject,
        "batch": task.batch, "state": task.state, "state_title": task.get_state_display(), "result": task.result,
        "note": task.note, "done_at": task.done_at, "done_name": task.done_name, "created_at": task.created_at,
    }  # fmt: skip
