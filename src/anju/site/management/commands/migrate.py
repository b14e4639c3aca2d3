"""`anju migrate`: Django's, made to change tables while people read them (NF-02.3).

A change of a table takes its strongest lock, if only for a moment. Where it has to wait for it behind a long reader, every
later reader waits behind the change: the table stands still. So no lock is waited for longer than a second; then the
migration steps back, the readers go through, and it tries again. Migrations are one transaction each, so one that stepped
back left nothing; those that build an index beside the readers wait without being in anybody's way, and have no limit.
"""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

PAUSE_SECONDS = 0.5


class Command(Migrate):
    """Brings the tables to the present state, a moment at a time."""

    database = "default"
    limit = 1.0

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-timeout", type=float, default=1.0,
            help="等一把表锁最多几秒，等不到就退让、稍后再试，不挡读者（默认 1；0 为一直等）",
        )  # fmt: skip
        parser.add_argument("--patience", type=float, default=600, help="总共试几秒（默认 600）")

    def handle(self, *args: Any, **options: Any) -> None:
        self.database, self.limit = options["database"], options["lock_timeout"]
        end = time.monotonic() + options["patience"]
        try:
            while True:
                try:
                    super().handle(*args, **options)
                    return
                except OperationalError as error:
                    if not isinstance(error.__cause__, LockNotAvailable):
                        raise
                    if time.monotonic() > end:
                        raise CommandError("表一直被占用，迁移没有完成；已完成的步骤不受影响，请稍后再试") from error
                    self.stdout.write("表正在使用，让读者先过，稍后再试")
                    time.sleep(PAUSE_SECONDS)
        finally:
            self.wait_at_most(0)

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        if action in {"apply_start", "unapply_start"}:
            self.wait_at_most(self.limit if migration.atomic else 0)
        super().migration_progress_callback(action, migration, fake)

    def wait_at_most(self, seconds: float) -> None:
        """How long a statement of this connection waits for a lock; nought is for ever."""
        with connections[self.database].cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{round(seconds * 1000)}ms"])
