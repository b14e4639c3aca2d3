"""The installation's own database cluster under var/postgres: made once, then served by a child of the supervisor."""

from __future__ import annotations

import locale
import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.devtool import state
from tools.devtool.console import Failure, step, warn
from tools.devtool.installation import DATABASE_USER, Installation
from tools.devtool.postgres import account, binaries

MIB = 1024 * 1024
FLEETING = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "wal_level": "minimal", "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
}  # fmt: skip
"""Settings of a server whose data need not outlive the machine: nothing waits for the disk."""


@dataclass(frozen=True)
class Cluster:
    """A cluster that is ready to be served."""

    data: Path
    command: list[str]
    environment: dict[str, str]
    account: account.Account
    version: str


def prepare(installation: Installation) -> Cluster:
    """Makes the cluster when there is none; gives what is needed to serve it."""
    home = installation.var / "postgres"
    data = home / "data"
    server = binaries.find(_major_of(data))
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    who = account.choose(home)
    if not account.can_run(who, server.folder):
        server = binaries.copy_outside(server)
    environment = {**os.environ, **server.environment, "TZ": "UTC"}
    if not data.exists():
        step(f"Database cluster (PostgreSQL {server.version} of {server.folder}, {_as(who)})")
        _initialise(installation, home, server, who, environment)
    clear_stale_lock(data)
    options = {
        **settings(memory()),
        **(FLEETING if installation.fleeting else {}),
        "port": str(installation.database_port),
    }
    command = [*who.prefix, str(server.folder / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    return Cluster(data, command, environment, who, server.version)


def _as(who: account.Account) -> str:
    return f"run as {who.name}" if who.name else "run as you"


def _major_of(data: Path) -> int | None:
    """The major version that made the cluster, None when there is none yet."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _initialise(
    installation: Installation, home: Path, server: binaries.Binaries, who: account.Account, environment: dict[str, str]
) -> None:
    """Runs initdb beside the final place, so that a broken attempt is never taken for a cluster."""
    fresh = home / "fresh"
    password = home / "password"
    shutil.rmtree(fresh, ignore_errors=True)
    password.touch(mode=0o600)
    password.write_text(installation.database_password())
    if os.geteuid() == 0:
        owner = home.stat()
        os.chown(password, owner.st_uid, owner.st_gid)
    command = [
        *who.prefix, str(server.folder / "initdb"), "--pgdata", str(fresh), "--username", DATABASE_USER,
        "--pwfile", str(password), "--auth", "scram-sha-256", "--encoding", "UTF8",
        "--lc-collate", "C", "--lc-ctype", unicode_locale(), "--lc-messages", "C",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, **who.options)
    finally:
        password.unlink()
    if done.returncode:
        raise Failure(f"initdb failed: {done.stderr.strip()}")
    fresh.rename(home / "data")


def unicode_locale() -> str:
    """A locale that knows Chinese characters are letters (pg_trgm finds nothing in names otherwise)."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "en_US.UTF-8", "zh_CN.UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise Failure("No UTF-8 locale on this machine: install one (Debian: `apt-get install locales-all`).")


def memory() -> int:
    """Bytes this machine, or the container on it, may use."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    try:
        return min(total, int(limit.read_text()))
    except (OSError, ValueError):
        return total


def settings(memory_bytes: int) -> dict[str, str]:
    """Server settings for a machine that also runs the web and a browser: an eighth of the memory is shared buffers."""
    mib = memory_bytes // MIB
    return {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "200",
        "shared_buffers": f"{min(max(mib // 8, 128), 4096)}MB",
        "effective_cache_size": f"{max(mib // 2, 256)}MB",
        "maintenance_work_mem": f"{min(max(mib // 24, 64), 1024)}MB",
        "work_mem": "16MB",
        "max_wal_size": "4GB",
        "checkpoint_completion_target": "0.9",
        "random_page_cost": "1.1",
        "jit": "off",
        "log_min_messages": "warning",
        "log_checkpoints": "off",
        "log_line_prefix": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }


def clear_stale_lock(data: Path) -> None:
    """Deals with what a killed server left: ends one that still runs, removes a lock whose process is another's.

    A server killed hard leaves postmaster.pid behind. PostgreSQL removes it itself unless the number belongs to some
    other process by now, which is usual in a container where numbers start anew.
    """
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        lock.unlink(missing_ok=True)
        return
    if not state.birth_of(pid):
        return
    if serves(pid, data):
        warn(f"A server of an earlier run still holds the database (process {pid}); it is stopped first.")
        state.end_group(pid, signal.SIGINT, patience=30)
    else:
        lock.unlink(missing_ok=True)


def serves(pid: int, data: Path) -> bool:
    """Whether the process is the PostgreSQL server of this cluster."""
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")) == data.resolve()
    except OSError:
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
        return str(data) in shown.stdout
