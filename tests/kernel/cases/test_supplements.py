"""Supplements: asked for, answered on the phone or at the counter, taken in; the case rests and no day is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anju.kernel.cases.models import Case, Entry
from anju.kernel.documents.models import Document
from anju.workspace.models import Message
from tests.casework import Household, Town, pushed
from tests.citizen.people import picture
from tests.sandbox_fixture import Sandbox
from tests.support import FRIDAY, go_to, run_jobs

ITEMS = [{"klass": "marriage", "note": "请交离婚证复印件"}, {"klass": "household_register", "note": "缺户主页"}]


def asked(town: Town, who: Household, **more: Any) -> Case:
    """A case whose clerk asked for two papers."""
    case = town.apply(who)
    page = town.take(case)
    sent = {"task_id": page["task"]["id"], "version": page["version"], "items": ITEMS, "note": "请拍清楚", "days": 5}
    answer = town.staff("fangting").post(f"/cases/{case.pk}/supplement", {**sent, **more})
    assert answer.status_code == 200, answer.content
    run_jobs()
    case.refresh_from_db()
    return case


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("p.jpg", picture(), content_type="image/jpeg")


def upload_all(who: Household, case: Case) -> None:
    for item in who.api.get(f"/citizen/cases/{case.pk}").json()["supplement"]["items"]:
        answer = who.api.upload(f"/citizen/cases/{case.pk}/supplements/{item['id']}", {"file": photo()})
        assert answer.status_code == 200, answer.content


@pytest.mark.covers("SH-024.3")
def test_the_clerk_picks_papers_writes_details_and_a_notice_is_sent(town: Town) -> None:
    go_to(FRIDAY)
    case = asked(town, town.household())
    assert case.state == "supplement"
    notice = Document.objects.get(subject=f"case:{case.pk}", template="supplement_notice")
    assert [(i["title"], i["note"]) for i in notice.data["items"]] == [
        ("婚姻状况证明", "请交离婚证复印件"), ("户口簿（居住证）", "缺户主页"),
    ]  # fmt: skip
    assert (notice.data["due_on"], notice.data["working_days"], notice.data["note"]) == ("2061-03-11", 5, "请拍清楚")
    assert notice.data["organisation"] == "澜州安居住房租赁有限公司"


@pytest.mark.covers("SH-024.4")
def test_the_applicant_reads_what_is_missing_in_the_case_in_messages_and_by_sms(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    case = asked(town, who)
    run_jobs()
    view = who.api.get(f"/citizen/cases/{case.pk}").json()
    assert view["headline"] == "要你补 2 份材料"
    assert [(i["title"], i["note"]) for i in view["supplement"]["items"]] == [
        ("婚姻状况证明", "请交离婚证复印件"), ("户口簿（居住证）", "缺户主页"),
    ]  # fmt: skip
    assert any(paper["template"] == "supplement_notice" for paper in view["documents"])
    message = Message.objects.get(recipient_ref=who.actor.ref, title="要你补材料")
    assert "婚姻状况证明" in message.text
    assert any("婚姻状况证明" in sms["text"] for sms in sandbox.messages(who.phone))


@pytest.mark.covers("SH-024.5", "SH-024.7")
def test_supplemented_on_the_phone_the_case_comes_back_to_the_clerk_who_goes_on(town: Town) -> None:
    who = town.household()
    case = asked(town, who)
    early = who.api.post(f"/citizen/cases/{case.pk}/supplement")
    assert (early.status_code, early.json()["code"]) == (422, "supplement.incomplete")
    assert "婚姻状况证明" in early.json()["message"]
    upload_all(who, case)
    for _ in range(2):  # sent twice, it counts once
        assert who.api.post(f"/citizen/cases/{case.pk}/supplement").status_code == 200
    page = town.staff("fangting").get(f"/cases/{case.pk}").json()
    assert page["state"] == "open"
    assert [m["note"] for m in page["materials"]].count("补件") == 2
    assert page["supplements"][0]["state_title"] == "已补件"
    assert all(item["uploaded"] for item in page["supplements"][0]["items"])
    for material in page["materials"]:
        assert town.staff("fangting").get(f"/files/{material['file_id']}").status_code == 200
    assert town.act(case).status_code == 200
    assert case.supplements.get().state == "reviewed"


@pytest.mark.covers("SH-024.5")
def test_supplemented_at_the_counter_the_clerk_uploads_what_was_brought(town: Town) -> None:
    case = asked(town, town.household())
    clerk = town.staff("fangting")
    page = clerk.get(f"/cases/{case.pk}").json()
    item, other = page["supplements"][0]["items"]
    put = clerk.upload(
        f"/cases/{case.pk}/supplements/{item['id']}", {"file": photo(), "task_id": str(page["task"]["id"])}
    )
    assert put.status_code == 200, put.content
    end = {"task_id": page["task"]["id"], "reason": ""}
    short = clerk.post(f"/cases/{case.pk}/supplement/finish", end)
    assert short.status_code == 422
    assert other["title"] in short.json()["details"]["errors"][0]["message"]
    done = clerk.post(f"/cases/{case.pk}/supplement/finish", {**end, "reason": "户口簿已当面核对原件"})
    assert done.status_code == 200, done.content
    assert done.json()["state"] == "open"
    assert [m["note"] for m in done.json()["materials"]].count("补件") == 1
    assert town.act(case).status_code == 200


@pytest.mark.covers("SH-024.6")
def test_asking_and_answering_change_the_state_in_the_case_store(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    case = asked(town, who)
    assert pushed(sandbox, case)[-1]["state"] == "supplement_asked"
    upload_all(who, case)
    who.api.post(f"/citizen/cases/{case.pk}/supplement")
    run_jobs()
    assert pushed(sandbox, case)[-1]["state"] == "supplement_done"


@pytest.mark.covers("SH-024.8")
def test_the_latest_state_shows_at_once_and_every_act_stays_on_record(town: Town) -> None:
    who = town.household()
    case = asked(town, who)
    clerk = town.staff("fangting")
    assert clerk.get(f"/cases/{case.pk}").json()["supplements"][0]["state"] == "asked"
    assert clerk.get("/cases/todo", q=case.number).json()["rows"][0]["tags"] == [{"tone": "wait", "text": "待补件"}]
    upload_all(who, case)
    who.api.post(f"/citizen/cases/{case.pk}/supplement")
    assert clerk.get(f"/cases/{case.pk}").json()["supplements"][0]["state"] == "done"
    town.act(case)
    page = clerk.get(f"/cases/{case.pk}").json()
    assert page["supplements"][0]["state"] == "reviewed"
    acts = [(line["action"], line["actor"]) for line in reversed(page["timeline"])]
    wanted = [("通知补件", "方婷"), ("补件交回", "周晓芳"), ("核收补件", "方婷"), ("受理", "方婷")]
    assert [act for act in acts if act in wanted] == wanted


def test_while_papers_are_missing_the_case_rests_and_its_deadlines_move(town: Town) -> None:
    go_to(FRIDAY)
    who = town.household()
    case = asked(town, who)
    page = town.staff("fangting").get(f"/cases/{case.pk}").json()
    before = page["deadline"]
    assert not page["task"]["can_act"]
    sent = {"task_id": page["task"]["id"], "version": page["version"]}
    clerk = town.staff("fangting")
    stopped = clerk.post(f"/cases/{case.pk}/act", {**sent, "outcome": "accept", "opinion": "同意"})
    assert (stopped.status_code, stopped.json()["code"]) == (409, "case.waiting_supplement")
    again = clerk.post(f"/cases/{case.pk}/supplement", {**sent, "items": ITEMS})
    assert (again.status_code, again.json()["code"]) == (409, "supplement.open_exists")
    go_to(FRIDAY + timedelta(days=5))
    upload_all(who, case)
    who.api.post(f"/citizen/cases/{case.pk}/supplement")
    after = clerk.get(f"/cases/{case.pk}").json()["deadline"]
    assert (after["remaining"], after["case_remaining"]) == (before["remaining"], before["case_remaining"])


def test_only_known_papers_can_be_asked_for_and_at_least_one(town: Town) -> None:
    case = town.apply()
    page = town.take(case)
    clerk, sent = town.staff("fangting"), {"task_id": page["task"]["id"], "version": page["version"]}
    assert clerk.post(f"/cases/{case.pk}/supplement", {**sent, "items": []}).status_code == 422
    unknown = clerk.post(f"/cases/{case.pk}/supplement", {**sent, "items": [{"klass": "moon"}]})
    assert unknown.json()["details"]["errors"][0]["code"] == "klass.unknown"
    stale = clerk.post(f"/cases/{case.pk}/supplement", {**sent, "items": ITEMS, "version": page["version"] + 1})
    assert stale.json()["code"] == "case.changed"
    assert Entry.objects.filter(case=case, action="通知补件").count() == 0


def test_another_resident_cannot_see_or_answer_a_request(town: Town) -> None:
    who, other = town.household(), town.household()
    case = asked(town, who)
    item = case.supplements.get().items.first()
    assert item is not None
    assert other.api.get(f"/citizen/cases/{case.pk}").status_code == 404
    assert other.api.post(f"/citizen/cases/{case.pk}/supplement").status_code == 404
    put = other.api.upload(f"/citizen/cases/{case.pk}/supplements/{item.pk}", {"file": photo()})
    assert put.status_code == 404
    item.refresh_from_db()
    assert item.file_id is None


@pytest.mark.parametrize(
    "content", [b"", b"<script>alert(1)</script>", b"%PDF-1.4 broken", b"\xff\xd8\xff broken picture"]
)
def test_what_is_no_picture_is_refused_in_words(town: Town, content: bytes) -> None:
    who = town.household()
    case = asked(town, who)
    item = case.supplements.get().items.first()
    assert item is not None
    put = who.api.upload(
        f"/citizen/cases/{case.pk}/supplements/{item.pk}",
        {"file": SimpleUploadedFile("p.jpg", content, content_type="image/jpeg")},
    )
    assert put.status_code in {400, 413, 422}, put.content
    assert put.json()["message"]
    item.refresh_from_db()
    assert item.file_id is None
