"""How the outside interfaces are doing: for the workbench, the health page and the register of calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection
from django.db.models import Count, Max, Q

from anju.kernel import clock
from anju.kernel.connectors.base import CONNECTORS
from anju.kernel.connectors.models import ConnectorCall, ConnectorState, Result


class Health(StrEnum):
    """The breaker's state: calls pass, calls are held back, or one call may probe."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True)
class ConnectorStatus:
    """One interface as it stands; `calls` and `failed` count the last 24 hours."""

    key: str
    title: str
    department: str
    health: Health
    failures: int
    retry_after: int | None
    error: str
    failed_at: datetime | None
    answered_at: datetime | None
    calls: int
    failed: int


def connector_states() -> list[ConnectorStatus]:
    """Every declared interface with the state of its breaker and its calls of the last 24 hours, by key."""
    states = {s.key: s for s in ConnectorState.objects.all()}
    recent = ConnectorCall.objects.filter(asked_at__gt=clock.now() - timedelta(hours=24)).values("connector")
    counted: dict[str, dict[str, object]] = {
        row["connector"]: dict(row)
        for row in recent.annotate(
            calls=Count("id"),
            failed=Count("id", filter=~Q(result__in=[Result.OK, Result.INVALID])),
            answered_at=Max("asked_at", filter=Q(result=Result.OK)),
        )
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return [_status(key, states.get(key), counted.get(key, {}), now) for key in sorted(CONNECTORS)]


def _status(key: str, state: ConnectorState | None, counted: dict[str, object], now: datetime) -> ConnectorStatus:
    declared = CONNECTORS[key]
    until = state.opened_until if state else None
    health = Health.CLOSED if until is None else Health.OPEN if until > now else Health.HALF_OPEN
    calls, failed, answered = counted.get("calls", 0), counted.get("failed", 0), counted.get("answered_at")
    return ConnectorStatus(
        key=key,
        title=declared.title,
        department=declared.department,
        health=health,
        failures=state.failures if state else 0,
        retry_after=int((until - now).total_seconds()) + 1 if until and until > now else None,
        error=state.error if state and state.failures else "",
        failed_at=state.failed_at if state else None,
        answered_at=answered if isinstance(answered, datetime) else None,
        calls=calls if isinstance(calls, int) else 0,
        failed=failed if isinstance(failed, int) else 0,
    )
