"""What tests of the whole platform need: the worker's jobs run here and now, and the calendar moved on."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

from anju.kernel import clock
from anju.kernel.calendar.models import ClockOffset
from anju.kernel.processes.services import fire_due_timers

# Far ahead, with no holiday near: a day to count working days from, whenever the tests are run.
FRIDAY = date(2061, 3, 4)
NEXT = """
    SELECT id, task_name, args FROM procrastinate_jobs
     WHERE status = 'todo' AND (%(later)s OR scheduled_at IS NULL OR scheduled_at <= now())
       AND task_name <> ALL(%(skipped)s)
     ORDER BY priority DESC, id LIMIT 1
"""


def run_jobs(*, later: bool = False, documents: bool = False, limit: int = 2000) -> list[str]:
    """Does what the worker would: every waiting job in order, and those they ask for; gives their names.

    `later` runs also what is scheduled for later (retries). `documents` makes the files of papers too, which is slow.
    A failing job fails the test.
    """
    done: list[str] = []
    skipped = [] if documents else ["documents.render"]
    while len(done) < limit:
        with connection.cursor() as cursor:
            cursor.execute(NEXT, {"later": later, "skipped": skipped})
            row = cursor.fetchone()
            if row is None:
                return done
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [row[0]])
        arguments: dict[str, Any] = json.loads(row[2]) if isinstance(row[2], str) else row[2]
        app.tasks[row[1]](**arguments)
        done.append(row[1])
    raise AssertionError(f"jobs without end: {done[-5:]}")


def waiting_jobs(name: str = "") -> list[tuple[str, dict[str, Any]]]:
    """The jobs that wait for a worker: name and arguments, in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        rows = [(row[0], json.loads(row[1]) if isinstance(row[1], str) else row[1]) for row in cursor.fetchall()]
    return [row for row in rows if not name or row[0] == name]


def go_to(day: date) -> None:
    """It is nine in the morning of a day, in Shanghai, or later today; timers that are due have fired.

    The clock only goes forward, so a test that wants a certain day takes one that is far ahead.
    """
    offset = max(clock.start_of(day) + timedelta(hours=9), clock.now()) - clock.real_now()
    ClockOffset.objects.update_or_create(pk=1, defaults={"offset_seconds": max(0, int(offset.total_seconds()))})
    clock.forget_offset()
    while fire_due_timers():
        pass


def pass_days(days: int) -> None:
    """So many days later."""
    go_to(clock.today() + timedelta(days=days))
