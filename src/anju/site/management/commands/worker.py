"""`anju worker`: the background process."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


def beat(path: Path, stop: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
    """Touches the heartbeat file as long as the worker's event loop answers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while not stop.is_set():
        answered = threading.Event()
        loop.call_soon_threadsafe(answered.set)
        if answered.wait(10):
            path.touch()
        stop.wait(5)


class Command(BaseCommand):
    """Runs jobs until told to stop; jobs under way are finished first."""

    help = "启动后台任务进程"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4)
        parser.add_argument("--once", action="store_true", help="run what waits, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self.work(options["concurrency"], wait=not options["once"]))

    async def work(self, concurrency: int, *, wait: bool) -> None:
        stop = threading.Event()
        if wait and (heartbeat := os.environ.get("ANJU_HEARTBEAT")):
            loop = asyncio.get_running_loop()
            threading.Thread(target=beat, args=(Path(heartbeat), stop, loop), daemon=True).start()
        connector = app.connector
        assert isinstance(connector, DjangoConnector)
        worker_app = app.with_connector(connector.get_worker_connector())
        try:
            async with worker_app.open_async():
                await worker_app.run_worker_async(
                    concurrency=concurrency,
                    wait=wait,
                    fetch_job_polling_interval=1.0,
                    shutdown_graceful_timeout=20,
                    update_heartbeat_interval=5,
                    stalled_worker_timeout=20,
                    delete_jobs="successful",
                )
        finally:
            stop.set()
