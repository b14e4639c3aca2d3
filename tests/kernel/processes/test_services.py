"""The engine's commands on real rows: starting, claiming, finishing, returning, timers, services, versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.kernel import clock, definitions
from anju.kernel.calendar import add_working_days
from anju.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from anju.kernel.processes import WAIT, Movement, hooks, listen, service, unlisten
from anju.kernel.processes import services as processes
from anju.kernel.processes.models import Definition, Instance, Token
from anju.kernel.processes.publishing import CannotMigrate
from anju.kernel.scope import Actor, Reach, system
from tests.kernel.processes.drawing import RIGHT, Drawing, clerk, simple

pytestmark = pytest.mark.django_db


def begin(drawing: Drawing, **options: Any) -> Instance:
    processes.publish(drawing.key, drawing.xml)
    given: dict[str, Any] = {"subject": "thing:1", "actor": clerk(9), "org_path": "/1/2/3/", "division": "339901"}
    return processes.start(drawing.key, **(given | options))


def at(instance: Instance, node: str) -> Token:
    return Token.objects.get(instance=instance, node_id=node, state="waiting")


def waiting(instance: Instance) -> list[str]:
    return sorted(Token.objects.filter(instance=instance, state="waiting").values_list("node_id", flat=True))


def finish(instance: Instance, node: str, outcome: str = "pass", actor: Actor | None = None, **options: Any) -> Token:
    return processes.complete(at(instance, node).pk, outcome, actor or clerk(), **options)


@pytest.fixture
def worked() -> Iterator[list[str]]:
    """A service handler that notes what it did; its answer can be set."""
    done: list[str] = []

    @service("test.work")
    def work(instance: Instance, token: Token) -> Any:
        done.append(token.node_id)
        answer = instance.variables.get("answer", {})
        if answer == "wait":
            return WAIT
        if answer == "refuse":
            raise DomainError("对方不收")
        return answer

    yield done
    hooks._services.pop("test.work")


def test_start_puts_the_first_task_into_the_to_do_list_with_its_deadline() -> None:
    drawing = Drawing().start().user("a", deadline="5wd", stage="受理").end().path("start", "a", "end")
    instance = begin(drawing, variables={"amount": "1"})
    token = at(instance, "a")
    assert (token.right, token.kind, token.division, token.subject) == (RIGHT, "user", "339901", "thing:1")
    assert token.due_on == add_working_days(clock.today(), 5)
    assert instance.variables == {"amount": "1"}


def test_a_subject_has_one_open_process_only() -> None:
    begin(simple())
    with pytest.raises(Exception, match="processes_instance_one_open"):
        begin(simple())


def test_claim_is_exclusive_and_names_the_holder() -> None:
    instance = begin(simple())
    token = processes.claim(at(instance, "a").pk, clerk(1))
    assert (token.claimed_by, token.claimed_name) == ("staff:1", "办事员1")
    processes.claim(token.pk, clerk(1))
    with pytest.raises(processes.TaskTaken) as caught:
        processes.claim(token.pk, clerk(2))
    assert (caught.value.code, caught.value.details["holder"]) == ("task.taken", "办事员1")
    with pytest.raises(processes.TaskTaken):
        processes.complete(token.pk, "pass", clerk(2))
    with pytest.raises(processes.TaskTaken):
        processes.release(token.pk, clerk(2))
    assert waiting(instance) == ["a"]
    processes.release(token.pk, clerk(1))
    assert processes.claim(token.pk, clerk(2)).claimed_by == "staff:2"


def test_right_and_reach_are_checked_and_nothing_changes_without_them() -> None:
    instance = begin(simple())
    token = at(instance, "a")
    stranger = clerk(3, RIGHT, reach=Reach.DIVISION, division="339902")
    for act in (processes.claim, processes.release):
        with pytest.raises(Forbidden):
            act(token.pk, clerk(3, "other.right"))
        with pytest.raises(NotFound):
            act(token.pk, stranger)
    with pytest.raises(NotFound):
        processes.complete(token.pk, "pass", stranger)
    with pytest.raises(NotFound):
        processes.complete(10**15, "pass", clerk())
    token.refresh_from_db()
    assert (token.state, token.claimed_by) == ("waiting", "")


def test_reassign_gives_the_task_to_somebody_who_may_do_it() -> None:
    instance = begin(simple())
    token = processes.claim(at(instance, "a").pk, clerk(1))
    with pytest.raises(Forbidden):
        processes.reassign(token.pk, clerk(2, "other.right"), clerk(5))
    assert processes.reassign(token.pk, clerk(2), clerk(5)).claimed_by == "staff:2"
    finish(instance, "a", actor=clerk(2))
    with pytest.raises(processes.SamePerson):
        processes.reassign(at(instance, "b").pk, clerk(2), clerk(5))


def test_finishing_records_who_and_how_and_goes_on() -> None:
    instance = begin(simple())
    token = finish(instance, "a", note="同意", variables={"until": date(2026, 12, 1)})
    token.refresh_from_db()
    assert (token.state, token.outcome, token.actor_ref, token.actor_name, token.note) == (
        "done", "pass", "staff:1", "办事员1", "同意",
    )  # fmt: skip
    instance.refresh_from_db()
    assert instance.variables == {"until": "2026-12-01"}
    assert waiting(instance) == ["b"]
    finish(instance, "b", actor=clerk(2))
    instance.refresh_from_db()
    assert (instance.state, instance.end_outcome, waiting(instance)) == ("ended", "done", [])


def test_four_eyes() -> None:
    instance = begin(simple())
    finish(instance, "a", actor=clerk(1))
    with pytest.raises(processes.SamePerson) as caught:
        finish(instance, "b", actor=clerk(1))
    assert caught.value.code == "task.same_person"
    with pytest.raises(processes.SamePerson):
        processes.claim(at(instance, "b").pk, clerk(1))
    assert waiting(instance) == ["b"]
    assert at(instance, "b").claimed_by == ""


def test_an_unknown_outcome_is_refused_with_those_there_are() -> None:
    instance = begin(simple())
    with pytest.raises(DomainError) as caught:
        finish(instance, "a", "perhaps")
    assert caught.value.code == "task.outcome_unknown"
    assert "通过、不通过" in caught.value.advice


def test_a_second_finish_is_told_where_the_matter_is_and_a_repeat_changes_nothing() -> None:
    instance = begin(simple())
    token = finish(instance, "a", actor=clerk(1))
    assert processes.complete(token.pk, "pass", clerk(1)).state == "done"
    with pytest.raises(processes.TaskMoved) as caught:
        processes.complete(token.pk, "fail", clerk(2))
    assert caught.value.code == "task.moved"
    assert caught.value.details["node_title"] == "b的名称"
    assert caught.value.details["by"] == "办事员1"
    assert waiting(instance) == ["b"]


def test_a_step_costs_six_statements_at_most() -> None:
    instance = begin(simple())
    token = at(instance, "a")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        processes.complete(token.pk, "pass", clerk(), variables={"x": 1})
    assert len(queries) <= 6, [query["sql"] for query in queries]


def test_conditions_choose_the_way() -> None:
    drawing = Drawing().start().user("a").exclusive("g", default="g__low").end("high", "high").end("low", "low")
    drawing.path("start", "a", "g").flow("g", "high", 'outcome == "pass" && vars.amount > 10').flow("g", "low")
    for amount, expected in ((11, "high"), (10, "low")):
        instance = begin(drawing, subject=f"thing:{amount}")
        finish(instance, "a", variables={"amount": amount})
        instance.refresh_from_db()
        assert instance.end_outcome == expected


def test_parallel_branches_join_once() -> None:
    drawing = Drawing().start().parallel("f").user("a").user("b").parallel("j").user("c").end()
    drawing.path("start", "f", "a", "j").path("f", "b", "j", "c", "end")
    instance = begin(drawing)
    assert waiting(instance) == ["a", "b"]
    finish(instance, "a")
    assert waiting(instance) == ["b", "j"]
    finish(instance, "b")
    assert waiting(instance) == ["c"]


def test_return_takes_everything_back_to_a_step_done_before() -> None:
    instance = begin(simple())
    first = finish(instance, "a")
    processes.claim(at(instance, "b").pk, clerk(2))
    assert processes.returnable(instance) == [{"node": "a", "title": "a的名称"}]
    processes.return_to(instance, "a", clerk(2), "材料看不清")
    assert waiting(instance) == ["a"]
    cancelled = Token.objects.get(instance=instance, node_id="b")
    assert (cancelled.state, cancelled.note) == ("cancelled", "材料看不清")
    steps = processes.progress(instance)["steps"]
    assert [(s["node"], s["state"]) for s in steps] == [("a", "now"), ("b", "todo")]
    with pytest.raises(processes.NotReturnable):
        processes.return_to(instance, "b", clerk(2), "向前")
    with pytest.raises(processes.TaskMoved):
        processes.complete(cancelled.pk, "pass", clerk(2))
    finish(instance, "a", actor=clerk(3))
    finish(instance, "b", actor=clerk(1))
    assert first.actor_ref == "staff:1"


def test_a_single_branch_of_a_split_cannot_be_returned_to() -> None:
    drawing = Drawing().start().user("z").parallel("f").user("a").user("b").parallel("j").user("c").end()
    drawing.path("start", "z", "f", "a", "j").path("f", "b", "j", "c", "end")
    instance = begin(drawing)
    for node in ("z", "a", "b"):
        finish(instance, node)
    assert [place["node"] for place in processes.returnable(instance)] == ["z"]
    with pytest.raises(processes.NotReturnable):
        processes.return_to(instance, "a", clerk(), "一支")
    processes.return_to(instance, "z", clerk(), "从头")
    assert waiting(instance) == ["z"]


def test_cancel_ends_everything_once() -> None:
    instance = begin(simple())
    processes.cancel(instance, clerk(), "申请人撤回")
    ended = processes.cancel(instance, clerk(), "再来一次")
    assert (ended.state, ended.end_outcome, waiting(instance)) == ("cancelled", "cancelled", [])
    with pytest.raises(Conflict) as caught:
        processes.return_to(instance, "a", clerk(), "晚了")
    assert caught.value.code == "process.closed"
    begin(simple())


def test_a_date_timer_fires_after_the_end_of_its_day() -> None:
    drawing = Drawing().start().user("a").timer("t", "until", "timeDate").user("b").end()
    drawing.path("start", "a", "t", "b", "end")
    instance = begin(drawing)
    with pytest.raises(DomainError) as caught:
        finish(instance, "a")
    assert caught.value.code == "process.variable_missing"
    last = clock.today() + timedelta(days=7)
    finish(instance, "a", variables={"until": last})
    assert processes.fire_due_timers(clock.start_of(last + timedelta(days=1)) - timedelta(seconds=1)) == 0
    assert processes.fire_due_timers(clock.start_of(last + timedelta(days=1))) == 1
    assert processes.fire_due_timers(clock.start_of(last + timedelta(days=1))) == 0
    assert waiting(instance) == ["b"]


def test_timers_of_many_instances_fire_in_a_handful_of_statements() -> None:
    drawing = Drawing().start().timer("t", "P1D").user("b").end().path("start", "t", "b", "end")
    instances = [begin(drawing, subject=f"thing:{number}") for number in range(30)]
    with CaptureQueriesContext(connection) as queries:
        assert processes.fire_due_timers(clock.now() + timedelta(days=1)) == 30
    assert len(queries) <= 8
    assert all(waiting(instance) == ["b"] for instance in instances)


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_timer_on_the_edge_of_a_task(interrupting: bool) -> None:
    drawing = Drawing().start().user("a").boundary("late", "a", "P1D", interrupting=interrupting)
    drawing.user("urge").end().end("end2", "late").path("start", "a", "end").path("late", "urge", "end2")
    instance = begin(drawing)
    assert processes.fire_due_timers(clock.now() + timedelta(days=2)) == 1
    assert waiting(instance) == (["urge"] if interrupting else ["a", "urge"])
    finish(instance, "urge")
    instance.refresh_from_db()
    assert instance.state == ("ended" if interrupting else "open")


def test_a_timer_on_the_edge_ends_with_its_task() -> None:
    drawing = Drawing().start().user("a").boundary("late", "a").user("b").end().end("end2", "late")
    drawing.path("start", "a", "b", "end").path("late", "end2")
    instance = begin(drawing)
    finish(instance, "a")
    assert processes.fire_due_timers(clock.now() + timedelta(days=2)) == 0
    assert waiting(instance) == ["b"]


def with_service() -> Drawing:
    drawing = Drawing().start().service("s").user("b").end()
    return drawing.path("start", "s", "b", "end")


def test_a_service_runs_once_in_the_worker_and_its_answer_becomes_variables(worked: list[str]) -> None:
    instance = begin(with_service(), variables={"answer": {"found": 3}})
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'token_id' FROM procrastinate_jobs WHERE task_name = 'processes.run_service'")
        assert [row[0] for row in cursor.fetchall()] == [str(at(instance, "s").pk)]
    token = at(instance, "s")
    processes.run_service(token.pk)
    processes.run_service(token.pk)
    instance.refresh_from_db()
    assert worked == ["s"]
    assert instance.variables["found"] == 3
    assert waiting(instance) == ["b"]


def test_a_service_that_waits_goes_on_when_signalled_and_only_once(worked: list[str]) -> None:
    instance = begin(with_service(), variables={"answer": "wait"})
    token = at(instance, "s")
    processes.run_service(token.pk)
    assert waiting(instance) == ["s"]
    assert processes.signal(instance, "s", {"checks": 5}, token_id=token.pk)
    assert not processes.signal(instance, "s", {"checks": 6})
    instance.refresh_from_db()
    assert instance.variables["checks"] == 5
    assert waiting(instance) == ["b"]


def test_a_service_that_is_refused_stays_until_it_is_tried_again(worked: list[str]) -> None:
    instance = begin(with_service(), variables={"answer": "refuse"})
    token = at(instance, "s")
    processes.run_service(token.pk)
    token.refresh_from_db()
    assert (token.state, token.note) == ("failed", "对方不收")
    assert processes.progress(instance)["active"] == ["s"]
    processes.run_service(token.pk)
    Instance.objects.filter(pk=instance.pk).update(variables={})
    assert processes.retry_service(token.pk).state == "waiting"
    processes.run_service(token.pk)
    assert worked == ["s", "s"]
    assert waiting(instance) == ["b"]


def test_a_rule_task_decides_in_passing() -> None:
    drawing = Drawing().start().user("a").add("businessRuleTask", "r", rule="layout_by_persons").user("b").end()
    drawing.path("start", "a", "r", "b", "end")
    instance = begin(drawing)
    finish(instance, "a", variables={"persons": 3, "unrelated": "x"})
    instance.refresh_from_db()
    assert instance.variables["title"] == "两居室"
    assert waiting(instance) == ["b"]


def test_listeners_hear_each_movement_in_the_same_transaction() -> None:
    heard: list[Movement] = []
    listen("thing", heard.append)
    try:
        instance = begin(simple())
        begin(simple("other"), subject="else:1")
        finish(instance, "a")
        finish(instance, "b", actor=clerk(2))
    finally:
        unlisten("thing", heard.append)
    assert [([t.node_id for t in m.left], [t.node_id for t in m.entered], len(m.ended)) for m in heard] == [
        ([], ["a"], 0),
        (["a"], ["b"], 0),
        (["b"], [], 1),
    ]
    assert all(token.pk for movement in heard for token in movement.entered)
    assert heard[1].actor.ref == "staff:1"


def test_a_batch_moves_together_or_not_at_all() -> None:
    instances = [begin(simple(), subject=f"thing:{number}") for number in range(20)]
    tokens = [at(instance, "a").pk for instance in instances]
    with CaptureQueriesContext(connection) as queries:
        processes.complete_batch(tokens, "pass", clerk(1))
    assert len(queries) <= 8
    assert all(waiting(instance) == ["b"] for instance in instances)
    following = [at(instance, "b").pk for instance in instances]
    with pytest.raises(processes.SamePerson):
        processes.complete_batch(following, "pass", clerk(1))
    with pytest.raises(processes.TaskMoved):
        processes.complete_batch([*following, tokens[0]], "pass", clerk(2))
    assert all(waiting(instance) == ["b"] for instance in instances)
    processes.complete_batch(following, "pass", clerk(2))
    assert set(Instance.objects.filter(subject__startswith="thing:").values_list("state", flat=True)) == {"ended"}


def test_publishing_the_same_drawing_again_makes_no_version() -> None:
    first = processes.publish("test", simple().xml)
    assert processes.publish("test", simple().xml.replace("\n", "\r\n")) == first
    second = processes.publish("test", simple().xml.replace("测试流程", "新流程"))
    assert (second.version, second.title) == (2, "新流程")
    assert processes.current("test") == second


def test_running_instances_stay_on_their_version_or_are_moved_when_they_fit() -> None:
    instance = begin(simple())
    longer = (
        Drawing().start().user("a", right="new.right").user("x").user("b").end().path("start", "a", "x", "b", "end")
    )
    second = processes.publish("test", longer.xml)
    instance.refresh_from_db()
    assert instance.definition.version == 1
    moved = processes.migrate_instance(instance, second)
    assert moved.definition == second
    assert at(instance, "a").right == "new.right"
    without = Drawing().start().user("x").end().path("start", "x", "end")
    with pytest.raises(CannotMigrate) as caught:
        processes.migrate_instance(instance, processes.publish("test", without.xml))
    assert caught.value.details["nodes"] == ["a"]


def test_an_unpublished_process_cannot_be_started() -> None:
    with pytest.raises(NotFound) as caught:
        processes.start("nowhere", subject="thing:1", actor=system())
    assert caught.value.code == "process.unpublished"


def test_publish_all_publishes_what_ships_once() -> None:
    assert {definition.key for definition in processes.publish_all()} == set(definitions.files("processes"))
    processes.publish_all()
    assert Definition.objects.count() == len(definitions.files("processes"))
