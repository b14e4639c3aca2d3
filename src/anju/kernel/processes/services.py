"""The engine's commands. Each runs in its caller's transaction, locks the instance, and refuses before it writes.

Codes of refusals: `task.moved` (somebody was faster), `task.taken` (claimed by another), `task.outcome_unknown`,
`task.same_person` (four eyes), `task.not_returnable`, `process.closed`, `process.variable_missing`; `auth.forbidden`
and `not_found` where right or scope is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from anju.kernel import clock
from anju.kernel.errors import Conflict, DomainError, NotFound
from anju.kernel.jobs import defer
from anju.kernel.processes import hooks
from anju.kernel.processes.graph import Kind, Node
from anju.kernel.processes.locks import Run, graph_of, lock_due_runs, lock_run, lock_run_of, lock_runs
from anju.kernel.processes.models import RESTING, Instance, Token
from anju.kernel.processes.publishing import current, migrate_instance, publish, publish_all
from anju.kernel.processes.reading import progress, returnable, returns
from anju.kernel.processes.step import Step
from anju.kernel.scope import Actor, admits, system

__all__ = [
    "NotReturnable",
    "SamePerson",
    "TaskMoved",
    "TaskTaken",
    "cancel",
    "claim",
    "complete",
    "complete_batch",
    "complete_locked",
    "current",
    "fire_due_timers",
    "lock_run_of",
    "migrate_instance",
    "progress",
    "publish",
    "publish_all",
    "reassign",
    "release",
    "retry_service",
    "return_to",
    "returnable",
    "run_service",
    "set_deadline",
    "signal",
    "start",
]

TIMERS_AT_ONCE = 200


class TaskMoved(Conflict):
    """The task is done or withdrawn already; `details` say by whom, when, and where the matter stands."""

    code, message, advice = "task.moved", "这件事项已被办理", "请刷新后查看最新进展"


class TaskTaken(Conflict):
    """Another person has claimed the task; `details.holder` names him (SH-023.6)."""

    code, advice = "task.taken", "如需接手，请联系领取人退回，或由主管改派"


class SamePerson(DomainError):
    """Two people are meant: this one did the task that this task checks."""

    status, code, advice = 403, "task.same_person", "请由另一位有权限的同事办理"


class NotReturnable(DomainError):
    """The matter cannot be taken back to this step."""

    code, advice = "task.not_returnable", "请选择一个已经办过的步骤"


def start(
    definition_key: str,
    *,
    subject: str,
    actor: Actor,
    variables: Mapping[str, Any] | None = None,
    org_path: str = "/",
    division: str = "",
) -> Instance:
    """Begins a process on its present version. A second open one for the subject violates a constraint (409)."""
    definition = current(definition_key)
    instance = Instance.objects.create(
        definition=definition, subject=subject, org_path=org_path, division=division, started_by=actor.ref
    )
    run = Run(instance, graph_of(definition.pk))
    step = Step(actor)
    step.assign(run, variables)
    step.begin(run)
    step.flush()
    return instance


def claim(token_id: int, actor: Actor) -> Token:
    """Takes a task: from now on nobody else can finish it. Claiming one's own again changes nothing.

    Who may not finish it, because he did the task that it checks, may not take it away from others either.
    """
    token = _visible(token_id, actor)
    run = Run(token.instance, graph_of(token.instance.definition_id))
    node = run.graph.nodes[token.node_id]
    _load_done([run], set(node.differs_from))
    _refuse_same_person(run, node, actor)
    taken = Token.objects.filter(
        Q(claimed_by="") | Q(claimed_by=actor.ref), pk=token_id, state=Token.State.WAITING, kind=Kind.USER
    ).update(claimed_by=actor.ref, claimed_name=actor.name, claimed_at=clock.now())
    token.refresh_from_db()
    if not taken:
        _refuse_if_moved(token)
        _refuse_if_taken(token, actor)
    return token


def release(token_id: int, actor: Actor) -> Token:
    """Gives a claimed task back to everybody who may do it."""
    _, token = lock_run_of(token_id)
    _check_right(token, actor)
    _refuse_if_moved(token)
    _refuse_if_taken(token, actor)
    return _hand_over(token, "", "")


def reassign(token_id: int, to: Actor, actor: Actor) -> Token:
    """Gives a task to a person, whoever holds it now; that person must be able to do it. Whether `actor` may
    reassign is the caller's to check."""
    run, token = lock_run_of(token_id)
    _refuse_if_moved(token)
    _check_right(token, actor)
    _check_right(token, to)
    _refuse_same_person(run, run.graph.nodes[token.node_id], to)
    return _hand_over(token, to.ref, to.name)


def set_deadline(token_id: int, due_on: date | None) -> Token:
    """Moves the day by which a waiting task is to be done, as a supplement by the applicant does."""
    _, token = lock_run_of(token_id)
    _refuse_if_moved(token)
    token.due_on = due_on
    token.save(update_fields=["due_on"])
    return token


def complete(
    token_id: int, outcome: str, actor: Actor, *, note: str = "", variables: Mapping[str, Any] | None = None
) -> Token:
    """A person finishes a user task with one of its outcomes and the process goes on.

    An unclaimed task is taken in passing. The same person saying the same again (a lost answer, a double click) gets
    the finished token and nothing moves.
    """
    return complete_locked(*lock_run_of(token_id), outcome, actor, note=note, variables=variables)


def complete_locked(
    run: Run,
    token: Token,
    outcome: str,
    actor: Actor,
    *,
    note: str = "",
    variables: Mapping[str, Any] | None = None,
) -> Token:
    """`complete` for a task that the caller has locked with `lock_run_of`."""
    _check_right(token, actor)
    if token.state == Token.State.DONE and (token.actor_ref, token.outcome) == (actor.ref, outcome):
        return token
    _refuse_if_moved(token)
    _refuse_if_taken(token, actor)
    node = run.graph.nodes[token.node_id]
    _check_outcome(node, outcome)
    _refuse_same_person(run, node, actor)
    step = Step(actor)
    step.assign(run, variables)
    step.finish(run, token, outcome, note)
    step.flush()
    return token


def complete_batch(token_ids: Iterable[int], outcome: str, actor: Actor, *, note: str = "") -> list[Token]:
    """Finishes many user tasks alike, all or none, with a handful of statements whatever their number."""
    wanted = set(token_ids)
    runs = lock_runs(Token.objects.filter(pk__in=wanted).values_list("instance_id", flat=True).distinct())
    chosen = [(run, token) for run in runs for token in run.waiting if token.pk in wanted]
    if len(chosen) < len(wanted):
        raise TaskMoved(f"有 {len(wanted) - len(chosen)} 件事项已被办理，这一批没有提交")
    _load_done(runs, {other for run, token in chosen for other in run.graph.nodes[token.node_id].differs_from})
    step = Step(actor)
    for run, token in chosen:
        _check_right(token, actor)
        _refuse_if_taken(token, actor)
        node = run.graph.nodes[token.node_id]
        _check_outcome(node, outcome)
        _refuse_same_person(run, node, actor)
        step.finish(run, token, outcome, note)
    step.flush()
    return [token for _, token in chosen]


def return_to(instance: Instance, node_id: str, actor: Actor, reason: str) -> Instance:
    """Takes the matter back to a user task it has passed; everything now waiting is cancelled with the reason.

    A task between a parallel split and its join cannot be returned to alone: the other branches would be lost.
    """
    run = lock_run(instance.pk, done=Q(state=Token.State.DONE))
    _refuse_if_closed(run)
    if node_id not in {node.id for node in returns(run.graph, [*run.done, *run.waiting])}:
        raise NotReturnable("不能退回到这一步")
    step = Step(actor)
    step.put(run, node_id, reason)
    step.flush()
    return run.instance


def cancel(instance: Instance, actor: Actor, reason: str) -> Instance:
    """Ends a process before its end: withdrawn by the applicant, or deleted. A closed one stays as it is."""
    run = lock_run(instance.pk)
    if run.instance.state != Instance.State.OPEN:
        return run.instance
    step = Step(actor)
    step.withdraw(run, reason)
    run.instance.end_outcome = "cancelled"
    step.end(run, Instance.State.CANCELLED)
    step.flush()
    return run.instance


def signal(
    instance: Instance, node_id: str, variables: Mapping[str, Any] | None = None, *, token_id: int | None = None
) -> bool:
    """Tells an instance that what a service or receive task waits for has come; says whether anything moved.

    A message that comes twice, or late, moves nothing. With `token_id` it counts for that stay at the node only, not
    for one after a return.
    """
    run = lock_run(instance.pk)
    for token in run.waiting:
        if token.node_id == node_id and token.kind in {Kind.SERVICE, Kind.RECEIVE} and token_id in {None, token.pk}:
            _finish_quietly(run, token, variables)
            return True
    return False


def run_service(token_id: int) -> None:
    """What the worker does for a service task; a repeat finds the task done and does nothing."""
    with transaction.atomic():
        run, token = lock_run_of(token_id)
        if token.state != Token.State.WAITING:
            return
        handler = hooks.handler_of(run.graph.nodes[token.node_id].handler)
        try:
            with transaction.atomic():
                answer = handler(run.instance, token)
        except DomainError as error:
            Token.objects.filter(pk=token_id).update(state=Token.State.FAILED, note=error.message)
            return
        if answer is not hooks.WAIT:
            _finish_quietly(run, token, answer)


def retry_service(token_id: int) -> Token:
    """Lets a failed service task be tried again; any other is left as it is."""
    _, token = lock_run_of(token_id)
    if token.state == Token.State.FAILED:
        token.state, token.note = Token.State.WAITING, ""
        token.save(update_fields=["state", "note"])
        defer("processes.run_service", token_id=token.pk)
    return token


def fire_due_timers(now: datetime | None = None, limit: int = TIMERS_AT_ONCE) -> int:
    """Moves on every instance with a timer that is due, at most `limit` timers; says how many fired.

    Instances that somebody is working on are left for the next round, so that timers never wait for people.
    """
    at = now or clock.now()
    with transaction.atomic():
        step = Step(system("定时"))
        fired = 0
        for run in lock_due_runs(at, limit):
            for token in [t for t in run.waiting if t.due_at is not None and t.due_at <= at]:
                if token in run.waiting:
                    step.fire(run, token)
                    fired += 1
        step.flush()
    return fired


def _visible(token_id: int, actor: Actor) -> Token:
    token = Token.objects.select_related("instance").filter(pk=token_id).first()
    if token is None:
        raise NotFound
    _check_right(token, actor)
    return token


def _check_right(token: Token, actor: Actor) -> None:
    actor.require(token.right)
    if not admits(actor, token.right, token):
        raise NotFound


def _refuse_if_closed(run: Run) -> None:
    if run.instance.state != Instance.State.OPEN:
        raise Conflict("这件事项的流程已经结束", code="process.closed", advice="请刷新后查看最新进展")


def _refuse_if_moved(token: Token) -> None:
    if token.state in RESTING:
        return
    now_at = list(
        Token.objects.filter(instance_id=token.instance_id, state__in=RESTING).values_list("node_title", flat=True)
    )
    who = token.actor_name or "系统"
    said = (
        f"“{token.node_title}”已由{who}办理"
        if token.state == Token.State.DONE
        else f"“{token.node_title}”已被{who}撤回"
    )
    raise TaskMoved(said, details={"by": who, "at": token.left_at, "node_title": "、".join(now_at)})


def _refuse_if_taken(token: Token, actor: Actor) -> None:
    if token.claimed_by and token.claimed_by != actor.ref:
        raise TaskTaken(f"“{token.node_title}”已由{token.claimed_name}领取", details={"holder": token.claimed_name})


def _check_outcome(node: Node, outcome: str) -> None:
    if node.outcome_of(outcome) is None:
        titles = "、".join(o.title for o in node.outcomes)
        raise DomainError(
            f"“{node.title}”没有这个办理结果",
            code="task.outcome_unknown",
            field="outcome",
            advice=f"可选的结果有：{titles}",
        )


def _refuse_same_person(run: Run, node: Node, actor: Actor) -> None:
    for other in node.differs_from:
        done = run.done_at(other)
        if done and done.actor_ref == actor.ref:
            said = f"“{done.node_title}”是你办的，“{node.title}”要由另一个人办"
            raise SamePerson(said, details={"node": other})


def _load_done(runs: list[Run], node_ids: set[str]) -> None:
    """Adds to each run the finished tokens of these nodes."""
    if not node_ids:
        return
    by_instance = {run.instance.pk: run for run in runs}
    done = Token.objects.filter(instance_id__in=by_instance, node_id__in=node_ids, state=Token.State.DONE)
    for token in done:
        by_instance[token.instance_id].done.append(token)


def _hand_over(token: Token, ref: str, name: str) -> Token:
    token.claimed_by, token.claimed_name = ref, name
    token.claimed_at = clock.now() if ref else None
    token.save(update_fields=["claimed_by", "claimed_name", "claimed_at"])
    return token


def _finish_quietly(run: Run, token: Token, variables: Mapping[str, Any] | None) -> None:
    """The platform finishes a service or receive task; an `outcome` among the variables is what gateways see."""
    step = Step(system())
    step.assign(run, variables)
    step.finish(run, token, str((variables or {}).get("outcome", "")))
    step.flush()
