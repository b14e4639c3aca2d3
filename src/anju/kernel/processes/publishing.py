"""Publishing: a drawing becomes an immutable version; running instances stay on theirs or are moved, checked first."""

from __future__ import annotations

import hashlib

from django.db import connection

from anju.kernel import definitions
from anju.kernel.errors import Conflict, NotFound
from anju.kernel.processes import soundness
from anju.kernel.processes.bpmn import compile_bpmn
from anju.kernel.processes.graph import Graph, Kind
from anju.kernel.processes.locks import graph_of, lock_run
from anju.kernel.processes.models import Definition, Instance, Token
from anju.kernel.scope import Actor, system


class CannotMigrate(Conflict):
    """A running instance has no place in the other version; `details.nodes` says which tasks are in the way."""

    code = "process.cannot_migrate"
    advice = "请先把这些任务办完，或让这件事项留在原版本"


def publish(key: str, xml: str, title: str = "", actor: Actor | None = None) -> Definition:
    """Publishes a drawing as the next version, or returns the present version when it is the same drawing.

    Raises `ProcessInvalid` with every problem.
    """
    graph = compile_bpmn(xml)
    checksum = hashlib.sha256(xml.replace("\r\n", "\n").encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"processes.publish:{key}"])
    last = Definition.objects.filter(key=key).order_by("-version").first()
    if last and last.checksum == checksum:
        return last
    return Definition.objects.create(
        key=key,
        version=last.version + 1 if last else 1,
        title=title or graph.title or key,
        xml=xml,
        graph=graph.as_json(),
        checksum=checksum,
        published_by=(actor or system()).ref,
    )


def publish_all() -> list[Definition]:
    """Publishes every process that the packages ship; what is published already stays as it is."""
    return [publish(key, path.read_text("utf-8")) for key, path in definitions.files("processes").items()]


def current(key: str) -> Definition:
    """The version that new instances begin with; raises `NotFound`."""
    found = Definition.objects.filter(key=key, state=Definition.State.PUBLISHED).order_by("-version").first()
    if found is None:
        raise NotFound(f"流程 {key} 还没有发布", code="process.unpublished", advice="请管理员先发布这个流程")
    return found


def migrate_instance(instance: Instance, definition: Definition) -> Instance:
    """Moves a running instance to another version of its process.

    Every waiting token must find its node, of the same kind, in the new version, and from there the process must be
    able to come to its end. Raises `CannotMigrate`.
    """
    run = lock_run(instance.pk)
    graph = graph_of(definition.pk)
    lost = [token for token in run.waiting if not _fits(token, graph)]
    if lost:
        titles = "、".join(dict.fromkeys(token.node_title for token in lost))
        raise CannotMigrate(f"新版本里没有“{titles}”，这件事项移不过去", details={"nodes": [t.node_id for t in lost]})
    marking = frozenset(
        token.arrived_by or next(iter(soundness.marking_of(graph, token.node_id)), "")
        for token in run.waiting
        if token.kind != Kind.BOUNDARY
    )
    if stuck := soundness.problems(graph, marking):
        titles = "、".join(graph.nodes[node].title or node for node in stuck)
        raise CannotMigrate(f"移到新版本后会停在“{titles}”走不下去", details={"nodes": list(stuck)})
    for token in run.waiting:
        node = graph.nodes[token.node_id]
        token.node_title, token.right = node.title, node.right
    Token.objects.bulk_update(run.waiting, ["node_title", "right"])
    run.instance.definition = definition
    run.instance.save(update_fields=["definition"])
    return run.instance


def _fits(token: Token, graph: Graph) -> bool:
    node = graph.nodes.get(token.node_id)
    return bool(node and node.kind == token.kind and (not token.arrived_by or token.arrived_by in node.incoming))
