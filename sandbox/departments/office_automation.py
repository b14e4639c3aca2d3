"""协同办公系统: keeps the to-dos it is told of, and offers tasks of its own until they are said to be taken."""

from __future__ import annotations

from typing import Any

from sandbox.departments.common import Operation, Refused, text
from sandbox.store import Store

KEY, TITLE, OFFICE = "office_automation", "协同办公待办", "澜州市政府办公室"


def push(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Keeps a to-do or its end; the same push id again changes nothing."""
    for key in ("push_id", "task_ref", "name", "state"):
        text(request, key)
    return {"push_id": request["push_id"], "first": store.keep_pushed(KEY, request["push_id"], request)}


def offer(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """The tasks on offer, after those said to be taken or refused are struck off."""
    taken, refused = request.get("taken", []), request.get("refused", {})
    if not isinstance(taken, list) or not isinstance(refused, dict):
        raise Refused("bad_request", "参数不符：taken")
    store.strike_off([str(key) for key in (*taken, *refused)])
    return {"tasks": store.offered(50)}


OPERATIONS: dict[str, Operation] = {"push": push, "offer": offer}
