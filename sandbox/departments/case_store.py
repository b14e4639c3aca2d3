"""一网通办办件库: tests an application before submission, hands out applications to collect, receives each state."""

from __future__ import annotations

from typing import Any

from sandbox.departments.common import Operation, Refused, asked, text
from sandbox.store import Store

KEY, TITLE, OFFICE = "case_store", "一网通办办件库", "澜州市大数据发展管理局"
ITEMS = {
    "3399-GZ-01": "公共租赁住房资格申请（新办）",
    "3399-GZ-02": "公共租赁住房资格申请（复核）",
}


def pre_check(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Tests the pre-filled content of an application: item code, applicant, and no other application under way."""
    if text(request, "item_code") not in ITEMS:
        raise Refused("unknown_item", "没有这个办事事项")
    who = asked(request, store)
    problems = []
    if who.profile.name and who.profile.name != who.name:
        problems.append({"code": "name", "message": "姓名与人口库登记的不一致"})
    if who.is_minor:
        problems.append({"code": "age", "message": "申请人未满 18 周岁"})
    return {"passed": not problems, "problems": problems}


def push(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Receives the state of a case; the same push id again changes nothing."""
    for key in ("push_id", "case_number", "item_code", "state", "state_title", "at"):
        text(request, key)
    if request["item_code"] not in ITEMS:
        raise Refused("unknown_item", "没有这个办事事项")
    first = store.keep_pushed(KEY, request["push_id"], request)
    return {"push_id": request["push_id"], "first": first}


def pending(request: dict[str, Any], store: Store) -> dict[str, Any]:
    """Applications to collect, after a number; those named as collected are handed out no more."""
    collected = request.get("collected", [])
    if not isinstance(collected, list) or not all(isinstance(n, str) for n in collected):
        raise Refused("bad_request", "参数不符：collected")
    store.collected(collected)
    limit = request.get("limit", 50)
    if not isinstance(limit, int) or not 1 <= limit <= 200:
        raise Refused("bad_request", "参数不符：limit")
    after = request.get("after", "")
    return {"cases": store.pending(after if isinstance(after, str) else "", limit)}


OPERATIONS: dict[str, Operation] = {"pre_check": pre_check, "push": push, "pending": pending}
