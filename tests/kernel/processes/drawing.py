"""Small BPMN drawings for tests, built in a few lines."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from anju.kernel.scope import Actor, Reach

RIGHT = "test.act"


class Drawing:
    """Elements and arrows added one by one; `xml` is what would be published."""

    def __init__(self, key: str = "test") -> None:
        self.key = key
        self.elements: list[str] = []
        self.flows: list[str] = []

    def add(self, tag: str, node: str, *, inside: str = "", plain: str = "", **attributes: str) -> Drawing:
        """An element; attributes go into the anju namespace, `plain` is written as it stands."""
        told = "".join(f" anju:{key}={quoteattr(value)}" for key, value in attributes.items())
        self.elements.append(f'<bpmn:{tag} id="{node}" name="{node}的名称"{told} {plain}>{inside}</bpmn:{tag}>')
        return self

    def start(self, node: str = "start") -> Drawing:
        return self.add("startEvent", node)

    def end(self, node: str = "end", outcome: str = "done", **attributes: str) -> Drawing:
        return self.add("endEvent", node, outcome=outcome, **attributes)

    def user(self, node: str, outcomes: str = "pass:通过:primary,fail:不通过:danger", **attributes: str) -> Drawing:
        return self.add("userTask", node, **({"right": RIGHT, "outcomes": outcomes} | attributes))

    def service(self, node: str, handler: str = "test.work") -> Drawing:
        return self.add("serviceTask", node, handler=handler)

    def receive(self, node: str) -> Drawing:
        return self.add("receiveTask", node)

    def timer(self, node: str, duration: str = "P1D", kind: str = "timeDuration") -> Drawing:
        return self.add("intermediateCatchEvent", node, inside=_timer(duration, kind))

    def boundary(self, node: str, host: str, duration: str = "P1D", *, interrupting: bool = True) -> Drawing:
        plain = f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
        return self.add("boundaryEvent", node, inside=_timer(duration, "timeDuration"), plain=plain)

    def exclusive(self, node: str, default: str = "") -> Drawing:
        return self.add("exclusiveGateway", node, plain=f'default="{default}"' if default else "")

    def parallel(self, node: str) -> Drawing:
        return self.add("parallelGateway", node)

    def flow(self, source: str, target: str, condition: str = "", flow: str = "") -> Drawing:
        told = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
        self.flows.append(
            f'<bpmn:sequenceFlow id="{flow or f"{source}__{target}"}" sourceRef="{source}" targetRef="{target}">'
            f"{told}</bpmn:sequenceFlow>"
        )
        return self

    def path(self, *nodes: str) -> Drawing:
        """Arrows from each node to the next."""
        for source, target in pairwise(nodes):
            self.flow(source, target)
        return self

    @property
    def xml(self) -> str:
        return (
            '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
            'xmlns:anju="http://anju.dev/bpmn" id="d" targetNamespace="t">'
            f'<bpmn:process id="{self.key}" name="测试流程" isExecutable="true">'
            f"{''.join(self.elements)}{''.join(self.flows)}</bpmn:process></bpmn:definitions>"
        )


def _timer(text: str, kind: str) -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


def simple(key: str = "test") -> Drawing:
    """start → a → b (by another person) → end."""
    drawing = Drawing(key).start().user("a").user("b", differsFrom="a").end()
    return drawing.path("start", "a", "b", "end")


def clerk(
    number: int = 1, *rights: str, reach: Reach = Reach.ALL, division: str = "339901", path: str = "/1/2/"
) -> Actor:
    """A member of staff who may act in test processes, or holds the rights named."""
    return Actor(
        kind="staff",
        id=number,
        name=f"办事员{number}",
        org_path=path,
        division=division,
        grants=dict.fromkeys(rights or (RIGHT,), reach),
    )
