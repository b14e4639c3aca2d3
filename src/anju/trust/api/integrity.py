"""Taking in the records of devices, and the page of integrity values."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db import connection
from ninja import File, Form, Schema
from ninja.files import UploadedFile
from pydantic import Field

from anju.kernel.audit.models import AuditEntry
from anju.kernel.errors import NotFound
from anju.kernel.http import Empty, Request, Routes
from anju.kernel.jobs import start
from anju.kernel.jobs.models import Job
from anju.kernel.scope import restrict
from anju.trust import devices
from anju.trust.integrity import KINDS
from anju.trust.models import Device, IntegrityMark

routes = Routes("/trust", title="密码与信任")
CHECK = "trust.integrity.check"
LARGEST = 8 * 1024 * 1024


class Reported(Schema):
    """One record of a device."""

    at: datetime
    text: str = Field(min_length=1, max_length=8000, pattern=r"^[^\x00]*$")


class Report(Schema):
    """What a collector hands in."""

    kind: Literal["log", "access"]
    records: list[Reported] = Field(min_length=1, max_length=2000)


@routes.act(
    "/devices/{code}/records", right="trust.device.report", scope="org_path", summary="上报设备日志与访问控制信息"
)
def report(request: Request, code: str, body: Report) -> dict[str, Any]:
    device = _device(request, code)
    lines = [devices.Line(each.at if each.at.tzinfo else _refuse(), each.text) for each in body.records]
    return {"taken": devices.receive(actor=request.actor, device_id=device.pk, kind=body.kind, lines=lines)}


@routes.act("/devices/{code}/files", right="trust.device.report", scope="org_path", summary="导入设备日志文件")
def import_file(
    request: Request, code: str, kind: Form[Literal["log", "access"]], file: File[UploadedFile]
) -> dict[str, Any]:
    device = _device(request, code)
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise devices.WrongLine("文件超过 8 MB", advice="请分成几个文件导入")
    taken = devices.receive(actor=request.actor, device_id=device.pk, kind=kind, lines=devices.lines_of(content))
    return {"taken": taken}


def _device(request: Request, code: str) -> Device:
    found = restrict(Device.objects.filter(code=code), request.actor, "trust.device.report").first()
    if found is None:
        raise NotFound
    return found


def _refuse() -> datetime:
    raise devices.WrongLine("记录的时间缺少时区")


@routes.read("/integrity", right=CHECK, scope="none", summary="完整性概况")
def integrity(request: Request) -> dict[str, Any]:
    kinds = []
    for kind in KINDS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [kind.table])
            rows = max(0, int(cursor.fetchone()[0]))
        marked = IntegrityMark.objects.filter(kind=kind.key).count()
        kinds.append(
            {"key": kind.key, "title": kind.title, "serves": kind.serves, "marked": marked, "rows": max(rows, marked)}
        )
    alarms = AuditEntry.objects.filter(action="alarm").order_by("-at")[:20]
    last = Job.objects.filter(kind="trust.check").order_by("-id").first()
    return {
        "kinds": kinds,
        "devices": Device.objects.count(),
        "alarms": [{"id": each.pk, "at": each.at, "title": each.title} for each in alarms],
        "last": {"state": last.state, "finished_at": last.finished_at, "result": last.result} if last else None,
    }


@routes.act("/integrity/checks", right=CHECK, scope="none", summary="核验数据完整性")
def check(request: Request, body: Empty) -> dict[str, Any]:
    under_way = Job.objects.filter(kind="trust.check", actor_ref=request.actor.ref, state__in=["waiting", "running"])
    job = under_way.first() or start("trust.check", request.actor)
    return {"job": job.pk}
