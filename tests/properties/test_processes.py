"""Random walks over random well-formed processes: no token is ever lost or doubled, every instance waits or ends."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import count, pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.kernel import clock
from anju.kernel.processes import services as processes
from anju.kernel.processes import soundness
from anju.kernel.processes.bpmn import compile_bpmn
from anju.kernel.processes.graph import Graph, Kind
from anju.kernel.processes.locks import graph_of
from anju.kernel.processes.models import Instance, Token
from tests.kernel.processes.drawing import Drawing, clerk

Block = tuple[str, tuple["Block", ...]]  # type: ignore[misc]

leaves = st.sampled_from([("user", ()), ("receive", ()), ("timer", ()), ("guarded", ())])
blocks = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.just("then"), st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.tuples(st.just("choice"), st.lists(inner, min_size=2, max_size=2).map(tuple)),
        st.tuples(st.just("split"), st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.tuples(st.just("again"), st.lists(inner, min_size=1, max_size=1).map(tuple)),
    ),
    max_leaves=7,
)


class Builder:
    """Draws blocks one inside another, so that the process is well formed by construction."""

    def __init__(self) -> None:
        self.drawing = Drawing("random").start().end(outcome="done", main="true")
        self.numbers = count(1)

    def draw(self, block: Block) -> str:
        first, last = self.block(block)
        self.drawing.flow("start", first).flow(last, "end")
        return self.drawing.xml

    def block(self, block: Block) -> tuple[str, str]:
        """Draws one block; its first and last node."""
        kind, inner = block
        name = f"{kind}{next(self.numbers)}"
        return getattr(self, kind)(name, inner)  # type: ignore[no-any-return]

    def user(self, name: str, inner: tuple[Block, ...]) -> tuple[str, str]:
        self.drawing.user(name)
        return name, name

    def receive(self, name: str, inner: tuple[Block, ...]) -> tuple[str, str]:
        self.drawing.receive(name)
        return name, name

    def timer(self, name: str, inner: tuple[Block, ...]) -> tuple[str, str]:
        self.drawing.timer(name)
        return name, name

    def guarded(self, name: str, inner: tuple[Block, ...]) -> tuple[str, str]:
        """A task with a timer that takes over when it is late; both ways meet again."""
        self.drawing.user(name).boundary(f"{name}_edge", name).user(f"{name}_late").exclusive(f"{name}_merge")
        self.drawing.path(name, f"{name}_merge").path(f"{name}_edge", f"{name}_late", f"{name}_merge")
        return name, f"{name}_merge"

    def then(self, name: str, inner: tuple[Block, ...]) -> tuple[str, str]:
        parts = [self.block(each) for each in inner]
        for (_, before), (after, _) in pairwise(parts):
            self.drawing.flow(before, after)
        return parts[0][0], parts[-1][1]

    def choice(self, name: str, inner: tuple[Block, ...]) -> tuple[str, str]:
        """A task whose outcome chooses one of two ways."""
        (a, a_last), (b, b_last) = (self.block(each) for each in inner)
        gate, merge = f"{name}_gate", f"{name}_merge"
        self.drawing.user(name).exclusive(gate, default=f"{gate}__{b}").exclusive(merge)
        self.drawing.flow(name, gate).flow(gate, a, 'outcome == "pass"').flow(gate, b)
        self.drawing.flow(a_last, merge).flow(b_last, merge)
        return name, merge

    def split(self, name: str, inner: tuple[Block, ...]) -> tuple[str, str]:
        fork, join = f"{name}_fork", f"{name}_join"
        self.drawing.parallel(fork).parallel(join)
        for first, last in [self.block(each) for each in inner]:
            self.drawing.flow(fork, first).flow(last, join)
        return fork, join

    def again(self, name: str, inner: tuple[Block, ...]) -> tuple[str, str]:
        """A block that is repeated until its check passes."""
        first, last = self.block(inner[0])
        merge, gate = f"{name}_merge", f"{name}_gate"
        self.drawing.exclusive(merge).user(name).exclusive(gate, default=f"{gate}__{merge}").exclusive(f"{name}_out")
        self.drawing.path(merge, first).path(last, name, gate).flow(gate, f"{name}_out", 'outcome == "pass"')
        self.drawing.flow(gate, merge)
        return merge, f"{name}_out"


def marking(graph: Graph, tokens: list[Token]) -> frozenset[str]:
    """The flows that hold a token now."""
    standing = [t for t in tokens if t.kind != Kind.BOUNDARY]
    return frozenset(t.arrived_by or graph.nodes[t.node_id].incoming[0] for t in standing)


def check(instance: Instance) -> list[Token]:
    """What must hold after every step; the tokens that wait."""
    instance.refresh_from_db()
    graph = graph_of(instance.definition_id)
    tokens = list(Token.objects.filter(instance=instance, state="waiting").order_by("pk"))
    doubled = Counter((t.node_id, t.arrived_by) for t in tokens)
    assert not doubled or max(doubled.values()) == 1
    assert bool(tokens) == (instance.state == "open")
    hosts = {graph.nodes[t.node_id].attached_to for t in tokens if t.kind == Kind.BOUNDARY}
    assert hosts <= {t.node_id for t in tokens}
    if tokens:
        assert soundness.problems(graph, marking(graph, tokens)) == {}
        assert any(t.kind != Kind.PARALLEL for t in tokens)
    return tokens


def move(instance: Instance, token: Token, data: st.DataObject) -> None:
    """Does with a waiting token what can be done with it."""
    if token.kind == Kind.USER:
        processes.complete(token.pk, data.draw(st.sampled_from(["pass", "fail"])), clerk(1))
    elif token.kind == Kind.RECEIVE:
        assert processes.signal(instance, token.node_id)
        assert not processes.signal(instance, token.node_id, token_id=token.pk)
    else:
        Token.objects.filter(pk=token.pk).update(due_at=clock.now() - timedelta(days=1))
        assert processes.fire_due_timers(clock.now()) == 1


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(block=blocks, data=st.data())
def test_random_walks_lose_no_token(block: Block, data: st.DataObject) -> None:
    with transaction.atomic():
        processes.publish("random", drawn(block))
        instance = processes.start("random", subject="thing:1", actor=clerk(9), org_path="/1/", division="339901")
        for _ in range(30):
            tokens = [t for t in check(instance) if t.kind != Kind.PARALLEL]
            if not tokens:
                break
            places = processes.returnable(instance)
            if places and data.draw(st.integers(0, 9)) == 0:
                target = data.draw(st.sampled_from(places))["node"]
                processes.return_to(instance, target, clerk(1), "退回")
                assert [t.node_id for t in check(instance) if t.kind != Kind.BOUNDARY] == [target]
                continue
            move(instance, data.draw(st.sampled_from(tokens)), data)
        check(instance)
        transaction.set_rollback(True)


def drawn(block: Block) -> str:
    """The drawing of a block."""
    return Builder().draw(block)


@settings(max_examples=150, deadline=None)
@given(block=blocks)
def test_every_block_structured_process_is_found_sound_and_survives_storage(block: Block) -> None:
    graph = compile_bpmn(drawn(block))
    assert set(graph.order) == set(graph.nodes)
    assert Graph.from_json(graph.as_json()) == graph


@settings(max_examples=150, deadline=None)
@given(block=blocks, data=st.data())
def test_a_missing_arrow_is_always_noticed(block: Block, data: st.DataObject) -> None:
    builder = Builder()
    builder.draw(block)
    builder.drawing.flows.pop(data.draw(st.integers(0, len(builder.drawing.flows) - 1)))
    with pytest.raises(Exception, match=r"process\.invalid"):
        compile_bpmn(builder.drawing.xml)
