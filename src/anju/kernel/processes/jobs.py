"""Background work of processes: the work behind service tasks, and timers."""

from __future__ import annotations

from anju.kernel.jobs import background, every
from anju.kernel.processes import services


@background("processes.run_service")
def run_service(token_id: int) -> None:
    """Does the work of one service task."""
    services.run_service(token_id)


@background("processes.fire_timers")
def fire_timers() -> None:
    """Moves on what was waiting for a moment that has come."""
    while services.fire_due_timers() >= services.TIMERS_AT_ONCE:
        pass


every(minutes=1)("processes.fire_timers")
