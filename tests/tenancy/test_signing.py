"""Signing, filing and the papers: offline in one click, online with a code, the draft revoked, the notice complete."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from anju.kernel import clock
from anju.kernel.documents.models import Document
from anju.kernel.documents.services import verification
from anju.supply.models import Unit
from tests.casework import Town
from tests.citizen.people import last_code
from tests.eligibility.test_acceptance import pdf_text
from tests.sandbox_fixture import Sandbox
from tests.support import go_to, run_jobs
from tests.tenancy.kit import Lease, drafted, filed, in_force, ready, status, stored, terms
from tests.waiting.kit import choose, entry, homes, place, published, queued


def sent(lease: Lease) -> dict[str, Any]:
    """A contract that waits for the tenant's signature."""
    made = drafted(lease)
    answer = lease.clerk.post(f"/tenancy/contracts/{made['id']}/send")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def sign(lease: Lease, made: dict[str, Any], code: str = "") -> Any:
    """The tenant signs with the code just sent, or with another."""
    if not code:
        asked = lease.who.api.post(f"/citizen/contracts/{made['id']}/code")
        assert asked.status_code == 200, asked.content
        code = last_code(lease.who.phone)
    return lease.who.api.post(f"/citizen/contracts/{made['id']}/sign", {"code": code})


def reached(made: dict[str, Any]) -> set[str]:
    return {node["node"] for node in made["flow"] if node["reached"]}


@pytest.mark.covers("SH-065.1")
def test_signed_on_paper_one_click_makes_it_effective_and_records_when(town: Town) -> None:
    lease = ready(town)
    before = clock.now()
    made = in_force(lease)
    assert (made["state"], made["signed_way"]) == ("effective", "offline")
    effective = stored(made).effective_at
    assert effective is not None
    assert before <= effective <= clock.now()
    again = lease.clerk.post(f"/tenancy/contracts/{made['id']}/sign-offline")
    assert (again.status_code, again.json()["code"]) == (409, "contract.state")


@pytest.mark.covers("SH-065.2")
def test_the_link_goes_by_sms_and_to_the_to_do_items_and_the_tenant_signs_from_there(
    town: Town, sandbox: Sandbox
) -> None:
    lease = ready(town)
    made = drafted(lease)
    assert lease.who.api.get("/citizen/contracts").json()["rows"] == []
    early = lease.who.api.post(f"/citizen/contracts/{made['id']}/code")
    assert (early.status_code, early.json()["code"]) == (409, "contract.state")
    lease.clerk.post(f"/tenancy/contracts/{made['id']}/send")
    run_jobs()
    text = sandbox.messages(lease.who.phone)[0]["text"]
    link = re.search(r"https?://\S+", text)
    assert link
    assert link.group().endswith(f"/contracts/{made['id']}")
    message = lease.who.api.get("/citizen/messages").json()["rows"][0]
    assert (message["title"], message["link"]) == ("有一份合同等你签字", f"/contracts/{made['id']}")
    assert lease.who.api.get(f"/citizen/contracts/{made['id']}").json()["can_sign"]
    signed = sign(lease, made)
    assert signed.status_code == 200, signed.content
    assert (signed.json()["state"], signed.json()["signed_way"]) == ("effective", "online")
    assert status(lease) == "let"


def test_a_wrong_used_or_missing_code_signs_nothing(town: Town) -> None:
    lease = ready(town)
    made = sent(lease)
    assert lease.who.api.post(f"/citizen/contracts/{made['id']}/sign", {"code": "000000"}).status_code == 422
    lease.who.api.post(f"/citizen/contracts/{made['id']}/code")
    good = last_code(lease.who.phone)
    wrong = f"{(int(good) + 1) % 10**6:06d}"
    assert sign(lease, made, wrong).json()["code"] == "code.wrong"
    assert stored(made).state == "signing"
    stranger = town.household()
    assert stranger.api.post(f"/citizen/contracts/{made['id']}/sign", {"code": good}).status_code == 404
    assert stranger.api.get(f"/citizen/contracts/{made['id']}").status_code == 404
    assert sign(lease, made, good).json()["state"] == "effective"
    assert sign(lease, made, good).json()["state"] == "effective"  # a second tap finds it signed
    assert stored(made).happenings.filter(node="signed").count() == 1


def test_after_the_certificate_ran_out_nobody_signs(town: Town) -> None:
    lease = ready(town)
    made = sent(lease)
    go_to(lease.certificate.valid_until + timedelta(days=1))
    late = lease.clerk.post(f"/tenancy/contracts/{made['id']}/sign-offline")
    assert (late.status_code, late.json()["code"]) == (409, "certificate.expired")
    assert (stored(made).state, status(lease)) == ("signing", "held")


def test_a_signed_contract_replaces_its_draft_and_an_edited_one_withdraws_it(town: Town) -> None:
    lease = ready(town)
    made = sent(lease)
    first = Document.objects.get(pk=made["document"]["id"])
    change = {**terms(rent="1200.00"), "version": made["version"]}
    edited = lease.clerk.patch(f"/tenancy/contracts/{made['id']}", change).json()
    assert edited["document"] is None
    assert not lease.who.api.get(f"/citizen/contracts/{made['id']}").json()["can_sign"]
    assert verification(first.verify_code)["state"] == "revoked"
    second = lease.clerk.post(f"/tenancy/contracts/{made['id']}/send").json()["document"]
    signed = sign(lease, made).json()["document"]
    papers = Document.objects.filter(subject=f"contract:{made['id']}", template="lease_contract").order_by("id")
    assert [(paper.pk, paper.revoked_at is None) for paper in papers] == [
        (first.pk, False), (second["id"], False), (signed["id"], True),
    ]  # fmt: skip
    assert papers[2].data["signed_at"]


def test_a_cancelled_contract_s_paper_is_in_force_no_longer(town: Town) -> None:
    lease = ready(town)
    made = sent(lease)
    lease.clerk.post(f"/tenancy/contracts/{made['id']}/cancel", {"reason": "住户改主意"})
    assert verification(Document.objects.get(pk=made["document"]["id"]).verify_code)["state"] == "revoked"


@pytest.mark.covers("SH-065.3")
def test_the_sealed_contract_prints(town: Town) -> None:
    lease = ready(town)
    made = in_force(lease)
    text = pdf_text(lease.clerk, made["document"]["url"]).replace(" ", "").replace(",", "")
    for wanted in (made["number"], lease.who.name, "周建国", "1128.00", "澜州安居住房租赁有限公司"):
        assert wanted in text, (wanted, text)
    assert verification(made["document"]["verify_path"].rpartition("/")[2])["seal"]["intact"]


@pytest.mark.covers("SH-065.4")
def test_the_flow_chart_shows_every_node_and_lights_those_reached(town: Town) -> None:
    lease = ready(town)
    made = drafted(lease)
    titles = [node["title"] for node in made["flow"]]
    for wanted in ("合同变更", "合同签约", "合同打印", "备案打印", "合同续签", "申退", "主承租人变更"):
        assert wanted in titles
    assert reached(made) == {"draft"}
    path = f"/tenancy/contracts/{made['id']}"
    made = lease.clerk.patch(path, {**terms(), "version": made["version"]}).json()
    assert reached(made) == {"draft", "change"}
    made = lease.clerk.post(f"{path}/sign-offline").json()
    assert reached(made) == {"draft", "change", "signed"}
    lease.clerk.get(made["document"]["url"].removeprefix("/api"))
    made = lease.clerk.post(f"{path}/file").json()
    assert reached(made) == {"draft", "change", "signed", "printed", "filed"}
    signed = next(node for node in made["flow"] if node["node"] == "signed")
    assert (signed["who"], bool(signed["at"])) == ("方婷", True)


@pytest.mark.covers("SH-065.5")
def test_from_the_chart_tenant_contract_unit_and_occupants_open(town: Town) -> None:
    lease = ready(town)
    made = in_force(lease)
    shown = lease.clerk.get(f"/tenancy/contracts/{made['id']}").json()
    assert shown["tenant"]["name"] == lease.who.name
    assert (shown["unit"]["id"], shown["unit"]["code"]) == (lease.unit.pk, lease.unit.code)
    assert shown["terms"]["rent"] == "1128.00"
    assert [o["name"] for o in shown["occupants"]] == ["周建国"]
    assert shown["flow"]


@pytest.mark.covers("SH-053.3")
def test_a_household_leaves_the_queue_when_signing_is_complete_and_not_before(town: Town) -> None:
    some = homes()
    who, other = queued(town), queued(town)
    batch = published(town.staff("fangting"), some.ids[:1], {"one_one": 1})
    choose(who, batch, some.ids[0])
    lease = Lease(who, ready(town).certificate, some, town.staff("fangting"), some.units[0])
    lease.certificate.number = entry(who).certificate_no
    made = sent(lease)
    run_jobs()
    assert (entry(who).state, place(other)) == ("chosen", 2)
    assert sign(lease, made).status_code == 200
    run_jobs()
    assert (entry(who).state, entry(who).left_reason, place(who), place(other)) == ("left", "已签约", None, 1)


# ---- filing


@pytest.mark.covers("SH-066.1", "SH-066.2")
def test_the_filing_notice_is_made_at_a_click_with_everything_and_can_be_downloaded(town: Town) -> None:
    lease = ready(town)
    made = filed(lease)
    path = f"/tenancy/contracts/{made['id']}"
    assert (made["state"], made["filing_no"][:8]) == ("filed", "BA339901")
    noticed = lease.clerk.post(f"{path}/filing-notice")
    assert noticed.status_code == 200, noticed.content
    notice = noticed.json()["notice"]
    text = pdf_text(lease.clerk, notice["url"]).replace(" ", "").replace(",", "")
    unit = Unit.objects.get(pk=lease.unit.pk)
    for label, wanted in {
        "lessor": "澜州安居住房租赁有限公司", "lessee": lease.who.name, "occupants": "周建国",
        "location": stored(made).address.replace(" ", ""), "let part": "整套", "area": str(unit.floor_area),
        "rent": "1128.00", "filing no": made["filing_no"], "printing body": "澜州安居住房租赁有限公司",
    }.items():  # fmt: skip
        assert wanted in text, (label, wanted, text)
    today = clock.today()
    for day in (today, today + timedelta(days=729)):
        assert f"{day.year}年{day.month}月{day.day}日" in text, (day, text)
    download = lease.clerk.get(notice["url"].removeprefix("/api"), download="true")
    assert "attachment" in download.headers["Content-Disposition"]
    again = lease.clerk.post(f"{path}/filing-notice").json()["notice"]
    assert again["id"] != notice["id"]


def test_only_a_filed_contract_has_a_notice_and_it_is_filed_once(town: Town) -> None:
    lease = ready(town)
    made = in_force(lease)
    path = f"/tenancy/contracts/{made['id']}"
    assert lease.clerk.post(f"{path}/filing-notice").json()["code"] == "contract.state"
    lease.who.api.post(
        f"/citizen/contracts/{made['id']}/terminate-request",
        {"kind": "early", "on": clock.today() + timedelta(days=30), "reason": "调往外地工作"},
    )
    assert lease.clerk.post(f"{path}/filing-notice").json()["code"] == "contract.state"
    second = ready(town)
    other = filed(second)
    again = second.clerk.post(f"/tenancy/contracts/{other['id']}/file")
    assert again.json()["code"] == "contract.state"
    assert town.staff("zhoumin").post(f"/tenancy/contracts/{other['id']}/filing-notice").status_code == 403
