"""What a resident sees of an application: where it stands in plain words, what to do, until when (ZB-06, design 4a–4c)."""

from __future__ import annotations

from datetime import date
from typing import Any

from anju.eligibility.housing import housing_of
from anju.kernel import clock
from anju.kernel.cases.lists import remaining_days
from anju.kernel.cases.models import Case, Supplement, SupplementState
from anju.kernel.cases.types import case_type
from anju.kernel.documents.listing import documents_of
from anju.kernel.forms import dictionary
from anju.kernel.processes.models import Token
from anju.kernel.scope import Actor

WEEKDAYS = "一二三四五六日"
# The steps as a resident counts them, with the process's nodes that belong to each.
STAGES: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("submit", "提交申请", frozenset()),
    ("accept", "运营机构受理", frozenset({"accept"})),
    ("checks", "联网核对", frozenset({"checks"})),
    ("first", "区里审核", frozenset({"first_review", "first_approval"})),
    ("publicity", "公示", frozenset({"publicity_entry", "publicity_wait", "publicity_result"})),
    ("second", "市里复审", frozenset({"second_review", "second_approval"})),
    (
        "online",
        "网上公示",
        frozenset(
            {
                "online_publicity_entry",
                "online_publicity_wait",
                "online_publicity_result",
                "online_publicity_approval",
            }
        ),
    ),
    ("admission", "发资格证", frozenset({"admission"})),
)
HEADLINES = {
    "accept": "运营机构正在受理",
    "checks": "正在联网核对",
    "first": "区住房保障中心正在审核",
    "publicity": "正在公示",
    "second": "市住房保障中心正在复审",
    "online": "正在网上公示",
    "admission": "快好了，正在办资格证",
}
CLOSED = {
    "passed": "通过了，你有准入资格",
    "refused": "这次没有受理",
    "failed": "这次没有通过",
    "withdrawn": "你撤回了这份申请",
    "deleted": "这份申请已终止",
}


def spoken(day: date) -> dict[str, Any]:
    """A date as it is said: with its weekday, and the working days left."""
    return {
        "date": day,
        "text": f"{day.month} 月 {day.day} 日（周{WEEKDAYS[day.weekday()]}）",
        "remaining": remaining_days(day, clock.today()),
    }


def stage_of(node: str) -> str:
    """The resident's step to which a node of the process belongs."""
    return next((key for key, _, nodes in STAGES if node in nodes), "submit")


def cases_view(actor: Actor) -> list[dict[str, Any]]:
    """A resident's applications, newest first."""
    cases = Case.objects.filter(applicant_ref=actor.ref).order_by("-id")[:50]
    return [
        {
            "id": case.pk, "number": case.number, "title": case_type(case.type_key).title, "state": case.state,
            "headline": headline(case), "submitted_at": case.submitted_at, "closed_at": case.closed_at,
        }
        for case in cases
    ]  # fmt: skip


def headline(case: Case) -> str:
    """One line that answers: where do I stand?"""
    if case.state == "supplement":
        asked = open_supplement(case)
        return f"要你补 {asked.items.count()} 份材料" if asked else "要你补材料"
    return HEADLINES.get(stage_of(case.node), "已经提交") if case.is_open else CLOSED[case.state]


def open_supplement(case: Case) -> Supplement | None:
    """The request for supplements that the applicant has not answered."""
    return case.supplements.filter(state=SupplementState.ASKED).first()


def case_view(case: Case) -> dict[str, Any]:
    """An application as its applicant sees it."""
    kind = case_type(case.type_key)
    asked = open_supplement(case)
    return {
        "id": case.pk,
        "number": case.number,
        "title": kind.title,
        "state": case.state,
        "headline": headline(case),
        "tone": {"open": "run", "supplement": "wait", "passed": "ok"}.get(case.state, "bad"),
        "deadline": spoken(asked.due_on if asked else case.due_on) if case.is_open and case.due_on else None,
        "todo": "请补材料" if asked else (None if case.is_open else ""),
        "steps": steps(case),
        "supplement": supplement_view(asked, case) if asked else None,
        "refusal": refusal(case),
        "documents": [each for each in documents_of(case.subject) if each["template"] != "housing_check_report"],
        "can_withdraw": case.is_open,
        "submitted_at": case.submitted_at,
        "notes": [
            {"at": e.at, "action": e.action, "text": e.text, "tone": e.tone}
            for e in case.entries.filter(public=True).order_by("-id")[:20]
        ],
    }


def steps(case: Case) -> list[dict[str, Any]]:
    """Every step with time and result; those not reached yet say what will come (ZB-06.1)."""
    left: dict[str, Any] = {}
    for token in Token.objects.filter(instance_id=case.process_id, state="done").order_by("id"):
        left[stage_of(token.node_id)] = token.left_at
    present = stage_of(case.node) if case.is_open else ""
    order = [key for key, _, _ in STAGES]
    shown = []
    for key, title, _ in STAGES:
        if key == "submit":
            state, at = "done", case.submitted_at
        elif key == present:
            state, at = "now", None
        elif present and order.index(key) > order.index(present):
            state, at = "todo", None
        elif key in left:
            state, at = "done", left[key]
        else:
            state, at = ("done", case.closed_at) if case.state == "passed" else ("todo", None)
        shown.append({"key": key, "title": title, "state": state, "at": at, "text": ""})
    if case.state in {"refused", "failed"}:
        shown = [each for each in shown if each["state"] == "done"]
        shown.append({"key": "end", "title": CLOSED[case.state], "state": "bad", "at": case.closed_at, "text": ""})
    return shown


def supplement_view(asked: Supplement, case: Case) -> dict[str, Any]:
    """What is missing, until when, and what was already uploaded (SH-024.4)."""
    kind = case_type(case.type_key)
    return {
        "id": asked.pk,
        "note": asked.note,
        "asked_by": asked.asked_name,
        "due": spoken(asked.due_on),
        "items": [
            {
                "id": item.pk, "klass": item.klass, "title": kind.material_title(item.klass), "note": item.note,
                "uploaded": item.file_id is not None, "name": item.name, "file_id": item.file_id,
            }
            for item in asked.items.order_by("id")
        ],
    }  # fmt: skip


def refusal(case: Case) -> dict[str, Any] | None:
    """Why it did not pass: the kind, the reason in full, and the figures where area decided (SH-033.4)."""
    if case.state not in {"refused", "failed"}:
        return None
    housing = housing_of(case)
    return {
        "type": case.fail_type,
        "type_title": dictionary("fail_type").title(case.fail_type) or "",
        "reason": case.fail_reason,
        "housing": housing.as_json() if housing and not housing.passed else None,
        "can_apply_again": True,
    }
