"""What may be done with a case. Each function is one act; the caller's transaction makes it whole.

Every act locks the process first and then the case row, the order in which timers and service tasks of the engine come
to a case too. Two people at one case wait for each other, and the second is told what happened (`case.moved`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from anju.kernel import audit, clock
from anju.kernel.calendar import add_working_days
from anju.kernel.cases.in_hand import in_hand, is_in_hand
from anju.kernel.cases.models import (
    Case,
    CaseState,
    Entry,
    Material,
    Party,
    SupplementState,
)
from anju.kernel.cases.types import Act, CaseType, case_type
from anju.kernel.compiled import Compiled, added
from anju.kernel.errors import Conflict, DomainError, FieldError, Forbidden, Invalid, NotFound
from anju.kernel.forms import dictionary, load, validate
from anju.kernel.numbering import format_number, next_number
from anju.kernel.processes import services as processes
from anju.kernel.processes.graph import Node, Outcome
from anju.kernel.processes.locks import Run, graph_of
from anju.kernel.processes.models import Instance, Token
from anju.kernel.scope import Actor, admits

TAKE_IN = "UPDATE cases_supplement SET state = %s WHERE case_id = %s AND state = %s"


class Moved(Conflict):
    """The case is no longer where the person saw it; `details` says where it is and who moved it."""

    code, message, advice = "case.moved", "案件已不在这一环节", "页面会更新到最新状态，请按最新环节办理"


class Changed(Conflict):
    """Somebody changed the case since the person read it; `details.current` says what it is now and who did what."""

    code, message, advice = "case.changed", "别人刚更新了这件案子", "请看一眼最新内容再提交，你填写的内容还在"


class Held(Conflict):
    """Another person has the case in hand; nobody else views or handles it meanwhile (SH-023.6)."""

    code, advice = "task.taken", "如需接手，请联系经办人退回待办箱，或由主管转办"


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
    facts: Mapping[str, Any] | None = None,
) -> Case:
    """Files a matter: number, parties, materials, process and deadline in one transaction.

    A matter without parties is an organisation's: `household` is its name and `applicant_key` empty. Raises through
    constraints when a party is in another open case of the kind (SH-023.3) or when the same submission was stored before
    (`request_key`).
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
        created_by=actor.ref, form_version=load(kind.form).version, facts=dict(facts or {}),
    )  # fmt: skip
    case.data = data
    case.save()
    Party.objects.bulk_create(
        [Party(case=case, type_key=type_key, person_key=p.key, name=p.name, relation=p.relation) for p in people]
    )
    for material in materials:
        add_material(case, material, actor)
    filed = f"共 {len(people)} 人申请" if people else f"{household}填报"
    write(case, actor, "提交申请", filed, tone="run", public=True)
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
    return added(
        Entry(
            case=case, at=clock.now(), actor_ref=actor.ref, actor_name=actor.name or "系统", org_name=actor.org_name,
            node=case.node if node is None else node, node_title=case.node_title if node_title is None else node_title,
            action=action, text=text, tone=tone, is_opinion=opinion, public=public,
        )
    )  # fmt: skip


def lock(case_id: int, actor: Actor, right: str | None = None) -> Case:
    """The case, locked for this transaction; `NotFound` when it lies outside the actor's reach."""
    return within_reach(lock_row(case_id), actor, right)


def within_reach(case: Case | None, actor: Actor, right: str | None = None) -> Case:
    """The case if it is one and the actor may see it, else `NotFound`."""
    if case is None or case.state == CaseState.DELETED:
        raise NotFound
    if not admits(actor, right or case_type(case.type_key).view_right, case):
        raise NotFound
    return case


def lock_row(case_id: int) -> Case | None:
    """Locks a case's process and then the case: the one order for all, whoever comes first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM processes_instance WHERE subject = %s FOR UPDATE", [f"case:{case_id}"])
    return _LOCKED.one(case_id)


# What is sealed is opened only by those steps that read it.
_LOCKED = Compiled(lambda case: Case.objects.select_for_update().defer("sealed_data", "phone").filter(pk=case))


def lock_task(case_id: int, task_id: int, actor: Actor) -> tuple[Case, Run, Token]:
    """A case and a task of it that still waits, both locked; raises `NotFound` or `Moved`."""
    run, task = processes.lock_run_of(task_id)
    case = within_reach(_LOCKED.one(case_id), actor)
    if task.instance_id != case.process_id:
        raise NotFound
    return case, run, still_waiting(case, task)


def own_case(case_id: int, actor: Actor, *, locked: bool = False) -> Case:
    """A resident's own case; deleted ones too, for they stay visible to their applicant (SH-045.9)."""
    case = lock_row(case_id) if locked else Case.objects.filter(pk=case_id).first()
    if case is None or case.applicant_ref != actor.ref:
        raise NotFound
    return case


def keep_from_others(case: Case, actor: Actor) -> None:
    """Raises `Held` while another person has the case in hand (SH-023.6).

    Who filed it or already did a step of it may look on, and so may a supervisor, who can give it to somebody else.
    """
    if name := held_by_other(case, actor):
        raise Held(f"这件案子正由{name}办理，其他人暂不能查看或办理", details={"holder": name})


def held_by_other(case: Case, actor: Actor) -> str:
    """The name of the person who keeps this one from the case; empty when nobody does."""
    if not case.is_open or actor.may("cases.reassign"):
        return ""
    tasks = Token.objects.filter(instance_id=case.process_id, kind="user")
    holder = tasks.filter(state="waiting").exclude(claimed_by="").values_list("claimed_by", "claimed_name").first()
    if (
        holder is None
        or actor.ref in {holder[0], case.created_by}
        or tasks.filter(state="done", actor_ref=actor.ref).exists()
    ):
        return ""
    return str(holder[1])


def task_of(case: Case, task_id: int) -> Token:
    """The task if it still waits; otherwise `Moved` tells where the case is now."""
    task = Token.objects.select_related("instance").filter(pk=task_id, instance_id=case.process_id).first()
    if task is None:
        raise NotFound
    return still_waiting(case, task)


def still_waiting(case: Case, task: Token) -> Token:
    """The task itself; `Moved` when it was done meanwhile."""
    if task.state != "waiting":
        raise Moved(
            f"这一环节已由{task.actor_name or '他人'}办理，案件现在在“{case.node_title or case.get_state_display()}”",
            details={"node_title": case.node_title, "by": task.actor_name},
        )
    return task


def node_of(task: Token) -> Node:
    """What the process says of a task: its outcomes and what they ask for."""
    return graph_of(task.instance.definition_id).nodes[task.node_id]


def may_handle(case: Case, task: Token, actor: Actor) -> None:
    """Raises unless the actor holds the task's right within reach and nobody else has the task."""
    actor.require(task.right)
    if not admits(actor, task.right, case):
        raise NotFound
    filing = case_type(case.type_key).filing
    if filing and task.node_id == filing.back_at and actor.org_path != case.org_path:
        raise Forbidden(f"“{task.node_title}”由填报的单位办理", code="case.filer_only", advice="请填报单位的人员签收")
    if task.claimed_by and task.claimed_by != actor.ref:
        raise Held(f"“{task.node_title}”已由{task.claimed_name}签收", details={"holder": task.claimed_name})


def handles(case: Case, actor: Actor) -> Token:
    """The waiting task of the case that the actor has in hand; `Blocked` when he has none."""
    task = Token.objects.filter(instance_id=case.process_id, kind="user", state="waiting", claimed_by=actor.ref).first()
    if task is None:
        raise Blocked("请先签收再办理", code="task.not_claimed", advice="点“签收”后再办理")
    return task


def at_version(case: Case, version: int) -> None:
    """Raises `Changed` when the person saw an earlier version: it shows what the case is now and who last did what."""
    if case.version == version:
        return
    last = case.entries.order_by("-id").first()
    raise Changed(
        details={
            "version": case.version,
            "seen": version,
            "current": {
                "version": case.version,
                "state": case.state,
                "state_title": case.node_title or case.get_state_display(),
                "last": {"at": last.at, "by": last.actor_name, "action": last.action, "text": last.text}
                if last
                else None,
            },
        }
    )


def claim(*, case_id: int, task_id: int, actor: Actor) -> Case:
    """Takes a task: from then on nobody else can handle it (SH-023.6). The act is logged by itself (SH-023.2)."""
    case = lock(case_id, actor)
    task = task_of(case, task_id)
    if task.claimed_by == actor.ref:
        return case
    may_handle(case, task, actor)
    processes.claim(task.pk, actor)
    write(case, actor, "签收", f"{actor.name}签收并办理", tone="run")
    return case


def release(*, case_id: int, task_id: int, actor: Actor) -> Case:
    """Puts a taken task back into the common list; one that nobody holds is left as it is."""
    case = lock(case_id, actor)
    task = task_of(case, task_id)
    may_handle(case, task, actor)
    if task.claimed_by:
        processes.release(task.pk, actor)
        write(case, actor, "退回待办箱")
    return case


def act(
    *, case_id: int, task_id: int, version: int, outcome: str, opinion: str, reason_type: str, reason: str,
    data: Mapping[str, Any], actor: Actor, inform: bool = False,
) -> Case:  # fmt: skip
    """Takes a step: checks what the outcome asks for, lets the type act, moves the process, writes the record.

    `inform`: at an outcome that refuses, the applicant is also told by text message (SH-047.4).
    """
    case, run, task = lock_task(case_id, task_id, actor)
    may_handle(case, task, actor)
    at_version(case, version)
    if case.state == CaseState.SUPPLEMENT:
        raise Blocked("正在等申请人补件", code="case.waiting_supplement", advice="等补件交回，或结束补件后再办理")
    seen = dict(vars(case))
    kind = case_type(case.type_key)
    chosen = node_of(task).outcome_of(outcome)
    if chosen is None:
        raise DomainError("这一环节没有这个选项", code="task.no_such_outcome", field="outcome", advice="请刷新页面")
    clean = checked(kind, task.node_id, chosen, opinion=opinion, reason_type=reason_type, reason=reason, data=data)
    if stop := kind.blocked(case, task.node_id, outcome):
        raise Blocked(stop.message, code=stop.code, advice="请先处理后再提交", details={"anchor": stop.anchor})
    step = Act(task.node_id, outcome, opinion.strip(), reason_type, reason.strip(), clean, actor, inform)
    variables = kind.before(case, step) or {}
    if chosen.reason_min:
        case.fail_type, case.fail_reason = reason_type, reason.strip()
        case.facts = {**case.facts, "inform": inform}
    case.version += 1
    take_in_supplements(case, actor)
    text = "；".join(part for part in (opinion.strip(), reason.strip()) if part)
    tone = {"danger": "bad", "primary": "ok"}.get(chosen.tone, "idle")
    write(case, actor, chosen.title, text, node=task.node_id, node_title=task.node_title, tone=tone, opinion=True)
    with in_hand(case):
        processes.complete_locked(run, task, outcome, actor, note=text, variables=variables)
    save_changes(case, seen)
    audit.record(
        "act", actor=actor, subject=case.subject, title=f"{task.node_title}：{chosen.title}",
        detail={"number": case.number},
    )  # fmt: skip
    return case


def checked(
    kind: CaseType, node: str, chosen: Outcome, *, opinion: str, reason_type: str, reason: str, data: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The answers to an outcome's form, clean; raises `Invalid` with everything that is missing or wrong."""
    errors = chosen.missing(opinion=opinion, reason_type=reason_type, reason=reason)
    if chosen.reason_type and reason_type and reason_type not in dictionary(chosen.reason_type):
        errors.append(FieldError("reason_type", "choice", "请从列表中选择类型"))
    form_key = kind.outcome_forms.get((node, chosen.key))
    clean: Mapping[str, Any] = {}
    if form_key:
        # the form of an outcome is one section; its answers stand side by side
        schema = load(form_key)
        section = schema.sections[0].key
        answers, wrong = validate(schema, {section: dict(data)})
        clean = answers.get(section, {})
        errors += [
            FieldError(f"data.{error.path.removeprefix(section + '.')}", error.code, error.message) for error in wrong
        ]
    if errors:
        raise Invalid(errors)
    return clean


def send_back(*, case_id: int, task_id: int, version: int, node: str, reason: str, actor: Actor) -> Case:
    """Returns a case to an earlier step with a reason; the process cancels what waited."""
    case = lock(case_id, actor)
    task = task_of(case, task_id)
    may_handle(case, task, actor)
    at_version(case, version)
    if task.claimed_by != actor.ref:
        raise Blocked("请先签收再退回", code="task.not_claimed", advice="点“签收”后再退回")
    if case.state == CaseState.SUPPLEMENT:
        raise Blocked("正在等申请人补件", code="case.waiting_supplement", advice="等补件交回，或结束补件后再退回")
    if len(reason.strip()) < 5:
        raise Invalid([FieldError("reason", "reason.too_short", "请写明退回原因，至少 5 个字")])
    case.version += 1
    case.save(update_fields=["version", "updated_at"])
    instance = Instance.objects.get(pk=task.instance_id)
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
    audit.record("act", actor=actor, subject=case.subject, title="转办", detail={"to": to.ref})
    return case


def take_in_supplements(case: Case, actor: Actor) -> None:
    """The clerk goes on with the case: what came back as supplements is taken as read (SH-024.7)."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_IN, [SupplementState.REVIEWED, case.pk, SupplementState.DONE])
        taken = cursor.rowcount
    if taken:
        write(case, actor, "核收补件", "已看过补交的材料")


def save_changes(case: Case, seen: Mapping[str, Any]) -> None:
    """Saves those columns of a case that differ from what they were."""
    now = vars(case)
    changed = [f.name for f in case._meta.concrete_fields if now.get(f.attname) != seen.get(f.attname)]
    case.save(update_fields=[*changed, "updated_at"])


def move_node(case: Case, node: str, title: str) -> None:
    """Keeps the case's present step beside it, for lists."""
    case.node, case.node_title = node, title
    if not is_in_hand(case):
        Case.objects.filter(pk=case.pk).update(node=node, node_title=title)


def close(case: Case, outcome: str) -> None:
    """Ends a case with the process's end; its people are free for a next application (SH-033.5, SH-043.4)."""
    kind = case_type(case.type_key)
    case.state, case.outcome, case.closed_at = CaseState(kind.closing[outcome]), outcome, clock.now()
    case.node, case.node_title = "", ""
    case.version += 1
    case.save()
    Party.objects.filter(case=case).update(open=False)
    if kind.record:
        kind.record.closed(case, outcome)
    kind.closed(case, outcome)
