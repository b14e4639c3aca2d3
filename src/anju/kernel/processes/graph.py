"""The compiled form of a process: an immutable graph of nodes and flows, stored as JSON with its definition.

Terms: node (节点), flow (连线), outcome (办理结果), four eyes (双人办理), stage (阶段).
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from anju.kernel.errors import FieldError


class Kind(StrEnum):
    """What a node is. A token rests at WAITING kinds; the others are passed through within a step."""

    START = "start"
    END = "end"
    USER = "user"
    SERVICE = "service"
    RECEIVE = "receive"
    RULE = "rule"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    TIMER = "timer"
    BOUNDARY = "boundary"


WAITING = frozenset({Kind.USER, Kind.SERVICE, Kind.RECEIVE, Kind.TIMER})


@dataclass(frozen=True)
class Outcome:
    """One way to finish a user task, and what the person must write for it."""

    key: str
    title: str
    tone: str = "default"
    opinion: bool = False
    reason_type: str | None = None
    reason_min: int | None = None

    def missing(self, *, opinion: str = "", reason_type: str = "", reason: str = "") -> list[FieldError]:
        """What is still to be written for this outcome (SH-033.2: a reason shorter than asked for is refused)."""
        errors = []
        if self.opinion and not opinion.strip():
            errors.append(FieldError("opinion", "opinion.missing", "请写审核意见"))
        if self.reason_type and not reason_type:
            errors.append(FieldError("reason_type", "reason_type.missing", f"请选“{self.title}”的类型"))
        length = len(re.sub(r"\s", "", reason))
        if self.reason_min and length < self.reason_min:
            said = f"理由至少写 {self.reason_min} 个字，现在是 {length} 个"
            errors.append(FieldError("reason", "reason.too_short", said))
        return errors


@dataclass(frozen=True)
class Node:
    """One element of the diagram, with all that the engine needs to know of it."""

    id: str
    kind: Kind
    title: str
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    stage: str = ""
    instruction: str = ""
    right: str = ""
    outcomes: tuple[Outcome, ...] = ()
    form: str = ""
    deadline: int | None = None
    differs_from: tuple[str, ...] = ()
    handler: str = ""
    rule: str = ""
    timer: str = ""
    attached_to: str = ""
    interrupting: bool = True
    default: str = ""
    outcome: str = ""
    main: bool = False

    def outcome_of(self, key: str) -> Outcome | None:
        """The outcome with this key, or None."""
        return next((outcome for outcome in self.outcomes if outcome.key == key), None)


@dataclass(frozen=True)
class Flow:
    """An arrow; `condition` is CEL over `outcome` and `vars`."""

    id: str
    source: str
    target: str
    title: str = ""
    condition: str = ""


@dataclass(frozen=True)
class Graph:
    """A whole process. Derived facts (order, main path, boundaries) are computed once."""

    key: str
    title: str
    nodes: dict[str, Node]
    flows: dict[str, Flow]

    def as_json(self) -> dict[str, Any]:
        """What the definition stores and the API answers."""
        return {
            "key": self.key,
            "title": self.title,
            "nodes": [asdict(node) for node in self.nodes.values()],
            "flows": [asdict(flow) for flow in self.flows.values()],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Graph:
        """The graph that `as_json` wrote."""
        return cls(
            key=stored["key"],
            title=stored["title"],
            nodes={raw["id"]: _node(raw) for raw in stored["nodes"]},
            flows={raw["id"]: Flow(**raw) for raw in stored["flows"]},
        )

    @cached_property
    def start(self) -> Node:
        """The one start event."""
        return next(node for node in self.nodes.values() if node.kind is Kind.START)

    @cached_property
    def boundaries(self) -> dict[str, tuple[Node, ...]]:
        """The boundary timers of each task that has any."""
        found: dict[str, tuple[Node, ...]] = {}
        for node in self.nodes.values():
            if node.kind is Kind.BOUNDARY:
                found[node.attached_to] = (*found.get(node.attached_to, ()), node)
        return found

    def next_of(self, node_id: str) -> list[str]:
        """The nodes that arrows lead to, and the timers on the edge of a task."""
        along = [self.flows[flow].target for flow in self.nodes[node_id].outgoing]
        return along + [boundary.id for boundary in self.boundaries.get(node_id, ())]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Nodes from start to end as a reader follows them; arrows that lead back do not count."""
        finished: list[str] = []
        seen: set[str] = set()
        stack: list[tuple[str, list[str]]] = [(self.start.id, self.next_of(self.start.id))]
        seen.add(self.start.id)
        while stack:
            node_id, rest = stack[-1]
            if rest:
                following = rest.pop()
                if following not in seen:
                    seen.add(following)
                    stack.append((following, self.next_of(following)))
            else:
                finished.append(node_id)
                stack.pop()
        return tuple(reversed(finished))

    @cached_property
    def after(self) -> dict[str, frozenset[str]]:
        """For each node those that come after it, arrows that lead back left out."""
        place = {node_id: index for index, node_id in enumerate(self.order)}
        after: dict[str, frozenset[str]] = {}
        for node_id in reversed(self.order):
            forward = [n for n in self.next_of(node_id) if place[n] > place[node_id]]
            after[node_id] = frozenset(forward).union(*(after[n] for n in forward))
        return after

    @cached_property
    def main_path(self) -> tuple[Node, ...]:
        """Nodes where a token rests on the way to the good end, in order; refusals are not on it."""
        ends = [n for n in self.nodes.values() if n.kind is Kind.END]
        goal = next((n for n in ends if n.main), ends[0])
        return tuple(self.nodes[n] for n in self.order if self.nodes[n].kind in WAITING and goal.id in self.after[n])


def _node(raw: dict[str, Any]) -> Node:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    values["kind"] = Kind(raw["kind"])
    values["outcomes"] = tuple(Outcome(**outcome) for outcome in raw["outcomes"])
    return Node(**values)
