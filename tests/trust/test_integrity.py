"""Integrity values of devices' records, documents, files and business logs: the changed or removed one is named."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.connectors.models import ConnectorCall
from anju.kernel.files import store
from anju.kernel.jobs.models import Job
from anju.kernel.jobs.watched import run
from anju.kernel.scope import Actor, system
from anju.trust import devices, integrity
from anju.trust.models import Device, DeviceRecord, IntegrityMark
from tests.conftest import Api

pytestmark = pytest.mark.django_db
LOG = "\n".join(
    f"2026-11-20T09:{minute:02d}:00+08:00 sshd[{minute}]: Accepted publickey for ops from 10.2.0.{minute}"
    for minute in range(30)
).encode()


@pytest.fixture
def guard(staff: Any) -> Actor:
    actor: Actor = staff(
        "trust.device.view", "trust.device.create", "trust.device.check", "trust.device.report", "trust.integrity.check"
    )
    return actor


@pytest.fixture(params=["new", "former"])
def device(request: pytest.FixtureRequest, guard: Actor, client_as: Any) -> Device:
    values = {
        "code": "vm-01",
        "name": "应用服务器一",
        "kind": "virtual",
        "serves": request.param,
        "address": "10.2.0.1",
    }
    answer = client_as(guard).post("/registers/trust.devices/rows", {"values": values})
    assert answer.status_code == 200, answer.content
    made = Device.objects.get(code="vm-01")
    assert devices.receive(actor=guard, device_id=made.pk, kind="log", lines=devices.lines_of(LOG)) == 30
    return made


def changed(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.covers("SH-233.3", "SH-234.3")
@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE trust_devicerecord SET text = replace(text, '10.2', '10.9') WHERE number = 12", "第 12 号记录被改动"),
        ("UPDATE trust_devicerecord SET at = at + interval '1 second' WHERE number = 5", "第 5 号记录被改动"),
        ("UPDATE trust_devicerecord SET kind = 'access' WHERE number = 7", "第 7 号记录被改动"),
        ("DELETE FROM trust_devicerecord WHERE number = 20", "第 20 号记录被删除"),
        ("DELETE FROM trust_devicerecord WHERE number > 25", "第 26 号记录被删除"),
        (
            "DELETE FROM trust_devicerecord WHERE number > 25; UPDATE trust_device SET last_number = 25, last_value ="
            " (SELECT value FROM trust_devicerecord WHERE number = 25)",
            "第 26 号记录被删除",
        ),
    ],
)
def test_a_changed_or_removed_record_of_a_device_is_named(
    device: Device, guard: Actor, client_as: Any, statement: str, told: str
) -> None:
    api = client_as(guard)
    assert devices.check(guard, device) == ""
    changed(statement)
    answer = api.post("/registers/trust.devices/actions/check", {"ids": [device.pk]})
    assert answer.status_code == 200, answer.content
    device.refresh_from_db()
    assert device.finding == told
    alarm = AuditEntry.objects.get(action="alarm")
    assert told in alarm.title
    assert device.name in alarm.title


@pytest.mark.covers("SH-233.3", "SH-234.3")
def test_collectors_report_over_the_open_operation_and_repeats_are_taken_once(
    device: Device, guard: Actor, client_as: Any, staff: Any
) -> None:
    records = [{"at": f"2026-11-20T10:00:0{n}+08:00", "text": f"iptables: allow 443 from 10.2.0.{n}"} for n in range(5)]
    path = "/trust/devices/vm-01/records"
    assert client_as(guard).post(path, {"kind": "access", "records": records}).json() == {"taken": 5}
    assert client_as(guard).post(path, {"kind": "access", "records": records}).json() == {"taken": 0}
    assert client_as(staff("trust.device.view")).post(path, {"kind": "log", "records": records}).status_code == 403
    assert client_as(guard).post("/trust/devices/none/records", {"kind": "log", "records": records}).status_code == 404
    bare = [{"at": "2026-11-20T10:00:00", "text": "x"}]
    assert client_as(guard).post(path, {"kind": "log", "records": bare}).json()["code"] == "device.wrong_line"
    assert DeviceRecord.objects.filter(device=device).count() == 35
    assert devices.check(guard, device) == ""


@pytest.mark.parametrize(
    "content", [b"", b"no time here", b"\xff\xfe", b"2026-11-20T09:00:00 no zone", b"2026-11-20T09:00:00+08:00"]
)
def test_a_file_that_cannot_be_read_takes_nothing_in(
    device: Device, guard: Actor, client_as: Any, content: bytes
) -> None:
    api: Api = client_as(guard)
    answer = api.upload(
        "/trust/devices/vm-01/files",
        {"kind": "log", "file": SimpleUploadedFile("a.log", LOG + b"\n" + content)},
    )
    assert answer.status_code in (200, 422)
    if content:
        assert answer.json()["code"] == "device.wrong_line"
    assert DeviceRecord.objects.count() == 30


@pytest.fixture
def rows(guard: Actor) -> dict[str, int]:
    """A file, and a call of a former system's interface, with their values."""
    for number in range(5):
        store(
            f"content {number}".encode() * 100, name=f"{number}.txt", mime="text/plain", actor=guard, purpose="material"
        )
    ConnectorCall.objects.create(
        connector="case_store",
        call_id="c-1",
        subject="case:1",
        asked_at=clock.now(),
        duration_ms=12,
        result="ok",
        digest="ab",
    )
    for kind in integrity.KINDS:
        integrity.mark_new(kind)
    return {mark.kind: mark.row for mark in IntegrityMark.objects.order_by("row")}


@pytest.mark.covers("SH-233.7", "SH-234.7")
def test_the_changed_or_removed_row_is_named(rows: dict[str, int], guard: Actor, client_as: Any) -> None:
    assert {"files", "exchanges"} <= rows.keys()
    assert [fault for kind in integrity.KINDS for fault in integrity.faults(kind)] == []
    changed("UPDATE files_storedfile SET digest = repeat('0', 64) WHERE id = %s", rows["files"])
    changed("DELETE FROM files_storedfile WHERE id = %s", rows["files"] - 2)
    changed("UPDATE connectors_call SET result = 'refused' WHERE id = %s", rows["exchanges"])
    api = client_as(guard)
    job = Job.objects.get(pk=api.post("/trust/integrity/checks").json()["job"])
    run(job_id=job.pk)
    job.refresh_from_db()
    told = [each["told"] for each in job.result["findings"]]
    assert told == [
        f"文件第 {rows['files'] - 2} 号被删除",
        f"文件第 {rows['files']} 号被改动",
        f"接口交换日志（含原系统）第 {rows['exchanges']} 号被改动",
    ]
    page = api.get("/trust/integrity").json()
    assert page["last"]["result"]["whole"] is False
    assert page["alarms"][0]["title"].endswith(told[0])


def test_new_rows_are_marked_once(rows: dict[str, int]) -> None:
    assert [integrity.mark_new(kind) for kind in integrity.KINDS] == [0] * len(integrity.KINDS)
    store(b"x" * 50, name="a.txt", mime="text/plain", actor=system(), purpose="material")
    assert integrity.mark_new(integrity.BY_KEY["files"]) == 1


def test_a_mark_copied_from_another_row_does_not_fit(rows: dict[str, int]) -> None:
    last = rows["files"]
    changed(
        "UPDATE trust_integritymark SET value = (SELECT value FROM trust_integritymark WHERE kind = 'files' AND row = %s)"
        " WHERE kind = 'files' AND row = %s",
        last - 1, last,
    )  # fmt: skip
    assert [fault.row for fault in integrity.faults(integrity.BY_KEY["files"])] == [last]
