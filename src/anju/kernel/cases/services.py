"""What may be done with a case. Each function is one act; the caller's transaction makes it whole.

Every act locks the case row first, then the process, so that two people at one case wait for each other and the
second is told what happened (`case.moved`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.kernel import audit, clock
from anju.kernel.calendar import add_working_days
from anju.kernel.cases.models import (
    Case,
    CaseState,
    Entry,
    Material,
    Party,
    Supplement,
    SupplementItem,
    SupplementState,
)
from anju.kernel.cases.types import Act, case_type
from anju.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotFound
from anju.kernel.events import publish
from anju.kernel.forms import load, validate
from anju.kernel.numbering import format_number, next_number
from anju.kernel.processes import services as processes
from anju.kernel.processes.graph import Node
from anju.kernel.processes.locks import graph_of
from anju.kernel.processes.models import Instance, Token
from anju.kernel.scope import Actor, admits


class Moved(Conflict):
    """The case is no longer where the person saw it; `details` says where it is and who moved it."""

    code, message, advice = "case.moved", "案件已不在这一环节", "页面会更新到最新状态，请按最新环节办理"


class Blocked(DomainError):
    """The outcome cannot be chosen now."""

    status = 409


@dataclass(frozen=True)
class PartyInput:
    """A person of a new case."""

    key: bytes
    name: str
    relation: str


@dataclass(frozen=True)
class MaterialInput:
    """A file of a new case."""

    klass: str
    file_id: int
    name: str
    mime: str


def open_case(
    *,
    type_key: str,
    actor: Actor,
    request_key: str,
    title: str,
    household: str,
    applicant_key: bytes,
    phone: str,
    data: dict[str, Any],
    parties: Iterable[PartyInput],
    materials: Iterable[MaterialInput],
    org_path: str,
    division: str,
    source: str,
) -> Case:
    """Files a matter: number, parties, materials, process and deadline in one transaction.

    Raises through constraints when a party is in another open case of the kind (SH-023.3) or when the same submission
    was stored before (`request_key`).
    """
    kind = case_type(type_key)
    people = list(parties)
    today = clock.today()
    serial = next_number(kind.numbering, area=division, year=today.year)
    case = Case(
        type_key=type_key, number=format_number(kind.number, division=division, year=today.year, serial=serial),
        title=title, household=household, household_size=len(people), form_key=kind.form, applicant_ref=actor.ref,
        applicant_key=applicant_key, phone=phone, request_key=request_key, submitted_at=clock.now(),
        due_on=add_working_days(today, kind.days), org_path=org_path, division=division, source=source,
        created_by=actor.ref, form_version=load(kind.form).version,
    )  # fmt: skip
    case.data = data
    case.save()
    Party.objects.bulk_create(
        [Party(case=case, type_key=type_key, person_key=p.key, name=p.name, relation=p.relation) for p in people]
    )
    for material in materials:
        add_material(case, material, actor)
    write(case, actor, "提交申请", f"共 {len(people)} 人申请", tone="run", public=True)
    instance = processes.start(kind.process, subject=case.subject, org_path=org_path, division=division, actor=actor)
    case.instance_id = instance.pk
    case.save(update_fields=["instance_id"])
    return case


def add_material(case: Case, material: MaterialInput, actor: Actor, note: str = "") -> Material:
    """Adds a file to a case."""
    return Material.objects.create(
        case=case, klass=material.klass, file_id=material.file_id, name=material.name, mime=material.mime,
        added_at=clock.now(), added_by=actor.ref, note=note,
    )  # fmt: skip


def write(
    case: Case, actor: Actor, action: str, text: str = "", *, node: str | None = None, node_title: str | None = None,
    tone: str = "idle", opinion: bool = False, public: bool = False,
) -> Entry:  # fmt: skip
    """Adds a line to the case's record."""
    return Entry.objects.create(
        case=case, at=clock.now(), actor_ref=actor.ref, actor_name=actor.name or "系统", org_name=actor.org_name,
        node=case.node if node is None else node, node_title=case.node_title if node_title is None else node_title,
        action=action, text=text, tone=tone, is_opinion=opinion, public=public,
    )  # fmt: skip


def lock(case_id: int, actor: Actor, right: str | None = None) -> Case:
    """The case, locked for this transaction; `NotFound` when it lies outside the actor's reach."""
    case = Case.objects.select_for_update().filter(pk=case_id).exclude(state=CaseState.DELETED).first()
    if case is None or not admits(actor, right or case_type(case.type_key).view_right, case):
        raise NotFound
    return case


def own_case(case_id: int, actor: Actor, *, locked: bool = False) -> Case:
    """A resident's own case; deleted ones too, for they stay visible to their applicant (SH-045.9)."""
    cases = Case.objects.select_for_update() if locked else Case.objects
    case = cases.filter(pk=case_id, applicant_ref=actor.ref).first()
    if case is None:
        raise NotFound
    return case


def task_of(case: Case, task_id: int) -> Token:
    """The task if it still waits; otherwise `Moved` tells where the case is now."""
    task = Token.objects.select_related("instance").filter(pk=task_id, instance_id=case.instance_id).first()
    if task is None:
        raise NotFound
    if task.state != "waiting":
        raise Moved(
            f"这一环节已由{task.actor_name or '他人'}办理，案件现在在“{case.node_title or case.get_state_display()}”",
            details={"node_title": case.node_title, "by": task.actor_name},
        )
    return task


def node_of(task: Token) -> Node:
    """What the process says of a task: its outcomes and what they ask for."""
    return graph_of(task.instance.definition_id).nodes[task.node_id]


def claim(*, case_id: int, task_id: int, actor: Actor) -> Case:
    """Takes a task: from then on nobody else can handle it (SH-023.6). The act is logged by itself (SH-023.2)."""
    case = lock(case_id, actor)
    task = task_of(case, task_id)
    if task.claimed_by == actor.ref:
        return case
    processes.claim(task.pk, actor)
    write(case, actor, "签收", f"{actor.name}签收并办理", tone="run")
    return case


def release(*, case_id: int, task_id: int, actor: Actor) -> Case:
    """Puts a taken task back into the common list."""
    case = lock(case_id, actor)
    task = task_of(case, task_id)
    processes.release(task.pk, actor)
    write(case, actor, "退回待办箱")
    return case


def act(
    *, case_id: int, task_id: int, version: int, outcome: str, opinion: str, reason_type: str, reason: str,
    data: Mapping[str, Any], actor: Actor,
) -> Case:  # fmt: skip
    """Takes a step: checks what the outcome asks for, lets the type act, moves the process, writes the record."""
    case = lock(case_id, actor)
    task = task_of(case, task_id)
    if case.version != version:
        raise Conflict(
            "别人刚更新了这件案子", code="case.changed", advice="请看一眼最新内容再提交",
            details={"version": case.version},
        )  # fmt: skip
    if case.state == CaseState.SUPPLEMENT:
        raise Blocked("正在等申请人补件", code="case.waiting_supplement", advice="等补件交回，或结束补件后再办理")
    kind = case_type(case.type_key)
    chosen = node_of(task).outcome_of(outcome)
    if chosen is None:
        raise DomainError("这一环节没有这个选项", code="task.no_such_outcome", field="outcome", advice="请刷新页面")
    errors = chosen.missing(opinion=opinion, reason_type=reason_type, reason=reason)
    form_key = kind.outcome_forms.get((task.node_id, outcome))
    clean: Mapping[str, Any] = {}
    if form_key:
        # the form of an outcome is one section; its answers stand side by side
        schema = load(form_key)
        section = schema.sections[0].key
        checked, wrong = validate(schema, {section: dict(data)})
        clean = checked.get(section, {})
        errors += [
            FieldError(f"data.{error.path.removeprefix(section + '.')}", error.code, error.message) for error in wrong
        ]
    if errors:
        raise Invalid(errors)
    if stop := kind.blocked(case, task.node_id, outcome):
        raise Blocked(stop.message, code=stop.code, advice="请先处理后再提交", details={"anchor": stop.anchor})
    step = Act(task.node_id, outcome, opinion.strip(), reason_type, reason.strip(), clean, actor)
    variables = kind.before(case, step) or {}
    if reason_type or chosen.reason_min:
        case.fail_type, case.fail_reason = reason_type, reason.strip()
    case.version += 1
    case.save()
    text = "；".join(part for part in (opinion.strip(), reason.strip()) if part)
    tone = {"danger": "bad", "primary": "ok"}.get(chosen.tone, "idle")
    write(
        case, actor, chosen.title, text, node=task.node_id, node_title=task.node_title, tone=tone, opinion=True,
        public=chosen.tone == "danger",
    )  # fmt: skip
    processes.complete(task.pk, outcome, actor, note=text, variables=variables)
    audit.record(
        "act", actor=actor, subject=case.subject, title=f"{task.node_title}：{chosen.title}",
        detail={"number": case.number},
    )  # fmt: skip
    case.refresh_from_db()
    return case


def send_back(*, case_id: int, task_id: int, version: int, node: str, reason: str, actor: Actor) -> Case:
    """Returns a case to an earlier step with a reason; the process cancels what waited."""
    case = lock(case_id, actor)
    task = task_of(case, task_id)
    if case.version != version:
        raise Conflict("别人刚更新了这件案子", code="case.changed", advice="请看一眼最新内容再提交")
    if len(reason.strip()) < 5:
        raise Invalid([FieldError("reason", "reason.too_short", "请写明退回原因，至少 5 个字")])
    actor.require(task.right)
    if task.claimed_by != actor.ref:
        raise Blocked("请先签收再退回", code="task.not_claimed", advice="点“签收”后再退回")
    instance = Instance.objects.select_for_update().get(pk=case.instance_id)
    case.version += 1
    case.save(update_fields=["version", "updated_at"])
    write(case, actor, "退回", reason.strip(), tone="wait", opinion=True)
    processes.return_to(instance, node, actor, reason.strip())
    audit.record("act", actor=actor, subject=case.subject, title="退回", detail={"to": node})
    case.refresh_from_db()
    return case


def reassign(*, case_id: int, task_id: int, to: Actor, actor: Actor) -> Case:
    """A supervisor gives a task to another person who may do it."""
    case = lock(case_id, actor)
    task = task_of(case, task_id)
    if not admits(to, task.right, case):
        raise DomainError(
            "对方没有办理这一环节的权限", code="task.no_right", field="account", advice="请选有权限的人员"
        )
    processes.reassign(task.pk, to, actor)
    write(case, actor, "转办", f"转给{to.name}", tone="run")
    return case


def ask_supplement(
    *, case_id: int, task_id: int, version: int, items: list[dict[str, str]], note: str, days: int, actor: Actor
) -> Supplement:
    """Asks the applicant for missing papers (SH-024.3); the case rests until they come back."""
    case = lock(case_id, actor)
    task = task_of(case, task_id)
    if case.version != version:
        raise Conflict("别人刚更新了这件案子", code="case.changed", advice="请看一眼最新内容再提交")
    actor.require(task.right)
    if task.claimed_by != actor.ref:
        raise Blocked("请先签收再通知补件", code="task.not_claimed", advice="点“签收”后再通知补件")
    known = {each.key for each in case_type(case.type_key).materials}
    if not items:
        raise Invalid([FieldError("items", "items.missing", "请至少选一份要补的材料")])
    errors = [
        FieldError(f"items.{index}.klass", "klass.unknown", "没有这类材料")
        for index, item in enumerate(items)
        if item["klass"] not in known
    ]
    if errors:
        raise Invalid(errors)
    asked = Supplement.objects.create(
        case=case, note=note, asked_by=actor.ref, asked_name=actor.name, asked_at=clock.now(),
        due_on=add_working_days(clock.today(), days),
    )  # fmt: skip
    SupplementItem.objects.bulk_create(
        [SupplementItem(supplement=asked, klass=item["klass"], note=item.get("note", "")) for item in items]
    )
    case.state, case.version = CaseState.SUPPLEMENT, case.version + 1
    case.save(update_fields=["state", "version", "updated_at"])
    titles = "、".join(case_type(case.type_key).material_title(item["klass"]) for item in items)
    write(case, actor, "通知补件", f"请补：{titles}。{note}", tone="wait", opinion=True, public=True)
    publish(
        "supplement.changed", case_id=case.pk, supplement_id=asked.pk, state="supplement_asked", title="待补件",
        text=f"{titles}。{note}",
    )  # fmt: skip
    return asked


def put_supplement_file(*, item: SupplementItem, material: MaterialInput) -> None:
    """The applicant answers one item; a later file replaces an earlier one until the whole is sent."""
    item.file_id, item.name, item.mime = material.file_id, material.name, material.mime
    item.save(update_fields=["file_id", "name", "mime"])


def send_supplement(*, case_id: int, actor: Actor, by_clerk: bool = False) -> Case:
    """Sends the answers back: they become materials and the case goes on (SH-024.6). A second call changes nothing."""
    case = lock(case_id, actor) if by_clerk else own_case(case_id, actor, locked=True)
    asked = Supplement.objects.filter(case=case, state=SupplementState.ASKED).first()
    if asked is None:
        return case
    items = list(asked.items.order_by("id"))
    if missing := [item for item in items if item.file_id is None]:
        titles = "、".join(case_type(case.type_key).material_title(item.klass) for item in missing)
        raise DomainError(f"还有材料没传：{titles}", code="supplement.incomplete", advice="传齐后再提交")
    for item in items:
        assert item.file_id is not None
        add_material(case, MaterialInput(item.klass, item.file_id, item.name, item.mime), actor, note="补件")
    asked.state, asked.done_at = SupplementState.DONE, clock.now()
    asked.save(update_fields=["state", "done_at"])
    case.state, case.version = CaseState.OPEN, case.version + 1
    case.save(update_fields=["state", "version", "updated_at"])
    write(case, actor, "补件交回", f"补交 {len(items)} 份材料", tone="ok", public=True)
    publish(
        "supplement.changed", case_id=case.pk, supplement_id=asked.pk, state="supplement_done", title="已补件", text=""
    )
    return case


def move_node(case: Case, node: str, title: str) -> None:
    """Keeps the case's present step beside it, for lists."""
    case.node, case.node_title = node, title
    Case.objects.filter(pk=case.pk).update(node=node, node_title=title)


def close(case: Case, outcome: str) -> None:
    """Ends a case with the process's end; its people are free for a next application (SH-033.5, SH-043.4)."""
    kind = case_type(case.type_key)
    case.state, case.outcome, case.closed_at = CaseState(kind.closing[outcome]), outcome, clock.now()
    case.node, case.node_title = "", ""
    case.version += 1
    case.save()
    Party.objects.filter(case=case).update(open=False)
    kind.closed(case, outcome)


def due_after(days: int) -> date:
    """The day that many working days from today."""
    return add_working_days(clock.today(), days)
