"""What the applicant hears: text messages of the accepting office, by themselves or by choice; progress; the log."""

from __future__ import annotations

import pytest

from anju.kernel.cases.models import Case
from anju.workspace.models import Message, Sms
from tests.casework import REASON, Household, Town
from tests.sandbox_fixture import Sandbox
from tests.support import run_jobs


def texts(sandbox: Sandbox, who: Household) -> list[str]:
    """The text messages on a phone, oldest first."""
    return [message["text"] for message in reversed(sandbox.messages(who.phone))]


def titles(who: Household) -> list[str]:
    return list(Message.objects.filter(recipient_ref=who.actor.ref).order_by("id").values_list("title", flat=True))


@pytest.mark.covers("SH-047.1", "SH-047.2")
def test_the_office_s_code_name_and_telephone_are_kept_by_its_clerk_and_stand_in_the_sms(
    town: Town, sandbox: Sandbox
) -> None:
    clerk = town.staff("fangting")
    agency = {"code": "JW-088", "name": "江湾公租房运营公司", "phone": "0599-12345678"}
    made = clerk.post("/registers/eligibility.agencies/rows", {"values": agency})
    assert made.status_code == 200, made.content
    who = town.household()
    town.apply(who)
    run_jobs()
    assert all(part in texts(sandbox, who)[-1] for part in agency.values()), texts(sandbox, who)
    row = clerk.get("/registers/eligibility.agencies/rows").json()["rows"][0]
    changed = clerk.patch(
        f"/registers/eligibility.agencies/rows/{row['id']}",
        {"version": row["version"], "values": {"phone": "0599-7654321"}},
    )
    assert changed.status_code == 200, changed.content
    next_one = town.household()
    town.apply(next_one)
    run_jobs()
    assert "0599-7654321" in texts(sandbox, next_one)[-1]
    second = clerk.post("/registers/eligibility.agencies/rows", {"values": {**agency, "code": "JW-089"}})
    assert (second.status_code, second.json()["code"]) == (409, "agency.exists")
    assert town.staff("fangting.np").get("/registers/eligibility.agencies/rows").json()["rows"] == []


def test_without_an_entry_of_its_own_the_organisation_speaks(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    town.apply(who)
    run_jobs()
    assert "澜州安居住房租赁有限公司（LZ-OP-01），电话 0599-6201 8801" in texts(sandbox, who)[-1]


@pytest.mark.covers("SH-047.3")
def test_at_key_steps_the_sms_goes_out_by_itself_and_once(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    case = town.apply(who)
    run_jobs()
    assert len(texts(sandbox, who)) == 1
    assert "受理" in texts(sandbox, who)[0]
    town.go(case, "admission")
    town.act(case, "admit")
    run_jobs()
    run_jobs(later=True)
    heard = texts(sandbox, who)
    assert "审核通过" in heard[-1]
    assert len(heard) == len(set(heard)) == 4
    assert titles(who) == ["已收到你的申请", "申请已受理", "初审公示结束", "你有准入资格了"]


@pytest.mark.covers("SH-047.4")
@pytest.mark.parametrize("node", ["accept", "first_review"])
@pytest.mark.parametrize("inform", [False, True])
def test_a_refusal_goes_by_sms_only_if_the_clerk_chooses_and_always_into_the_messages(
    town: Town, sandbox: Sandbox, node: str, inform: bool
) -> None:
    who = town.household()
    case = town.go(town.apply(who), node)
    run_jobs()
    before = len(texts(sandbox, who))
    offered = {o["key"]: o["needs"]["inform"] for o in town.take(case)["task"]["outcomes"]}
    bad = "refuse" if node == "accept" else "fail"
    assert offered == {"accept" if node == "accept" else "pass": False, bad: True}
    assert town.act(case, bad, inform=inform).status_code == 200
    run_jobs()
    after = texts(sandbox, who)
    assert len(after) == before + inform
    if inform:
        assert REASON in after[-1]
    assert titles(who)[-1] in {"申请没有受理", "申请没有通过"}
    assert REASON in Message.objects.filter(recipient_ref=who.actor.ref).latest("id").text


@pytest.mark.covers("SH-047.5")
def test_sent_messages_are_listed_with_their_detail_for_the_office_only(town: Town, sandbox: Sandbox) -> None:
    who = town.household()
    case = town.apply(who)
    run_jobs()
    clerk = town.staff("fangting")
    (row,) = clerk.get("/registers/workspace.sms/rows").json()["rows"]
    detail = clerk.get(f"/registers/workspace.sms/rows/{row['id']}").json()["values"]
    assert (detail["state"], detail["phone_masked"]) == ("sent", f"{who.phone[:3]}****{who.phone[-4:]}")
    assert case.number in detail["shown"]
    assert detail["subject"] == f"case:{case.pk}"
    assert detail["sent_at"]
    assert town.staff("fangting.np").get("/registers/workspace.sms/rows").json()["rows"] == []
    assert Sms.objects.count() == 1


@pytest.mark.covers("ZB-06.1")
def test_progress_shows_each_step_with_time_and_result_and_nothing_for_who_never_applied(town: Town) -> None:
    assert town.household().api.get("/citizen/cases").json()["rows"] == []
    who = town.household()
    case = town.go(town.apply(who), "second_review")
    assert who.api.get("/citizen/cases").json()["rows"][0]["headline"] == "市住房保障中心正在复审"
    view = who.api.get(f"/citizen/cases/{case.pk}").json()
    shown = {each["key"]: each["state"] for each in view["steps"]}
    done = ("submit", "accept", "checks", "first", "publicity")
    assert shown == {**dict.fromkeys(done, "done"), "second": "now", "online": "todo", "admission": "todo"}
    assert all(each["at"] for each in view["steps"] if each["state"] == "done")
    town.act(case, "fail")
    view = who.api.get(f"/citizen/cases/{case.pk}").json()
    assert (view["headline"], view["steps"][-1]["state"]) == ("这次没有通过", "bad")
    assert view["refusal"]["reason"] == REASON
    assert who.api.get("/citizen/cases").json()["rows"][0]["state"] == "failed"


def test_a_resident_sees_own_cases_only_and_no_inner_opinions(town: Town) -> None:
    who, other = town.household(), town.household()
    case: Case = town.go(town.apply(who), "first_review")
    town.act(case, "fail", opinion="内部意见：与街道电话核实")
    view = who.api.get(f"/citizen/cases/{case.pk}").json()
    assert "内部意见" not in str(view)
    assert other.api.get(f"/citizen/cases/{case.pk}").status_code == 404
    for paper in view["documents"]:
        assert other.api.get(paper["url"].removeprefix("/api")).status_code == 404
    for material in case.materials.all():
        assert other.api.get(f"/files/{material.file_id}").status_code in {403, 404}
