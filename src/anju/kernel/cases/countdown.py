"""The countdown of open cases in working days: a list, late ones first, and how many stand where (SH-048)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q

from anju.kernel import clock
from anju.kernel.calendar import add_working_days
from anju.kernel.cases.lists import make_cursor, open_cursor, remaining_days
from anju.kernel.cases.models import OPEN_STATES, Case
from anju.kernel.cases.types import all_types
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor, reach_filter

SOON, NEAR = 3, 10
TONES = {"late": "bad", "soon": "wait", "near": "run", "far": "idle"}


def buckets(today: date) -> dict[str, tuple[str, Q]]:
    """The stretches that are counted, with their names; the limits are working days from today."""
    soon, near = add_working_days(today, SOON), add_working_days(today, NEAR)
    return {
        "late": ("已逾期", Q(due_on__lt=today)),
        "soon": (f"{SOON} 个工作日内到期", Q(due_on__gte=today, due_on__lte=soon)),
        "near": (f"{SOON + 1} 至 {NEAR} 个工作日到期", Q(due_on__gt=soon, due_on__lte=near)),
        "far": (f"{NEAR} 个工作日以后到期", Q(due_on__gt=near)),
    }


def countdown(actor: Actor, *, bucket: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """Open cases within reach by their deadline, and the counts of all stretches."""
    today = clock.today()
    stretches = buckets(today)
    if bucket and bucket not in stretches:
        raise DomainError("没有这个期限段", code="list.unknown", field="bucket", advice="请从页面上的期限段中选择")
    within = Q(pk__in=())
    for kind in all_types():
        reach = reach_filter(actor, kind.view_right)
        if reach is not None:
            within |= Q(type_key=kind.key) & reach
    open_cases = Case.objects.filter(within, state__in=OPEN_STATES, due_on__isnull=False)
    counts = open_cases.aggregate(**{key: Count("id", filter=where) for key, (_, where) in stretches.items()})
    rows = open_cases.filter(stretches[bucket][1]) if bucket else open_cases
    if cursor:
        at, row_id = open_cursor(cursor)
        rows = rows.filter(Q(due_on__gt=at) | Q(due_on=at, pk__gt=row_id))
    limit = max(1, min(limit, 200))
    found = list(rows.order_by("due_on", "id")[: limit + 1])
    shown = found[:limit]
    return {
        "buckets": [
            {"key": key, "title": title, "tone": TONES[key], "count": counts[key]}
            for key, (title, _) in stretches.items()
        ],
        "rows": [as_row(case, today) for case in shown],
        "next": make_cursor(shown[-1].due_on, shown[-1].pk) if len(found) > limit else None,
        "prev": None,
        "about": None,
    }


def as_row(case: Case, today: date) -> dict[str, Any]:
    """A case with its remaining working days and how it stands out in the list (SH-048.3)."""
    remaining = remaining_days(case.due_on, today) or 0
    key = "late" if remaining < 0 else "soon" if remaining <= SOON else "near" if remaining <= NEAR else "far"
    return {
        "case_id": case.pk,
        "number": case.number,
        "household": case.household,
        "household_size": case.household_size,
        "node_title": case.node_title or case.get_state_display(),
        "submitted_at": case.submitted_at,
        "due_on": case.due_on,
        "remaining": remaining,
        "late": remaining < 0,
        "bucket": key,
        "tone": TONES[key],
    }
