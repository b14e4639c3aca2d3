"""The one place where processes are locked: the instance first, then its tokens, several instances in order of id.

Every command works inside its caller's transaction; the lock holds until that commits. Two people finishing one task
are put in a row here, and the second finds it done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from django.db.models import Q, QuerySet

from anju.kernel.compiled import Compiled
from anju.kernel.errors import NotFound
from anju.kernel.processes.graph import Graph
from anju.kernel.processes.models import RESTING, Definition, Instance, Token


@dataclass
class Run:
    """A locked instance with its graph, the tokens that stand (failed ones too), and the others that were asked for."""

    instance: Instance
    graph: Graph
    waiting: list[Token] = field(default_factory=list)
    done: list[Token] = field(default_factory=list)

    def done_at(self, node_id: str) -> Token | None:
        """The last time a node was done."""
        done = (t for t in self.done if t.node_id == node_id and t.state == Token.State.DONE)
        return max(done, key=lambda t: t.pk, default=None)


@lru_cache(maxsize=512)
def graph_of(definition_id: int) -> Graph:
    """The graph of a published version, read once in each process: versions never change."""
    return Graph.from_json(Definition.objects.values_list("graph", flat=True).get(pk=definition_id))


def lock_run(instance_id: int, *, done: Q | None = None) -> Run:
    """Locks one instance; raises `NotFound`. `done` says which finished tokens are wanted too."""
    return _run(Instance.objects.filter(pk=instance_id), done)


def lock_run_of(token_id: int) -> tuple[Run, Token]:
    """Locks the instance of a token and loads the token with all waiting and done ones; raises `NotFound`."""
    run = _filled(_INSTANCE_OF_TOKEN(token_id), lambda instance: _TOKENS_AROUND(instance.pk, token_id))
    token = next(t for t in (*run.waiting, *run.done) if t.pk == token_id)
    return run, token


_INSTANCE_OF_TOKEN = Compiled(
    lambda token: Instance.objects.filter(
        pk=Token.objects.filter(pk=token).values("instance_id")[:1]
    ).select_for_update()
)
_TOKENS_AROUND = Compiled(
    lambda instance, token: (
        Token.objects.filter(
            Q(state__in=RESTING) | Q(state=Token.State.DONE, kind="user") | Q(pk=token), instance_id=instance
        )
        .order_by("pk")
        .select_for_update()
    )
)


def lock_runs(instance_ids: Iterable[int]) -> list[Run]:
    """Locks many instances in order of id, with their waiting tokens."""
    return _runs(Instance.objects.filter(pk__in=list(instance_ids)).order_by("pk").select_for_update())


def lock_due_runs(at: datetime, limit: int) -> list[Run]:
    """Locks instances with a timer that is due, those that somebody else holds left aside for the next round."""
    due = (
        Token.objects.filter(state=Token.State.WAITING, due_at__lte=at).order_by("due_at").values("instance_id")[:limit]
    )
    return _runs(Instance.objects.filter(pk__in=due).order_by("pk").select_for_update(skip_locked=True))


def _run(instances: QuerySet[Instance], done: Q | None) -> Run:
    wanted = Q(state__in=RESTING) if done is None else Q(state__in=RESTING) | done
    return _filled(
        instances.select_for_update(),
        lambda instance: Token.objects.filter(wanted, instance_id=instance.pk).order_by("pk").select_for_update(),
    )


def _filled(instances: Iterable[Instance], tokens: Callable[[Instance], Iterable[Token]]) -> Run:
    instance = next(iter(instances), None)
    if instance is None:
        raise NotFound("没有找到这件事项的流程")
    run = Run(instance, graph_of(instance.definition_id))
    for token in tokens(instance):
        token.instance = instance
        (run.waiting if token.state in RESTING else run.done).append(token)
    return run


def _runs(instances: QuerySet[Instance]) -> list[Run]:
    runs = {instance.pk: Run(instance, graph_of(instance.definition_id)) for instance in instances}
    waiting = Token.objects.filter(instance_id__in=runs, state__in=RESTING).order_by("pk").select_for_update()
    for token in waiting:
        token.instance = runs[token.instance_id].instance
        runs[token.instance_id].waiting.append(token)
    return list(runs.values())
