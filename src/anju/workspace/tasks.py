"""One list over the steps of cases and the tasks of other origins: to do, overdue, done, started, copied (SH-003).

Each source is walked in the order of an index for one page at most, then the walks are merged, so that a page costs the
same whether a clerk has twenty tasks or twenty thousand.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from anju.kernel import clock
from anju.kernel.cases.lists import held_rights, open_counts, remaining_days
from anju.kernel.cases.types import all_types, case_type
from anju.kernel.errors import DomainError
from anju.kernel.processes.locks import graph_of
from anju.kernel.scope import Actor
from anju.workspace.models import Priority

VIEWS = {"todo": "待办", "overdue": "已逾期", "done": "已办", "started": "我发起的", "copied": "抄送我的"}
ORDERS = ("deadline", "priority")
COUNT_CAP = 1000
STEP_PRIORITY = Priority.NORMAL
KINDS = {"task": 0, "case": 1}

TASK_COLUMNS = """
    0 AS kind, task.id, NULL::bigint AS case_id, task.name, task.key AS number, task.source, task.source_title,
    task.requirement, task.due_on, task.priority::int AS priority, task.assignee_ref AS holder,
    task.assignee_name AS holder_name, task.created_at AS arrived_at, task.done_at, task.result, task.note,
    task.done_name, task.state, task.link, task.batch, NULL::bigint AS definition_id, '' AS node,
    task.created_at AS at
"""
STEP_COLUMNS = """
    1 AS kind, token.id, matter.id AS case_id, token.node_title || '：' || matter.household || '户' AS name,
    matter.number, matter.type_key AS source, '' AS source_title, token.node_title AS requirement, token.due_on,
    {priority} AS priority, token.claimed_by AS holder, token.claimed_name AS holder_name,
    token.entered_at AS arrived_at, token.left_at AS done_at, token.outcome AS result, token.note,
    token.actor_name AS done_name, matter.state, '/cases/' || matter.id AS link, false AS batch,
    run.definition_id, token.node_id AS node, token.entered_at AS at
""".replace("{priority}", str(int(STEP_PRIORITY)))
MATTER_COLUMNS = """
    1 AS kind, matter.id, matter.id AS case_id, matter.title || '：' || matter.household || '户' AS name, matter.number,
    matter.type_key AS source, '' AS source_title, matter.node_title AS requirement, matter.due_on,
    {priority} AS priority, '' AS holder, '' AS holder_name, matter.submitted_at AS arrived_at,
    matter.closed_at AS done_at, matter.outcome AS result, '' AS note, '' AS done_name, matter.state,
    '/cases/' || matter.id AS link, false AS batch, NULL::bigint AS definition_id, '' AS node,
    matter.submitted_at AS at
""".replace("{priority}", str(int(STEP_PRIORITY)))
STEPS = """
    FROM processes_token AS token
    JOIN processes_instance AS run ON run.id = token.instance_id
    JOIN cases_case AS matter ON matter.instance_id = token.instance_id
"""
TASKS = "FROM workspace_task AS task"
MATTERS = "FROM cases_case AS matter"


@dataclass(frozen=True)
class Asked:
    """What of the lists is wanted; `source` is a case type's key or a task's source."""

    view: str = "todo"
    order: str = "deadline"
    q: str = ""
    source: str = ""
    priority: int = 0
    due_until: date | None = None
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True)
class Place:
    """Where a page ended: the moment or deadline, the priority, the kind of row and its id."""

    at: str | None
    priority: int
    kind: int
    id: int

    def text(self) -> str:
        """Opaque to the client."""
        plain = json.dumps([self.at, self.priority, self.kind, self.id])
        return base64.urlsafe_b64encode(plain.encode()).decode()

    @staticmethod
    def read(text: str) -> Place:
        """What `text` wrote; a forged one is refused."""
        try:
            at, priority, kind, row_id = json.loads(base64.urlsafe_b64decode(text.encode()))
            if not (isinstance(row_id, int) and 0 <= row_id < 2**63 and kind in (0, 1) and priority in range(10)):
                raise ValueError
            if at is not None:
                datetime.fromisoformat(at)
            return Place(at, priority, kind, row_id)
        except (ValueError, TypeError) as error:
            raise DomainError("翻页标记无效", code="list.bad_cursor", field="cursor", advice="请回到第一页") from error


@dataclass
class Walk:
    """One ordered walk over a source: its columns, conditions and order; `limit` rows of it can be on a page."""

    columns: str
    source: str
    order: str
    where: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, condition: str, *values: Any) -> None:
        """One condition more."""
        self.where.append(condition)
        self.values += values

    def sql(self, limit: int) -> tuple[str, list[Any]]:
        """The walk as a statement."""
        conditions = " AND ".join(self.where)
        return (
            f"(SELECT {self.columns} {self.source} WHERE {conditions} ORDER BY {self.order} LIMIT %s)",
            [*self.values, limit],
        )


def task_page(actor: Actor, asked: Asked) -> dict[str, Any]:
    """One page of a list. Raises `DomainError` for a list, order or cursor that does not exist."""
    if asked.view not in VIEWS:
        raise DomainError("没有这个列表", code="list.unknown", field="view", advice="请从菜单重新进入")
    if asked.order not in ORDERS:
        raise DomainError("没有这种排序", code="list.unknown_order", field="order", advice="请选按期限或按优先级")
    limit = max(1, min(asked.limit, 200))
    place = Place.read(asked.cursor) if asked.cursor else None
    waiting = asked.view in {"todo", "overdue"}
    walks = waiting_walks(actor, asked, place) if waiting else past_walks(actor, asked, place)
    parts, values = [], list[Any]()
    for walk in walks:
        sql, given = walk.sql(limit + 1)
        parts.append(sql)
        values += given
    if not parts:
        return {"rows": [], "next": None, "prev": None, "about": None}
    order = WAITING_ORDER[asked.order] if waiting else f"{PAST_KEY[asked.view]} DESC, kind, id DESC"
    rows = fetch(
        f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS found ORDER BY {order} LIMIT %s", [*values, limit + 1]
    )
    more, rows = len(rows) > limit, rows[:limit]
    today = clock.today()
    following = None
    if more:
        last, key = rows[-1], "due_on" if waiting else PAST_KEY[asked.view]
        at = last[key].isoformat() if last[key] is not None else None
        following = Place(at, last["priority"], last["kind"], last["id"]).text()
    return {"rows": [as_row(row, actor, today) for row in rows], "next": following, "prev": None, "about": None}


WAITING_ORDER = {"deadline": "due_on, kind, id", "priority": "priority, due_on, kind, id"}
PAST_KEY = {"done": "done_at", "started": "at", "copied": "at"}


def waiting_walks(actor: Actor, asked: Asked, place: Place | None) -> list[Walk]:
    """What waits for the person: his own tasks, and the steps of cases that he has or may take."""
    walks = []
    by_priority = asked.order == "priority"
    if not is_type(asked.source):
        order = "task.priority, task.due_on, task.id" if by_priority else "task.due_on, task.id"
        walk = Walk(TASK_COLUMNS, TASKS, order)
        walk.add("task.assignee_ref = %s AND task.state = 'waiting'", actor.ref)
        if asked.source:
            walk.add("task.source = %s", asked.source)
        if asked.priority:
            walk.add("task.priority = %s", asked.priority)
        search_tasks(walk, asked.q)
        after_waiting(walk, "task", KINDS["task"], place, by_priority)
        walks.append(walk)
    if asked.priority in (0, STEP_PRIORITY) and (not asked.source or is_type(asked.source)):
        for right, reached, reach in held_rights(actor, ""):
            walk = Walk(STEP_COLUMNS, STEPS, "token.due_on, token.id")
            walk.add("token.kind = 'user' AND token.state = 'waiting' AND matter.state <> 'deleted'")
            walk.add("token.claimed_by IN ('', %s)", actor.ref)
            walk.add("token.right = %s", right)
            walk.add(reached, *reach)
            search_cases(walk, asked)
            if not (by_priority and place and place.priority > STEP_PRIORITY):
                behind = None if by_priority and place and place.priority < STEP_PRIORITY else place
                after_waiting(walk, "token", KINDS["case"], behind, False)
                walks.append(walk)
    for walk in walks:
        name = "task" if walk.source == TASKS else "token"
        if asked.view == "overdue":
            walk.add(f"{name}.due_on < %s", clock.today())
        if asked.due_until:
            walk.add(f"{name}.due_on <= %s", asked.due_until)
    return walks


def after_waiting(walk: Walk, name: str, kind: int, place: Place | None, by_priority: bool) -> None:
    """Keeps what comes behind the end of the last page; rows without a deadline come last."""
    if place is None:
        return
    due, row = f"{name}.due_on", f"{name}.id"
    values: list[Any]
    if place.at is None:
        condition, values = f"{due} IS NULL", []
        if kind == place.kind:
            condition, values = f"({due} IS NULL AND {row} > %s)", [place.id]
        elif kind < place.kind:
            condition = "false"
    elif kind == place.kind:
        condition, values = f"(({due}, {row}) > (%s, %s) OR {due} IS NULL)", [place.at, place.id]
    else:
        condition, values = f"({due} {'>=' if kind > place.kind else '>'} %s OR {due} IS NULL)", [place.at]
    if by_priority:
        walk.add(f"{name}.priority >= %s", place.priority)
        condition, values = f"({name}.priority > %s OR {condition})", [place.priority, *values]
    walk.add(condition, *values)


def past_walks(actor: Actor, asked: Asked, place: Place | None) -> list[Walk]:
    """What the person finished, began, or is told of, latest first."""
    walks = []
    if not is_type(asked.source):
        when = {"done": "task.done_at", "started": "task.created_at", "copied": "task.created_at"}[asked.view]
        source = (
            f"{TASKS} JOIN workspace_taskcopy AS told ON told.task_id = task.id" if asked.view == "copied" else TASKS
        )
        walk = Walk(TASK_COLUMNS, source, f"{when} DESC, task.id DESC")
        if asked.view == "done":
            walk.add("task.done_ref = %s AND task.state = 'done'", actor.ref)
        elif asked.view == "started":
            walk.add("task.starter_ref = %s", actor.ref)
        else:
            walk.add("told.person_ref = %s", actor.ref)
        if asked.source:
            walk.add("task.source = %s", asked.source)
        if asked.priority:
            walk.add("task.priority = %s", asked.priority)
        search_tasks(walk, asked.q)
        before(walk, when, "task.id", KINDS["task"], place)
        walks.append(walk)
    if asked.view != "copied" and asked.priority in (0, STEP_PRIORITY) and (not asked.source or is_type(asked.source)):
        if asked.view == "done":
            walk = Walk(STEP_COLUMNS, STEPS, "token.left_at DESC, token.id DESC")
            walk.add("token.kind = 'user' AND token.state = 'done' AND token.actor_ref = %s", actor.ref)
            before(walk, "token.left_at", "token.id", KINDS["case"], place)
        else:
            walk = Walk(MATTER_COLUMNS, MATTERS, "matter.submitted_at DESC, matter.id DESC")
            walk.add("matter.created_by = %s AND matter.created_by LIKE 'staff:%%'", actor.ref)
            before(walk, "matter.submitted_at", "matter.id", KINDS["case"], place)
        walk.add("matter.state <> 'deleted'")
        search_cases(walk, asked)
        walks.append(walk)
    return walks


def before(walk: Walk, when: str, row: str, kind: int, place: Place | None) -> None:
    """Keeps what is older than the end of the last page."""
    if place is None or place.at is None:
        return
    if kind == place.kind:
        walk.add(f"({when}, {row}) < (%s, %s)", place.at, place.id)
    else:
        walk.add(f"{when} {'<=' if kind > place.kind else '<'} %s", place.at)


def search_tasks(walk: Walk, text: str) -> None:
    """Tasks whose name, number or result holds the text."""
    if wanted := plain(text):
        pattern = f"%{wanted}%"
        walk.add("(task.name LIKE %s OR task.key = %s OR task.result LIKE %s)", pattern, text.strip(), pattern)


def search_cases(walk: Walk, asked: Asked) -> None:
    """Cases by number or household, and of one type."""
    if wanted := plain(asked.q):
        walk.add("(matter.number = %s OR matter.household LIKE %s)", asked.q.strip(), f"{wanted}%")
    if asked.source:
        walk.add("matter.type_key = %s", asked.source)


def plain(text: str) -> str:
    """A text without the signs that LIKE reads as something else."""
    return text.strip().replace("\\", "").replace("%", "").replace("_", "")


def is_type(source: str) -> bool:
    """Whether a source is a kind of case."""
    return any(kind.key == source for kind in all_types())


def as_row(row: dict[str, Any], actor: Actor, today: date) -> dict[str, Any]:
    """A line of a list as the page shows it."""
    remaining = remaining_days(row["due_on"], today) if row["done_at"] is None else None
    is_case = row["kind"] == KINDS["case"]
    result, requirement = row["result"], row["requirement"]
    node = graph_of(row["definition_id"]).nodes.get(row["node"]) if row["definition_id"] else None
    if node:
        outcome = node.outcome_of(result)
        result = outcome.title if outcome else result
        requirement = node.instruction or f"办理“{node.title}”"
    shown = {key: row[key] for key in SHOWN}
    return shown | {
        "kind": "case" if is_case else "task",
        "result": result,
        "source_title": case_type(row["source"]).title if is_case else row["source_title"],
        "requirement": requirement,
        "priority_title": str(Priority(row["priority"]).label),
        "remaining": remaining,
        "late": remaining is not None and remaining < 0,
        "mine": row["holder"] == actor.ref,
    }


SHOWN = (
    "id", "case_id", "name", "number", "source", "due_on", "priority", "holder_name", "arrived_at",
    "done_at", "note", "done_name", "state", "link", "batch",
)  # fmt: skip

OWN_COUNTS = """
    SELECT count(*), count(*) FILTER (WHERE due_on < %s), count(*) FILTER (WHERE due_on = %s) FROM (
        SELECT due_on FROM workspace_task WHERE assignee_ref = %s AND state = 'waiting' ORDER BY due_on, id LIMIT %s
    ) AS waiting
"""
SOURCES = """
    SELECT DISTINCT source AS key, source_title AS title FROM workspace_task
     WHERE assignee_ref = %s AND state = 'waiting' ORDER BY 2 LIMIT 50
"""


def own_counts(actor: Actor) -> dict[str, int]:
    """How many tasks of other origins wait for the person and how many of them are late or due today, up to a cap."""
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(OWN_COUNTS, [today, today, actor.ref, 20 * COUNT_CAP])
        count, late, due_today = cursor.fetchone()
    return {"count": count, "late": late, "due_today": due_today}


def summary(actor: Actor) -> dict[str, Any]:
    """How much waits and how much of it is late, and where tasks come from; counted up to a cap a source."""
    own = own_counts(actor)
    nodes = open_counts(actor)
    kinds = [{"key": kind.key, "title": kind.title} for kind in all_types()]
    return {
        "todo": own["count"] + sum(node["count"] for node in nodes),
        "overdue": own["late"] + sum(node["late"] for node in nodes),
        "tasks": own["count"],
        "tasks_due_today": own["due_today"],
        "sources": kinds + fetch(SOURCES, [actor.ref]),
        "priorities": [{"key": int(each), "title": str(each.label)} for each in Priority],
    }


def fetch(sql: str, values: list[Any]) -> list[dict[str, Any]]:
    """Rows of a query as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
