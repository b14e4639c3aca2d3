"""Processes killed at the worst moment: nothing acknowledged is lost, nothing is done twice, the books agree."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from typing import Any

import httpx
import psycopg
import pytest

from tests.faults.installation import Besieged, repeat
from tests.faults.sheets import SIZE, units_sheet
from tests.journeys.people import Resident, Staff, until
from tests.journeys.test_whole_way import fresh_resident

pytestmark = [pytest.mark.fault, pytest.mark.installation, pytest.mark.timeout(300)]
DEPARTMENTS = ("real_estate", "public_housing", "resettlement", "marriage", "social_insurance")


def ready_to_submit(serial: int) -> Resident:
    """A verified resident whose application is filled in."""
    person = fresh_resident(serial)
    person.register()
    person.verify_by_bank()
    person.fill_application()
    return person


def counted(besieged: Besieged, sql: str, *values: Any) -> int:
    return int(besieged.ask(sql, *values)[0][0])


@pytest.mark.covers("NF-04.3")
def test_a_worker_killed_in_the_middle_of_the_checks(besieged: Besieged, departments: httpx.Client) -> None:
    resident = ready_to_submit(1)
    made = resident.submit()
    for name in DEPARTMENTS:
        departments.post(
            "/control/behaviour", json={"department": name, "mode": "slow", "seconds": 2}
        ).raise_for_status()
    Staff("fangting").handle(made["number"], "accept", "accept")
    running = "SELECT count(*) FROM cases_check WHERE case_id = %s AND state = 'running'"
    until(lambda: counted(besieged, running, made["case_id"]) >= 2, said="checks are under way")
    besieged.kill("worker")
    departments.post("/control/reset", json={"everything": False}).raise_for_status()
    page = Staff("zhoumin").take(made["number"], "first_review")
    assert [check["state"] for check in page["checks"]] == ["matched"] * 5
    besieged.books_agree()
    arrivals = "SELECT count(*) FROM processes_token WHERE subject = %s AND node_id = 'first_review'"
    assert counted(besieged, arrivals, f"case:{made['case_id']}") == 1
    answered = "SELECT count(*) FROM cases_check WHERE case_id = %s AND answered_at IS NOT NULL"
    assert counted(besieged, answered, made["case_id"]) == 5
    asked = Counter(
        call["department"]
        for name in DEPARTMENTS
        for call in departments.get(f"/control/calls?limit=500&department={name}").json()["calls"]
    )
    # the worker had asked before it died; each department is asked once more at the most
    assert set(asked) == set(DEPARTMENTS)
    assert max(asked.values()) <= 2
    told = [
        m for m in until(resident.messages, said="messages") if made["number"] in m["text"] and "已受理" in m["text"]
    ]
    assert len(told) == 1


@pytest.mark.covers("PR-03.4")
def test_a_worker_killed_in_the_middle_of_an_import(besieged: Besieged) -> None:
    clerk = Staff("guanli")
    before = counted(besieged, "SELECT count(*) FROM supply_unit")
    building = besieged.ask(
        "SELECT project.code, estate.name, building.name, building.floors FROM supply_building AS building"
        " JOIN supply_estate AS estate ON estate.id = building.estate_id"
        " JOIN supply_project AS project ON project.id = building.project_id ORDER BY building.id LIMIT 1"
    )[0]
    template = clerk.ask("GET", "/registers/supply.units/template")
    sheet = units_sheet(template.content, *building)
    answer = clerk.ask("POST", "/registers/supply.units/imports", files={"file": ("房源.xlsx", sheet)})
    begun = clerk.good(answer)
    path = f"/imports/{begun['id']}"

    def state() -> dict[str, Any]:
        found: dict[str, Any] = clerk.get(path)
        return found

    until(lambda: state()["state"] == "checked", said="the dry run", patience=120)
    assert (state()["new"], state()["failed"]) == (SIZE, 0)
    clerk.post(f"{path}/run")
    until(lambda: state()["done"] or state()["state"] == "done", said="the first portion is in")
    besieged.kill("worker")
    assert state()["state"] == "importing", "the worker was killed too late to show anything"
    assert counted(besieged, "SELECT count(*) FROM supply_unit") < before + SIZE
    until(lambda: state()["state"] == "done", said="the import goes on by itself", patience=120)
    assert (state()["done"], state()["failed"], state()["total"]) == (SIZE, 0, SIZE)
    assert counted(besieged, "SELECT count(*) FROM supply_unit") == before + SIZE
    entries = "SELECT count(*) FROM audit_auditentry WHERE action = 'import' AND (detail ->> 'import')::int = %s"
    assert counted(besieged, entries, begun["id"]) == 1
    besieged.books_agree()


def test_a_web_process_killed_before_its_work_is_committed(besieged: Besieged) -> None:
    """The request is held inside its transaction, the process dies, the same key again files the one application."""
    resident, key = ready_to_submit(2), str(uuid.uuid4())
    ready_to_submit(3).submit()
    cases = counted(besieged, "SELECT count(*) FROM cases_case")
    errors: list[str] = []

    def submit() -> None:
        try:
            errors.append(str(resident.ask("POST", "/citizen/application/submit", json={"key": key}).status_code))
        except httpx.HTTPError as cut:
            errors.append(type(cut).__name__)

    with psycopg.connect(besieged.installation.database_url) as holding:
        holding.execute("SELECT 1 FROM numbering_counter FOR UPDATE")
        sending = threading.Thread(target=submit)
        sending.start()
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%numbering_counter%'"
        )
        until(lambda: counted(besieged, waiting), said="the request waits for its number")
        besieged.kill_server_worker()
        sending.join(30)
    assert errors
    assert not errors[0].isdigit(), errors
    again = repeat(lambda: resident.ask("POST", "/citizen/application/submit", json={"key": key}))
    assert again.status_code == 200, again.text
    assert counted(besieged, "SELECT count(*) FROM cases_case") == cases + 1
    assert resident.post("/citizen/application/submit", {"key": key}) == again.json()
    besieged.books_agree()


def test_web_processes_killed_while_many_submit(besieged: Besieged) -> None:
    """Whatever was committed when the process died: every household has one application, under the number it was told."""
    people = [ready_to_submit(serial) for serial in range(6)]
    keys = {person.phone: str(uuid.uuid4()) for person in people}
    before = counted(besieged, "SELECT count(*) FROM cases_case")
    told: dict[str, str] = {}

    def submit(person: Resident) -> None:
        answer = repeat(lambda: person.ask("POST", "/citizen/application/submit", json={"key": keys[person.phone]}))
        told[person.phone] = answer.json()["number"] if answer.status_code == 200 else answer.text

    senders = [threading.Thread(target=submit, args=(person,)) for person in people]
    for number, sender in enumerate(senders):
        sender.start()
        if number in {1, 4}:
            time.sleep(0.03)
            besieged.kill_server_worker()
            besieged.until_ready()
    for sender in senders:
        sender.join(90)
    numbers = {row[0] for row in besieged.ask("SELECT number FROM cases_case ORDER BY id DESC LIMIT 6")}
    assert set(told.values()) == numbers
    assert counted(besieged, "SELECT count(*) FROM cases_case") == before + 6
    besieged.books_agree()


def test_the_whole_web_killed_comes_back_by_itself(besieged: Besieged) -> None:
    clerk = Staff("fangting")
    besieged.kill("web")
    answer = repeat(lambda: clerk.ask("GET", "/identity/me"))
    assert answer.status_code == 200
    assert answer.json()["account"] == "fangting"


@pytest.mark.covers("NF-02.1")
def test_the_database_restarted_under_traffic(besieged: Besieged) -> None:
    """Clerks write without pause, the database is cut off twice: what was acknowledged is there, once."""
    acknowledged: list[str] = []
    attempted: list[str] = []
    stop = threading.Event()
    writers = [Staff("guanli") for _ in range(4)]
    resident = ready_to_submit(4)

    def write(clerk: Staff, number: int) -> None:
        count = 0
        while not stop.is_set():
            count += 1
            title = f"公告 {number}-{count}"
            values = {"city": "339900", "kind": "notice", "title": title, "summary": "", "body": "内容"}
            attempted.append(title)
            try:
                answer = clerk.ask("POST", "/registers/citizen.notices/rows", json={"values": values})
            except httpx.HTTPError:
                continue
            if answer.status_code == 200:
                acknowledged.append(title)
            else:
                assert answer.status_code in {500, 502, 503}, answer.text
                time.sleep(0.05)

    threads = [threading.Thread(target=write, args=(clerk, number)) for number, clerk in enumerate(writers)]
    for thread in threads:
        thread.start()
    worker = besieged.pid("worker")
    for wanted in (20, 40):
        until(lambda wanted=wanted: len(acknowledged) >= wanted, said="traffic flows")  # type: ignore[misc]
        besieged.stop_database_at_once()
        time.sleep(1)
        besieged.until_ready()
    seen = len(acknowledged)
    until(lambda: len(acknowledged) >= seen + 20, said="traffic flows again")
    stop.set()
    for thread in threads:
        thread.join(60)
    kept = Counter(row[0] for row in besieged.ask("SELECT title FROM citizen_notice WHERE title LIKE '公告 %'"))
    assert set(acknowledged) <= set(kept), "acknowledged and lost"
    assert set(kept) <= set(attempted)
    assert max(kept.values()) == 1, "done twice"
    made = resident.submit()
    Staff("fangting").handle(made["number"], "accept", "accept")
    assert besieged.pid("worker") == worker, "the worker waits for the database, it is not started again"
    assert Staff("zhoumin").task(made["number"], "first_review")["case_id"] == made["case_id"]
    again = "the worker begins again"
    begun = besieged.said("worker").count(again)
    time.sleep(8)
    assert besieged.said("worker").count(again) == begun, "the worker does not come to rest"
    besieged.books_agree()
