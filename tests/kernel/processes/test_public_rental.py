"""The shipped process of public rental, walked as the real roles would."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anju.kernel import clock
from anju.kernel.processes import services as processes
from anju.kernel.processes.models import Instance, Token
from tests.kernel.processes.drawing import clerk
from tests.kernel.processes.test_services import at, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance() -> Instance:
    processes.publish_all()
    return processes.start("public_rental", subject="thing:7", actor=clerk(9), org_path="/1/2/", division="339901")


def act(instance: Instance, node: str, outcome: str, person: int, **variables: object) -> None:
    token = at(instance, node)
    processes.complete(token.pk, outcome, clerk(person, token.right), variables=variables)


def to_publicity(instance: Instance) -> None:
    act(instance, "accept", "accept", 1)
    assert waiting(instance) == ["checks"]
    processes.signal(instance, "checks")
    act(instance, "first_review", "pass", 2)
    act(instance, "first_approval", "pass", 3)
    act(instance, "publicity_entry", "publish", 2, publicity_end=clock.today() + timedelta(days=7))


def let_pass(days: int) -> None:
    processes.fire_due_timers(clock.now() + timedelta(days=days))


def to_online_publicity(instance: Instance) -> None:
    to_publicity(instance)
    let_pass(8)
    act(instance, "publicity_result", "no_objection", 2)
    act(instance, "second_review", "pass", 4)
    act(instance, "second_approval", "pass", 5)
    act(instance, "online_publicity_entry", "publish", 4, online_publicity_end=clock.today() + timedelta(days=10))


def test_the_whole_way_ends_with_the_certificate(instance: Instance) -> None:
    to_online_publicity(instance)
    let_pass(11)
    act(instance, "online_publicity_result", "objection_rejected", 4)
    with pytest.raises(processes.SamePerson):
        act(instance, "online_publicity_approval", "pass", 4)
    act(instance, "online_publicity_approval", "pass", 5)
    assert processes.progress(instance)["active"] == ["admission"]
    act(instance, "admission", "admit", 4)
    instance.refresh_from_db()
    assert (instance.state, instance.end_outcome) == ("ended", "approved")
    assert {step["state"] for step in processes.progress(instance)["steps"]} == {"done"}


@pytest.mark.covers("SH-043.8")
def test_nothing_goes_on_before_the_publicity_period_ends(instance: Instance) -> None:
    to_publicity(instance)
    let_pass(7)
    assert waiting(instance) == ["publicity_wait"]
    let_pass(8)
    assert waiting(instance) == ["publicity_result"]


@pytest.mark.covers("SH-043.8")
@pytest.mark.parametrize(
    ("outcome", "next_node"),
    [("no_objection", "second_review"), ("objection_rejected", "second_review"), ("objection_upheld", "first_review")],
)
def test_only_an_objection_upheld_sends_the_case_back(instance: Instance, outcome: str, next_node: str) -> None:
    to_publicity(instance)
    let_pass(8)
    act(instance, "publicity_result", outcome, 2)
    assert waiting(instance) == [next_node]


def test_an_objection_upheld_online_goes_back_to_the_second_review(instance: Instance) -> None:
    to_online_publicity(instance)
    let_pass(11)
    act(instance, "online_publicity_result", "objection_upheld", 4)
    assert waiting(instance) == ["second_review"]
    steps = {step["node"]: step["state"] for step in processes.progress(instance)["steps"]}
    assert (steps["first_review"], steps["second_review"], steps["second_approval"]) == ("done", "now", "todo")


@pytest.mark.parametrize(
    ("before", "node", "outcome", "end"),
    [
        ([], "accept", "refuse", "not_accepted"),
        ([("accept", "accept")], "first_review", "fail", "first_failed"),
        ([("accept", "accept"), ("first_review", "pass")], "first_approval", "fail", "first_failed"),
    ],
)
def test_refusals_close_the_case(
    instance: Instance, before: list[tuple[str, str]], node: str, outcome: str, end: str
) -> None:
    for person, (done, told) in enumerate(before, 1):
        act(instance, done, told, person)
        processes.signal(instance, "checks")
    act(instance, node, outcome, 8)
    instance.refresh_from_db()
    assert (instance.state, instance.end_outcome, waiting(instance)) == ("ended", end, [])


def test_a_case_can_be_returned_from_the_end_to_the_beginning(instance: Instance) -> None:
    to_online_publicity(instance)
    assert [place["node"] for place in processes.returnable(instance)][:2] == ["accept", "first_review"]
    processes.return_to(instance, "accept", clerk(5), "材料要重新核对")
    assert waiting(instance) == ["accept"]
    assert not Token.objects.filter(instance=instance, state="waiting", due_at__isnull=False).exists()


def test_deadlines_are_those_of_the_ruling(instance: Instance) -> None:
    from anju.kernel.processes.locks import graph_of

    nodes = graph_of(instance.definition_id).nodes
    assert {n: nodes[n].deadline for n in ("accept", "first_review", "second_review")} == {
        "accept": 5,
        "first_review": 10,
        "second_review": 10,
    }
