"""Writing the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.compiled import added
from anju.kernel.scope import Actor


def record(
    action: str,
    *,
    actor: Actor,
    subject: str = "",
    title: str = "",
    detail: Mapping[str, Any] | None = None,
    request: HttpRequest | None = None,
) -> AuditEntry:
    """Writes that an actor did something to a subject (such as `supply.unit:12`).

    It is written in the present transaction, so what is undone leaves no entry; a refusal that must be kept (a failed
    sign-in) is recorded outside the transaction that fails. `detail` holds no identity number, telephone or card
    number in the clear: say which field was read or changed, not what it holds.
    """
    address = actor.address or (str(request.META.get("REMOTE_ADDR", "")) if request is not None else "")
    return added(
        AuditEntry(
            at=clock.now(),
            action=action,
            actor=actor.ref,
            actor_name=actor.name[:80],
            subject=subject[:120],
            title=title[:300],
            detail=dict(detail or {}),
            address=address[:64],
            session=actor.session_id,
            org_path=actor.org_path or "/",
            division=actor.division,
        )
    )
