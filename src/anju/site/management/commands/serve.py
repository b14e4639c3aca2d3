"""`anju serve`: the web processes."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Replaces itself by the WSGI server, so that signals reach it directly."""

    help = "启动网页服务"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--workers", type=int, default=int(os.environ.get("ANJU_WEB_PROCESSES", "2")))

    def handle(self, *args: Any, **options: Any) -> None:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "anju.site.wsgi:application",
            "--host", options["host"], "--port", str(options["port"]), "--workers", str(options["workers"]),
            "--blocking-threads", "8", "--backlog", "1024", "--respawn-failed-workers", "--no-ws",
        ]  # fmt: skip
        os.execv(sys.executable, command)
