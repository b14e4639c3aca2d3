"""One step of the engine: tokens are moved in memory, over one instance or thousands, and written at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import orjson

from anju.kernel import clock
from anju.kernel.calendar import add_working_days
from anju.kernel.errors import DomainError
from anju.kernel.http.json import dumps
from anju.kernel.jobs import defer_each
from anju.kernel.processes import hooks
from anju.kernel.processes.graph import Kind, Node
from anju.kernel.processes.locks import Run
from anju.kernel.processes.models import Instance, Token
from anju.kernel.rules import decide, expression, table_for
from anju.kernel.scope import Actor

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


class VariableMissing(DomainError):
    """A timer or rule needs a variable that nobody has set; the step is not made."""

    code = "process.variable_missing"
    advice = "请先填写这一项再提交"


class Step:
    """Collects what one command changes. `flush` writes it and tells the listeners; before that nothing is stored."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.at = clock.now()
        self.left: list[Token] = []
        self.entered: list[Token] = []
        self.ended: list[Instance] = []
        self.changed: dict[int, Instance] = {}
        self.assigned: set[int] = set()

    # moving

    def begin(self, run: Run) -> None:
        """Puts the first token on the arrow out of the start."""
        self.follow(run, run.graph.start.outgoing[0], "")
        self.settle(run)

    def finish(self, run: Run, token: Token, outcome: str = "", note: str = "") -> None:
        """A waiting token is done and goes on."""
        self.close(run, token, Token.State.DONE, outcome, note)
        self.close_boundaries(run, token.node_id)
        for flow in run.graph.nodes[token.node_id].outgoing:
            self.follow(run, flow, outcome)
        self.settle(run)

    def fire(self, run: Run, token: Token) -> None:
        """A timer is due: one in the flow goes on, one on the edge of a task leaves it by its own arrow."""
        node = run.graph.nodes[token.node_id]
        if node.kind is Kind.BOUNDARY and node.interrupting:
            for host in [t for t in run.waiting if t.node_id == node.attached_to]:
                self.close(run, host, Token.State.CANCELLED, note=f"超时：{node.title}")
        self.close(run, token, Token.State.DONE)
        if node.kind is Kind.BOUNDARY and node.interrupting:
            self.close_boundaries(run, node.attached_to)
        for flow in node.outgoing:
            self.follow(run, flow, "")
        self.settle(run)

    def put(self, run: Run, node_id: str, note: str) -> None:
        """Takes every waiting token back and lets exactly one wait at a node."""
        self.withdraw(run, note)
        self.enter(run, run.graph.nodes[node_id])

    def withdraw(self, run: Run, note: str) -> None:
        """Cancels every waiting token."""
        for token in list(run.waiting):
            self.close(run, token, Token.State.CANCELLED, note=note)

    def assign(self, run: Run, variables: Mapping[str, Any] | None) -> None:
        """Sets variables of the instance; dates and amounts are stored as text."""
        if variables:
            run.instance.variables = {**run.instance.variables, **orjson.loads(dumps(dict(variables)))}
            self.changed[run.instance.pk] = run.instance
            self.assigned.add(run.instance.pk)

    def follow(self, run: Run, flow_id: str, outcome: str) -> None:
        """Takes a token along arrows until it rests, ends, or waits at a join."""
        ahead = [flow_id]
        while ahead:
            flow = run.graph.flows[ahead.pop(0)]
            node = run.graph.nodes[flow.target]
            if node.kind is Kind.EXCLUSIVE:
                ahead.append(self.choose(run, node, outcome))
            elif node.kind is Kind.PARALLEL:
                if self.joined(run, node, flow.id):
                    ahead.extend(node.outgoing)
            elif node.kind is Kind.RULE:
                self.assign(run, self.decided(run, node))
                ahead.extend(node.outgoing)
            elif node.kind is Kind.END:
                run.instance.end_outcome = node.outcome
                self.changed[run.instance.pk] = run.instance
            else:
                self.enter(run, node)

    def choose(self, run: Run, gateway: Node, outcome: str) -> str:
        """The arrow of an exclusive gateway whose condition holds, first in the file's order, else the default."""
        known = {"outcome": outcome, "vars": run.instance.variables}
        for flow_id in gateway.outgoing:
            condition = run.graph.flows[flow_id].condition
            if condition and expression(condition).holds(known):
                return flow_id
        return gateway.default or gateway.outgoing[0]

    def joined(self, run: Run, gateway: Node, flow_id: str) -> bool:
        """Whether all branches have arrived at a parallel gateway; if not, this one waits there."""
        here = [t for t in run.waiting if t.node_id == gateway.id]
        if {flow_id, *(t.arrived_by for t in here)} != set(gateway.incoming):
            self.enter(run, gateway, arrived_by=flow_id)
            return False
        for token in here:
            self.close(run, token, Token.State.DONE)
        return True

    def decided(self, run: Run, node: Node) -> dict[str, Any]:
        """What a business-rule task's table says about the instance's variables today."""
        today, division = clock.local_date(self.at), run.instance.division
        asked = {column.name for column in table_for(node.rule, today, division).inputs}
        known = {name: value for name, value in run.instance.variables.items() if name in asked}
        return decide(node.rule, on=today, division=division, **known)

    def enter(self, run: Run, node: Node, arrived_by: str = "") -> None:
        """A token comes to rest at a node, its boundary timers beside it."""
        for part in (node, *run.graph.boundaries.get(node.id, ())):
            token = Token(
                instance=run.instance,
                node_id=part.id,
                node_title=part.title,
                kind=part.kind,
                arrived_by=arrived_by,
                right=part.right,
                entered_at=self.at,
                due_on=self.deadline(part),
                due_at=self.due(run, part) if part.timer else None,
                org_path=run.instance.org_path,
                division=run.instance.division,
                subject=run.instance.subject,
            )
            run.waiting.append(token)
            self.entered.append(token)

    def deadline(self, node: Node) -> date | None:
        """The day by which a task is to be done, in working days from today (SH-048)."""
        return add_working_days(clock.local_date(self.at), node.deadline) if node.deadline else None

    def due(self, run: Run, node: Node) -> datetime:
        """When a timer fires; a date means the end of that day. Raises `VariableMissing`."""
        if node.timer.endswith("wd"):
            return clock.start_of(add_working_days(clock.local_date(self.at), int(node.timer[:-2])) + timedelta(days=1))
        if duration := _DURATION.fullmatch(node.timer):
            days, hours, minutes = (int(part or 0) for part in duration.groups())
            return self.at + timedelta(days=days, hours=hours, minutes=minutes)
        told = run.instance.variables.get(node.timer)
        try:
            if isinstance(told, str) and len(told) == len("2026-12-01"):
                return clock.start_of(date.fromisoformat(told) + timedelta(days=1))
            moment = datetime.fromisoformat(str(told))
            return moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
        except ValueError as error:
            said = f"“{node.title}”要到日期 {node.timer} 才继续，但没有填写这个日期"
            raise VariableMissing(said, field=node.timer) from error

    def close(self, run: Run, token: Token, state: Token.State, outcome: str = "", note: str = "") -> None:
        """A waiting token waits no longer; who did it is recorded with it."""
        run.waiting.remove(token)
        token.state, token.left_at, token.outcome, token.note = state, self.at, outcome, note
        token.actor_ref, token.actor_name = self.actor.ref, self.actor.name
        self.left.append(token)

    def close_boundaries(self, run: Run, node_id: str) -> None:
        """The timers on the edge of a task end with it."""
        edges = {boundary.id for boundary in run.graph.boundaries.get(node_id, ())}
        for token in [t for t in run.waiting if t.node_id in edges]:
            self.close(run, token, Token.State.CANCELLED)

    def settle(self, run: Run) -> None:
        """An instance without a waiting token has ended."""
        if not run.waiting and run.instance.state == Instance.State.OPEN:
            self.end(run, Instance.State.ENDED)

    def end(self, run: Run, state: Instance.State) -> None:
        """Ends an instance."""
        run.instance.state, run.instance.ended_at = state, self.at
        self.changed[run.instance.pk] = run.instance
        self.ended.append(run.instance)

    # writing

    def flush(self) -> None:
        """Writes all changes, asks for the work of service tasks, then tells the listeners."""
        self.write_left()
        self.write_instances()
        Token.objects.bulk_create(self.entered, batch_size=2000)
        services = [t for t in self.entered if t.kind == Kind.SERVICE and t.state == Token.State.WAITING]
        defer_each("processes.run_service", ({"token_id": token.pk} for token in services))
        hooks.tell(self.actor, self.left, self.entered, self.ended)

    def write_left(self) -> None:
        """One UPDATE for all tokens that were left in the same way."""
        alike: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for token in self.left:
            if token.pk:
                alike[token.state, token.outcome, token.note].append(token.pk)
        for (state, outcome, note), ids in alike.items():
            Token.objects.filter(pk__in=ids).update(
                state=state,
                outcome=outcome,
                note=note,
                left_at=self.at,
                actor_ref=self.actor.ref,
                actor_name=self.actor.name,
            )

    def write_instances(self) -> None:
        """Writes instances whose variables changed, and those that came to an end, alike ones together."""
        changed = list(self.changed.values())
        if len(changed) == 1:
            changed[0].save(update_fields=["variables", "end_outcome", "state", "ended_at"])
            return
        alike: dict[tuple[str, str], list[int]] = defaultdict(list)
        for instance in changed:
            alike[instance.state, instance.end_outcome].append(instance.pk)
        for (state, outcome), ids in alike.items():
            ended_at = None if state == Instance.State.OPEN else self.at
            Instance.objects.filter(pk__in=ids).update(state=state, end_outcome=outcome, ended_at=ended_at)
        Instance.objects.bulk_update([i for i in changed if i.pk in self.assigned], ["variables"], batch_size=500)
