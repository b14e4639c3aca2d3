"""Operations on one's own tasks: one list over cases and tasks of other origins (SH-003)."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field

from anju.kernel.http import STAFF, Request, Routes
from anju.workspace import tasking
from anju.workspace.statistics import own_statistics
from anju.workspace.tasks import Asked, summary, task_page

routes = Routes("/workspace/tasks", title="任务中心")


class Finish(Schema):
    """How a task was done."""

    result: str = Field(min_length=1, max_length=60)
    note: str = Field("", max_length=500)


class FinishMany(Finish):
    """How several tasks were done."""

    ids: list[int] = Field(min_length=1, max_length=tasking.BATCH_LIMIT)


@routes.read("", right=STAFF, scope="org_path", summary="任务列表：待办、逾期、已办、发起、抄送")
def list_tasks(
    request: Request,
    view: str = "todo",
    order: str = "deadline",
    q: str = "",
    source: str = "",
    priority: int = 0,
    due_until: date | None = None,
    cursor: str = "",
    limit: int = 50,
) -> dict[str, Any]:
    asked = Asked(view, order, q[:100], source[:64], priority, due_until, cursor, limit)
    return task_page(request.actor, asked)


@routes.read("/summary", right=STAFF, scope="org_path", summary="任务数与来源")
def count_tasks(request: Request) -> dict[str, Any]:
    return summary(request.actor)


@routes.read("/statistics", right=STAFF, scope="self", summary="我的办理效率")
def statistics(request: Request, start: date | None = None, end: date | None = None) -> dict[str, Any]:
    return own_statistics(request.actor, start, end)


@routes.read("/{int:task_id}", right=STAFF, scope="self", summary="任务详情")
def read_task(request: Request, task_id: int) -> dict[str, Any]:
    task = tasking.own_task(task_id, request.actor)
    return tasking.task_json(task) | {"mine": task.assignee_ref == request.actor.ref}


@routes.act("/{int:task_id}/finish", right=STAFF, scope="self", summary="办结任务")
def finish_task(request: Request, task_id: int, body: Finish) -> dict[str, Any]:
    return tasking.task_json(tasking.finish_own(task_id, request.actor, result=body.result, note=body.note))


@routes.act("/finish", right=STAFF, scope="self", summary="批量办结任务")
def finish_tasks(request: Request, body: FinishMany) -> dict[str, Any]:
    return {"rows": tasking.finish_batch(body.ids, request.actor, result=body.result, note=body.note)}
