"""For the office: the watch page, and the page of the specification."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from anju.gateway import specification, watching
from anju.gateway.models import Operation, Service, Specification
from anju.gateway.vectors import VECTORS
from anju.kernel.errors import NotFound
from anju.kernel.http import PUBLIC, Request, Routes
from anju.kernel.http.json import dumps

routes = Routes("/gateway", title="网关管理")
published = Routes("/open/specification", title="接口规范")


@routes.read("/watch", right="gateway.call.view", scope="org_path", summary="接口监控", operation_id="gateway_watch")
def watch(request: Request, hours: int = 24, party: int | None = None, service: int | None = None) -> dict[str, Any]:
    chosen = watching.overview(
        request.actor, hours=max(1, min(hours, 24 * 31)), party=watching.number(party), service=watching.number(service)
    )
    return chosen | {"choices": {"parties": watching.parties_seen(request.actor), "services": services()}}


def services() -> list[dict[str, Any]]:
    """The services that can be granted."""
    return [dict(row) for row in Service.objects.filter(open=True).order_by("title").values("id", "key", "title")]


@routes.read(
    "/guide", right="gateway.catalogue.view", scope="none", summary="接入规范页", operation_id="gateway_guide"
)  # fmt: skip
def guide(request: Request) -> dict[str, Any]:
    now = specification.current()
    versions = Specification.objects.order_by("-number").values("number", "product", "published_at", "digest")[:50]
    return {"version": now.number, "versions": list(versions), "vectors": VECTORS, "services": offered()}


def offered() -> list[dict[str, Any]]:
    """The services that can be granted with their operations, as the try page lists them."""
    rows = Operation.objects.filter(gone=False, service__open=True).exclude(right__in=["staff", "resident"])
    by_service: dict[int, list[dict[str, Any]]] = {}
    for row in rows.order_by("path", "method"):
        told = {"method": row.method, "path": row.path, "title": row.summary, "level": row.level}
        by_service.setdefault(row.service_id, []).append(told)
    found = Service.objects.filter(pk__in=by_service).select_related("function").order_by("function__position", "title")
    return [
        {
            "key": each.key, "title": each.title, "note": each.note, "class": each.function.title,
            "rate": [each.rate_calls, each.rate_seconds], "operations": by_service[each.pk],
        }
        for each in found
    ]  # fmt: skip


@published.read("", right=PUBLIC, scope="none", summary="接口规范（OpenAPI）", operation_id="open_specification")
def document(request: Request, version: int = 0) -> HttpResponse:
    found = Specification.objects.filter(number=version).first() if 0 < version < 2**31 else None
    if version and found is None:
        raise NotFound("没有这个版本")
    found = found or specification.current()
    response = HttpResponse(dumps(found.content), content_type="application/json")
    response.headers["X-Specification-Version"] = str(found.number)
    return response
