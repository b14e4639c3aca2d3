"""Where households stand in the queue, by certificate: for those who put together what a person has with us."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from anju.waiting.models import IN_QUEUE, Entry


@dataclass(frozen=True)
class QueueFacts:
    """A registration: its state, since when, and what the household wishes for."""

    state: str
    state_title: str
    in_queue: bool
    registered_at: datetime
    divisions: tuple[str, ...]
    project_ids: tuple[int, ...]
    layouts: tuple[str, ...]


def queue_of(certificate_ids: Iterable[int]) -> dict[int, QueueFacts]:
    """The latest registration of each certificate; certificates that never registered are left out."""
    return {
        entry.certificate_id: QueueFacts(
            state=entry.state, state_title=entry.get_state_display(), in_queue=entry.state in IN_QUEUE,
            registered_at=entry.registered_at, divisions=tuple(entry.divisions), project_ids=tuple(entry.project_ids),
            layouts=tuple(entry.layouts),
        )
        for entry in Entry.objects.filter(certificate_id__in=list(certificate_ids)).order_by("id")
    }  # fmt: skip
