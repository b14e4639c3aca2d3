"""To-do lists and the figures of the work view: SQL over the process's tokens, keyset paging, no counting of much."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import TruncDate

from anju.kernel import clock
from anju.kernel.calendar import working_days_between
from anju.kernel.cases.models import Case
from anju.kernel.cases.types import all_types, case_type
from anju.kernel.errors import DomainError
from anju.kernel.processes.locks import graph_of
from anju.kernel.processes.models import Definition
from anju.kernel.scope import Actor, reach_filter, reach_sql

VIEWS = {"todo", "claimable", "mine", "done", "started", "overdue"}
COUNT_CAP = 1000


def remaining_days(due_on: date | None, today: date) -> int | None:
    """Working days left; negative when late (SH-048)."""
    if due_on is None:
        return None
    return working_days_between(today, due_on) if due_on >= today else -working_days_between(due_on, today)


def held_rights(actor: Actor, node: str) -> list[tuple[str, str, list[Any]]]:
    """Each of the actor's rights to tasks (to those of one node, when named), with the condition on what it reaches.

    A right that no other node asks for names the node by itself; saying it twice would mislead the planner, which takes
    the two for independent and expects a fraction of the rows.
    """
    graphs = [graph_of(pk) for pk in Definition.objects.values_list("pk", flat=True)]
    nodes: dict[str, set[str]] = {}
    for each in (each for graph in graphs for each in graph.nodes.values() if each.right):
        nodes.setdefault(each.right, set()).add(each.id)
    held: list[tuple[str, str, list[Any]]] = []
    for right in sorted(nodes.keys() & actor.grants.keys()):
        if node and node not in nodes[right]:
            continue
        here, given = ("token.node_id = %s AND ", [node]) if node and len(nodes[right]) > 1 else ("", [])
        if reached := reach_sql(actor, right, "token"):
            held.append((right, here + reached[0], [*given, *reached[1]]))
    return held


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
    where, values = ["matter.state <> 'deleted'"], list[Any]()
    if q := q.strip():
        where.append("(matter.number = %s OR matter.household LIKE %s)")
        values += [q, q.replace("\\", "").replace("%", "").replace("_", "") + "%"]
    after = open_cursor(cursor) if cursor else None
    find = done_sql if view == "done" else waiting_sql
    sql, given = find(actor, view, node, where, values, after, limit + 1)
    rows = fetch(sql, given)
    more, rows = len(rows) > limit, rows[:limit]
    today, key = clock.today(), "left_at" if view == "done" else "due_on"
    return {
        "rows": [as_row(row, actor, today) for row in rows],
        "next": make_cursor(rows[-1][key], rows[-1]["task_id"]) if more else None,
        "prev": None,
        "about": None,
    }


Found = tuple[str, list[Any]]
After = tuple[str | None, int]


def done_sql(
    actor: Actor, view: str, node: str, where: list[str], values: list[Any], after: After | None, limit: int
) -> Found:
    """What the person finished, latest first."""
    mine = [*where, "token.kind = 'user' AND token.state = 'done' AND token.actor_ref = %s"]
    given = [*values, actor.ref]
    if node:
        mine.append("token.node_id = %s")
        given.append(node)
    if after:
        mine.append("(token.left_at, token.id) < (%s, %s)")
        given += after
    order = "token.left_at DESC, token.id DESC"
    return f"SELECT {COLUMNS} {JOIN} WHERE {' AND '.join(mine)} ORDER BY {order} LIMIT %s", [*given, limit]


def waiting_sql(
    actor: Actor, view: str, node: str, where: list[str], values: list[Any], after: After | None, limit: int
) -> Found:
    """What waits for the person: one short ordered walk a right, then the walks merged.

    So a page costs the same however much waits; a single OR over the rights would sort all of it.
    """
    common, given = [*where, "token.kind = 'user' AND token.state = 'waiting'"], list(values)
    if view == "claimable":
        common.append("token.claimed_by = ''")
    elif view == "mine":
        common.append("token.claimed_by = %s")
        given.append(actor.ref)
    else:
        common.append("token.claimed_by IN ('', %s)")
        given.append(actor.ref)
    if view == "overdue":
        common.append("token.due_on < %s")
        given.append(clock.today())
    if after and after[0] is None:
        common.append("token.due_on IS NULL AND token.id > %s")
        given.append(after[1])
    elif after:
        common.append("((token.due_on, token.id) > (%s, %s) OR token.due_on IS NULL)")
        given += after
    walks, walked = ["SELECT {COLUMNS} {JOIN} WHERE false"], list[Any]()
    for right, reached, reach in held_rights(actor, node):
        conditions = " AND ".join([*common, "token.right = %s", reached])
        walks.append(f"(SELECT {{COLUMNS}} {{JOIN}} WHERE {conditions} ORDER BY token.due_on, token.id LIMIT %s)")
        walked += [*given, right, *reach, limit]
    merged = " UNION ALL ".join(walks).replace("{COLUMNS}", COLUMNS).replace("{JOIN}", JOIN)
    return f"SELECT * FROM ({merged}) AS found ORDER BY due_on, task_id LIMIT %s", [*walked, limit]


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
    """How much waits at each step for this person, and how much of it is late; counted up to a cap a right."""
    walks, values = ["SELECT node_id, node_title, due_on FROM processes_token WHERE false"], list[Any]()
    for right, reached, reach in held_rights(actor, ""):
        walks.append(
            f"""(SELECT node_id, node_title, due_on FROM processes_token AS token
                  WHERE kind = 'user' AND state = 'waiting' AND claimed_by IN ('', %s) AND token.right = %s AND {reached}
                  ORDER BY due_on, id LIMIT %s)"""
        )
        values += [actor.ref, right, *reach, 20 * COUNT_CAP]
    return fetch(
        f"""SELECT node_id AS node, node_title AS title, count(*) AS count,
                   count(*) FILTER (WHERE due_on < %s) AS late
              FROM ({" UNION ALL ".join(walks)}) AS waiting GROUP BY node_id, node_title ORDER BY min(due_on)""",
        [clock.today(), *values],
    )


def trend(actor: Actor, days: int = 30) -> list[dict[str, Any]]:
    """Cases within the actor's reach that arrived and were closed on each of the last days."""
    first = clock.today() - timedelta(days=days - 1)
    counts: dict[date, dict[str, Any]] = {
        first + timedelta(days=n): {"day": first + timedelta(days=n), "arrived": 0, "closed": 0} for n in range(days)
    }
    within = Q(pk__in=())
    for kind in all_types():
        reach = reach_filter(actor, kind.view_right)
        if reach is not None:
            within |= Q(type_key=kind.key) & reach
    for key, moment in (("arrived", "submitted_at"), ("closed", "closed_at")):
        since = Q(**{f"{moment}__gte": clock.start_of(first)})
        found = Case.objects.filter(within, since).annotate(day=TruncDate(moment, tzinfo=clock.SHANGHAI))
        for day, count in found.values_list("day").annotate(count=Count("id")):
            if day in counts:
                counts[day][key] = count
    return list(counts.values())


def fetch(sql: str, values: list[Any]) -> list[dict[str, Any]]:
    """Rows of a query as dictionaries."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def make_cursor(at: Any, row_id: int) -> str:
    """Where a page ended, opaque to the client."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat() if at else None, row_id]).encode()).decode()


def open_cursor(cursor: str) -> After:
    """What `make_cursor` wrote; a forged one is refused."""
    try:
        at, row_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not isinstance(row_id, int) or not 0 <= row_id < 2**63:
            raise ValueError
        if at is not None:
            datetime.fromisoformat(at)
        return at, row_id
    except (ValueError, TypeError) as error:
        raise DomainError("翻页标记无效", code="list.bad_cursor", field="cursor", advice="请回到第一页") from error
