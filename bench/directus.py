"""Directus on the same rows: installed, pointed at the same database, asked for the same pages.

It runs as many processes as our web does, without cache, rate limit and telemetry, with a static token. Its pages are
counted by offset; a cursor made by hand is not possible, because it has no "greater than" for text.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bench.client import Target
from bench.installation import Installation
from bench.machine import say

VERSION = "11.3.5"
PROCESSES = 2
FIELDS = (
    "id", "version", "project_id.id", "building_id.id", "code", "address", "layout", "floor_area", "rent", "status", "channel",
    "division", "project_id.name", "programme", "building_id.name", "floor", "room_no", "orientation", "released_on",
    "occupant_name_masked", "lease_end",
)  # fmt: skip
TABLES = {
    "list_first": ("supply_unit", FIELDS, "code"),
    "cases_first": (
        "cases_case",
        (
            "id", "version", "number", "household", "household_size", "state", "node_title", "division", "submitted_at",
            "due_on", "closed_at", "source", "fail_type",
        ),
        "-submitted_at",
    ),
    "contracts_first": (
        "tenancy_contract",
        (
            "id", "version", "number", "tenant_name", "address", "rent", "starts_on", "ends_on", "state", "filing_no",
            "certificate_no", "kind", "rent_mode", "division", "terminated_at",
        ),
        "-id",
    ),
}  # fmt: skip
PAGE = 50


class Missing(RuntimeError):
    """Directus cannot be run here; the message says why."""


def installed(folder: Path) -> Path:
    """The folder with Directus in it, installed when it is not. Raises `Missing`."""
    program = folder / "node_modules" / ".bin" / "directus"
    if program.exists():
        return folder
    if not shutil.which("npm"):
        raise Missing("npm is not on this machine")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"name": "bench-directus", "private": true}\n')
    say(f"installing directus {VERSION} (once, some minutes)")
    command = ["npm", "install", f"directus@{VERSION}", "--omit=dev", "--no-audit", "--no-fund", "--save-exact"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode or not program.exists():
        raise Missing(f"npm could not install directus {VERSION}: {done.stderr[-400:]}")
    return folder


def environment(installation: Installation, token: str, port: int) -> dict[str, str]:
    """Directus's settings: the same database, everything off that would slow it or refuse requests."""
    parts = urlsplit(installation.database)
    return {
        **os.environ, "DB_CLIENT": "pg", "DB_HOST": parts.hostname or "", "DB_PORT": str(parts.port or 5432),
        "DB_DATABASE": parts.path.lstrip("/"), "DB_USER": parts.username or "", "DB_PASSWORD": parts.password or "",
        "SECRET": token, "ADMIN_EMAIL": "bench@example.com", "ADMIN_PASSWORD": token, "ADMIN_TOKEN": token,
        "HOST": "127.0.0.1", "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}", "TELEMETRY": "false",
        "RATE_LIMITER_ENABLED": "false", "PRESSURE_LIMITER_ENABLED": "false", "CACHE_ENABLED": "false",
        "LOG_LEVEL": "error", "NODE_ENV": "production", "WEBSOCKETS_ENABLED": "false", "EXTENSIONS_AUTO_RELOAD": "false",
    }  # fmt: skip


@contextmanager
def running(installation: Installation, folder: Path) -> Iterator[list[Target]]:
    """Directus at work; ends it and takes its tables away afterwards. Raises `Missing`."""
    program = str(installed(folder) / "node_modules" / ".bin" / "directus")
    token = secrets.token_hex(16)
    ports = [installation.port + 20 + number for number in range(PROCESSES)]
    done = subprocess.run(
        [program, "bootstrap"], cwd=folder, env=environment(installation, token, ports[0]), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise Missing(f"directus bootstrap failed: {(done.stderr or done.stdout)[-600:]}")
    with (folder / "directus.log").open("w") as log:
        started = [
            subprocess.Popen(
                [program, "start"], cwd=folder, env=environment(installation, token, port), stdout=log, stderr=log
            )
            for port in ports
        ]
        try:
            for port in ports:
                wait_for(port, started)
            yield [Target("127.0.0.1", port, {"Authorization": f"Bearer {token}"}) for port in ports]
        finally:
            for process in started:
                process.send_signal(signal.SIGTERM)
            for process in started:
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
            drop_tables(installation)


def wait_for(port: int, started: list[subprocess.Popen[bytes]]) -> None:
    """Until it answers. Raises `Missing`."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if any(process.poll() is not None for process in started):
            raise Missing("directus ended by itself; its log lies beside it")
        try:
            if httpx.get(f"http://127.0.0.1:{port}/server/ping", timeout=5).text == "pong":
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise Missing("directus did not answer within two minutes")


def drop_tables(installation: Installation) -> None:
    """Takes Directus's own tables out of the database."""
    with installation.connect() as own:
        names = own.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'directus\\_%'"
        )
        listed = ", ".join(f'"{row[0]}"' for row in names.fetchall())
        if listed:
            own.execute(f"DROP TABLE {listed} CASCADE".encode())


def first_page(key: str = "list_first") -> str:
    """The first page of the table that one of our lists shows, in its order."""
    table, fields, sort = TABLES[key]
    return f"/items/{table}?limit={PAGE}&sort={sort}&fields={','.join(fields)}"


def deep_pages(total: int) -> list[str]:
    """The pages that begin where our deep pages begin, by offset."""
    return [f"{first_page()}&offset={total * tenth // 10 + 1}" for tenth in (5, 6, 7, 8, 9)]


def count_by_district() -> str:
    return "/items/supply_unit?aggregate%5Bcount%5D=%2A&groupBy%5B%5D=division"
