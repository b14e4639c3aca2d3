"""What is started: a whole installation, or its database alone; in this process or in the background."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable

from tools.devtool import processes, state
from tools.devtool.console import Failure, say
from tools.devtool.installation import PYTHON, ROOT, Installation
from tools.devtool.postgres import cluster, database
from tools.devtool.supervisor import Plan, Task


def database_plan(installation: Installation) -> Plan:
    """Only the database; the own server, or the one DATABASE_URL names."""
    own = None
    if not installation.given_database_url:
        own = processes.database_process(installation, cluster.prepare(installation))
    return Plan(database=own, prepare=lambda: database.prepare(installation.database_url))


def whole_plan(installation: Installation, on_ready: Callable[[], None] = lambda: None) -> Plan:
    """Database, tables, demonstration city, then sandbox, worker and web."""
    plan = database_plan(installation)
    plan.tasks = [
        Task(
            "migrate", "Tables (migrate)", [str(PYTHON), "-m", "anju", "migrate", "--verbosity", "0", "--skip-checks"]
        ),
        Task("seed", "Demonstration city (seed_demo)", [str(PYTHON), "-m", "anju", "seed_demo", "--skip-checks"]),
    ]
    plan.applications = processes.application_processes(installation)
    plan.on_ready = on_ready
    return plan


def start_in_background(installation: Installation, database_only: bool = False) -> None:
    """Starts a supervisor in a session of its own; returns when everything answers.

    Raises Failure when it gives up; what it said has been passed on by then.
    """
    installation.make_folders()
    written = installation.log / "supervisor.log"
    environment = {
        **os.environ,
        "ANJU_VAR": str(installation.var),
        "ANJU_PORT": str(installation.port),
        "ANJU_FLEETING": str(int(installation.fleeting)),
    }
    if installation.given_database_url:
        environment["DATABASE_URL"] = installation.given_database_url
    else:
        environment.pop("DATABASE_URL", None)
    command = [str(PYTHON), str(ROOT / "dev"), "supervise", *(["--database-only"] if database_only else [])]
    with written.open("w") as log:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    with written.open() as log:
        try:
            while True:
                ended = child.poll() is not None
                if text := log.read():
                    say(text.rstrip("\n"))
                if ended:
                    raise Failure("Anju did not start; what it said stands above.")
                note = state.read(installation.var)
                if note and note.supervisor == child.pid and note.phase == "ready":
                    return
                time.sleep(0.1)
        except KeyboardInterrupt:
            child.terminate()
            child.wait()
            raise


def stop(installation: Installation) -> bool:
    """Ends the supervisor and everything it started, also what a killed one left; False when nothing ran."""
    note = state.read(installation.var)
    if note is None:
        return False
    if not state.is_running(installation):
        return bool(state.end_leftovers(note))
    os.kill(note.supervisor, signal.SIGTERM)
    deadline = time.monotonic() + 120
    while state.is_running(installation):
        if time.monotonic() > deadline:
            raise Failure(f"The supervisor (process {note.supervisor}) does not end; see {installation.log}.")
        time.sleep(0.1)
    return True
