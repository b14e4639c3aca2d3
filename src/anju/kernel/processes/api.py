"""Operations that show published processes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from anju.kernel.errors import NotFound
from anju.kernel.http import STAFF, Request, Routes
from anju.kernel.processes.models import Definition

routes = Routes("/processes", title="流程")
SCOPE = "流程定义不分机构，工作人员都可查看"


def _shown(definition: Definition) -> dict[str, Any]:
    return {
        "key": definition.key,
        "version": definition.version,
        "title": definition.title,
        "state": definition.state,
        "checksum": definition.checksum,
        "published_at": definition.published_at,
        "published_by": definition.published_by,
    }


def _found(key: str, version: int) -> Definition:
    # a number that no column can hold names no version
    definition = Definition.objects.filter(key=key, version=version).first() if 0 < version < 2**31 else None
    if definition is None:
        raise NotFound
    return definition


@routes.read("", right=STAFF, scope=SCOPE)
def list_processes(request: Request) -> list[dict[str, Any]]:
    """Every published version, the newest of each process first."""
    return [_shown(row) for row in Definition.objects.defer("xml", "graph").order_by("key", "-version")]


@routes.read("/{key}/{version}", right=STAFF, scope=SCOPE)
def show_process(request: Request, key: str, version: int) -> dict[str, Any]:
    """One version with its nodes and flows."""
    row = _found(key, version)
    return {**_shown(row), "graph": row.graph}


@routes.read("/{key}/{version}/xml", right=STAFF, scope=SCOPE)
def show_process_xml(request: Request, key: str, version: int) -> HttpResponse:
    """The drawing of one version, for a BPMN viewer."""
    return HttpResponse(_found(key, version).xml, content_type="application/xml; charset=utf-8")
