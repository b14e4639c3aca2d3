"""Whether a process can always come to its end: played through in every way before it is published.

The graph is read as a Petri net whose places are flows: a token on the flow into a task means that the task is open.
A marking is the set of places that hold a token. Two things are refused: two tokens coming together in one place, and
tokens that no rule can move any more (a parallel join that waits for a branch never taken).

Nodes with one way out and nothing to wait for are passed through without a marking of their own: a token in front of
them can do nothing but come out behind them. That keeps the markings of side-by-side branches few.
"""

from __future__ import annotations

from collections.abc import Iterator

from anju.kernel.processes.graph import Graph, Kind, Node

Marking = frozenset[str]
MOST_MARKINGS = 20_000
CROWDED = "会有两条线路同时走到这里，并行的线路要先用并行网关汇合"
STUCK = "会一直等不到另一条线路，流程停在这里走不下去"
TOO_MANY = "并行线路的组合太多，无法逐一验证，请拆成较小的流程"


def problems(graph: Graph, first: Marking | None = None) -> dict[str, str]:
    """What can go wrong from a marking (the start by default): node id → Chinese sentence; empty when nothing can."""
    net = _Net(graph)
    begin, crowded = net.put(frozenset(), tuple(first if first is not None else graph.start.outgoing))
    if crowded:
        return {crowded: CROWDED}
    found: dict[str, str] = {}
    seen: set[Marking] = {begin}
    todo = [begin]
    while todo:
        marking = todo.pop()
        moved = False
        for following, crowded in net.successors(marking):
            moved = True
            if crowded:
                found[crowded] = CROWDED
            elif following not in seen:
                seen.add(following)
                todo.append(following)
        if marking and not moved:
            stuck = sorted({graph.flows[place].target for place in marking})[0]
            found[stuck] = STUCK
        if len(seen) > MOST_MARKINGS:
            return found | {graph.start.id: TOO_MANY}
    return found


def marking_of(graph: Graph, node_id: str) -> Marking:
    """The marking in which exactly this node is open."""
    return frozenset(graph.nodes[node_id].incoming[:1])


class _Net:
    """The graph with its places: each flow stands for the place that a token on it comes to by itself."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.places: dict[str, str] = {}
        self.meetings: dict[str, str] = {}
        for flow in graph.flows:
            passed = self._way(flow)
            self.places[flow] = passed[-1]
            targets = [graph.flows[each].target for each in passed]
            self.meetings[flow] = next((t for t in targets if len(graph.nodes[t].incoming) > 1), targets[-1])

    def _way(self, flow: str) -> list[str]:
        """The flows that a token comes along by itself, up to where it has a choice to make or must wait for others."""
        passed = [flow]
        while True:
            node = self.graph.nodes[self.graph.flows[flow].target]
            if node.kind in (Kind.PARALLEL, Kind.END) or len(node.outgoing) != 1 or node.id in self.graph.boundaries:
                return passed
            flow = node.outgoing[0]
            if flow in passed:
                return passed
            passed.append(flow)

    def put(self, marking: Marking, flows: tuple[str, ...]) -> tuple[Marking, str]:
        """A marking with tokens added, and the node at which one of them meets another, if any."""
        held = {self._gate(place) for place in marking}
        added = set()
        for flow in flows:
            place = self.places[flow]
            if self._gate(place) in held:
                return marking, self.meetings[flow]
            held.add(self._gate(place))
            added.add(place)
        return marking.union(added), ""

    def _gate(self, place: str) -> str:
        """What one token at a time may be at: a node, or at a parallel gateway each flow for itself."""
        node = self.graph.nodes[self.graph.flows[place].target]
        return place if node.kind is Kind.PARALLEL else node.id

    def successors(self, marking: Marking) -> Iterator[tuple[Marking, str]]:
        """Every marking one move away, with the node at which two tokens came together, if any."""
        for node_id in {self.graph.flows[place].target for place in marking}:
            node = self.graph.nodes[node_id]
            held = {self.places[flow] for flow in node.incoming} & marking
            if node.kind is Kind.PARALLEL and len(held) < len(node.incoming):
                continue
            for produced in _ways_out(self.graph, node):
                yield self.put(marking.difference(held), produced)


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
