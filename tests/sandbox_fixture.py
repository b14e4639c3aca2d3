"""A real sandbox for tests: started as its own process on a free port, one a test process, with switches to play with.

def test_slow(sandbox, db):
    sandbox.behave("marriage", "slow", seconds=3)
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as installed
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]

SMTP_PORTS: dict[str, int] = {}
"""Where the mail system of each running sandbox listens."""


class Sandbox:
    """The running sandbox and its switches."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, trust_env=False, timeout=10)

    def get(self, path: str) -> httpx.Response:
        """Any page or list of it."""
        return self._http.get(path)

    def tell(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        """Uses a switch; its refusal fails the test."""
        answer = self._http.post(path, json=content)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def behave(self, department: str, mode: str, **how: Any) -> None:
        """Makes a department slow, fail, late, twice, garbage, silent, denied or ok; `seconds`, `times`, `kind`."""
        self.tell("/control/behaviour", {"department": department, "mode": mode, **how})

    def person(self, id_number: str, **facts: Any) -> None:
        """Sets what is true of a person: name, housing, marriage, spouse_id_number, insurance, records."""
        self.tell(f"/control/people/{id_number}", facts)

    def messages(self, phone: str) -> list[dict[str, Any]]:
        """The text messages a number received, newest first."""
        listed: list[dict[str, Any]] = self.get(f"/phone/messages?to={phone}").json()["messages"]
        return listed

    def mails(self, address: str) -> list[dict[str, Any]]:
        """The e-mails that arrived at an address, newest first; a second arrival of one message counts again."""
        listed: list[dict[str, Any]] = self.get(f"/mail/messages?to={address}").json()["messages"]
        return listed

    def calls(self, department: str) -> list[dict[str, Any]]:
        """The calls a department received, newest first."""
        listed: list[dict[str, Any]] = self.get(f"/control/calls?limit=500&department={department}").json()["calls"]
        return listed

    def units(self, department: str) -> dict[str, dict[str, Any]]:
        """The units that a department was told of, by code."""
        listed = self.get(f"/control/units?department={department}").json()["units"]
        return {unit["code"]: unit for unit in listed}

    def received(self) -> dict[str, list[dict[str, Any]]]:
        """What the case store and the subject database received (`pushed`, `shared`), what is still to be collected."""
        listed: dict[str, list[dict[str, Any]]] = self.get("/case-store/received").json()
        return listed

    def reset(self, *, everything: bool = False) -> None:
        """All departments well again; with `everything`, nothing remembered."""
        self.tell("/control/reset", {"everything": everything})


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def start_sandbox(var: Path, port: int, smtp_port: int | None = None) -> subprocess.Popen[bytes]:
    """Starts a sandbox and waits until it answers; it ends with this process at the latest."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "sandbox",
            "--port",
            str(port),
            "--smtp-port",
            str(smtp_port or free_port()),
            "--until-eof",
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        env={**os.environ, "ANJU_VAR": str(var), "ANJU_EXCHANGE_KEY": installed.ANJU_EXCHANGE_KEY},
    )
    ends = time.monotonic() + 30
    while time.monotonic() < ends and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=1).status_code == 200:
                return process
        except httpx.HTTPError:
            time.sleep(0.05)
    process.kill()
    raise RuntimeError("the sandbox does not answer")


def stop(process: subprocess.Popen[bytes]) -> int:
    """Ends a sandbox as the supervisor does; gives its exit code."""
    process.terminate()
    try:
        return process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(10)


@pytest.fixture(scope="session")
def sandbox_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a sandbox that lives as long as the test session; the platform's settings point at it."""
    port, smtp_port = free_port(), free_port()
    process = start_sandbox(tmp_path_factory.mktemp("sandbox"), port, smtp_port)
    former, installed.SANDBOX_URL = installed.SANDBOX_URL, f"http://127.0.0.1:{port}"
    SMTP_PORTS[installed.SANDBOX_URL] = smtp_port
    try:
        yield installed.SANDBOX_URL
    finally:
        installed.SANDBOX_URL = former
        stop(process)


@pytest.fixture
def sandbox(sandbox_url: str, db: None, settings: Any) -> Iterator[Sandbox]:
    """The sandbox with all departments well, nothing remembered, and all breakers closed."""
    settings.SANDBOX_URL = sandbox_url
    settings.ANJU_MAIL = {**installed.ANJU_MAIL, "host": "127.0.0.1", "port": SMTP_PORTS[sandbox_url]}
    running = Sandbox(sandbox_url)
    running.reset(everything=True)
    _close_breakers()
    yield running
    running.reset()
    _close_breakers()


def _close_breakers() -> None:
    # breakers are written outside the test's transaction, and so outlive it
    own = connection.copy()
    with own.cursor() as cursor:
        cursor.execute("DELETE FROM connectors_state")
        cursor.execute("DELETE FROM connectors_call")
    own.close()
