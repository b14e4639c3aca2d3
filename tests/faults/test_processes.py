"""Web processes beside each other: contexts served by processes of their own, and one taking over from another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.faults.installation import Besieged
from tests.journeys import people
from tests.journeys.people import Staff, until
from tests.journeys.test_whole_way import fresh_resident
from tools.devtool.installation import ROOT, free_port_range
from tools.devtool.processes import answers

pytestmark = [pytest.mark.fault, pytest.mark.installation, pytest.mark.timeout(240)]
Start = Callable[..., "Web"]


class Web:
    """A further web process of the installation, with a port of its own."""

    def __init__(self, besieged: Besieged, *options: str, environment: dict[str, str] | None = None) -> None:
        self.port = free_port_range()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "anju", "serve", "--port", str(self.port), "--workers", "1", *options],
            cwd=ROOT, env={**os.environ, **besieged.installation.environment(), **(environment or {})},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def ready(self) -> bool:
        return answers(self.url + "/readyz")

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, timeout=10, trust_env=False)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


@pytest.fixture
def start(besieged: Besieged) -> Iterator[Start]:
    """Starts further web processes and ends them afterwards."""
    made: list[Web] = []

    def begin(*options: str) -> Web:
        made.append(Web(besieged, *options))
        until(made[-1].ready, said="the process is ready")
        return made[-1]

    yield begin
    for each in made:
        each.end()


def operations(url: str) -> set[str]:
    """The addresses in a process's API document."""
    return set(httpx.get(f"{url}/api/openapi.json", timeout=30, trust_env=False).json()["paths"])


@pytest.mark.covers("NF-04.2")
def test_a_residents_application_sent_to_a_citizens_process_arrives_at_the_clerks(
    besieged: Besieged, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = start("--contexts", "citizen")
    assert public.get("/readyz").json()["contexts"] == ["citizen"]
    monkeypatch.setattr(people, "URL", public.url)
    resident = fresh_resident(31)
    resident.register()
    resident.verify_by_bank()
    resident.fill_application()
    made = resident.submit()
    monkeypatch.setattr(people, "URL", besieged.installation.url)
    clerk = Staff("fangting")
    assert str(clerk.http.base_url) == besieged.installation.url
    page = clerk.take(made["number"], "accept")
    assert page["number"] == made["number"]
    clerk.act(page, "accept")

    def accepted() -> bool:
        return any("已受理" in message["text"] and made["number"] in message["text"] for message in resident.messages())

    until(accepted, said="the resident is told through the worker")
    assert str(resident.http.base_url) == public.url
    assert resident.case(made["case_id"])["number"] == made["number"]
    besieged.books_agree()


@pytest.mark.covers("NF-04.2")
def test_a_process_serves_the_named_contexts_and_no_others(besieged: Besieged, start: Start) -> None:
    whole = operations(besieged.installation.url)
    public, desk = start("--contexts", "citizen"), start("--contexts", "eligibility,waiting")
    assert desk.get("/readyz").json()["contexts"] == ["eligibility", "waiting"]
    foundation = {"/api/identity/sign-in", "/api/dictionaries", "/api/documents/verify/{code}"}
    citizens, desks = operations(public.url), operations(desk.url)
    assert foundation <= citizens & desks
    assert citizens | desks < whole
    there = {"/api/citizen/application/submit", "/api/citizen/contracts", "/api/public/units"}
    assert there <= citizens
    assert not there & desks
    assert {
        "/api/cases/todo",
        "/api/waiting/batches",
        "/api/registers/eligibility.certificates/rows",
    } <= desks - citizens
    for path in ("/api/registers/supply.units/rows", "/api/tenancy/contracts/1", "/api/supply/board"):
        for process in (public, desk):
            answer = process.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        assert httpx.get(besieged.installation.url + path, trust_env=False).status_code == 401, path
    assert public.get("/api/cases/todo").status_code == 404
    assert desk.get("/api/cases/todo").status_code == 401
    # the faces: the residents' with citizen, the office's with the others
    assert public.get("/office/").json()["code"] == "not_found"
    assert desk.get("/").json()["code"] == "not_found"
    assert public.get("/").status_code != 404
    assert desk.get("/office/").status_code != 404


@pytest.mark.covers("NF-04.2")
def test_an_unknown_context_is_refused_at_the_start(besieged: Besieged) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "anju", "serve", "--contexts", "citizen,nobody"],
        cwd=ROOT, env={**os.environ, **besieged.installation.environment()}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode != 0
    assert "没有这些上下文：nobody" in told.stderr


class Balancer:
    """Sends requests, as balancers do, to processes whose readiness says yes; each is asked ten times a second."""

    def __init__(self, *processes: Web) -> None:
        self.processes = list(processes)
        self.taken: list[Web] = []
        self.answered: Counter[tuple[int, int]] = Counter()
        self.failed: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=work) for work in (self.watch, *[self.send] * 4)]

    def __enter__(self) -> Balancer:
        self.look()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def look(self) -> None:
        self.taken = [process for process in self.processes if process.ready()]

    def watch(self) -> None:
        while not self._stop.wait(0.1):
            self.look()

    def send(self) -> None:
        """Asks for something that reads the database, each time over a new connection."""
        turn = 0
        while not self._stop.wait(0.005):
            turn += 1
            taken = self.taken
            if not taken:
                self.failed.append("no process is ready")
                continue
            chosen = taken[turn % len(taken)]
            try:
                self.answered[chosen.port, chosen.get("/api/public/cities").status_code] += 1
            except httpx.HTTPError as error:
                self.failed.append(f"{type(error).__name__} from {chosen.port}")


@pytest.mark.covers("NF-02.3")
def test_a_second_process_joins_and_the_first_ends_and_no_request_is_refused(start: Start) -> None:
    first = start("--drain", "2")
    with Balancer(first) as balancer:
        until(lambda: balancer.answered[first.port, 200] > 20, said="the first answers")
        second = start("--drain", "2")
        balancer.processes.append(second)
        until(lambda: balancer.answered[second.port, 200] > 20, said="the second answers beside it")
        first.process.send_signal(signal.SIGTERM)
        until(lambda: first not in balancer.taken, said="the first says that it is ending")
        drained = first.get("/healthz").status_code
        first.process.wait(30)
        before = balancer.answered[second.port, 200]
        until(lambda: balancer.answered[second.port, 200] > before + 50, said="the second goes on alone")
    assert drained == 200, "while it drains it lives and answers"
    assert balancer.failed == []
    assert {status for _, status in balancer.answered} == {200}


@pytest.mark.covers("NF-02.3")
def test_liveness_and_readiness_are_two_things(besieged: Besieged) -> None:
    """A process without its database lives, and says that it is not ready."""
    process = Web(
        besieged, environment={"DATABASE_URL": "postgresql://anju@127.0.0.1:9/none", "ANJU_DATABASE_PATIENCE": "1"}
    )
    try:
        until(lambda: answers(process.url + "/healthz"), said="the process lives")
        told = process.get("/readyz")
        assert (told.status_code, told.json()) == (503, {"status": "unavailable", "database": False})
        assert process.get("/healthz").json() == {"status": "ok"}
    finally:
        process.end()
