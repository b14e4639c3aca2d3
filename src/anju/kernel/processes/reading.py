"""Reading where an instance stands: the steps in order, what is done, what is open, where it can be returned to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Literal, TypedDict

from anju.kernel.compiled import Compiled
from anju.kernel.processes import soundness
from anju.kernel.processes.graph import WAITING, Graph, Kind, Node
from anju.kernel.processes.locks import graph_of
from anju.kernel.processes.models import RESTING, Definition, Instance, Token


class ProgressStep(TypedDict):
    """One line of the step list: a node of the main path, or one off it that was gone through."""

    node: str
    title: str
    stage: str
    kind: str
    state: Literal["done", "now", "todo"]
    who: str
    at: datetime | None
    outcome: str
    outcome_title: str


class Progress(TypedDict):
    """What the step list and the lit diagram show."""

    steps: list[ProgressStep]
    active: list[str]
    done: list[str]


NO_PROGRESS: Progress = {"steps": [], "active": [], "done": []}


class Place(TypedDict):
    """A node and its title."""

    node: str
    title: str


tokens_of = Compiled(lambda instance: Token.objects.filter(instance_id=instance).order_by("pk"))


@lru_cache(maxsize=512)
def version_of(definition_id: int) -> tuple[str, int]:
    """Key and version of a published process, read once in each process: versions never change."""
    key, version = Definition.objects.values_list("key", "version").get(pk=definition_id)
    return key, version


def progress(instance: Instance, tokens: Iterable[Token] | None = None) -> Progress:
    """Where an instance stands; steps still ahead are listed only while it is open. `tokens`: all, if read before."""
    graph = graph_of(instance.definition_id)
    standing = {token.node_id: token for token in trail(graph, tokens_of(instance.pk) if tokens is None else tokens)}
    expected = {node.id for node in graph.main_path} if instance.state == Instance.State.OPEN else set()
    listed = [n for n in graph.order if graph.nodes[n].kind in WAITING and (n in expected or n in standing)]
    return {
        "steps": [_step(graph.nodes[node], standing.get(node)) for node in listed],
        "active": [n for n in listed if n in standing and standing[n].state in RESTING],
        "done": [n for n in listed if n in standing and standing[n].state == Token.State.DONE],
    }


def returnable(instance: Instance) -> list[Place]:
    """Where an instance can be returned to, in the order of the process."""
    graph = graph_of(instance.definition_id)
    if instance.state != Instance.State.OPEN:
        return []
    return [{"node": node.id, "title": node.title} for node in returns(graph, instance.tokens.all())]


def trail(graph: Graph, tokens: Iterable[Token]) -> list[Token]:
    """The tokens that still count: coming to a node again undoes what came after its last time."""
    standing: list[Token] = []
    for token in sorted(tokens, key=lambda t: t.pk):
        if token.state == Token.State.CANCELLED or token.node_id not in graph.nodes:
            continue
        undone = graph.after[token.node_id] | {token.node_id}
        if any(before.node_id == token.node_id for before in standing):
            standing = [before for before in standing if before.node_id not in undone]
        standing.append(token)
    return standing


def returns(graph: Graph, tokens: Iterable[Token]) -> list[Node]:
    """User tasks done before and not open now from which, alone, the process can come to its end; in order."""
    standing = trail(graph, tokens)
    done = {token.node_id for token in standing if token.kind == Kind.USER and token.state == Token.State.DONE}
    return [graph.nodes[n] for n in graph.order if n in done and _sound_alone(graph, n)]


def _sound_alone(graph: Graph, node_id: str) -> bool:
    return not soundness.problems(graph, soundness.marking_of(graph, node_id))


def _step(node: Node, token: Token | None) -> ProgressStep:
    outcome = node.outcome_of(token.outcome) if token else None
    resting = token is not None and token.state in RESTING
    state: Literal["done", "now", "todo"] = "todo" if token is None else "now" if resting else "done"
    return {
        "node": node.id,
        "title": node.title,
        "stage": node.stage,
        "kind": node.kind,
        "state": state,
        "who": "" if token is None else token.claimed_name if resting else token.actor_name,
        "at": None if token is None else token.entered_at if resting else token.left_at,
        "outcome": token.outcome if token else "",
        "outcome_title": outcome.title if outcome else "",
    }
