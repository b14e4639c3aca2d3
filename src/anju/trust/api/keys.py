"""The page of keys: which service, which versions, renewing and sealing anew."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from anju.kernel import audit, clock
from anju.kernel.crypto import service
from anju.kernel.errors import DomainError
from anju.kernel.files.blobs import version_at
from anju.kernel.files.models import StoredFile
from anju.kernel.http import STAFF, Empty, Request, Routes
from anju.kernel.jobs import start
from anju.kernel.jobs.models import Job
from anju.trust import rotation

routes = Routes("/trust", title="密码与信任")
RIGHT = "trust.key.manage"
# Files counted for the page; all are looked at when sealing anew.
_FILES_LOOKED_AT = 2000


class UnderWay(DomainError):
    """Another rotation is not finished."""

    status, code, message = 409, "keys.under_way", "上一次重新加密还没有完成"
    advice = "请等它完成或取消后再试"


@routes.read("/keys", right=RIGHT, scope="none", summary="密钥版本概况")
def keys(request: Request) -> dict[str, Any]:
    version = service().version()
    files: dict[int, int] = {}
    for address in StoredFile.objects.order_by("-id").values_list("address", flat=True)[:_FILES_LOOKED_AT]:
        files[version_at(address)] = files.get(version_at(address), 0) + 1
    job = Job.objects.filter(kind="trust.rotate").order_by("-id").first()
    return {
        "service": service().name,
        "version": version,
        "columns": rotation.versions(),
        "files": files,
        "job": {
            "id": job.pk,
            "state": job.state,
            "done": job.done,
            "total": job.total,
            "mine": job.actor_ref == request.actor.ref,
        }
        if job
        else None,
    }


@routes.act("/keys/renew", right=RIGHT, scope="none", summary="更换密钥")
def renew(request: Request, body: Empty) -> dict[str, Any]:
    _refuse_two()
    version = rotation.renew()
    audit.record("act", actor=request.actor, subject="trust.keys", title=f"启用第 {version & 0x7FFF} 版密钥")
    return {"version": version, "job": start("trust.rotate", request.actor).pk}


@routes.act("/keys/rotate", right=RIGHT, scope="none", summary="重新加密存量数据")
def rotate(request: Request, body: Empty) -> dict[str, Any]:
    _refuse_two()
    return {"version": service().version(), "job": start("trust.rotate", request.actor).pk}


def _refuse_two() -> None:
    if Job.objects.filter(kind="trust.rotate", state__in=["waiting", "running"]).exists():
        raise UnderWay


@routes.read("/screen", right=STAFF, scope="self", summary="屏幕水印")
def screen(request: Request) -> dict[str, Any]:
    actor = request.actor
    return {"watermark": f"{actor.name} {actor.account} {clock.today()}" if settings.ANJU_SCREEN_WATERMARK else ""}
