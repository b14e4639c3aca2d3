"""The machine and how busy others keep it; versions; the processor time of the web processes."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")
PACKAGES = ("Django", "django-ninja", "granian", "psycopg", "procrastinate", "orjson", "python-calamine", "XlsxWriter")


def stat_of(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat after the name, or None for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None


def processes() -> dict[int, list[str]]:
    """All processes with their fields."""
    found = {int(name): stat_of(int(name)) for name in os.listdir("/proc") if name.isdigit()}
    return {pid: fields for pid, fields in found.items() if fields}


def web_processes(port: int) -> set[int]:
    """The server that was told this port, and all below it."""
    return family(lambda pid: serves(pid, port))


def workers(url: str) -> set[int]:
    """The background processes of the installation at an address, and all below them."""
    return family(lambda pid: works(pid, url))


def family(chosen: Callable[[int], bool]) -> set[int]:
    """The chosen processes and all below them."""
    running = processes()
    found = {pid for pid in running if chosen(pid)}
    while more := {pid for pid, fields in running.items() if int(fields[1]) in found} - found:
        found |= more
    return found


def works(pid: int, url: str) -> bool:
    """Whether a process is a worker of ours of the installation at this address."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        told = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"worker" in words and f"ANJU_URL={url}".encode() in told


def forget_peak(pids: set[int]) -> None:
    """Lets the highest use of memory be counted anew from now."""
    for pid in pids:
        with suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_mib(pids: set[int]) -> float:
    """The highest use of memory of the processes together, in MiB."""
    lines = [line for pid in pids for line in read(f"/proc/{pid}/status").splitlines() if line.startswith("VmHWM")]
    return sum(int(line.split()[1]) for line in lines) / 1024


def serves(pid: int, port: int) -> bool:
    """Whether a process is a web server of ours on this port."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return False
    return bool({"granian", "anju.site.web"} & set(words)) and str(port) in words


def cpu_seconds(pids: set[int]) -> float:
    """Processor time that the processes have used so far."""
    used = [fields for fields in map(stat_of, pids) if fields]
    return sum(int(fields[11]) + int(fields[12]) for fields in used) / TICK


def with_children(pids: set[int]) -> float:
    """Processor time of the processes and of those below them, the ended ones too."""
    below = family(lambda pid: pid in pids)
    ended = [fields for fields in map(stat_of, pids) if fields]
    return cpu_seconds(below) + sum(int(fields[13]) + int(fields[14]) for fields in ended) / TICK


def database_server(backend: int) -> set[int]:
    """The database server to which a connection's own process belongs, when it runs on this machine."""
    fields = stat_of(backend)
    return {int(fields[1])} if fields else set()


def busy(seconds: float = 1.0) -> float:
    """The share of the processors in use over a pause in which the measurement itself does nothing: others' work."""

    def read() -> tuple[int, int]:
        fields = list(map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]))
        return sum(fields), fields[3] + fields[4]

    total, idle = read()
    time.sleep(seconds)
    total_after, idle_after = read()
    return round(1 - (idle_after - idle) / max(1, total_after - total), 2)


def described(server: str) -> dict[str, Any]:
    """Processors, memory, system and versions."""
    model = [
        line.split(":", 1)[1].strip() for line in read("/proc/cpuinfo").splitlines() if line.startswith("model name")
    ]
    memory = [line.split()[1] for line in read("/proc/meminfo").splitlines() if line.startswith("MemTotal")]
    return {
        "processors": os.cpu_count(),
        "processor": model[0] if model else platform.processor(),
        "memory_mib": int(memory[0]) // 1024 if memory else None,
        "in_a_control_group": in_a_group(),
        "system": f"{platform.system()} {platform.release()}",
        "versions": {
            "Python": platform.python_version(),
            "PostgreSQL": server,
            "node": node_version(),
            **{name: version(name) for name in PACKAGES},
        },
    }


def in_a_group() -> bool:
    """Whether the processors are shared out to us as to a container or a service, and not by session."""
    places = [line.split(":", 2) for line in read("/proc/self/cgroup").splitlines()]
    return any(place != "/" for _, kinds, place in places if not kinds or "cpu" in kinds.split(","))


def read(path: str) -> str:
    """A file of the system, empty where there is none."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def node_version() -> str:
    """Node's version, or a dash."""
    try:
        return subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip() or "—"
    except OSError:
        return "—"


def say(line: str) -> None:
    """A line of progress."""
    print(line, file=sys.stderr, flush=True)
