"""The check of everything that carries an integrity value, as work that a person watches."""

from __future__ import annotations

from typing import Any

from anju.kernel import audit
from anju.kernel.jobs import Context, work
from anju.trust import devices, integrity, rights
from anju.trust.models import Device, IntegrityMark


@work("trust.check", title="核验数据完整性")
def check_all(context: Context) -> None:
    """Checks documents, files, business logs, devices' records and who holds what; changes nothing, may begin anew."""
    found: list[dict[str, Any]] = []
    total, done = IntegrityMark.objects.count(), 0
    context.progress(0, total)

    def progress(more: int, base: int) -> None:
        context.raise_if_cancelled()
        context.progress(base + more)

    for kind in integrity.KINDS:
        for fault in integrity.faults(kind, lambda more, base=done: progress(more, base)):  # type: ignore[misc]
            found.append({"kind": fault.kind, "row": fault.row, "told": fault.told})
            if len(found) >= integrity.MOST_FINDINGS:
                break
        done += IntegrityMark.objects.filter(kind=kind.key).count()
    for device in Device.objects.order_by("id"):
        context.raise_if_cancelled()
        if told := devices.check(context.actor, device):
            found.append({"kind": "device", "row": device.pk, "told": f"{device.name}：{told}"})
    for told in rights.faults():
        found.append({"kind": "rights", "row": 0, "told": told})
    audit.record(
        "verify", actor=context.actor, subject="trust.integrity", title="核验数据完整性",
        detail={"checked": total, "findings": len(found)},
    )  # fmt: skip
    if found:
        audit.raise_alarm(
            "integrity.broken", f"数据完整性核验不通过：{found[0]['told']}", details={"count": len(found)}
        )
    context.finish({"checked": total, "whole": not found, "findings": found[: integrity.MOST_FINDINGS]})
