"""The installation under measurement: its address, its database, people signed in, and what it answers."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
from django.http import HttpRequest, HttpResponse

from bench.client import Target
from bench.machine import web_processes


class NotRunning(SystemExit):
    """There is nothing to measure."""


class Installation:
    """What `./dev bench` started, from the environment."""

    def __init__(self) -> None:
        self.url = os.environ.get("ANJU_URL", "")
        if not self.url:
            raise NotRunning("ANJU_URL is not set; start the measurement with ./dev bench")
        parts = urlsplit(self.url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.database = os.environ["DATABASE_URL"]
        self.web = web_processes(self.port)

    @property
    def target(self) -> Target:
        """The address alone, for requests that carry their own heads."""
        return Target(self.host, self.port)

    def connect(self) -> psycopg.Connection[Any]:
        """A connection of one's own, for bare SQL."""
        return psycopg.connect(self.database, autocommit=True)

    def person(self, account: str) -> Person:
        """A member of staff of the demonstration with a session."""
        from anju.identity.models import Account
        from anju.identity.sessions import open_session, staff_actor

        request, answer = HttpRequest(), HttpResponse()
        request.META["REMOTE_ADDR"] = "127.0.0.1"
        row = Account.objects.get(username=account)
        open_session("staff", row.pk, request, answer)
        actor = staff_actor(row.pk)
        assert actor is not None
        return Person(self, actor, answer.cookies["anju_staff"].value)


class Person:
    """Someone signed in: an actor for statements, a target for loads, a client for single requests."""

    def __init__(self, installation: Installation, actor: Any, token: str) -> None:
        self.actor = actor
        headers = {"Cookie": f"anju_staff={token}", "X-Anju-Client": "office"}
        self.target = Target(installation.host, installation.port, headers)
        self.http = httpx.Client(base_url=installation.url, headers=headers, timeout=300)

    def get(self, path: str) -> Any:
        return good(self.http.get(f"/api{path}"))

    def post(self, path: str, body: Any = None, **kwargs: Any) -> Any:
        given = kwargs if kwargs else {"json": body if body is not None else {}}
        return good(self.http.post(f"/api{path}", **given))

    def request(self, path: str) -> bytes:
        return self.target.get(f"/api{path}")

    def posting(self, path: str, body: Any) -> bytes:
        return self.target.request("POST", f"/api{path}", json.dumps(body).encode())


def good(answer: httpx.Response) -> Any:
    """The answer's content; stops the measurement with what was said when it is a refusal."""
    if answer.status_code >= 300:
        raise SystemExit(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:500]}")
    return answer.json()


def until(ask: Callable[[], Any], said: str, patience: float = 900.0, pause: float = 0.2) -> Any:
    """Waits for background work. Stops the measurement when it takes too long."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := ask():
            return found
        time.sleep(pause)
    raise SystemExit(f"waited {patience:.0f} s in vain: {said}")
