"""`anju worker`: the background process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import uvloop
from asgiref.sync import sync_to_async
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, close_old_connections, connection, connections
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException

from anju.kernel.jobs.handlers import close_forgotten, recover_stalled
from anju.kernel.postgresql.pools import LookingPool

log = logging.getLogger("anju.jobs")
RECOVER_EVERY_SECONDS = 5.0
PAUSE_SECONDS = 2.0
GIVES_WAY = 5


def beat(path: Path, stop: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
    """Touches the heartbeat file as long as the worker's event loop answers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while not stop.is_set():
        answered = threading.Event()
        loop.call_soon_threadsafe(answered.set)
        if answered.wait(10):
            path.touch()
        stop.wait(5)


def recover() -> None:
    """Gives the jobs of dead workers back to the queue; while the database is away, the next round does it."""
    close_old_connections()
    try:
        recover_stalled()
        close_forgotten()
    except Error as error:
        log.warning("jobs of dead workers could not be looked for: %s", error)
    finally:
        connection.close()


async def keep_recovering() -> None:
    """Looks for jobs of dead workers as long as this one lives."""
    while True:
        await asyncio.to_thread(recover)
        await asyncio.sleep(RECOVER_EVERY_SECONDS)


def known_queues() -> list[str]:
    """The queues in which tasks are declared."""
    return sorted({task.queue for task in app.tasks.values() if not task.name.startswith("builtin:")})


def queue_connection() -> dict[str, Any]:
    """How the queue's own statements reach the database: the taking and ending of jobs do not wait for the disk.

    If the database dies within the moment, such a job is done again, which every job is written to bear; what jobs change
    goes over other connections, which do wait.
    """
    given = connector_params()
    return {**given, "options": f"{given.get('options') or ''} -c synchronous_commit=off".strip()}


def give_way() -> None:
    """Where people and jobs want the same processor, people come first; he keeps a third of what one of them has."""
    with contextlib.suppress(OSError):
        os.nice(GIVES_WAY)
        # where the kernel shares out by session, that is what it looks at; not of a session that is others' too
        if os.getsid(0) == os.getpid():
            Path("/proc/self/autogroup").write_text(str(GIVES_WAY))


class Command(BaseCommand):
    """Runs jobs until told to stop; jobs under way are finished first. When the database goes away it waits for it."""

    help = "启动后台任务进程"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4, help="同时办几件任务（默认 4）")
        parser.add_argument("--once", action="store_true", help="办完正在等待的任务就退出")
        parser.add_argument(
            "--queues",
            default="",
            help=f"只办这些队列的任务，逗号分隔；默认全部。现有队列：{'、'.join(known_queues())}（work 是长任务：导入、导出）",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wait = not options["once"]
        queues = [name.strip() for name in options["queues"].split(",") if name.strip()]
        if unknown := sorted(set(queues) - set(known_queues())):
            raise CommandError(f"没有这些队列：{'、'.join(unknown)}；现有：{'、'.join(known_queues())}")
        if wait:
            give_way()
        # most of what a small job costs is waiting on sockets, which this loop does in C
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            while not runner.run(self.work(options["concurrency"], queues, wait=wait)) and wait:
                log.warning("the database went away; the worker begins again")
                time.sleep(PAUSE_SECONDS)

    async def work(self, concurrency: int, queues: list[str], *, wait: bool) -> bool:
        """Runs jobs; says whether it was told to stop, rather than cut off from the database."""
        stop, loop = threading.Event(), asyncio.get_running_loop()
        # the thread of the periodic tasks outlives a round, and with it a connection that is dead by now
        await sync_to_async(connections.close_all)()
        if wait and (heartbeat := os.environ.get("ANJU_HEARTBEAT")):
            threading.Thread(target=beat, args=(Path(heartbeat), stop, loop), daemon=True).start()
        worker_app = app.with_connector(PsycopgConnector(kwargs=queue_connection(), pool_factory=LookingPool))
        recovering = asyncio.create_task(keep_recovering())
        try:
            async with worker_app.open_async():
                running = asyncio.create_task(
                    worker_app.run_worker_async(
                        queues=queues or None,  # type: ignore[arg-type]  # None is its word for all
                        concurrency=concurrency,
                        wait=wait,
                        fetch_job_polling_interval=1.0,
                        shutdown_graceful_timeout=20,
                        update_heartbeat_interval=5,
                        stalled_worker_timeout=20,
                        delete_jobs="successful",
                        install_signal_handlers=False,
                    )
                )
                # cancelling it is its way of finishing what is under way and taking nothing new
                for number in (signal.SIGTERM, signal.SIGINT):
                    loop.add_signal_handler(number, running.cancel)
                await running
        except asyncio.CancelledError:
            return True
        except ConnectorException as error:
            if not wait:
                raise
            log.warning("the database does not answer: %s", error.__cause__ or error)
        finally:
            recovering.cancel()
            stop.set()
        return False
