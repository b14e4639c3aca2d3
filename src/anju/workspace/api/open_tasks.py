"""The open interface of the task centre: other systems bring, read, finish and take back their own tasks (SH-003.6)."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field

from anju.kernel.errors import NotFound
from anju.kernel.http import Request, Routes
from anju.kernel.scope import Actor
from anju.workspace import tasking
from anju.workspace.models import Priority, Task, TaskState

routes = Routes("/open/tasks", title="开放接口：任务")
PAGE = 100


class NewTask(Schema):
    """A task to be; `key` is the caller's own number of it: the same key again makes no second task."""

    key: str = Field(min_length=1, max_length=100)
    name: str = Field(min_length=1, max_length=120)
    requirement: str = Field(min_length=1, max_length=500)
    assignee: str = Field(min_length=1, max_length=60, description="承办人账号")
    priority: int = Field(Priority.NORMAL, ge=1, le=4, description="1 特急，2 紧急，3 普通，4 不急")
    due_on: date | None = None
    link: str = Field("", max_length=300)
    subject: str = Field("", max_length=64)
    copies: list[str] = Field(default_factory=list, max_length=20, description="抄送账号")
    batch: bool = False


class Done(Schema):
    """How a task was done in the caller's system."""

    result: str = Field(min_length=1, max_length=60)
    note: str = Field("", max_length=500)
    by: str = Field("", max_length=60, description="办理人姓名")


class Back(Schema):
    """Why a task is taken back."""

    reason: str = Field(min_length=1, max_length=500)


def of_caller(key: str, actor: Actor) -> Task:
    """The caller's task of this key; `NotFound` for those of other systems."""
    task = Task.objects.filter(source=actor.ref, key=key).first()
    if task is None:
        raise NotFound("没有这个编号的任务", code="task.unknown")
    return task


@routes.act("", right="open.task.create", scope="self", summary="推送任务")
def create(request: Request, body: NewTask) -> dict[str, Any]:
    wanted = tasking.Wanted(**body.dict())
    task, made = tasking.bring(
        wanted, source=request.actor.ref, source_title=request.actor.name[:60] or "外部系统", actor=request.actor
    )
    return tasking.task_json(task) | {"created": made}


@routes.read("", right="open.task.view", scope="self", summary="查询本系统推送的任务")
def query(request: Request, state: str = "", after: int = 0, key: str = "") -> dict[str, Any]:
    rows = Task.objects.filter(source=request.actor.ref, pk__gt=min(max(after, 0), 2**62)).order_by("id")
    if key:
        rows = rows.filter(key=key[:100])
    if state in TaskState.values:
        rows = rows.filter(state=state)
    found = list(rows[: PAGE + 1])
    return {
        "rows": [tasking.task_json(task) for task in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
    }


@routes.act("/{str:key}/complete", right="open.task.complete", scope="self", summary="办结任务")
def complete(request: Request, key: str, body: Done) -> dict[str, Any]:
    task = of_caller(key, request.actor)
    return tasking.task_json(tasking.finish(task, request.actor, result=body.result, note=body.note, name=body.by))


@routes.act("/{str:key}/cancel", right="open.task.complete", scope="self", summary="撤回任务")
def cancel(request: Request, key: str, body: Back) -> dict[str, Any]:
    return tasking.task_json(tasking.take_back(of_caller(key, request.actor), request.actor, reason=body.reason))
