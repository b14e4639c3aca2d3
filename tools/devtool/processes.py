"""The processes of an installation: how each is started, how one knows that it works, how it is ended."""

from __future__ import annotations

import http.client
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.devtool.installation import PYTHON, ROOT, Installation
from tools.devtool.postgres import cluster, database

HEARTBEAT_SECONDS = 30
"""A worker whose sign of life is older than this is not well."""


@dataclass(frozen=True)
class Process:
    """A process the supervisor keeps running."""

    name: str
    colour: str
    command: list[str]
    environment: dict[str, str]
    healthy: Callable[[], bool]
    """Asked in a thread; answers within seconds and never raises."""
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 15.0
    """Seconds between asking it to end and killing it."""
    options: dict[str, Any] = field(default_factory=lambda: {"cwd": ROOT})
    """Arguments for Popen."""
    before: Callable[[], None] = lambda: None
    """Called before each start."""


def database_process(installation: Installation, made: cluster.Cluster) -> Process:
    """The own PostgreSQL server."""
    return Process(
        name="database",
        colour="magenta",
        command=made.command,
        environment=made.environment,
        healthy=lambda: database.answers(database.with_name(installation.database_url, "postgres")),
        # SIGINT is PostgreSQL's fast shutdown: connections are cut, everything committed is safe.
        stop_signal=signal.SIGINT,
        patience=60,
        options={"cwd": made.data.parent, **made.account.options},
        before=lambda: cluster.clear_stale_lock(made.data),
    )


def application_processes(installation: Installation) -> list[Process]:
    """Web, worker and sandbox, in the order in which they are ended."""
    environment = installation.environment()

    def anju(*arguments: str) -> list[str]:
        return [str(PYTHON), "-m", "anju", *arguments]

    return [
        Process("web", "green", anju("serve"), environment, lambda: answers(installation.url + "/readyz")),
        Process(
            "worker", "yellow", anju("worker"), environment,
            lambda: is_fresh(installation.heartbeat),
            patience=30,
            before=lambda: installation.heartbeat.unlink(missing_ok=True),
        ),
        Process(
            "sandbox", "blue", [str(PYTHON), "-m", "sandbox", "--port", str(installation.sandbox_port)], environment,
            lambda: answers(installation.sandbox_url + "/healthz"),
            patience=5,
        ),
    ]  # fmt: skip


def answers(url: str) -> bool:
    """Whether an address answers 200."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=3)
    try:
        connection.request("GET", f"/{path}")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_fresh(heartbeat: Path) -> bool:
    """Whether the file was touched a short while ago."""
    try:
        return time.time() - heartbeat.stat().st_mtime < HEARTBEAT_SECONDS
    except OSError:
        return False
