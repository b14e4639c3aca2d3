"""Checks of a case with outside departments: asked by the worker, shown with source and time, decided by a person.

The department is asked outside of any transaction, so a slow one holds no lock. An answer is stored only while the
check still runs at the try that asked, so a late or double answer changes nothing. A department that does not answer
is asked again by itself, always under the same id, so that an answer that came late is found; after that a clerk may
record a manual result with proof.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from anju.kernel import audit, clock
from anju.kernel.cases.models import Case, Check, CheckState
from anju.kernel.cases.services import Blocked, keep_from_others, lock, lock_row, write
from anju.kernel.errors import DomainError, FieldError, Invalid, NotFound
from anju.kernel.jobs import background, defer, every
from anju.kernel.scope import Actor, system

log = logging.getLogger("anju.cases")
TRIES = 3
PAUSE = timedelta(seconds=2)
# Long beyond any answer: a check asked this long ago has lost its job.
LOST_AFTER = timedelta(minutes=15)
UNDER_WAY = (CheckState.WAITING, CheckState.RUNNING)


@dataclass(frozen=True)
class Fact:
    """One thing a department said beside what was declared."""

    label: str
    declared: str
    found: str
    matches: bool

    def as_json(self) -> dict[str, Any]:
        return {"label": self.label, "declared": self.declared, "found": self.found, "matches": self.matches}


@dataclass(frozen=True)
class Answer:
    """What a department answered about a case. `values` are figures for later computation."""

    matched: bool
    finding: str
    facts: tuple[Fact, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckKind:
    """A question that a context can put: its name, its source, and the function that asks it.

    `ask(case, question)` gives the answer; `question` is the same at every try, for the connector's `call_id`.
    `declared(case)` gives the values that count when a clerk records that all is as declared.
    """

    key: str
    title: str
    source: str
    ask: Callable[[Case, str], Answer]
    declared: Callable[[Case], dict[str, Any]] = lambda case: {}


_KINDS: dict[str, CheckKind] = {}
_SETTLED: list[Callable[[Case], None]] = []


def declare_check(kind: CheckKind) -> CheckKind:
    """Makes a kind of check known."""
    _KINDS[kind.key] = kind
    return kind


def when_settled(hook: Callable[[Case], None]) -> Callable[[Case], None]:
    """Declares what happens, in the transaction of the last answer, when no check of a case is under way any more."""
    _SETTLED.append(hook)
    return hook


def start_checks(case: Case, kinds: Iterable[str]) -> None:
    """Puts the questions; those already answered or decided for this case stay as they are."""
    for order, key in enumerate(kinds):
        kind = _KINDS[key]
        check, made = Check.objects.get_or_create(
            case=case, kind=key, defaults={"title": kind.title, "source": kind.source, "order": order}
        )
        if made or check.state == CheckState.FAILED:
            queue(check)


def ask_anew(case: Case, key: str) -> None:
    """Puts a question again because what was declared has changed; what was answered or decided before is void."""
    kind = _KINDS[key]
    check, _ = Check.objects.update_or_create(
        case=case, kind=key,
        defaults={
            "title": kind.title, "source": kind.source, "passed": None, "finding": "", "sealed_facts": "[]", "answered_at": None,
            "decided_by": "", "decided_name": "", "decided_at": None, "note": "", "proof_id": None,
        },
    )  # fmt: skip
    queue(check)


def queue(check: Check) -> None:
    """Asks the worker to put a question."""
    check.state, check.error, check.tries, check.asked_at = CheckState.WAITING, "", 0, clock.now()
    check.save(update_fields=["state", "error", "tries", "asked_at"])
    defer("cases.run_check", check_id=check.pk, attempt=1, question=uuid.uuid4().hex)


@background("cases.run_check", atomic=False)
def run_check(check_id: int, attempt: int, question: str) -> None:
    """Asks one department. Run twice for the same attempt it asks twice at the most and stores one answer."""
    with transaction.atomic():
        check = Check.objects.select_for_update(of=("self",)).select_related("case").get(pk=check_id)
        if check.answered or (check.tries >= attempt and check.state != CheckState.RUNNING):
            return
        check.state, check.tries, check.asked_at = CheckState.RUNNING, attempt, clock.now()
        check.save(update_fields=["state", "tries", "asked_at"])
    try:
        answer = _KINDS[check.kind].ask(check.case, question)
    except DomainError as refusal:
        not_answered(check_id, attempt, question, refusal.message)
        return
    except Exception:
        # a fault of ours must not leave the case waiting for ever
        log.exception("check %s of case %s failed", check.kind, check.case_id)
        not_answered(check_id, attempt, question, "系统出了问题")
        return
    store_answer(check.case_id, check_id, attempt, answer, check.asked_at)


@transaction.atomic
def store_answer(case_id: int, check_id: int, attempt: int, answer: Answer, asked_at: datetime | None = None) -> None:
    """Keeps an answer, unless the check was asked anew, answered otherwise, or its case ended meanwhile.

    An answer to what was declared before a correction was `asked_at` another moment than the present question.
    """
    case, check = lock_row(case_id), Check.objects.select_for_update().get(pk=check_id)
    if case is None or not case.is_open or check.state != CheckState.RUNNING or check.tries != attempt:
        return
    if asked_at is not None and check.asked_at != asked_at:
        return
    check.state = CheckState.MATCHED if answer.matched else CheckState.MISMATCHED
    check.finding, check.answered_at, check.error = answer.finding[:300], clock.now(), ""
    check.facts = [fact.as_json() for fact in answer.facts]
    check.passed = True if answer.matched else None
    check.save()
    case.facts = {**case.facts, check.kind: answer.values}
    case.save(update_fields=["facts"])
    settle(case)


@transaction.atomic
def not_answered(check_id: int, attempt: int, question: str, reason: str) -> None:
    """Notes that a department did not answer, and asks again or gives the matter to a clerk."""
    case = lock_row(Check.objects.values_list("case_id", flat=True).get(pk=check_id))
    check = Check.objects.select_for_update().get(pk=check_id)
    if case is None or check.state != CheckState.RUNNING or check.tries != attempt:
        return
    check.error = reason[:300]
    if attempt < TRIES:
        check.state = CheckState.WAITING
        check.save(update_fields=["state", "error"])
        again = clock.real_now() + PAUSE * attempt
        defer("cases.run_check", at=again, check_id=check_id, attempt=attempt + 1, question=question)
        return
    give_up(case, check)


def give_up(case: Case, check: Check) -> None:
    """The department does not answer: the clerk may ask again or record what he found out himself."""
    check.state = CheckState.FAILED
    check.save(update_fields=["state", "error"])
    said = f"{check.title}没有应答：{check.error}。可重查，或人工录入（须附证明）"
    write(case, system(), "自动核查", said, tone="wait")
    settle(case)


@background("cases.sweep_checks")
def sweep() -> None:
    """Checks whose job was lost are given to a clerk, so that a case never waits for nothing."""
    since = clock.now() - LOST_AFTER
    lost = Check.objects.filter(state__in=UNDER_WAY, asked_at__lt=since).order_by("id").values_list("id", "case_id")
    for check_id, case_id in lost[:500]:
        case, check = lock_row(case_id), Check.objects.select_for_update().get(pk=check_id)
        if case is not None and check.state in UNDER_WAY:
            check.error = check.error or "查询中断"
            give_up(case, check)


every(minutes=10)("cases.sweep_checks")


def settle(case: Case) -> None:
    """Tells the hooks when nothing is under way any more."""
    if not case.checks.filter(state__in=UNDER_WAY).exists():
        for hook in _SETTLED:
            hook(case)


def retry(*, case_id: int, check_id: int, actor: Actor, right: str) -> Check:
    """Puts a question again."""
    check = _check(case_id, check_id, actor, right)
    if check.state in UNDER_WAY:
        raise Blocked("正在查询，请稍候", code="check.running", advice="查询结束后再重查")
    check.passed, check.decided_by, check.decided_name, check.decided_at = None, "", "", None
    check.save(update_fields=["passed", "decided_by", "decided_name", "decided_at"])
    queue(check)
    write(check.case, actor, "重新核查", check.title, tone="run")
    return check


def record_manually(
    *, case_id: int, check_id: int, matched: bool, finding: str, proof_id: int, actor: Actor, right: str
) -> Check:
    """A clerk records what he found out himself, with proof, when a department did not answer; marked as such.

    Where he found all as declared, the declared values count in later computation.
    """
    check = _check(case_id, check_id, actor, right)
    if check.state != CheckState.FAILED:
        raise Blocked("对方系统有应答时不能人工录入", code="check.answered", advice="如对结果有疑问，请重查")
    if len(finding.strip()) < 5:
        raise Invalid([FieldError("finding", "finding.too_short", "请写明核查结论，至少 5 个字")])
    check.state, check.finding, check.proof_id = CheckState.MANUAL, finding.strip()[:300], proof_id
    check.answered_at, check.passed, check.facts = clock.now(), matched, []
    check.decided_by, check.decided_name, check.decided_at = actor.ref, actor.name, clock.now()
    check.save()
    case = check.case
    case.facts = {**case.facts, check.kind: _KINDS[check.kind].declared(case) if matched else {}}
    case.version += 1
    case.save(update_fields=["facts", "version"])
    verdict = "一致" if matched else "不一致"
    write(case, actor, "人工录入核查", f"{check.title}{verdict}：{finding.strip()}", tone="wait", opinion=True)
    audit.record("change", actor=actor, subject=case.subject, title=f"人工录入核查：{check.title}")
    return check


def decide(*, case_id: int, check_id: int, passed: bool, note: str, actor: Actor, right: str) -> Check:
    """The clerk ticks whether a check is passed (SH-032.4); against the department's answer only with a reason."""
    check = _check(case_id, check_id, actor, right)
    if not check.answered:
        raise Blocked("还没有核查结果，不能认定", code="check.unanswered", advice="等结果返回，或人工录入")
    against = passed != (check.state == CheckState.MATCHED)
    if against and len(note.strip()) < 5:
        raise Invalid([FieldError("note", "note.too_short", "与核查结果不一致时请写明理由，至少 5 个字")])
    check.passed, check.note = passed, note.strip()[:500]
    check.decided_by, check.decided_name, check.decided_at = actor.ref, actor.name, clock.now()
    check.save()
    case = check.case
    case.version += 1
    case.save(update_fields=["version"])
    verdict = "通过" if passed else "不通过"
    write(
        case,
        actor,
        "认定核查",
        f"{check.title}：{verdict}。{note.strip()}",
        tone="ok" if passed else "bad",
        opinion=True,
    )
    return check


def _check(case_id: int, check_id: int, actor: Actor, right: str) -> Check:
    case = lock(case_id, actor, right)
    keep_from_others(case, actor)
    if not case.is_open:
        raise Blocked("案件已办结，核查结果不能再改", code="case.closed", advice="如确有错误，请走复核")
    check = Check.objects.select_for_update().filter(pk=check_id, case=case).first()
    if check is None:
        raise NotFound
    check.case = case
    return check
