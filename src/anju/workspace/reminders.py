"""Reminders of tasks: when one comes, and when its deadline has passed (SH-004.1, SH-004.2); pushes to other systems."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from anju.kernel import clock
from anju.kernel.cases.types import case_type
from anju.kernel.events import Event, on
from anju.kernel.jobs import background, every
from anju.kernel.processes.locks import graph_of
from anju.kernel.processes.models import Token
from anju.workspace.models import SeenStep, Task, TaskPush, TaskState
from anju.workspace.people import Place, holders
from anju.workspace.pushing import ask_push
from anju.workspace.tasks import fetch
from anju.workspace.telling import tell

AT_ONCE = 500
POOL = 30
"""At most so many colleagues are told of one step that nobody has taken yet; nearest offices first."""
LATE_POOL = 3
"""Of a late step that nobody has taken: so many supervisors, and so many who did such a step last."""
SUPERVISE = "cases.reassign"
LATE_FOR = timedelta(days=60)
SLACK = 10_000
"""Ids of steps may be committed out of order; so far behind the newest seen one is looked again."""

STEP = """
    SELECT token.id, token.node_id, token.node_title, token.right, token.due_on, token.claimed_by, token.org_path,
           token.division, run.definition_id, matter.id AS case_id, matter.number, matter.household, matter.type_key,
           matter.created_by
      FROM processes_token AS token
      JOIN processes_instance AS run ON run.id = token.instance_id
      JOIN cases_case AS matter ON matter.instance_id = token.instance_id
     WHERE token.kind = 'user' AND token.state = 'waiting'
"""
NEW = f"""{STEP}
       AND token.id > %s AND token.entered_at > %s
       AND NOT EXISTS (SELECT 1 FROM workspace_seenstep AS seen WHERE seen.token_id = token.id)
     ORDER BY token.id LIMIT %s
"""
LATE = f"""{STEP}
       AND token.due_on < %s AND token.due_on >= %s
       AND NOT EXISTS (SELECT 1 FROM workspace_message AS told
                        WHERE told.key = 'overdue:token:' || token.id || ':' || token.due_on)
     ORDER BY token.due_on, token.id LIMIT %s
"""
LATE_TASKS = """
    SELECT id FROM workspace_task AS task
     WHERE state = 'waiting' AND due_on < %s AND due_on >= %s
       AND NOT EXISTS (SELECT 1 FROM workspace_message AS told
                        WHERE told.recipient_ref = task.assignee_ref
                          AND told.key = 'overdue:task:' || task.id || ':' || task.due_on)
     ORDER BY due_on, id LIMIT %s
"""


@on("workspace.task_brought", name="workspace.remind_of_task")
def remind_of_task(event: Event) -> None:
    """A task that comes is told to its person at once, and pushed to the connected systems."""
    task = Task.objects.filter(pk=event["task_id"], state=TaskState.WAITING).first()
    if task is None:
        return
    remind(task, "task_new", f"task:{task.pk}")
    ask_push(f"task:{task.pk}", "new", pushed_task(task))


@on("workspace.task_done", name="workspace.push_task_done")
def push_done(event: Event) -> None:
    """The end of a task is told to the systems that were told of it."""
    task = Task.objects.get(pk=event["task_id"])
    ask_push(f"task:{task.pk}", "done", pushed_task(task))


def remind(task: Task, kind: str, key: str) -> None:
    """Tells the person of a task: its name, deadline and requirement."""
    values = {
        "name": task.name, "due": due_words(task.due_on), "requirement": task.requirement, "source": task.source_title,
    }  # fmt: skip
    tell(
        task.assignee_ref, kind, values, key=key, link=f"/tasks/{task.pk}", subject=f"task:{task.pk}",
        org_path=task.org_path, division=task.division,
    )  # fmt: skip


def remind_of_step(step: dict[str, Any], kind: str, key: str) -> None:
    """Tells who has a step in hand, or those who may take it."""
    node = graph_of(step["definition_id"]).nodes[step["node_id"]]
    values = {
        "name": f"{step['node_title']}：{step['household']}户 {step['number']}", "due": due_words(step["due_on"]),
        "requirement": node.instruction or f"办理“{node.title}”", "source": case_type(step["type_key"]).title,
    }  # fmt: skip
    for ref in meant(step, late=kind == "task_overdue"):
        tell(
            ref, kind, values, key=key, link=f"/cases/{step['case_id']}", subject=f"case:{step['case_id']}",
            org_path=step["org_path"], division=step["division"],
        )  # fmt: skip


def meant(step: dict[str, Any], *, late: bool) -> list[str]:
    """Whom a step concerns: who has it in hand, else those who may take it.

    A late step that lies there untaken concerns the supervisors in the offices that could take it and the colleagues who
    did this step last; where there are neither, the nearest who may take it.
    """
    if step["claimed_by"]:
        return [step["claimed_by"]]
    place = Place(step["org_path"], step["division"], step["created_by"])
    takers = holders(step["right"], place, limit=POOL)
    if not late:
        return [each.ref for each in takers]
    offices = {each.org_path for each in takers}
    over = [each.ref for each in holders(SUPERVISE, place, limit=POOL) if each.org_path in offices][:LATE_POOL]
    last = (
        Token.objects.filter(
            state=Token.State.DONE, actor_ref__in=[each.ref for each in takers], left_at__gt=clock.now() - LATE_FOR,
            node_id=step["node_id"], right=step["right"],
        )
        .values_list("actor_ref", flat=True)
        .annotate(last=Max("left_at"))
        .order_by("-last", "actor_ref")[:LATE_POOL]
    )  # fmt: skip
    return list(dict.fromkeys([*over, *last])) or [each.ref for each in takers[:LATE_POOL]]


def due_words(due_on: date | None) -> str:
    """A deadline as people read it."""
    return due_on.isoformat() if due_on else "不限期"


@background("workspace.remind_new")
def remind_new() -> None:
    """Tells of steps of cases that came since the last look; each once, however often this runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(token_id), 0) FROM workspace_seenstep")
        newest = cursor.fetchone()[0]
    steps = fetch(NEW, [max(0, newest - SLACK), clock.now() - timedelta(days=1), AT_ONCE])
    for step in steps:
        with transaction.atomic():
            _, first = SeenStep.objects.get_or_create(token_id=step["id"], defaults={"at": clock.now()})
            if not first:
                continue
            remind_of_step(step, "task_new", f"new:token:{step['id']}")
            ask_push(f"token:{step['id']}", "new", pushed_step(step))


@background("workspace.remind_late")
def remind_late() -> None:
    """Tells of what is past its deadline: once a task and deadline, and again when a new deadline passes."""
    today = clock.today()
    span = [today, today - LATE_FOR, AT_ONCE]
    for row in fetch(LATE_TASKS, span):
        task = Task.objects.get(pk=row["id"])
        remind(task, "task_overdue", f"overdue:task:{task.pk}:{task.due_on}")
    for step in fetch(LATE, span):
        remind_of_step(step, "task_overdue", f"overdue:token:{step['id']}:{step['due_on']}")


def pushed_task(task: Task) -> dict[str, Any]:
    """A task as a connected system gets it."""
    return {
        "task_ref": f"task:{task.pk}", "name": task.name, "requirement": task.requirement, "source": task.source_title,
        "assignee": task.assignee_name, "priority": task.priority, "due_on": task.due_on and task.due_on.isoformat(),
        "link": f"/office/tasks/{task.pk}", "state": task.state, "result": task.result,
    }  # fmt: skip


def pushed_step(step: dict[str, Any]) -> dict[str, Any]:
    """A step of a case as a connected system gets it: its number, no person's name."""
    node = graph_of(step["definition_id"]).nodes[step["node_id"]]
    return {
        "task_ref": f"token:{step['id']}", "name": f"{step['node_title']} {step['number']}",
        "requirement": node.instruction or f"办理“{node.title}”", "source": case_type(step["type_key"]).title,
        "assignee": "", "priority": 3, "due_on": step["due_on"] and step["due_on"].isoformat(),
        "link": f"/office/cases/{step['case_id']}", "state": "waiting", "result": "",
    }  # fmt: skip


DONE_STEPS = """
    SELECT push.task_ref, token.outcome FROM workspace_taskpush AS push
      JOIN processes_token AS token ON token.id = split_part(push.task_ref, ':', 2)::bigint
     WHERE push.phase = 'new' AND push.task_ref LIKE 'token:%%' AND push.created_at > %s AND token.state <> 'waiting'
       AND NOT EXISTS (SELECT 1 FROM workspace_taskpush AS done
                        WHERE done.task_ref = push.task_ref AND done.phase = 'done')
     LIMIT %s
"""


@background("workspace.push_done_steps")
def push_done_steps() -> None:
    """Tells the connected systems of steps that were done since they were told of them."""
    for row in fetch(DONE_STEPS, [clock.now() - timedelta(days=90), AT_ONCE]):
        told = TaskPush.objects.get(task_ref=row["task_ref"], phase="new").content
        ask_push(row["task_ref"], "done", {**told, "state": "done", "result": row["outcome"]})


every(minutes=1)("workspace.remind_new")
every(minutes=10)("workspace.remind_late")
every(minutes=1)("workspace.push_done_steps")
