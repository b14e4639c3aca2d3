"""From BPMN 2.0 XML to a graph, refusing whatever is not in the subset, all problems at once.

The subset: start and end event, user, service, send, receive and business-rule task, exclusive and parallel gateway,
timer events in the flow and on the edge of a task. Lanes, pools and notes are drawing only. What the standard has no
place for stands in attributes of namespace `anju`: `right`, `outcomes`, `needs`, `form`, `deadline`,
`differsFrom`, `stage`, `handler`, `rule`, and `outcome` and `main` on ends.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from anju.kernel import definitions
from anju.kernel.errors import DomainError
from anju.kernel.processes import soundness
from anju.kernel.processes.graph import WAITING, Flow, Graph, Kind, Node, Outcome
from anju.kernel.processes.hooks import handler_names
from anju.kernel.rules import ExpressionInvalid, expression
from anju.kernel.xmlfiles import XmlUnreadable, read_xml

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ANJU = "{http://anju.dev/bpmn}"

KINDS = {
    "startEvent": Kind.START,
    "endEvent": Kind.END,
    "userTask": Kind.USER,
    "serviceTask": Kind.SERVICE,
    "sendTask": Kind.SERVICE,
    "receiveTask": Kind.RECEIVE,
    "businessRuleTask": Kind.RULE,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "intermediateCatchEvent": Kind.TIMER,
    "boundaryEvent": Kind.BOUNDARY,
}
DRAWING = {"laneSet", "documentation", "extensionElements", "textAnnotation", "association", "group"}
INSIDE = {"documentation", "extensionElements", "incoming", "outgoing"}
TIMED = {Kind.TIMER, Kind.BOUNDARY}
TONES = {"primary", "default", "danger"}
_OUTCOME_COMPARED = re.compile(r"""\boutcome\s*[=!]=\s*["']([^"']*)["']""")
_TIMERS = {
    "timeDate": re.compile(r"[a-z_][a-z0-9_]*"),
    "timeDuration": re.compile(r"P(?=.)(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?)?|[1-9]\d{0,3}wd"),
}


@dataclass(frozen=True)
class Problem:
    """One reason why a drawing cannot be published; `element` is the id in the diagram."""

    element: str
    name: str
    message: str

    def __str__(self) -> str:
        return f"“{self.name or '未命名'}”（{self.element}）{self.message}"


class ProcessInvalid(DomainError):
    """The drawing cannot be published; `problems` (and `details.problems`) list every reason."""

    code = "process.invalid"
    advice = "请在流程图上逐项修改后再发布"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        listed = [{"element": p.element, "name": p.name, "message": p.message} for p in problems]
        super().__init__("；".join(str(problem) for problem in problems), details={"problems": listed})


def compile_bpmn(xml: str | bytes, handlers: Collection[str] | None = None) -> Graph:
    """The graph of a drawing; raises `ProcessInvalid`.

    `handlers` are the names that service tasks may use, by default those registered with `service`.
    """
    return _Compiler(_read(xml), handler_names() if handlers is None else handlers).graph()


def _read(xml: str | bytes) -> etree._Element:
    """The one process element of a drawing."""
    try:
        root = read_xml(xml.encode("utf-8", "replace") if isinstance(xml, str) else xml)
    except XmlUnreadable as error:
        raise ProcessInvalid([Problem("definitions", "流程图", str(error))]) from error
    found = root.findall(f"{BPMN}process")
    if root.tag != f"{BPMN}definitions" or len(found) != 1:
        raise ProcessInvalid([Problem("definitions", "流程图", "应是一份只含一个流程的 BPMN 2.0 文件")])
    return found[0]


class _Compiler:
    """Reads one process element; collects problems instead of stopping at the first."""

    def __init__(self, process: etree._Element, handlers: Collection[str]) -> None:
        self.process = process
        self.handlers = handlers
        self.problems: list[Problem] = []
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}

    def graph(self) -> Graph:
        self.read_elements()
        self.tie_flows()
        for node in self.nodes.values():
            self.check_node(node)
        graph = Graph(self.process.get("id", ""), self.process.get("name", ""), self.nodes, self.flows)
        self.check_whole(graph)
        if self.problems:
            raise ProcessInvalid(self.problems)
        return graph

    def problem(self, element: Node | Flow | etree._Element, message: str) -> None:
        if isinstance(element, Node | Flow):
            self.problems.append(Problem(element.id, element.title, message))
        else:
            self.problems.append(Problem(element.get("id", "?"), element.get("name", ""), message))

    # reading

    def read_elements(self) -> None:
        for element in self.process.iterchildren(tag=etree.Element):
            tag = _tag(element)
            if tag in KINDS:
                self.read_node(element, KINDS[tag])
            elif tag == "sequenceFlow":
                self.read_flow(element)
            elif tag not in DRAWING:
                self.problem(element, f"用了平台不支持的图形 {tag}")

    def read_node(self, element: etree._Element, kind: Kind) -> None:
        node_id = element.get("id", "")
        if not node_id or node_id in self.nodes:
            self.problem(element, "没有编号，或编号与别的图形相同")
            return
        allowed = INSIDE | ({"timerEventDefinition"} if kind in TIMED else set())
        for child in element.iterchildren(tag=etree.Element):
            if _tag(child) not in allowed:
                self.problem(element, f"带有平台不支持的内容 {_tag(child)}")
        deadline = element.get(f"{ANJU}deadline", "")
        if deadline and not re.fullmatch(r"[1-9]\d{0,2}wd", deadline):
            self.problem(element, f"办理时限 {deadline} 写得不对，应写成工作日数，例如 5wd")
            deadline = ""
        self.nodes[node_id] = Node(
            id=node_id,
            kind=kind,
            title=element.get("name", "").strip(),
            stage=element.get(f"{ANJU}stage", ""),
            instruction=(element.findtext(f"{BPMN}documentation") or "").strip(),
            right=element.get(f"{ANJU}right", ""),
            outcomes=self.read_outcomes(element),
            form=element.get(f"{ANJU}form", ""),
            deadline=int(deadline[:-2]) if deadline else None,
            differs_from=_names(element.get(f"{ANJU}differsFrom", "")),
            handler=element.get(f"{ANJU}handler", ""),
            rule=element.get(f"{ANJU}rule", ""),
            timer=self.read_timer(element) if kind in TIMED else "",
            attached_to=element.get("attachedToRef", ""),
            interrupting=element.get("cancelActivity", "true") != "false",
            default=element.get("default", ""),
            outcome=element.get(f"{ANJU}outcome", ""),
            main=element.get(f"{ANJU}main", "") == "true",
        )

    def read_outcomes(self, element: etree._Element) -> tuple[Outcome, ...]:
        """`pass:通过:primary,fail:不通过:danger` with `needs` such as `fail=reason_type+reason:15`."""
        outcomes: dict[str, Outcome] = {}
        for text in _names(element.get(f"{ANJU}outcomes", "")):
            key, _, rest = text.partition(":")
            title, _, tone = rest.partition(":")
            if not re.fullmatch(r"[a-z][a-z0-9_]*", key) or not title or tone not in TONES | {""} or key in outcomes:
                self.problem(element, f"办理结果 {text} 写得不对，应写成 pass:通过:primary")
                continue
            outcomes[key] = Outcome(key, title, tone or "default")
        for text in _names(element.get(f"{ANJU}needs", "")):
            key, _, wanted = text.partition("=")
            for one in list(outcomes) if key == "*" else [key]:
                told = _needs(wanted)
                if one not in outcomes or told is None:
                    self.problem(element, f"填写要求 {text} 写得不对，应写成 fail=reason_type+reason:15")
                    continue
                outcomes[one] = replace(outcomes[one], **told)
        return tuple(outcomes.values())

    def read_timer(self, element: etree._Element) -> str:
        definition = element.find(f"{BPMN}timerEventDefinition")
        if definition is None:
            self.problem(element, "没有写定时，平台只支持定时的中间事件和边界事件")
            return ""
        told = [(_tag(child), (child.text or "").strip()) for child in definition.iterchildren(tag=etree.Element)]
        if len(told) != 1 or told[0][0] not in _TIMERS or not _TIMERS[told[0][0]].fullmatch(told[0][1]):
            self.problem(element, "定时应写成一个日期变量（timeDate）或时长（timeDuration，例如 P3D、PT12H、5wd）")
            return ""
        return told[0][1]

    def read_flow(self, element: etree._Element) -> None:
        condition = (element.findtext(f"{BPMN}conditionExpression") or "").strip()
        flow = Flow(
            element.get("id", ""),
            element.get("sourceRef", ""),
            element.get("targetRef", ""),
            element.get("name", ""),
            condition,
        )
        if not flow.id or flow.id in self.flows:
            self.problem(element, "连线没有编号，或编号与别的连线相同")
            return
        self.flows[flow.id] = flow
        if condition:
            try:
                expression(condition)
            except ExpressionInvalid as error:
                self.problem(flow, f"的条件有误：{error.message}")

    def tie_flows(self) -> None:
        """Gives each node its arrows, in the order of the file."""
        for flow in list(self.flows.values()):
            if flow.source not in self.nodes or flow.target not in self.nodes:
                self.problem(flow, "连线的一端没有接到图形上")
                del self.flows[flow.id]
                continue
            source = self.nodes[flow.source]
            self.nodes[flow.source] = replace(source, outgoing=(*source.outgoing, flow.id))
            target = self.nodes[flow.target]
            self.nodes[flow.target] = replace(target, incoming=(*target.incoming, flow.id))

    # checking

    def check_node(self, node: Node) -> None:
        if node.kind in WAITING and not node.title:
            self.problem(node, "没有名称")
        if node.kind in {Kind.START, Kind.BOUNDARY} and node.incoming:
            self.problem(node, "不能有连线进入")
        if node.kind is Kind.END and node.outgoing:
            self.problem(node, "是结束，不能再有连线出去")
        elif node.kind is not Kind.END and not node.outgoing:
            self.problem(node, "走到这里就没有下一步了，请连到下一步或结束")
        if node.kind not in {Kind.EXCLUSIVE, Kind.PARALLEL, Kind.END} and len(node.outgoing) > 1:
            self.problem(node, "有多条连线出去，请用网关说明怎么分")
        if node.kind is Kind.END and not node.outcome:
            self.problem(node, "没有写结束的结果（outcome）")
        check = {
            Kind.USER: self.check_user,
            Kind.SERVICE: self.check_service,
            Kind.RULE: self.check_rule,
            Kind.EXCLUSIVE: self.check_exclusive,
            Kind.BOUNDARY: self.check_boundary,
        }.get(node.kind)
        if check:
            check(node)
        if node.kind is not Kind.EXCLUSIVE:
            for flow in node.outgoing:
                if self.flows[flow].condition:
                    self.problem(self.flows[flow], "只有排他网关出去的连线才能带条件")

    def check_user(self, node: Node) -> None:
        if not node.right:
            self.problem(node, "没有写由谁办理（right）")
        if not node.outcomes:
            self.problem(node, "没有写办理结果（outcomes）")
        if node.form and not definitions.find("forms", node.form):
            self.problem(node, f"的表单 {node.form} 不存在")
        for other in node.differs_from:
            if other == node.id or other not in self.nodes or self.nodes[other].kind is not Kind.USER:
                self.problem(node, f"要求与 {other} 由不同的人办理，但 {other} 不是另一个人工任务")

    def check_service(self, node: Node) -> None:
        if node.handler not in self.handlers:
            self.problem(node, f"的处理程序 {node.handler or '（空）'} 不存在")

    def check_rule(self, node: Node) -> None:
        if not node.rule or not definitions.find("rules", node.rule):
            self.problem(node, f"的规则表 {node.rule or '（空）'} 不存在")

    def check_boundary(self, node: Node) -> None:
        host = self.nodes.get(node.attached_to)
        if host is None or host.kind not in {Kind.USER, Kind.SERVICE, Kind.RECEIVE}:
            self.problem(node, "没有附着在任务上")

    def check_exclusive(self, node: Node) -> None:
        if len(node.outgoing) < 2:
            if node.outgoing and self.flows[node.outgoing[0]].condition:
                self.problem(node, "只有一条出路，不需要条件")
            return
        if node.default not in node.outgoing:
            self.problem(node, "没有默认出路，条件都不成立时无路可走")
        for flow_id in node.outgoing:
            flow = self.flows[flow_id]
            if flow_id == node.default and flow.condition:
                self.problem(flow, "是默认出路，不能带条件")
            elif flow_id != node.default and not flow.condition:
                self.problem(flow, f"从“{node.title or node.id}”出去，没有写条件")
        self.check_compared(node)

    def check_compared(self, gateway: Node) -> None:
        """An outcome that no task before the gateway can have is a slip of the pen that would never be noticed."""
        before = [self.nodes[self.flows[flow].source] for flow in gateway.incoming]
        if not before or any(node.kind is not Kind.USER for node in before):
            return
        possible = {outcome.key for node in before for outcome in node.outcomes}
        for flow_id in gateway.outgoing:
            for compared in _OUTCOME_COMPARED.findall(self.flows[flow_id].condition):
                if compared not in possible:
                    self.problem(self.flows[flow_id], f"的条件提到结果 {compared}，前面的任务没有这个结果")

    def check_whole(self, graph: Graph) -> None:
        starts = [node for node in self.nodes.values() if node.kind is Kind.START]
        if len(starts) != 1:
            self.problem(self.process, f"应有一个开始，现有 {len(starts)} 个")
            return
        if not any(node.kind is Kind.END for node in self.nodes.values()):
            self.problem(self.process, "没有结束")
        for node in self.nodes.values():
            if node.id not in graph.order:
                self.problem(node, "从开始走不到这里")
        if any(len(node.outgoing) == 0 and node.kind is not Kind.END for node in self.nodes.values()):
            return
        for node in self.restless():
            self.problem(node, "在一个没有任务的圈里，流程会一直转下去")
        if not self.problems:
            for node_id, message in soundness.problems(graph).items():
                self.problem(self.nodes[node_id], message)

    def restless(self) -> list[Node]:
        """Nodes on a circle on which no token ever rests."""
        left = {node.id: node for node in self.nodes.values() if node.kind not in WAITING}
        shrunk = True
        while shrunk:
            ending = [
                node_id
                for node_id, node in left.items()
                if not any(self.flows[f].target in left for f in node.outgoing)
            ]
            for node_id in ending:
                del left[node_id]
            shrunk = bool(ending)
        return list(left.values())


def _tag(element: etree._Element) -> str:
    return etree.QName(element.tag).localname


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _needs(text: str) -> dict[str, Any] | None:
    """`opinion+reason_type:refuse_type+reason:15` as fields of an outcome; None when it is written wrongly."""
    told: dict[str, Any] = {}
    for part in text.split("+"):
        name, _, detail = part.strip().partition(":")
        if name == "opinion" and not detail:
            told["opinion"] = True
        elif name == "reason_type":
            told["reason_type"] = detail or "fail_type"
        elif name == "reason" and (detail or "1").isdigit():
            told["reason_min"] = int(detail or "1")
        else:
            return None
    return told
