"""Whether a process can always come to its end: played through in every way before it is published.

The graph is read as a Petri net whose places are flows: a token on the flow into a task means that the task is open.
A marking is the set of flows that hold a token. Two things are refused: two tokens coming together at one node, and
tokens that no rule can move any more (a parallel join that waits for a branch never taken).
"""

from __future__ import annotations

from collections.abc import Iterator

from anju.kernel.processes.graph import Graph, Kind, Node

Marking = frozenset[str]
MOST_MARKINGS = 20_000


def problems(graph: Graph, first: Marking | None = None) -> dict[str, str]:
    """What can go wrong from a marking (the start by default): node id → Chinese sentence; empty when nothing can."""
    begin = first if first is not None else frozenset(graph.start.outgoing)
    found: dict[str, str] = {}
    seen: set[Marking] = {begin}
    todo = [begin]
    while todo:
        marking = todo.pop()
        crowded = _crowded(graph, marking)
        if crowded:
            found[crowded] = "会有两条线路同时走到这里，并行的线路要先用并行网关汇合"
            continue
        moved = False
        for following, doubled in _successors(graph, marking):
            moved = True
            if doubled:
                found[doubled] = "会有两条线路同时走到这里，并行的线路要先用并行网关汇合"
            elif following not in seen:
                seen.add(following)
                todo.append(following)
        if marking and not moved:
            stuck = sorted({graph.flows[flow].target for flow in marking})[0]
            found[stuck] = "会一直等不到另一条线路，流程停在这里走不下去"
        if len(seen) > MOST_MARKINGS:
            return found | {graph.start.id: "并行线路的组合太多，无法逐一验证，请拆成较小的流程"}
    return found


def marking_of(graph: Graph, node_id: str) -> Marking:
    """The marking in which exactly this node is open."""
    return frozenset(graph.nodes[node_id].incoming[:1])


def _crowded(graph: Graph, marking: Marking) -> str:
    """A node other than a parallel join that two tokens have reached at once, or nothing."""
    reached: set[str] = set()
    for flow in marking:
        target = graph.flows[flow].target
        if target in reached and graph.nodes[target].kind is not Kind.PARALLEL:
            return target
        reached.add(target)
    return ""


def _successors(graph: Graph, marking: Marking) -> Iterator[tuple[Marking, str]]:
    """Every marking one move away, with the node at which a second token arrived, if any."""
    for node_id in {graph.flows[flow].target for flow in marking}:
        node = graph.nodes[node_id]
        held = [flow for flow in node.incoming if flow in marking]
        if node.kind is Kind.PARALLEL and len(held) < len(node.incoming):
            continue
        for produced in _ways_out(graph, node):
            rest = marking.difference(held)
            double = next((graph.flows[flow].target for flow in produced if flow in rest), "")
            yield rest.union(produced), double


def _ways_out(graph: Graph, node: Node) -> Iterator[tuple[str, ...]]:
    """The sets of flows that a node may put tokens on."""
    if node.kind is Kind.PARALLEL:
        yield node.outgoing
        return
    if node.kind is Kind.END:
        yield ()
        return
    for flow in node.outgoing:
        yield (flow,)
    for boundary in graph.boundaries.get(node.id, ()):
        # a timer that does not interrupt is taken to fire before its task is done: the harder of the two orders
        yield boundary.outgoing if boundary.interrupting else (*node.outgoing, *boundary.outgoing)
