"""Approval flows of account applications: configured per class in a page, kept as versions, run as BPMN (SH-220).

The steps become a drawing that the process block publishes; what is under way stays on the version it began with. Who
decides is told by right: its reach is the territory (属地), for an application belongs to the unit it is for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.db import transaction

from anju.identity.models import AccountClass, AccountFlow, Role
from anju.kernel import audit, clock
from anju.kernel.errors import Conflict, FieldError, Invalid
from anju.kernel.processes import services as processes
from anju.kernel.scope import Actor, system

MOST = 5
LEVELS = {
    "unit": ("本单位管理员", "identity.application.decide_unit"),
    "district": ("区级管理员", "identity.application.decide_district"),
    "city": ("市级管理员", "identity.application.decide_city"),
    "security": ("安全管理员", "identity.application.decide_security"),
}
KINDS = {"city": ("city",), "district": ("district", "street"), "operator": ("operator",)}


@dataclass(frozen=True)
class Step:
    """One decision: what it is called, who decides (a level of `LEVELS`), within how many working days."""

    title: str
    level: str
    days: int

    def as_json(self) -> dict[str, Any]:
        return {"title": self.title, "level": self.level, "days": self.days}


# What a city begins with, until it configures its own.
DEFAULTS: dict[str, tuple[tuple[Step, ...], tuple[str, ...]]] = {
    "city": (
        (Step("市级审核", "city", 3), Step("安全审批", "security", 2)),
        ("city_reviewer", "city_approver", "auditor"),
    ),
    "district": ((Step("市级审批", "city", 3),), ("district_reviewer", "district_approver")),
    "operator": (
        (Step("区级审核", "district", 3), Step("市级审批", "city", 3)),
        ("operator_clerk", "operator_supervisor"),
    ),
}


def process_of(klass: str) -> str:
    """The key of a class's process."""
    return f"account_{klass}"


def current(klass: str) -> AccountFlow:
    """The flow of a class that counts now; the product's own is published where the city configured none."""
    found = AccountFlow.objects.filter(klass=klass).order_by("-version").first()
    if found is None:
        steps, roles = DEFAULTS[klass]
        found = publish(system(), klass, 0, list(steps), list(roles))
    return found


@transaction.atomic
def publish(actor: Actor, klass: str, version: int, steps: list[Step], roles: list[str]) -> AccountFlow:
    """Publishes a class's next version. `version` is the one that was read; raises `Conflict`, `Invalid`."""
    if errors := faults(klass, steps, roles):
        raise Invalid(errors)
    last = AccountFlow.objects.select_for_update().filter(klass=klass).order_by("-version").first()
    if (last.version if last else 0) != version:
        raise Conflict("别人刚发布了新的审批流程", code="flow.changed", advice="请刷新后再修改")
    title = f"账号申请（{AccountClass(klass).label}）"
    definition = processes.publish(process_of(klass), drawing(process_of(klass), title, steps), title, actor)
    made = AccountFlow.objects.create(
        klass=klass, version=version + 1, steps=[step.as_json() for step in steps], roles=roles,
        process_version=definition.version, made_at=clock.now(), made_by=actor.ref, made_name=actor.name,
    )  # fmt: skip
    audit.record(
        "change", actor=actor, subject=f"identity.account_flow:{klass}", title=f"发布账号审批流程：{title}",
        detail={"version": made.version, "steps": made.steps, "roles": roles},
    )  # fmt: skip
    return made


def faults(klass: str, steps: list[Step], roles: list[str]) -> list[FieldError]:
    """What is wrong with a flow, place by place."""
    errors = []
    if not 1 <= len(steps) <= MOST:
        errors.append(FieldError("steps", "range", f"流程要有 1 到 {MOST} 步"))
    titles = [step.title.strip() for step in steps]
    for n, step in enumerate(steps):
        if not 2 <= len(titles[n]) <= 20:
            errors.append(FieldError(f"steps.{n}.title", "length", "名称为 2 到 20 个字"))
        elif titles.index(titles[n]) != n:
            errors.append(FieldError(f"steps.{n}.title", "twice", "步骤名称不能重复"))
        if step.level not in LEVELS:
            errors.append(FieldError(f"steps.{n}.level", "unknown", "请选择由谁审批"))
        if not 1 <= step.days <= 30:
            errors.append(FieldError(f"steps.{n}.days", "range", "办理时限为 1 到 30 个工作日"))
    if not roles:
        errors.append(FieldError("roles", "missing", "至少选一个可申请的角色"))
    elif klass in DEFAULTS and not_there(roles):
        errors.append(FieldError("roles", "unknown", "有角色不存在"))
    return errors


def not_there(roles: list[str]) -> set[str]:
    """Those of some roles that the city has not; the product's own may not be seeded yet."""
    shipped = {key for _, keys in DEFAULTS.values() for key in keys}
    return set(roles) - shipped - set(Role.objects.values_list("key", flat=True))


def drawing(key: str, title: str, steps: list[Step]) -> str:
    """The BPMN of a flow: step after step, each passed, sent back for correction (补正) or refused (SH-219.4)."""
    parts, shapes, arrows = [], [], []

    def shape(element: str, x: int, y: int, width: int, height: int) -> None:
        shapes.append(
            f'<bpmndi:BPMNShape id="{element}_di" bpmnElement="{element}">'
            f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}" /></bpmndi:BPMNShape>'
        )

    def flow(name: str, source: str, target: str, ways: list[tuple[int, int]], when: str = "", label: str = "") -> None:
        inside = (
            f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression" language="cel">{escape(when)}'
            "</bpmn:conditionExpression>"
            if when
            else ""
        )
        told = f" name={quoteattr(label)}" if label else ""
        parts.append(
            f'<bpmn:sequenceFlow id="{name}"{told} sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'
        )
        points = "".join(f'<di:waypoint x="{x}" y="{y}" />' for x, y in ways)
        arrows.append(f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}">{points}</bpmndi:BPMNEdge>')

    parts.append(
        '<bpmn:startEvent id="submit" name="提交申请"><bpmn:outgoing>to_step_1</bpmn:outgoing></bpmn:startEvent>'
    )
    shape("submit", 100, 142, 36, 36)
    flow("to_step_1", "submit", "step_1", [(136, 160), (190, 160)])
    for n, step in enumerate(steps, 1):
        x = 190 + (n - 1) * 300
        before = ",".join(f"step_{each}" for each in range(1, n))
        differs = f' anju:differsFrom="{before}"' if before else ""
        after = f"step_{n + 1}" if n < len(steps) else "approved"
        parts.append(
            f'<bpmn:userTask id="step_{n}" name={quoteattr(step.title)} anju:right="{LEVELS[step.level][1]}" '
            f'anju:outcomes="pass:通过:primary,correct:退回补正:default,refuse:不通过:danger" '
            f'anju:needs="correct=reason:5,refuse=reason:5" anju:deadline="{step.days}wd" '
            f"anju:stage={quoteattr(step.title)}{differs}>"
            "<bpmn:documentation>核对申请表与单位盖章文件是否一致，人员是否确在该单位该岗位。需要修改的退回补正。"
            "</bpmn:documentation>"
            f"<bpmn:incoming>to_step_{n}</bpmn:incoming><bpmn:incoming>again_{n}</bpmn:incoming>"
            f"<bpmn:outgoing>judged_{n}</bpmn:outgoing></bpmn:userTask>"
        )
        parts.append(
            f'<bpmn:exclusiveGateway id="result_{n}" name="结果" default="refused_{n}">'
            f"<bpmn:incoming>judged_{n}</bpmn:incoming><bpmn:outgoing>to_{after}</bpmn:outgoing>"
            f"<bpmn:outgoing>correct_{n}</bpmn:outgoing><bpmn:outgoing>refused_{n}</bpmn:outgoing>"
            "</bpmn:exclusiveGateway>"
        )
        parts.append(
            f'<bpmn:receiveTask id="correction_{n}" name="等待补正" anju:stage={quoteattr(step.title)}>'
            f"<bpmn:incoming>correct_{n}</bpmn:incoming><bpmn:outgoing>again_{n}</bpmn:outgoing></bpmn:receiveTask>"
        )
        shape(f"step_{n}", x, 120, 100, 80)
        shape(f"result_{n}", x + 160, 135, 50, 50)
        shape(f"correction_{n}", x, 250, 100, 80)
        flow(f"judged_{n}", f"step_{n}", f"result_{n}", [(x + 100, 160), (x + 160, 160)])
        flow(f"to_{after}", f"result_{n}", after, [(x + 210, 160), (x + 300, 160)], 'outcome == "pass"', "通过")
        ways = [(x + 185, 185), (x + 185, 290), (x + 100, 290)]
        flow(f"correct_{n}", f"result_{n}", f"correction_{n}", ways, 'outcome == "correct"', "补正")
        flow(f"again_{n}", f"correction_{n}", f"step_{n}", [(x + 50, 250), (x + 50, 200)])
        flow(f"refused_{n}", f"result_{n}", "refused", [(x + 185, 135), (x + 185, 58)], "", "不通过")
    end = 190 + len(steps) * 300
    incoming = "".join(f"<bpmn:incoming>refused_{n}</bpmn:incoming>" for n in range(1, len(steps) + 1))
    parts.append(
        '<bpmn:endEvent id="approved" name="开通账号" anju:outcome="approved" anju:main="true">'
        "<bpmn:incoming>to_approved</bpmn:incoming></bpmn:endEvent>"
        f'<bpmn:endEvent id="refused" name="不通过" anju:outcome="refused">{incoming}</bpmn:endEvent>'
    )
    shape("approved", end, 142, 36, 36)
    shape("refused", end, 40, 36, 36)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
        'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:anju="http://anju.dev/bpmn" id="{key}_definitions" targetNamespace="http://anju.dev/processes">\n'
        f'<bpmn:process id="{key}" name={quoteattr(title)} isExecutable="true">\n' + "\n".join(parts) + "\n"
        f'</bpmn:process>\n<bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="{key}">\n'
        + "\n".join([*shapes, *arrows])
        + "\n</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>\n</bpmn:definitions>\n"
    )
