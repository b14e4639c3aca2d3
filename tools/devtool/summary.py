"""What a person wants to see of a running installation: addresses, accounts, versions, health."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from typing import Any

from tools.devtool import processes, state
from tools.devtool.console import colour, say, warn
from tools.devtool.installation import PYTHON, ROOT, Installation
from tools.devtool.postgres import database


def addresses(installation: Installation) -> dict[str, str]:
    """Where the pages are."""
    return {
        "citizen": installation.url + "/",
        "office": installation.url + "/office/",
        "sandbox": installation.sandbox_url + "/",
        "sandbox_phone": installation.sandbox_url + "/phone",
        "api": installation.url + "/api/openapi.json",
    }


TITLES = {
    "citizen": "Residents (居民端)",
    "office": "Offices (办公端)",
    "sandbox": "Sandbox of outside departments",
    "sandbox_phone": "Sandbox phone with the text messages (短信)",
    "api": "API description (OpenAPI)",
}


def address_line(name: str, address: str) -> str:
    """An address and what is there; the address first, as Chinese characters are two columns wide."""
    return f"  {colour(address.ljust(40), 'cyan')}{TITLES[name]}"


def show(installation: Installation) -> None:
    """Prints the addresses and one demonstration account a role."""
    say()
    say(colour("Anju (安居) is running", "bold"))
    for name, address in addresses(installation).items():
        say(address_line(name, address))
    accounts = demonstration_accounts(installation)
    if accounts:
        say()
        say(colour("One account a role (synthetic people)", "bold"))
    for account in accounts:
        say(f"  {account['account']:<16}{account['password']:<16}{account['role']} · {account['name']}")
    say()


def demonstration_accounts(installation: Installation) -> list[dict[str, str]]:
    """The accounts of the demonstration city: role, account, password, name."""
    command = [str(PYTHON), "-m", "anju", "demo_accounts", "--json", "--skip-checks"]
    done = subprocess.run(command, cwd=ROOT, env=installation.environment(), capture_output=True, text=True)
    if done.returncode:
        warn(f"The demonstration accounts cannot be listed: {done.stderr.strip()[-300:]}")
        return []
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def versions(note: state.State | None) -> dict[str, str]:
    """What runs, as exactly as it can be named."""
    commit = ""
    if git := shutil.which("git"):
        told = subprocess.run([git, "-C", ROOT, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True)
        commit = told.stdout.strip() if told.returncode == 0 else ""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {
        "anju": project["version"],
        "commit": commit,
        "python": sys.version.split()[0],
        "postgresql": note.postgresql if note else "",
    }


@dataclass(frozen=True)
class Health:
    """How one process is."""

    name: str
    pid: int | None
    healthy: bool
    restarts: int
    up_seconds: int


def health(installation: Installation, note: state.State) -> list[Health]:
    """Asks each process of a running supervisor; the database too when it is not ours."""
    checks = {process.name: process.healthy for process in processes.application_processes(installation)}
    checks["database"] = lambda: database.answers(installation.database_url)
    entries = note.processes
    if "database" not in entries:
        entries = {**entries, "database": state.ProcessState(since=note.started)}
    return [
        Health(name, entry.pid, checks[name](), entry.restarts, max(int(time.time() - entry.since), 0))
        for name, entry in entries.items()
    ]


def status(installation: Installation) -> dict[str, Any]:
    """Everything `./dev status` tells, for people and for scripts."""
    note = state.read(installation.var)
    running = state.is_running(installation)
    return {
        "running": running,
        "phase": note.phase if note and running else "stopped",
        "supervisor": note.supervisor if note and running else None,
        "addresses": addresses(installation),
        "database": database.without_password(installation.database_url) if running else "",
        "folder": str(installation.var),
        "versions": versions(note if running else None),
        "processes": [vars(entry) for entry in health(installation, note)] if note and running else [],
    }
