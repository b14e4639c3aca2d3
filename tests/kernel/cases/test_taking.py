"""Taking a case: one person at a time, everything on the record, other districts see nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from anju.kernel.audit.models import AuditEntry
from anju.kernel.cases.models import Case, Entry
from anju.kernel.cases.services import claim
from anju.kernel.errors import Conflict
from anju.kernel.processes.models import Token
from tests.casework import Town


def claim_body(town: Town, case: Case, who: str) -> dict[str, int]:
    return {"task_id": town.task(case, who)["task_id"]}


@pytest.mark.covers("SH-023.5")
def test_a_clerk_takes_a_case_from_the_common_box_into_his_own(town: Town) -> None:
    case, clerk = town.apply(), town.staff("fangting")
    assert [row["case_id"] for row in clerk.get("/cases/todo", view="claimable").json()["rows"]] == [case.pk]
    assert clerk.get("/cases/todo", view="mine").json()["rows"] == []
    town.take(case)
    assert clerk.get("/cases/todo", view="claimable").json()["rows"] == []
    assert [row["case_id"] for row in clerk.get("/cases/todo", view="mine").json()["rows"]] == [case.pk]


@pytest.mark.covers("SH-023.2")
def test_taking_writes_a_line_of_the_record_by_itself(town: Town) -> None:
    page = town.take(town.apply())
    taken = page["timeline"][0]
    assert (taken["action"], taken["actor"]) == ("签收", "方婷")
    assert taken["at"]


@pytest.mark.covers("SH-023.6")
def test_what_one_has_taken_nobody_else_views_or_handles(town: Town) -> None:
    case = town.apply()
    body = claim_body(town, case, "fangting")
    town.take(case)
    second = town.second_clerk()
    before = Entry.objects.count()
    looked = second.get(f"/cases/{case.pk}")
    assert (looked.status_code, looked.json()["code"]) == (409, "task.taken")
    assert looked.json()["details"]["holder"] == "方婷"
    act = {**body, "version": case.version, "outcome": "accept", "opinion": "同意"}
    back = {**body, "version": case.version, "node": "accept", "reason": "退回重办一次"}
    more = {**body, "version": case.version, "items": [{"klass": "other"}]}
    for path, sent in (("claim", body), ("release", body), ("act", act), ("return", back), ("supplement", more)):
        answer = second.post(f"/cases/{case.pk}/{path}", sent)
        assert (answer.status_code, answer.json()["code"]) == (409, "task.taken"), (path, answer.content)
    assert second.get("/cases/todo").json()["rows"] == []
    for material in case.materials.all():
        assert second.get(f"/files/{material.file_id}").status_code in {403, 404}
    assert Entry.objects.count() == before
    assert Token.objects.get(pk=body["task_id"]).claimed_name == "方婷"


def test_a_supervisor_looks_on_and_gives_the_case_to_another(town: Town) -> None:
    case = town.apply()
    body = claim_body(town, case, "fangting")
    town.take(case)
    second, supervisor = town.second_clerk(), town.staff("liangchen")
    assert supervisor.get(f"/cases/{case.pk}").status_code == 200
    unknown = supervisor.post(f"/cases/{case.pk}/reassign", {**body, "account": "nobody"})
    assert unknown.json()["code"] == "account.unknown"
    stranger = supervisor.post(f"/cases/{case.pk}/reassign", {**body, "account": town.account("zhoumin").username})
    assert stranger.json()["code"] == "task.no_right"
    given = supervisor.post(f"/cases/{case.pk}/reassign", {**body, "account": "fangting.two"})
    assert given.status_code == 200, given.content
    assert second.get(f"/cases/{case.pk}").json()["task"]["mine"]
    assert town.staff("fangting").get(f"/cases/{case.pk}").json()["code"] == "task.taken"


def test_who_did_a_step_may_look_on_while_another_has_it(town: Town) -> None:
    case = town.go(town.apply(), "first_review")
    town.take(case)
    assert town.staff("fangting").get(f"/cases/{case.pk}").status_code == 200
    assert town.staff("gaoyuan").get(f"/cases/{case.pk}").json()["code"] == "task.taken"


def test_released_it_is_everybody_s_again(town: Town) -> None:
    case = town.apply()
    body = claim_body(town, case, "fangting")
    town.take(case)
    second = town.second_clerk()
    assert town.staff("fangting").post(f"/cases/{case.pk}/release", body).status_code == 200
    assert second.post(f"/cases/{case.pk}/claim", body).status_code == 200


def test_clerks_of_another_district_find_nothing_and_change_nothing(town: Town) -> None:
    case = town.apply()
    body = claim_body(town, case, "fangting")
    page = town.take(case)
    case.refresh_from_db()
    lines, version = Entry.objects.count(), case.version
    for name in ("fangting.np", "zhoumin.np", "shenliqun.np"):
        other = town.staff(name)
        assert other.get("/cases/todo", q=case.number).json()["rows"] == []
        assert other.get(f"/cases/{case.pk}").status_code == 404
        assert other.get("/cases/countdown").json()["rows"] == []
        for path, sent in (
            ("claim", body), ("release", body), ("return", {**body, "version": version, "node": "accept", "reason": "退回重办"}),
            ("act", {**body, "version": version, "outcome": "accept", "opinion": "同意"}),
            ("supplement", {**body, "version": version, "items": [{"klass": "other"}]}),
            ("supplement/finish", {**body, "reason": ""}),
        ):  # fmt: skip
            answer = other.post(f"/cases/{case.pk}/{path}", sent)
            assert answer.status_code == 404, (name, path, answer.content)
        listed = other.get("/registers/cases.cases/rows", q=case.number).json()["rows"]
        assert listed == []
        for paper in page["documents"]:
            assert other.get(paper["url"].removeprefix("/api")).status_code == 404
        for material in page["materials"]:
            assert other.get(f"/files/{material['file_id']}").status_code in {403, 404}
    case.refresh_from_db()
    assert (case.version, Entry.objects.count()) == (version, lines)


def test_reading_a_case_is_on_the_audit_trail(town: Town) -> None:
    case = town.apply()
    assert town.staff("fangting").get(f"/cases/{case.pk}").status_code == 200
    read = AuditEntry.objects.filter(action="read_personal", subject=f"case:{case.pk}").get()
    assert read.actor_name == "方婷"


def test_nobody_without_a_session_reaches_a_case(town: Town, anonymous: object) -> None:
    case = town.apply()
    assert anonymous.get(f"/cases/{case.pk}").status_code == 401  # type: ignore[attr-defined]
    assert town.household().api.get(f"/cases/{case.pk}").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_at_once_one_gets_it(town: Town) -> None:
    case = town.apply()
    task_id = town.task(case, "fangting")["task_id"]
    town.second_clerk()
    actors = [town.actor("fangting"), town.actor("fangting.two")]

    def take(n: int) -> str:
        try:
            with transaction.atomic():
                claim(case_id=case.pk, task_id=task_id, actor=actors[n])
            return "taken"
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == ["taken", "task.taken"]
    assert Entry.objects.filter(case=case, action="签收").count() == 1
