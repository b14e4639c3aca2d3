"""What the supervisor writes down about itself, so that `status`, `stop` and the fault tests find its processes."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from tools.devtool.console import Failure
from tools.devtool.installation import Installation, wanted_installation


@dataclass
class ProcessState:
    """One process as last seen by the supervisor."""

    pid: int | None = None
    birth: str = ""
    restarts: int = 0
    since: float = 0.0


@dataclass
class State:
    """The supervisor's note: starting, ready, stopping or failed, and each process by name."""

    supervisor: int
    port: int
    database_url: str | None
    phase: str = "starting"
    started: float = 0.0
    postgresql: str = ""
    processes: dict[str, ProcessState] = field(default_factory=dict)


def path_of(installation: Installation) -> Path:
    """Where the note lies."""
    return installation.run / "supervisor.json"


def write(installation: Installation, state: State) -> None:
    """Replaces the note in one step; only its owner may read it, as it may hold a database password."""
    target = path_of(installation)
    fresh = target.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(state), indent=1))
    fresh.replace(target)


def read(var: Path) -> State | None:
    """The note of the installation in this folder, None when there is none."""
    try:
        data = json.loads((var / "run" / "supervisor.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    processes = {name: ProcessState(**entry) for name, entry in data.pop("processes").items()}
    return State(**data, processes=processes)


def take_lock(installation: Installation) -> IO[str] | None:
    """The lock a supervisor holds as long as it lives; None when another one holds it."""
    handle = (installation.run / "supervisor.lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def is_running(installation: Installation) -> bool:
    """Whether a supervisor of this installation lives."""
    if not installation.run.is_dir():
        return False
    lock = take_lock(installation)
    if lock:
        lock.close()
    return lock is None


def birth_of(pid: int) -> str:
    """When a living process began, as the system tells it; empty when there is none (or only its remains)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self").exists():
            return ""
        shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
        return shown.stdout.strip()


def end_leftovers(state: State) -> list[str]:
    """Ends what a killed supervisor left behind; gives the names. A reused process number is left alone."""
    left = {
        name: entry.pid
        for name, entry in state.processes.items()
        if entry.pid and entry.birth and birth_of(entry.pid) == entry.birth
    }
    for name in [name for name in left if name != "database"] + [name for name in left if name == "database"]:
        end_group(left[name], signal.SIGINT if name == "database" else signal.SIGTERM)
    return list(left)


def end_group(pid: int, gentle: signal.Signals, patience: float = 15.0) -> None:
    """Asks a process to end, and ends its whole group when it does not."""
    try:
        os.kill(pid, gentle)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and birth_of(pid):
            time.sleep(0.1)
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def present_installation() -> Installation:
    """The installation that runs in this checkout, with the ports it was started with; else the wanted one."""
    wanted = wanted_installation()
    note = read(wanted.var)
    if note and is_running(wanted):
        return Installation(wanted.var, note.port, note.database_url)
    return wanted


def running_installation() -> Installation:
    """The installation that runs in this checkout; raises Failure when none does."""
    found = present_installation()
    if not is_running(found):
        raise Failure("Anju is not running: start it with `./dev up -d`.")
    return found
