"""Logs and access-control data of devices: taken in with an integrity value, checked, the wrong one named (SH-233.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from django.db import transaction

from anju.kernel import audit, clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.crypto import service
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor
from anju.trust.models import Device, DeviceRecord

PORTION, MOST = 2000, 20_000


class WrongLine(DomainError):
    """A line of a device's file that cannot be read; nothing of the file was taken in."""

    code, message = "device.wrong_line", "设备日志中有读不出的行"
    advice = "每行应为“时间 内容”，时间形如 2026-12-01T09:00:00+08:00"


@dataclass(frozen=True)
class Line:
    """One record as a device reports it."""

    at: datetime
    text: str


def lines_of(content: bytes) -> list[Line]:
    """The records of a log file, one a line: moment (ISO 8601), blank, text. Raises `WrongLine` with its number."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongLine("文件不是 UTF-8 文本") from error
    found: list[Line] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        moment, _, rest = line.strip().partition(" ")
        try:
            at = datetime.fromisoformat(moment)
        except ValueError as error:
            raise WrongLine(f"第 {number} 行的时间读不出", details={"line": number}) from error
        if at.tzinfo is None or not rest or "\x00" in rest or len(rest) > 8000:
            raise WrongLine(f"第 {number} 行缺少时区或内容", details={"line": number})
        found.append(Line(at, rest))
    if not found or len(found) > MOST:
        raise WrongLine(f"文件应有 1 到 {MOST} 行记录")
    return found


@transaction.atomic
def receive(*, actor: Actor, device_id: int, kind: str, lines: Sequence[Line]) -> int:
    """Takes records in, each chained to the one before; a line that is known already is taken once. Gives how many."""
    device = Device.objects.select_for_update().get(pk=device_id)
    digests = [_digest(kind, line) for line in lines]
    known = {
        bytes(d)
        for d in DeviceRecord.objects.filter(device=device, digest__in=digests).values_list("digest", flat=True)
    }
    moment, number, value = clock.real_now(), device.last_number, bytes(device.last_value)
    fresh: list[DeviceRecord] = []
    for line, digest in zip(lines, digests, strict=True):
        if digest in known:
            continue
        known.add(digest)
        number += 1
        value = value_of(device.code, number, line.at, kind, line.text, value)
        fresh.append(
            DeviceRecord(
                device=device, number=number, kind=kind, at=line.at, text=line.text, digest=digest, value=value,
                received_at=moment,
            )
        )  # fmt: skip
    if not fresh:
        return 0
    DeviceRecord.objects.bulk_create(fresh, batch_size=1000)
    Device.objects.filter(pk=device.pk).update(last_number=number, last_value=value)
    # the trail keeps the end of the chain: cutting off both the records and the device's row would show there
    audit.record(
        "import", actor=actor, subject=f"trust.device:{device.pk}", title=f"接收设备记录：{device.name} {len(fresh)} 条",
        detail={"number": number, "value": value.hex()},
    )  # fmt: skip
    return len(fresh)


def check(actor: Actor, device: Device) -> str:
    """Checks all records of a device; gives the sentence naming the first changed or removed one, or an empty text."""
    told = _first_fault(device)
    Device.objects.filter(pk=device.pk).update(checked_at=clock.real_now(), finding=told or "完整")
    audit.record(
        "verify", actor=actor, subject=f"trust.device:{device.pk}", title=f"核验设备记录：{device.name}",
        detail={"finding": told},
    )  # fmt: skip
    if told:
        audit.raise_alarm("device.broken", f"{device.name}：{told}", subject=f"trust.device:{device.pk}")
    return told


def _first_fault(device: Device) -> str:
    number, value = 0, b""
    while True:
        rows = list(DeviceRecord.objects.filter(device=device, number__gt=number).order_by("number")[:PORTION])
        for row in rows:
            if row.number != number + 1:
                return f"第 {number + 1} 号记录被删除"
            number = row.number
            wanted = value_of(device.code, number, row.at, row.kind, row.text, value)
            if bytes(row.value) != wanted:
                return f"第 {number} 号记录被改动"
            value = wanted
        if len(rows) < PORTION:
            break
    noted = AuditEntry.objects.filter(subject=f"trust.device:{device.pk}", action="import").order_by("-id").first()
    last = int(noted.detail["number"]) if noted else 0
    if max(device.last_number, last) > number:
        return f"第 {number + 1} 号记录被删除"
    if noted and noted.detail["value"] != value.hex():
        return f"第 {number} 号记录被改动"
    return ""


def value_of(code: str, number: int, at: datetime, kind: str, text: str, before: bytes) -> bytes:
    """The integrity value (HMAC-SM3) of a record."""
    told = ["device", code, number, at.astimezone(UTC).isoformat(), kind, text, before.hex()]
    return service().mac(orjson.dumps(told))


def _digest(kind: str, line: Line) -> bytes:
    return service().digest(orjson.dumps([kind, line.at.astimezone(UTC).isoformat(), line.text]))
