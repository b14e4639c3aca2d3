"""A whole installation of a test's own, with its own database cluster, under the same supervisor as `./dev up`.

Its processes can be killed at any moment; the supervisor starts them again, as it does for everybody.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from tests.journeys import people
from tools.devtool import plans, state
from tools.devtool.installation import Installation, free_port_range
from tools.devtool.processes import answers


class Besieged:
    """The installation: started, struck, asked, stopped."""

    def __init__(self, var: Path) -> None:
        shutil.rmtree(var, ignore_errors=True)
        self.installation = Installation(var, free_port_range(), None)

    def start(self) -> None:
        """Cluster, tables, demonstration city, sandbox, worker, web; returns when all of them answer."""
        plans.start_in_background(self.installation)

    def stop(self) -> None:
        plans.stop(self.installation)

    def environment(self) -> dict[str, str]:
        """What commands such as `anju check_books` need to reach it."""
        wanted = ("ANJU_ENV", "ANJU_VAR", "ANJU_PORT", "ANJU_URL", "ANJU_SANDBOX_URL", "DATABASE_URL", "PYTHONPATH")
        return {name: value for name, value in self.installation.environment().items() if name in wanted}

    def pid(self, name: str) -> int:
        """The process of this name that the supervisor started last."""
        note = state.read(self.installation.var)
        assert note is not None
        number = note.processes[name].pid
        assert number is not None, f"{name} does not run"
        return number

    def kill(self, name: str) -> None:
        """`kill -9` of a process and its children, without a word of warning."""
        os.killpg(self.pid(name), signal.SIGKILL)

    def kill_server_worker(self) -> None:
        """`kill -9` of the one web process that answers requests; its parent starts another."""
        parent = self.pid("web")
        children = [pid for pid in children_of(parent) if b"resource_tracker" not in command_of(pid)]
        assert children, "the web has no process that answers"
        for pid in children:
            os.kill(pid, signal.SIGKILL)

    def stop_database_at_once(self) -> None:
        """Immediate shutdown, as `pg_ctl stop -m immediate`: no checkpoint, every connection cut, recovery at the start."""
        data = self.installation.var / "postgres" / "data" / "postmaster.pid"
        os.kill(int(data.read_text().split("\n", 1)[0]), signal.SIGQUIT)

    def said(self, name: str) -> str:
        """What a process printed so far."""
        return (self.installation.log / f"{name}.log").read_text()

    def until_ready(self, patience: float = 60) -> None:
        """Waits until web and database answer again."""
        people.until(lambda: answers(self.installation.url + "/readyz"), said="the web answers", patience=patience)

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query, past the application."""
        with psycopg.connect(self.installation.database_url, connect_timeout=5) as connection:
            return connection.execute(sql, values or None).fetchall()

    def books_agree(self, settle: float = 90) -> None:
        """Waits for background work to come to rest, then asks every rule of consistency."""
        people.manage("check_books", "--settle", str(settle))
        assert self.ask("SELECT count(*) FROM events_delivery WHERE done_at IS NULL") == [(0,)]


def children_of(parent: int) -> list[int]:
    """The processes whose parent is this one."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == parent:
            found.append(int(entry.name))
    return found


def command_of(pid: int) -> bytes:
    """The command line of a process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def repeat(act: Callable[[], Any], patience: float = 60) -> Any:
    """Does what a person does whose page says it could not be done: the same again, until there is an answer."""
    import httpx

    end = time.monotonic() + patience
    while True:
        try:
            answer = act()
            if answer.status_code < 500:
                return answer
        except httpx.HTTPError:
            answer = None
        assert time.monotonic() < end, f"no answer in {patience} s: {answer and answer.text[:300]}"
        time.sleep(0.2)
