"""Background work of processes: the work behind service tasks, and timers."""

from __future__ import annotations

from datetime import timedelta

from anju.kernel import clock
from anju.kernel.calendar.services import when_moved
from anju.kernel.jobs import background, defer, every
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


@when_moved
def fire_now() -> None:
    """A demonstration's clock was moved: timers need not wait for the next round. Other processes see the new clock
    within two seconds."""
    defer("processes.fire_timers", at=clock.real_now() + timedelta(seconds=3))
