"""Compiling drawings: what is in the subset becomes a graph, what is not is refused with its name."""

from __future__ import annotations

import pytest

from anju.kernel import definitions
from anju.kernel.processes.bpmn import ProcessInvalid, compile_bpmn
from anju.kernel.processes.graph import Graph, Kind
from tests.kernel.processes.drawing import Drawing, simple


def problems(drawing: Drawing) -> dict[str, str]:
    with pytest.raises(ProcessInvalid) as caught:
        compile_bpmn(drawing.xml, {"test.work"})
    return {problem.element: problem.message for problem in caught.value.problems}


def test_a_drawing_becomes_a_graph_and_survives_storage() -> None:
    graph = compile_bpmn(simple().xml)
    assert graph.order == ("start", "a", "b", "end")
    assert graph.nodes["b"].differs_from == ("a",)
    assert [outcome.title for outcome in graph.nodes["a"].outcomes] == ["通过", "不通过"]
    assert Graph.from_json(graph.as_json()) == graph


def test_all_problems_are_told_at_once_with_name_and_id() -> None:
    drawing = Drawing().start().user("a", right="").service("s", "nobody").user("lonely", outcomes="").end()
    drawing.path("start", "a", "s", "end").flow("lonely", "end")
    found = problems(drawing)
    assert set(found) == {"a", "s", "lonely"}
    with pytest.raises(ProcessInvalid) as caught:
        compile_bpmn(drawing.xml, {"test.work"})
    assert "“s的名称”（s）的处理程序 nobody 不存在" in caught.value.message


@pytest.mark.parametrize(
    ("tag", "word"), [("complexGateway", "complexGateway"), ("scriptTask", "scriptTask"), ("subProcess", "subProcess")]
)
def test_what_is_not_in_the_subset_is_refused_by_name(tag: str, word: str) -> None:
    drawing = simple().add(tag, "odd")
    assert word in problems(drawing)["odd"]


def test_an_exclusive_gateway_needs_a_default_and_conditions() -> None:
    drawing = Drawing().start().user("a").exclusive("g").end("e1").end("e2")
    drawing.path("start", "a", "g").flow("g", "e1", 'outcome == "pass"').flow("g", "e2")
    found = problems(drawing)
    assert "没有默认出路" in found["g"]
    assert "没有写条件" in found["g__e2"]


def test_a_condition_on_an_outcome_that_cannot_be_is_refused() -> None:
    drawing = Drawing().start().user("a").exclusive("g", default="g__e2").end("e1").end("e2")
    drawing.path("start", "a", "g").flow("g", "e1", 'outcome == "passed"').flow("g", "e2")
    assert "passed" in problems(drawing)["g__e1"]


def test_dead_ends_and_unreachable_nodes_are_refused() -> None:
    drawing = Drawing().start().user("a").user("island").end()
    drawing.path("start", "a").flow("island", "end")
    found = problems(drawing)
    assert "没有下一步" in found["a"]
    assert "走不到" in found["island"]


def test_a_join_that_waits_for_a_branch_never_taken_is_refused() -> None:
    drawing = Drawing().start().user("a").exclusive("g", default="g__c").user("b").user("c").parallel("j").end()
    drawing.path("start", "a", "g").flow("g", "b", 'outcome == "pass"').flow("g", "c")
    drawing.path("b", "j").path("c", "j", "end")
    assert "等不到" in problems(drawing)["j"]


def test_parallel_branches_that_meet_without_a_join_are_refused() -> None:
    drawing = Drawing().start().parallel("f").user("a").user("b").user("c").end()
    drawing.path("start", "f", "a", "c").path("f", "b", "c", "end")
    assert "同时走到" in problems(drawing)["c"]


def test_many_registries_asked_side_by_side_are_still_verified() -> None:
    """Nine tasks at once, each with a timer that hands it to someone else: far more orders than can be tried one by one."""
    drawing = Drawing().start().parallel("fork").parallel("join").end().path("start", "fork").path("join", "end")
    for number in range(9):
        asked = f"ask{number}"
        drawing.user(asked).boundary(f"{asked}_edge", asked).user(f"{asked}_late").exclusive(f"{asked}_done")
        drawing.path("fork", asked, f"{asked}_done", "join").path(f"{asked}_edge", f"{asked}_late", f"{asked}_done")
    assert len(compile_bpmn(drawing.xml).nodes) == 40


def test_a_circle_without_a_task_is_refused() -> None:
    drawing = Drawing().start().user("a").exclusive("g", default="g__h").exclusive("h", default="h__g").end()
    drawing.path("start", "a", "g").flow("g", "end", "vars.x == 1").flow("g", "h")
    drawing.flow("h", "end", "vars.x == 2").flow("h", "g")
    assert "一直转下去" in problems(drawing)["g"]


@pytest.mark.parametrize("duration", ["P3D", "PT12H", "P1DT2H", "5wd"])
def test_timers_are_durations_working_days_or_variables(duration: str) -> None:
    drawing = Drawing().start().timer("t", duration).end().path("start", "t", "end")
    assert compile_bpmn(drawing.xml).nodes["t"].timer == duration


def test_a_timer_may_wait_for_a_day_in_a_variable() -> None:
    drawing = Drawing().start().timer("t", "publicity_end", "timeDate").end().path("start", "t", "end")
    assert compile_bpmn(drawing.xml).nodes["t"].timer == "publicity_end"


@pytest.mark.parametrize("duration", ["P", "PT", "soon!", "", "R3/PT1H", "0wd"])
def test_other_timers_are_refused(duration: str) -> None:
    assert "t" in problems(Drawing().start().timer("t", duration).end().path("start", "t", "end"))


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<",
        "<a/>",
        b"\xff\xfe<\x00a\x00/\x00>\x00",
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        simple().xml.replace("</bpmn:definitions>", '<bpmn:process id="second"/></bpmn:definitions>'),
    ],
)
def test_what_is_no_drawing_is_refused(xml: str | bytes) -> None:
    with pytest.raises(ProcessInvalid):
        compile_bpmn(xml)


def test_needs_of_outcomes() -> None:
    drawing = Drawing().start().user("a", needs="*=opinion,fail=reason_type+reason:15").end().path("start", "a", "end")
    fail = compile_bpmn(drawing.xml).nodes["a"].outcome_of("fail")
    assert fail is not None
    assert (fail.opinion, fail.reason_type, fail.reason_min) == (True, "fail_type", 15)
    assert [e.path for e in fail.missing(opinion="好", reason="字 " * 14)] == ["reason_type", "reason"]
    assert fail.missing(opinion="好", reason_type="housing", reason="字" * 15) == []
    for needs in ("nobody=reason", "fail=novel", "fail=reason:x", "fail="):
        wrong = Drawing().start().user("a", needs=needs).end().path("start", "a", "end")
        assert "填写要求" in problems(wrong)["a"]


@pytest.fixture
def public_rental() -> Graph:
    path = definitions.find("processes", "public_rental")
    assert path is not None
    return compile_bpmn(path.read_text("utf-8"))


@pytest.mark.covers("SH-033.2")
def test_every_refusal_of_public_rental_asks_for_type_opinion_and_fifteen_characters(public_rental: Graph) -> None:
    refusals = [o for node in public_rental.nodes.values() for o in node.outcomes if o.key in {"refuse", "fail"}]
    assert len(refusals) == 7
    for refusal in refusals:
        assert [e.path for e in refusal.missing(reason="短" * 14)] == ["opinion", "reason_type", "reason"]
        assert refusal.missing(opinion="不符合", reason_type="housing", reason="长" * 15) == []


def test_public_rental_asks_for_two_people_where_two_are_meant(public_rental: Graph) -> None:
    assert {node.id: set(node.differs_from) for node in public_rental.nodes.values() if node.differs_from} == {
        "first_approval": {"first_review"},
        "second_review": {"first_review", "first_approval"},
        "second_approval": {"second_review"},
        "online_publicity_approval": {"online_publicity_result"},
    }


def test_every_element_of_public_rental_is_drawn(public_rental: Graph) -> None:
    path = definitions.find("processes", "public_rental")
    assert path is not None
    xml = path.read_text("utf-8")
    for element in (*public_rental.nodes, *public_rental.flows):
        assert f'bpmnElement="{element}"' in xml


def test_the_main_path_leads_to_the_certificate_and_leaves_refusals_out(public_rental: Graph) -> None:
    path = [node.id for node in public_rental.main_path]
    assert path[0] == "accept"
    assert path[-1] == "admission"
    assert all(public_rental.nodes[node].kind is not Kind.END for node in path)
