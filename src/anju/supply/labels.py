"""Labels with the codes of units, to print and put up: a PDF for a building, a project or the ticked ones (SH-183.5)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from anju.kernel import audit, clock
from anju.kernel.documents.services import qr_code
from anju.kernel.documents.templates import template_path
from anju.kernel.documents.typesetting import typeset
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.files import store
from anju.kernel.jobs import Context, start, work
from anju.kernel.jobs.models import Job
from anju.kernel.scope import Actor, restrict
from anju.supply import public_codes
from anju.supply.models import GONE, Unit

RIGHT = "supply.unit.view"
MOST = 5000


def ask(*, actor: Actor, project_id: int, unit_ids: list[int] | None) -> Job:
    """Asks for the labels of a project's units, or of the ticked ones. Raises `NotFound`, and `DomainError` for too many."""
    rows = restrict(Unit.objects.filter(project_id=project_id), actor, RIGHT).exclude(status__in=GONE)
    if unit_ids is not None:
        rows = rows.filter(pk__in=unit_ids)
    count = rows.count()
    if not count or (unit_ids is not None and count != len(set(unit_ids))):
        raise NotFound("没有可以打印的房源", advice="请重新选择项目和房源")
    if count > MOST:
        raise DomainError(
            f"一次最多打印 {MOST} 张，现有 {count} 套", code="supply.too_many_labels", advice="请勾选一部分打印"
        )
    return start(
        "supply.labels", actor, title=f"打印房源码 {count} 张", ids=list(rows.values_list("pk", flat=True)),
    )  # fmt: skip


@work("supply.labels", title="打印房源码")
def make(context: Context, ids: list[int]) -> None:
    """Makes the PDF; run again after a crash, it makes it anew."""
    found = Unit.objects.filter(Q(pk__in=ids), public_code__isnull=False)
    units = found.select_related("project").order_by("building_id", "floor", "room_no")
    context.progress(0, len(ids))
    labels: list[dict[str, Any]] = [
        {
            "code": unit.public_code,
            "qr": qr_code(public_codes.address(unit.public_code or "")),
            "project": unit.project.name,
            "address": unit.address,
        }
        for unit in units
    ]
    content = typeset(template_path("unit_labels"), moment=clock.now(), data={"labels": labels})
    with transaction.atomic():
        name = f"房源码_{clock.today():%Y%m%d}.pdf"
        file = store(
            content, name=name, mime="application/pdf", actor=context.actor, purpose="export", owner=context.actor.ref
        )
        audit.record("export", actor=context.actor, subject="supply.units:*", title=f"打印房源码 {len(labels)} 张")
    context.progress(len(labels), len(labels))
    context.finish(result={"rows": len(labels), "name": name}, file=file.pk)
