"""The auditor's page: how far the trail is sealed, what the last checks found, a check on request."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Min, Sum
from ninja import Schema

from anju.kernel.audit import anchor
from anju.kernel.audit.archive import months_kept
from anju.kernel.audit.chain import Place
from anju.kernel.audit.models import AuditCheck, AuditSeal
from anju.kernel.audit.verifying import waiting
from anju.kernel.http import Empty, Request, Routes
from anju.kernel.jobs import start
from anju.kernel.jobs.models import Job

routes = Routes("/audit", title="审计")
RIGHT = "audit.entry.verify"


@routes.read("/trail", right=RIGHT, scope="none", summary="审计链概况")
def trail(request: Request) -> dict[str, Any]:
    last = AuditSeal.objects.defer("leaves").order_by("-number").first()
    told = AuditSeal.objects.aggregate(entries=Sum("count"), first=Min("first_at"), last=Max("last_at"))
    gone = AuditSeal.objects.exclude(archived_at=None).aggregate(entries=Sum("count"))["entries"] or 0
    noted = anchor.latest()
    return {
        "seals": last.number if last else 0,
        "entries": (told["entries"] or 0) - gone,
        "archived": gone,
        "first_at": told["first"],
        "last_at": told["last"],
        "sealed_at": last.sealed_at if last else None,
        "head": bytes(last.head).hex() if last else "",
        "anchored": noted.number if noted else 0,
        "waiting": waiting(Place(last.last_xact, last.last_id) if last else Place()),
        "months_kept": months_kept(),
        "checks": [_check(each) for each in AuditCheck.objects.all()[:10]],
    }


def _check(check: AuditCheck) -> dict[str, Any]:
    seconds = max((check.finished_at - check.started_at).total_seconds(), 0.001)
    return {
        "id": check.pk, "started_at": check.started_at, "seconds": round(seconds, 1), "actor": check.actor,
        "seals": check.seals, "entries": check.entries, "archived": check.archived, "unsealed": check.unsealed,
        "rate": round(check.entries / seconds), "findings": check.findings,
    }  # fmt: skip


class Started(Schema):
    """The work that was begun."""

    job: int


@routes.act("/verifications", right=RIGHT, scope="none", summary="核验审计链", response=Started)
def verify(request: Request, body: Empty) -> dict[str, Any]:
    open_job = Job.objects.filter(kind="audit.verify", actor_ref=request.actor.ref, state__in=["waiting", "running"])
    job = open_job.first() or start("audit.verify", request.actor)
    return {"job": job.pk}
