"""Steps of a case: what they ask for, who was faster, who may not decide on his own work, ways back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.kernel.cases.models import Case, Entry
from anju.kernel.processes.models import Token
from tests.casework import REASON, Town, step
from tests.support import run_jobs


def body(page: dict[str, Any], outcome: str = "", **more: Any) -> dict[str, Any]:
    chosen = step(page["task"]["node"], outcome)
    return {"task_id": page["task"]["id"], "version": page["version"], "opinion": "情况属实", **chosen, **more}


def test_an_opinion_is_asked_for_and_everything_missing_is_told_at_once(town: Town) -> None:
    case = town.apply()
    page = town.take(case)
    answer = town.staff("fangting").post(
        f"/cases/{case.pk}/act", body(page, "refuse", opinion=" ", reason_type="", reason="")
    )
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["details"]["errors"]} == {"opinion", "reason_type", "reason"}
    unknown = town.staff("fangting").post(f"/cases/{case.pk}/act", body(page, "refuse", reason_type="moon"))
    assert unknown.json()["details"]["errors"][0]["field"] == "reason_type"
    nonsense = town.staff("fangting").post(f"/cases/{case.pk}/act", body(page, outcome="approve"))
    assert nonsense.json()["code"] == "task.no_such_outcome"
    case.refresh_from_db()
    assert case.node == "accept"


def test_a_step_on_a_moved_case_tells_where_it_is_and_who_moved_it(town: Town) -> None:
    case = town.apply()
    page = town.take(case)
    clerk = town.staff("fangting")
    assert clerk.post(f"/cases/{case.pk}/act", body(page)).status_code == 200
    run_jobs()
    again = clerk.post(f"/cases/{case.pk}/act", body(page))
    assert (again.status_code, again.json()["code"]) == (409, "case.moved")
    assert again.json()["details"] == {"node_title": "初审", "by": "方婷"}
    assert Entry.objects.filter(case=case, action="受理").count() == 1


def test_of_two_changes_the_second_is_told_what_the_case_is_now(town: Town) -> None:
    case = town.go(town.apply(), "first_review")
    page = town.take(case)
    reviewer = town.staff("zhoumin")
    check = page["checks"][0]
    decided = reviewer.post(f"/cases/{case.pk}/checks/{check['id']}/decide", {"passed": True})
    assert decided.status_code == 200
    answer = reviewer.post(f"/cases/{case.pk}/act", body(page))
    assert (answer.status_code, answer.json()["code"]) == (409, "case.changed")
    told = answer.json()["details"]
    assert told["seen"] == page["version"]
    assert told["current"]["version"] == told["version"] == page["version"] + 1
    assert told["current"]["state_title"] == "初审"
    assert (told["current"]["last"]["by"], told["current"]["last"]["action"]) == ("周敏", "认定核查")
    fresh = reviewer.get(f"/cases/{case.pk}").json()
    assert reviewer.post(f"/cases/{case.pk}/act", body(fresh)).status_code == 200


def test_who_reviewed_does_not_approve_his_own_review(town: Town) -> None:
    from anju.identity.models import Role

    both = Role.objects.get(key="district_reviewer")
    both.rights = [*both.rights, "cases.public_rental.first_approval"]
    both.save()
    case = town.go(town.apply(), "first_approval")
    task = town.task(case, "zhoumin")
    answer = town.staff("zhoumin").post(f"/cases/{case.pk}/claim", {"task_id": task["task_id"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "task.same_person")
    direct = {"task_id": task["task_id"], "version": case.version, "outcome": "pass", "opinion": "同意"}
    answer = town.staff("zhoumin").post(f"/cases/{case.pk}/act", direct)
    assert (answer.status_code, answer.json()["code"]) == (403, "task.same_person")
    case.refresh_from_db()
    assert (case.node, case.version) == ("first_approval", direct["version"])
    assert town.act(case).status_code == 200


@pytest.mark.parametrize("node", ["accept", "first_review", "first_approval"])
def test_a_case_goes_back_to_any_earlier_step_and_forward_again(town: Town, node: str) -> None:
    case = town.go(town.apply(), "publicity_entry")
    page = town.take(case)
    assert {place["node"] for place in page["returnable"]} == {"accept", "first_review", "first_approval"}
    sent = {
        "task_id": page["task"]["id"],
        "version": page["version"],
        "node": node,
        "reason": "材料与申报不一致，请重新核对",
    }
    answer = town.staff("zhoumin").post(f"/cases/{case.pk}/return", sent)
    assert answer.status_code == 200, answer.content
    case.refresh_from_db()
    assert case.node == node
    line = Entry.objects.filter(case=case, action="退回").get()
    assert line.text == sent["reason"]
    assert town.go(case, "publicity_entry").node == "publicity_entry"


def test_a_return_asks_for_a_reason_a_taken_task_and_a_step_that_was_done(town: Town) -> None:
    case = town.go(town.apply(), "first_approval")
    task = town.task(case, "shenliqun")
    approver = town.staff("shenliqun")
    sent = {"task_id": task["task_id"], "version": case.version, "node": "first_review", "reason": "请补充核查说明"}
    assert approver.post(f"/cases/{case.pk}/return", sent).json()["code"] == "task.not_claimed"
    town.take(case)
    assert approver.post(f"/cases/{case.pk}/return", {**sent, "reason": "补充"}).status_code == 422
    ahead = approver.post(f"/cases/{case.pk}/return", {**sent, "node": "second_review"})
    assert ahead.json()["code"] == "task.not_returnable"
    case.refresh_from_db()
    assert case.node == "first_approval"


def test_who_lacks_the_step_s_right_is_told_before_anything_happens(town: Town) -> None:
    case = town.go(town.apply(), "first_review")
    task_id = Token.objects.get(instance_id=case.instance_id, state="waiting").pk
    sent = {"task_id": task_id, "version": case.version, "outcome": "fail", "opinion": "不同意"}
    answer = town.staff("fangting").post(f"/cases/{case.pk}/act", {**sent, "reason": REASON, "reason_type": "other"})
    assert (answer.status_code, answer.json()["details"]["right"]) == (403, "cases.public_rental.first_review")
    assert Case.objects.get(pk=case.pk).fail_reason == ""


def test_a_task_of_another_case_is_not_found(town: Town) -> None:
    one, other = town.apply(), town.apply()
    task = town.task(other, "fangting")
    assert town.staff("fangting").post(f"/cases/{one.pk}/claim", {"task_id": task["task_id"]}).status_code == 404


@pytest.mark.parametrize("sent", ["{", "[]", '{"task_id": "x"}', '{"task_id": 9e99}', '{"task_id": -1}', "null", ""])
def test_malformed_bodies_are_refused_in_words(town: Town, sent: str) -> None:
    case, clerk = town.apply(), town.staff("fangting")
    for path in ("claim", "release", "act", "return", "supplement", "supplement/finish"):
        answer = clerk.client.post(
            f"/api/cases/{case.pk}/{path}", data=sent, content_type="application/json", headers=clerk.headers
        )
        assert answer.status_code in {400, 422}, (path, answer.content)
        assert answer.json()["message"]


def test_the_process_is_locked_before_the_case_and_both_before_anything_is_written(town: Town) -> None:
    case = town.apply()
    page = town.take(case)
    with CaptureQueriesContext(connection) as asked:
        assert town.staff("fangting").post(f"/cases/{case.pk}/act", body(page)).status_code == 200
    said = [query["sql"] for query in asked.captured_queries]
    locks = {table: locked_at(said, table) for table in ("processes_instance", "cases_case")}
    assert locks["processes_instance"] < locks["cases_case"]
    writes = [at for at, sql in enumerate(said) if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert locks["cases_case"] < min(at for at in writes if "session" not in said[at])


def locked_at(said: list[str], table: str) -> int:
    """Which of the statements locks a table's row first."""
    return next(at for at, sql in enumerate(said) if "FOR UPDATE" in sql and f" {table} " in sql.replace('"', " "))
