"""To-do lists and the figures of the work view: SQL over the process's tokens, keyset paging, no counting of much."""

from __future__ import annotations

import base64
import json
from datetime import date, timedelta
from typing import Any

from django.db import connection

from anju.kernel import clock
from anju.kernel.calendar import working_days_between
from anju.kernel.cases.types import case_type
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor, Reach
from anju.kernel.scope.filters import division_prefix

VIEWS = {"todo", "claimable", "mine", "done", "started", "overdue"}
FAR = date(9999, 12, 31)
COUNT_CAP = 1000


def remaining_days(due_on: date | None, today: date) -> int | None:
    """Working days left; negative when late (SH-048)."""
    if due_on is None:
        return None
    return working_days_between(today, due_on) if due_on >= today else -working_days_between(due_on, today)


def scope_sql(actor: Actor, alias: str) -> tuple[str, list[Any]]:
    """The tokens whose right the actor holds, each within the reach of that right."""
    by_reach: dict[Reach, list[str]] = {}
    for right, reach in actor.grants.items():
        by_reach.setdefault(reach, []).append(right)
    parts, values = [], []
    for reach, rights in by_reach.items():
        condition = f"{alias}.right = ANY(%s)"
        values.append(rights)
        if reach is Reach.DIVISION:
            condition += f" AND {alias}.division LIKE %s"
            values.append(division_prefix(actor.division) + "%")
        elif reach is Reach.ORG_AND_BELOW:
            condition += f" AND {alias}.org_path LIKE %s"
            values.append(actor.org_path + "%")
        elif reach is not Reach.ALL:
            condition += f" AND {alias}.org_path = %s"
            values.append(actor.org_path)
        parts.append(f"({condition})")
    return "(" + " OR ".join(parts or ["false"]) + ")", values


COLUMNS = """
    token.id AS task_id, matter.id AS case_id, matter.number, matter.title, matter.household, matter.household_size,
    matter.type_key, matter.state, matter.version, token.node_id AS node, token.node_title, token.due_on,
    token.claimed_by, token.claimed_name, token.entered_at AS arrived_at, token.left_at, token.outcome
"""
JOIN = "FROM processes_token AS token JOIN cases_case AS matter ON matter.instance_id = token.instance_id"


def todo(actor: Actor, *, view: str, node: str = "", q: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """One page of a to-do list. `todo` is what is mine or free; late first, then by deadline."""
    if view not in VIEWS:
        raise DomainError("没有这个列表", code="list.unknown", field="view", advice="请从菜单重新进入")
    limit = max(1, min(limit, 200))
    where, values = ["matter.state <> 'deleted'"], []
    if view == "done":
        where.append("token.kind = 'user' AND token.state = 'done' AND token.actor_ref = %s")
        values.append(actor.ref)
        order, key = "token.left_at DESC, token.id DESC", ("left_at", "task_id")
    else:
        condition, scoped = scope_sql(actor, "token")
        where.append("token.kind = 'user' AND token.state = 'waiting'")
        where.append(condition)
        values += scoped
        order, key = "token.due_on, token.id", ("due_on", "task_id")
        if view == "claimable":
            where.append("token.claimed_by = ''")
        elif view == "mine":
            where.append("token.claimed_by = %s")
            values.append(actor.ref)
        else:
            where.append("token.claimed_by IN ('', %s)")
            values.append(actor.ref)
        if view == "overdue":
            where.append("token.due_on < %s")
            values.append(clock.today())
    if node:
        where.append("token.node_id = %s")
        values.append(node)
    if q:
        where.append("(matter.number = %s OR matter.household LIKE %s)")
        values += [q.strip(), q.strip().replace("%", "").replace("_", "") + "%"]
    if cursor:
        at, task_id = open_cursor(cursor)
        where.append(
            "(token.left_at, token.id) < (%s, %s)" if view == "done" else "(token.due_on, token.id) > (%s, %s)"
        )
        values += [at, task_id]
    sql = f"SELECT {COLUMNS} {JOIN} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT %s"
    rows = fetch(sql, [*values, limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    today = clock.today()
    return {
        "rows": [as_row(row, actor, today) for row in rows],
        "next": make_cursor(rows[-1][key[0]], rows[-1][key[1]]) if more else None,
        "prev": None,
        "about": None,
    }


def as_row(row: dict[str, Any], actor: Actor, today: date) -> dict[str, Any]:
    """A line of a to-do list with its deadline in working days."""
    remaining = remaining_days(row["due_on"], today)
    tags = [{"tone": "wait", "text": "待补件"}] if row["state"] == "supplement" else []
    return {
        **row,
        "type_title": case_type(row["type_key"]).title,
        "remaining": remaining,
        "late": remaining is not None and remaining < 0,
        "mine": row["claimed_by"] == actor.ref,
        "tags": tags,
    }


def open_counts(actor: Actor) -> list[dict[str, Any]]:
    """How much waits at each step for this person, and how much of it is late; counted up to a cap a step."""
    condition, values = scope_sql(actor, "token")
    return fetch(
        f"""SELECT node_id AS node, node_title AS title, count(*) AS count,
                   count(*) FILTER (WHERE due_on < %s) AS late
              FROM (SELECT node_id, node_title, due_on FROM processes_token AS token
                     WHERE kind = 'user' AND state = 'waiting' AND claimed_by IN ('', %s) AND {condition}
                     ORDER BY due_on, id LIMIT %s) AS waiting
             GROUP BY node_id, node_title ORDER BY min(due_on)""",
        [clock.today(), actor.ref, *values, 20 * COUNT_CAP],
    )


def trend(actor: Actor, days: int = 30) -> list[dict[str, Any]]:
    """Cases that arrived and were closed on each of the last days, within the actor's organisation or division."""
    today = clock.today()
    first = today - timedelta(days=days - 1)
    return fetch(
        """SELECT day::date AS day,
                  (SELECT count(*) FROM cases_case WHERE org_path LIKE %s
                     AND submitted_at >= day AT TIME ZONE 'Asia/Shanghai'
                     AND submitted_at < (day + interval '1 day') AT TIME ZONE 'Asia/Shanghai') AS arrived,
                  (SELECT count(*) FROM cases_case WHERE org_path LIKE %s
                     AND closed_at >= day AT TIME ZONE 'Asia/Shanghai'
                     AND closed_at < (day + interval '1 day') AT TIME ZONE 'Asia/Shanghai') AS closed
             FROM generate_series(%s::timestamp, %s::timestamp, interval '1 day') AS day ORDER BY day""",
        [actor.org_path + "%", actor.org_path + "%", first, today],
    )


def fetch(sql: str, values: list[Any]) -> list[dict[str, Any]]:
    """Rows of a query as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def make_cursor(at: Any, row_id: int) -> str:
    """Where a page ended, opaque to the client."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat() if at else None, row_id]).encode()).decode()


def open_cursor(cursor: str) -> tuple[str, int]:
    """What `make_cursor` wrote; a forged one is refused."""
    try:
        at, row_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if at is None or not isinstance(row_id, int):
            raise ValueError
        date.fromisoformat(str(at)[:10])
        return str(at), row_id
    except ValueError as error:
        raise DomainError("翻页标记无效", code="list.bad_cursor", field="cursor", advice="请回到第一页") from error
