"""Small background functions on procrastinate, whose rows commit and roll back with the change that asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

F = TypeVar("F", bound=Callable[..., Any])

FUNCTIONS: dict[str, Callable[..., Any]] = {}
# the same as the worker runs them
RUNS: dict[str, Callable[..., None]] = {}
RETRY = RetryStrategy(max_attempts=12, exponential_wait=2)


def background(
    name: str, *, queue: str = "default", atomic: bool = True, retry: RetryStrategy | bool = RETRY
) -> Callable[[F], F]:
    """Declares a function that the worker runs. It may be run twice and must then do nothing the second time.

    `atomic` wraps the run in one transaction; long work that commits in portions turns it off.
    """

    def register(function: F) -> F:
        @wraps(function)
        def run(**arguments: Any) -> None:
            if not connection.in_atomic_block:
                close_old_connections()
            try:
                if atomic:
                    with transaction.atomic():
                        function(**arguments)
                else:
                    function(**arguments)
            finally:
                if not connection.in_atomic_block:
                    connection.close()

        FUNCTIONS[name], RUNS[name] = function, run
        app.task(name=name, queue=queue, retry=retry)(run)
        return function

    return register


def defer(
    name: str, *, lock: str | None = None, once: str | None = None, at: datetime | None = None, **arguments: Any
) -> None:
    """Asks the worker to run a background function after the present transaction commits.

    `lock`: jobs of the same lock run one after another, in order. `once`: while a job of this name waits, another is
    not added. `at`: not before this moment of the real clock. Arguments must be JSON values.
    """
    task = app.configure_task(name, lock=lock, queueing_lock=once, schedule_at=at)
    if once is None:
        task.defer(**arguments)
        return
    try:
        with transaction.atomic():
            task.defer(**arguments)
    except AlreadyEnqueued:
        return


def defer_each(name: str, each: Iterable[dict[str, Any]]) -> None:
    """Asks for a background function once for each set of arguments, in one statement."""
    if wanted := list(each):
        app.configure_task(name).batch_defer(*wanted)


def every(*, minutes: int) -> Callable[[str], None]:
    """Runs a declared background function periodically: `every(minutes=5)("documents.sweep")`."""
    cron = f"*/{minutes} * * * *" if minutes > 1 else "* * * * *"
    if minutes >= 60:
        cron = f"7 */{minutes // 60} * * *" if minutes < 1440 else "7 1 * * *"

    def declare(name: str) -> None:
        run = RUNS[name]

        def tick(timestamp: int) -> None:
            run()

        task = app.task(name=f"{name}.tick", queueing_lock=f"{name}.tick")(tick)
        if settings.ANJU_PERIODIC:
            app.periodic(cron=cron, periodic_id=name)(task)

    return declare
