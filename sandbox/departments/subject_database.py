"""住房保障主题库: receives certificates and other results that departments share."""

from __future__ import annotations

from typing import Any

from sandbox.departments.common import Operation, Refused, text
from sandbox.store import Store

KEY, TITLE, OFFICE = "subject_database", "住房保障主题库", "澜州市大数据发展管理局"


def push(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Receives one shared result; the same push id again changes nothing."""
    push_id = text(request, "push_id")
    text(request, "kind")
    if not isinstance(request.get("content"), dict):
        raise Refused("bad_request", "缺少或不合格的参数：content")
    return {"push_id": push_id, "first": store.keep_pushed(KEY, push_id, request)}


OPERATIONS: dict[str, Operation] = {"push": push}
