"""Checks with outside departments: asked by the worker, answered once whatever the line does, never a dead end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anju.kernel import clock
from anju.kernel.cases.checks import run_check, start_checks, store_answer, sweep
from anju.kernel.cases.models import Case, Check, Entry
from anju.kernel.connectors.models import ConnectorCall
from tests.casework import Town
from tests.citizen.people import picture
from tests.sandbox_fixture import Sandbox
from tests.support import run_jobs, waiting_jobs


def accepted(town: Town, case: Case | None = None) -> Case:
    """A case whose checks are asked for and not yet made."""
    case = case or town.apply()
    assert town.act(case).status_code == 200
    run_only(1)
    case.refresh_from_db()
    return case


def run_only(rounds: int) -> None:
    """Lets the process put the questions, without asking any department."""
    from procrastinate.contrib.django import app

    for _ in range(rounds):
        for name, arguments in waiting_jobs("processes.run_service"):
            app.tasks[name](**arguments)


def marriage(case: Case) -> Check:
    return Check.objects.get(case=case, kind="marriage")


def proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("p.jpg", picture(), content_type="image/jpeg")


@pytest.mark.covers("SH-028.2")
def test_the_worker_asks_every_department_with_nobody_asking(town: Town, sandbox: Sandbox) -> None:
    case = accepted(town)
    assert case.node == "checks"
    assert {check.state for check in case.checks.all()} == {"waiting"}
    run_jobs()
    case.refresh_from_db()
    assert case.node == "first_review"
    for department in ("real_estate", "public_housing", "resettlement", "marriage", "social_insurance"):
        assert len(sandbox.calls(department)) == 1
    assert all(check.answered and check.source and check.answered_at for check in case.checks.all())


def test_a_department_that_fails_is_asked_again_and_the_answer_is_found(town: Town, sandbox: Sandbox) -> None:
    sandbox.behave("marriage", "fail", times=3)
    case = accepted(town)
    run_jobs()
    assert marriage(case).state == "waiting"
    assert waiting_jobs("cases.run_check")
    run_jobs(later=True)
    case.refresh_from_db()
    assert (marriage(case).state, marriage(case).tries, case.node) == ("matched", 2, "first_review")


def test_every_try_is_asked_under_one_id_so_that_a_late_answer_is_found(town: Town, sandbox: Sandbox) -> None:
    sandbox.behave("marriage", "fail", times=3)
    case = accepted(town)
    run_jobs(later=True)
    ids = {call.call_id for call in ConnectorCall.objects.filter(connector="marriage", subject=f"case:{case.pk}")}
    assert len(ids) == 1
    assert len(ids.pop()) <= 64


def test_what_does_not_answer_goes_to_the_clerk_and_the_case_goes_on(town: Town, sandbox: Sandbox) -> None:
    sandbox.behave("marriage", "denied")
    case = accepted(town)
    run_jobs(later=True)
    case.refresh_from_db()
    assert (marriage(case).state, marriage(case).tries, case.node) == ("failed", 3, "first_review")
    assert "民政局" in marriage(case).error or marriage(case).error
    page = town.take(case)
    shown = next(check for check in page["checks"] if check["kind"] == "marriage")
    assert shown["can_manual"]
    assert shown["can_retry"]
    assert page["task"]["outcomes"][0]["blocked"]["code"] == "check.undecided"
    assert Entry.objects.filter(case=case, action="自动核查").count() == 1


def test_asked_again_by_hand_it_is_a_fresh_question(town: Town, sandbox: Sandbox) -> None:
    sandbox.behave("marriage", "denied")
    case = accepted(town)
    run_jobs(later=True)
    sandbox.reset()
    town.go(case, "first_review")
    town.take(case)
    reviewer, check = town.staff("zhoumin"), marriage(case)
    assert reviewer.post(f"/cases/{case.pk}/checks/{check.pk}/retry").json()["state"] == "waiting"
    twice = reviewer.post(f"/cases/{case.pk}/checks/{check.pk}/retry")
    assert (twice.status_code, twice.json()["code"]) == (409, "check.running")
    run_jobs(later=True)
    assert marriage(case).state == "matched"
    ids = set(ConnectorCall.objects.filter(connector="marriage", subject=f"case:{case.pk}").values_list("call_id"))
    assert len(ids) == 2


def test_a_manual_result_needs_a_finding_and_proof_and_is_marked_as_such(town: Town, sandbox: Sandbox) -> None:
    sandbox.behave("marriage", "denied")
    case = accepted(town)
    run_jobs(later=True)
    case = town.go(case, "first_review")
    town.take(case)
    reviewer, check = town.staff("zhoumin"), marriage(case)
    path = f"/cases/{case.pk}/checks/{check.pk}/manual"
    assert reviewer.upload(path, {"matched": "true", "finding": "电话核实婚姻登记处，未婚"}).status_code == 422
    assert reviewer.upload(path, {"matched": "true", "finding": "未婚", "proof": proof()}).status_code == 422
    assert marriage(case).state == "failed"
    done = reviewer.upload(path, {"matched": "true", "finding": "电话核实婚姻登记处，未婚", "proof": proof()})
    assert done.status_code == 200, done.content
    told = done.json()
    assert (told["state"], told["state_title"], told["passed"]) == ("manual", "人工录入", True)
    assert told["decided"]["by"] == "周敏"
    assert told["proof_id"]
    again = reviewer.upload(path, {"matched": "false", "finding": "电话核实婚姻登记处，已婚", "proof": proof()})
    assert again.json()["code"] == "check.answered"
    assert town.act(case).status_code == 200


def test_recorded_as_declared_the_declared_homes_count(town: Town, sandbox: Sandbox) -> None:
    sandbox.behave("real_estate", "denied")
    home = {"kind": "owned", "address": "江湾区望江路 10 号 201 室", "area": "80.00", "share": "50", "owner": "周晓芳"}
    case = accepted(town, town.apply(homes=[home]))
    run_jobs(later=True)
    case = town.go(case, "first_review")
    town.take(case)
    check = Check.objects.get(case=case, kind="real_estate")
    town.staff("zhoumin").upload(
        f"/cases/{case.pk}/checks/{check.pk}/manual",
        {"matched": "true", "finding": "已到登记中心查档，与申报一致", "proof": proof()},
    )
    page = town.staff("zhoumin").get(f"/cases/{case.pk}").json()
    assert (page["housing"]["total"], page["housing"]["per_person"]) == ("20.00", "20.00")


def test_a_verdict_against_the_answer_needs_words(town: Town, sandbox: Sandbox) -> None:
    case = town.go(town.apply(), "first_review")
    town.take(case)
    reviewer, check = town.staff("zhoumin"), marriage(case)
    path = f"/cases/{case.pk}/checks/{check.pk}/decide"
    bare = reviewer.post(path, {"passed": False})
    assert bare.json()["details"]["errors"][0]["code"] == "note.too_short"
    told = reviewer.post(path, {"passed": False, "note": "户口簿上是已婚"}).json()
    assert (told["passed"], told["decided"]["note"]) == (False, "户口簿上是已婚")


def test_who_lacks_the_right_or_the_case_decides_nothing(town: Town) -> None:
    case = town.go(town.apply(), "first_review")
    check = marriage(case)
    for name, status in (("fangting", 403), ("zhoumin.np", 404)):
        other = town.staff(name)
        assert (
            other.post(f"/cases/{case.pk}/checks/{check.pk}/decide", {"passed": False, "note": "不同意见"}).status_code
            == status
        )
        assert other.post(f"/cases/{case.pk}/checks/{check.pk}/retry").status_code == status
        manual = {"matched": "true", "finding": "电话核实婚姻登记处", "proof": proof()}
        assert other.upload(f"/cases/{case.pk}/checks/{check.pk}/manual", manual).status_code == status
    check.refresh_from_db()
    assert (check.passed, check.state) == (True, "matched")


@pytest.mark.parametrize("kind", ["page", "cut", "unsigned", "shape", "foreign"])
def test_garbage_is_no_answer(town: Town, sandbox: Sandbox, kind: str) -> None:
    sandbox.behave("marriage", "garbage", kind=kind)
    case = accepted(town)
    run_jobs(later=True)
    assert marriage(case).state == "failed"
    assert marriage(case).facts == []


def test_an_answer_given_twice_counts_once(town: Town, sandbox: Sandbox) -> None:
    sandbox.behave("marriage", "twice")
    case = accepted(town)
    jobs = [arguments for _, arguments in waiting_jobs("cases.run_check") if arguments["check_id"] == marriage(case).pk]
    run_jobs()
    lines = Entry.objects.filter(case=case).count()
    answered = marriage(case).answered_at
    run_check(**jobs[0])  # the same job, recovered after a crash
    assert marriage(case).answered_at == answered
    assert Entry.objects.filter(case=case).count() == lines


def test_a_late_answer_to_an_older_try_changes_nothing(town: Town) -> None:
    from anju.kernel.cases.checks import Answer

    case = accepted(town)
    run_jobs()
    store_answer(case.pk, marriage(case).pk, 1, Answer(False, "迟到的应答"))
    assert marriage(case).state == "matched"


def test_an_answer_for_a_withdrawn_case_is_not_kept(town: Town) -> None:
    who = town.household()
    case = accepted(town, town.apply(who))
    assert who.api.post(f"/citizen/cases/{case.pk}/withdraw").status_code == 200
    run_jobs(later=True)
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert not any(check.answered for check in case.checks.all())


def test_a_fault_of_ours_ends_as_a_failed_check_not_as_an_endless_one(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from anju.kernel.cases import checks

    def broken(case: Case, question: str) -> Any:
        raise ZeroDivisionError

    monkeypatch.setitem(checks._KINDS, "marriage", replace(checks._KINDS["marriage"], ask=broken))
    case = accepted(town)
    run_jobs(later=True)
    case.refresh_from_db()
    assert (marriage(case).state, marriage(case).error, case.node) == ("failed", "系统出了问题", "first_review")


def test_a_check_whose_job_was_lost_is_given_to_the_clerk(town: Town) -> None:
    case = accepted(town)
    sweep()
    assert marriage(case).state == "waiting"
    Check.objects.filter(case=case).update(state="running", asked_at=clock.now() - timedelta(hours=1))
    sweep()
    case.refresh_from_db()
    assert ({check.state for check in case.checks.all()}, case.node) == ({"failed"}, "first_review")


def test_after_a_return_to_acceptance_answered_checks_are_not_asked_again(town: Town, sandbox: Sandbox) -> None:
    case = town.go(town.apply(), "first_review")
    page = town.take(case)
    back = {
        "task_id": page["task"]["id"],
        "version": page["version"],
        "node": "accept",
        "reason": "材料不清楚，退回受理",
    }
    assert town.staff("zhoumin").post(f"/cases/{case.pk}/return", back).status_code == 200
    town.go(case, "first_review")
    assert len(sandbox.calls("marriage")) == 1
    start_checks(case, ["marriage"])
    assert not waiting_jobs("cases.run_check")
