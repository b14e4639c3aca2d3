"""Pre-sale permits from the reservation to the registration (SH-170), the three systems being the sandbox's."""

from __future__ import annotations

import io
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection
from pypdf import PdfReader

from anju.construction.models import Permit, PermitUnit, PreSale, Project
from anju.kernel.documents.models import Document
from anju.kernel.files import open_file
from anju.kernel.jobs.queue import FUNCTIONS
from tests.construction.answers import ANSWERS
from tests.sandbox_fixture import Sandbox
from tests.support import run_jobs, waiting_jobs

pytestmark = pytest.mark.django_db
CREDIT = "91339901MA2K1DV01X"


def accepted(site: Any) -> Any:
    """A case at its acceptance with the surveyed units read, one of them corrected."""
    case = site.file("permit")
    page = site.take(case, "zhoumin")
    asked = {"task_id": page["task"]["id"], "key": "survey", "asked": {}}
    found = site.staff("zhoumin").post(f"/cases/{case.pk}/fetch", asked).json()["data"]
    found["units"]["units"][0]["layout"] = "两室两厅"
    saved = site.edit(case, "zhoumin", found)
    assert saved.status_code == 200, saved.content.decode()
    site.act(case, "zhoumin", "accept")
    return case


def printed(site: Any) -> Any:
    """A case that passed review and waits for its papers."""
    case = accepted(site)
    site.act(case, "zhoumin", "submit")
    site.act(case, "shenliqun", "pass")
    return case


@pytest.mark.covers("SH-170.1", "SH-170.2")
def test_an_application_is_fetched_by_reservation_number_and_completed(site: Any) -> None:
    api = site.staff("jianshe")
    draft = api.post("/cases/drafts", {"type": "construction.permit"}).json()
    path = f"/cases/drafts/{draft['id']}"
    asked = {"key": "reservation", "asked": {"number": "YS20260001", "credit_code": CREDIT}}
    missing = api.post(f"{path}/fetch", {"key": "reservation", "asked": {"number": "YS20260001"}})
    assert (missing.status_code, missing.json()["details"]["errors"][0]["field"]) == (422, "asked.credit_code")
    none = api.post(f"{path}/fetch", {**asked, "asked": {"number": "YS-NONE", "credit_code": CREDIT}})
    assert none.status_code >= 400
    assert "没有这个预约号" in none.json()["message"]
    found = api.post(f"{path}/fetch", asked).json()
    assert found["data"]["basic"]["reservation_no"] == "YS20260001"
    assert found["data"]["planning"]["floor_area"] == "46800.00"
    assert {(each["klass"], each["name"]) for each in found["materials"]} == {
        ("land", "土地使用证明.pdf"),
        ("planning", "规划图纸.pdf"),
    }
    assert open_file(found["materials"][0]["file_id"]).startswith(b"%PDF-")
    again = api.post(f"{path}/fetch", asked).json()
    assert len(again["materials"]) == 2
    incomplete = api.post(f"{path}/file")
    assert "basic.price" in {each["field"] for each in incomplete.json()["details"]["errors"]}
    data = again["data"]
    data["basic"]["price"] = "12800.00"
    data["developer"] |= {"name": "澜州江湾城建开发有限公司", "contact": "陆建", "phone": "13900001111"}
    api.put(path, {"version": again["version"], "data": data})
    site.upload(api, f"{path}/materials", klass="progress")
    made = api.post(f"{path}/file")
    assert made.status_code == 200, made.content.decode()
    row = PreSale.objects.get(case_id=made.json()["id"])
    assert (row.reservation_no, str(row.price)) == ("YS20260001", "12800.00")
    page = site.page(_case(made), "zhoumin")
    assert {each["klass"] for each in page["materials"]} == {"land", "planning", "progress"}


def _case(answer: Any) -> Any:
    from anju.kernel.cases.models import Case

    return Case.objects.get(pk=answer.json()["id"])


def test_more_units_than_a_permit_holds_are_told_not_cut(site: Any) -> None:
    case = site.file("permit")
    page = site.take(case, "zhoumin")
    case.refresh_from_db()
    site.edit(case, "zhoumin", {"basic": {**case.data["basic"], "plot_no": "JW-HUGE"}})
    asked = {"task_id": page["task"]["id"], "key": "survey", "asked": {}}
    refused = site.staff("zhoumin").post(f"/cases/{case.pk}/fetch", asked)
    assert refused.json()["code"] == "survey.too_many", refused.json()


def estate(count: int) -> list[dict[str, str]]:
    """Units of a plot as a developer lists them."""
    return [
        {"unit_number": f"JW-42-01-{n:05d}", "location": f"江湾区滨江大道 420 号 {n // 60 + 1}号楼 {n % 60 + 101} 室",
         "layout": "两室一厅", "floor_area": "62.18", "planned_use": "住宅"}
        for n in range(1, count + 1)
    ]  # fmt: skip


@pytest.mark.covers("SH-170.10", "SH-170.12")
def test_a_permit_of_two_thousand_units_is_corrected_reviewed_printed_and_pushed(site: Any, sandbox: Sandbox) -> None:
    case = site.file("permit", data={**ANSWERS["permit"], "units": {"units": estate(2000)}})
    site.take(case, "zhoumin")
    mended = estate(2000)
    mended[1500] |= {"floor_area": "63.00"}
    mended[1999] |= {"unit_number": "JW-42-01-09999"}
    assert site.edit(case, "zhoumin", {"units": {"units": mended}}).status_code == 200
    case.refresh_from_db()
    assert case.entries.order_by("-id")[0].text.split("\n") == [
        "房屋 建筑面积合计：124,360.00 → 124,360.82",
        "房屋 新增 1 条：JW-42-01-09999",
        "房屋 删去 1 条：JW-42-01-02000",
        "房屋 JW-42-01-01501 建筑面积：62.18 → 63.00",
    ]
    site.act(case, "zhoumin", "accept")
    site.act(case, "zhoumin", "submit")
    site.act(case, "shenliqun", "pass")
    permit = Permit.objects.get(case_id=case.pk)
    assert (permit.unit_count, str(permit.floor_area)) == (2000, "124360.82")
    site.take(case, "zhoumin")
    paper = site.paper(case, "zhoumin", "permit_original").json()
    file = b"".join(site.staff("zhoumin").get(paper["url"].removeprefix("/api")))
    pages = PdfReader(io.BytesIO(file)).pages
    said = [page.extract_text() for page in (pages[1], pages[-2], pages[-1])]
    assert all("房屋编号" in text for text in said[:2]), "the heading stands on every page of the list"
    assert f"第 {len(pages) - 1} 页" in said[1]
    assert f"共 {len(pages)} 页" in said[1]
    assert "JW-42-01-09999" in said[2]
    assert "合计 2000 套" in said[2]
    site.act(case, "zhoumin", "done")
    run_jobs()
    (sent,) = sandbox.received()["registered"]
    assert len(sent["content"]["units"]) == 2000
    assert Permit.objects.get(pk=permit.pk).state == "registered"


def test_the_survey_is_read_page_by_page(site: Any) -> None:
    case = site.file("permit")
    page = site.take(case, "zhoumin")
    site.edit(case, "zhoumin", {"basic": {**ANSWERS["permit"]["basic"], "plot_no": "JW-TALL"}})
    asked = {"task_id": page["task"]["id"], "key": "survey", "asked": {}}
    found = site.staff("zhoumin").post(f"/cases/{case.pk}/fetch", asked).json()["data"]["units"]["units"]
    assert len({unit["unit_number"] for unit in found}) == len(found) == 1200


@pytest.mark.covers("SH-170.3", "SH-170.4", "SH-170.5")
def test_acceptance_reads_the_survey_corrects_prints_the_receipt_and_ends(site: Any) -> None:
    case = site.file("permit")
    todo = site.staff("zhoumin").get("/cases/todo", node="permit_accept").json()["rows"]
    assert [(row["household"], row["household_size"]) for row in todo] == [("澜州江湾城建开发有限公司", 0)]
    page = site.take(case, "zhoumin")
    assert set(page["task"]["editable"]) == {"basic", "developer", "project", "planning", "units"}
    stopped = {each["key"]: each["blocked"] for each in page["task"]["outcomes"]}["accept"]
    assert stopped["code"] == "permit.no_units"
    asked = {"task_id": page["task"]["id"], "key": "survey", "asked": {}}
    found = site.staff("zhoumin").post(f"/cases/{case.pk}/fetch", asked).json()["data"]["units"]["units"]
    assert len(found) == 48
    assert {"location", "layout", "floor_area", "planned_use"} <= set(found[0])
    case.refresh_from_db()
    assert "units" not in case.data
    found[0]["floor_area"] = "47.10"
    basic = {**case.data["basic"], "address": "江湾区滨江大道 422 号"}
    assert site.edit(case, "zhoumin", {"units": {"units": found}, "basic": basic}).status_code == 200
    assert PreSale.objects.get(case_id=case.pk).address == "江湾区滨江大道 422 号"
    receipt = site.paper(case, "zhoumin", "receipt")
    assert receipt.json()["title"] == "收件收据"
    site.act(case, "zhoumin", "accept")
    assert case.node == "permit_handle"
    assert case.data["units"]["units"][0]["floor_area"] == "47.10"


@pytest.mark.covers("SH-170.4")
def test_a_wrong_material_is_replaced_or_taken_out_on_the_record(site: Any) -> None:
    case = site.file("permit")
    clerk = site.staff("zhoumin")
    (land,) = case.materials.filter(klass="land")
    path = f"/cases/{case.pk}/materials"
    unclaimed = site.upload(clerk, f"{path}/{land.pk}/replace")
    assert (unclaimed.status_code, unclaimed.json()["code"]) == (409, "task.not_claimed")
    site.take(case, "zhoumin")
    more = site.upload(clerk, path, klass="progress").json()["materials"][-1]
    needed = clerk.post(f"{path}/{land.pk}/remove", {"reason": "不是本项目的证明"})
    assert (needed.status_code, needed.json()["code"]) == (409, "material.needed")
    page = site.upload(clerk, f"{path}/{land.pk}/replace").json()
    (new,) = [each for each in page["materials"] if each["klass"] == "land"]
    assert new["id"] != land.pk
    assert page["timeline"][0]["text"] == f"土地使用证明：{land.name} → {new['name']}"
    assert clerk.post(f"{path}/{more['id']}/remove", {"reason": "错"}).json()["code"] == "form.invalid"
    page = clerk.post(f"{path}/{more['id']}/remove", {"reason": "上传到了别的项目"}).json()
    assert {each["klass"] for each in page["materials"]} == {"land", "planning"}
    assert page["timeline"][0]["text"] == f"工程进度证明：{more['name']}，原因：上传到了别的项目"
    assert clerk.post(f"{path}/{more['id']}/remove", {"reason": "上传到了别的项目"}).status_code == 404
    # what was taken out stays readable, and is on no receipt
    assert clerk.get(f"/files/{land.file_id}").status_code == 200
    receipt = Document.objects.get(pk=site.paper(case, "zhoumin", "receipt").json()["id"])
    assert [each["name"] for each in receipt.data["materials"] if each["klass"] == "土地使用证明"] == [new["name"]]
    asked = {"task_id": page["task"]["id"], "key": "survey", "asked": {}}
    site.edit(case, "zhoumin", clerk.post(f"/cases/{case.pk}/fetch", asked).json()["data"])
    site.act(case, "zhoumin", "accept")
    site.act(case, "zhoumin", "submit")
    site.take(case, "shenliqun")
    closed = site.upload(site.staff("shenliqun"), f"{path}/{new['id']}/replace")
    assert (closed.status_code, closed.json()["code"]) == (403, "case.not_editable")
    assert site.upload(site.staff("jianshe.np"), f"{path}/{new['id']}/replace").status_code == 404


@pytest.mark.covers("SH-170.6", "SH-170.7", "SH-170.8", "SH-170.9")
def test_handling_corrects_review_reads_returns_and_passes(site: Any) -> None:
    case = accepted(site)
    page = site.take(case, "zhoumin")
    project = {**case.data["project"], "building_permit": "339901202500420199"}
    assert site.edit(case, "zhoumin", {"project": project}).status_code == 200
    site.act(case, "zhoumin", "submit", opinion="材料齐全，拟同意")
    page = site.take(case, "shenliqun")
    opinions = [each["text"] for each in page["timeline"] if each["opinion"]]
    assert opinions[0] == "材料齐全，拟同意"
    assert page["task"]["editable"] == []
    assert site.paper(case, "shenliqun", "receipt").status_code == 200
    assert site.paper(case, "shenliqun", "permit_original").json()["code"] == "paper.too_early"
    back = {
        "task_id": page["task"]["id"],
        "version": page["version"],
        "node": "permit_handle",
        "reason": "施工许可证号请核对",
    }
    assert site.staff("shenliqun").post(f"/cases/{case.pk}/return", back).status_code == 200
    case.refresh_from_db()
    assert case.node == "permit_handle"
    site.act(case, "zhoumin", "submit")
    site.act(case, "shenliqun", "pass")
    permit = Permit.objects.get(case_id=case.pk)
    assert (case.node, permit.state, permit.unit_count) == ("permit_print", "drawn", 48)
    assert PermitUnit.objects.filter(permit=permit, layout="两室两厅").count() == 1
    assert Project.objects.get(name=permit.project_name).stage == "pre_sale"


@pytest.mark.covers("SH-170.9")
def test_not_passed_stops_the_case_and_no_permit_is_made(site: Any) -> None:
    case = accepted(site)
    site.act(case, "zhoumin", "submit")
    site.act(case, "shenliqun", "fail")
    assert (case.state, case.outcome) == ("failed", "stopped")
    assert not Permit.objects.exists()
    assert not Project.objects.exists()


@pytest.mark.covers("SH-170.10", "SH-170.11")
def test_three_copies_are_printed_and_the_printing_clerk_returns_or_ends(site: Any) -> None:
    printed(site)
    case = printed(site)
    number = Permit.objects.get(case_id=case.pk).number
    clerk = site.staff("zhoumin")
    assert len(clerk.get("/cases/todo", node="permit_print").json()["rows"]) == 2
    (row,) = clerk.get("/cases/todo", node="permit_print", q=case.number).json()["rows"]
    page = site.take(case, "zhoumin")
    papers = [site.paper(case, "zhoumin", f"permit_{copy}").json() for copy in ("original", "duplicate", "stub")]
    assert [each["title"] for each in papers] == [f"预售许可证（{copy}）" for copy in ("正文", "副本", "存根")]
    assert {each["number"] for each in papers} == {number}
    assert len({each["id"] for each in papers}) == 3
    stub = PdfReader(io.BytesIO(clerk.get(papers[2]["url"].removeprefix("/api")).content))
    said = "".join(page.extract_text() for page in stub.pages)
    assert "（存根）" in said
    assert "合计 48 套" in said
    assert "2,705.76" in said
    back = {
        "task_id": row["task_id"], "version": page["version"], "node": "permit_review", "reason": "坐落与规划许可不一致"
    }  # fmt: skip
    assert clerk.post(f"/cases/{case.pk}/return", back).status_code == 200
    case.refresh_from_db()
    assert case.node == "permit_review"
    site.act(case, "shenliqun", "pass")
    assert Permit.objects.get(case_id=case.pk).number == number
    assert any(each["opinion"] for each in site.take(case, "zhoumin")["timeline"])
    site.act(case, "zhoumin", "done")
    assert (case.state, Permit.objects.get(case_id=case.pk).state) == ("passed", "issued")


@pytest.mark.covers("SH-170.9", "SH-170.10")
def test_a_permit_returned_from_printing_is_void_outside_until_it_passes_again(site: Any) -> None:
    case = printed(site)
    project = Permit.objects.get(case_id=case.pk).project_name
    clerk = site.staff("zhoumin")

    def printed_original() -> str:
        site.take(case, "zhoumin")
        return str(site.paper(case, "zhoumin", "permit_original").json()["verify_path"].rpartition("/")[2])

    def returned() -> None:
        page = site.page(case, "zhoumin")
        back = {
            "task_id": page["task"]["id"],
            "version": page["version"],
            "node": "permit_review",
            "reason": "坐落不一致",
        }
        assert clerk.post(f"/cases/{case.pk}/return", back).status_code == 200
        case.refresh_from_db()

    def outside(code: str) -> tuple[bool, str]:
        told = site.staff("jianshe").get(f"/documents/verify/{code}").json()
        return told["valid"], told["state"]

    code = printed_original()
    assert outside(code) == (True, "valid")
    returned()
    assert outside(code) == (False, "revoked")
    assert Permit.objects.get(case_id=case.pk).state == "returned"
    assert not Project.objects.exists(), "nothing else brought it in"
    # passed again, it is the same permit, printed anew
    site.act(case, "shenliqun", "pass")
    assert Project.objects.get(name=project).stage == "pre_sale"
    second = printed_original()
    assert (outside(second), outside(code)) == ((True, "valid"), (False, "revoked"))
    # a project that was being built before is being built again
    estate = site.file("progress", data=_of_project("progress", project))
    site.act(estate, "zhoumin")
    site.act(estate, "gaoyuan")
    returned()
    site.act(case, "shenliqun", "fail")
    assert (case.state, Permit.objects.get(case_id=case.pk).state) == ("failed", "void")
    assert outside(second) == (False, "revoked")
    assert Project.objects.get(name=project).stage == "building"
    assert site.paper(case, "zhoumin", "permit_original").json()["code"] == "paper.too_early"


def _of_project(kind: str, name: str) -> dict[str, Any]:
    """The answers of a kind about another project."""
    data = deepcopy(ANSWERS[kind])
    data["base"]["project_name"] = name
    return data


@pytest.mark.covers("SH-170.10", "SH-170.11")
def test_the_sealed_permit_stays_with_the_printing_clerk_until_it_is_issued(site: Any) -> None:
    case = printed(site)
    early = site.paper(case, "jianshe", "permit_original")
    assert (early.status_code, early.json()["code"]) == (403, "paper.withheld")
    offered = {each["key"]: each["waits"] for each in site.page(case, "jianshe")["print_list"]}
    assert offered["receipt"] == ""
    assert offered["permit_original"] == "办结前这份文书只由承办单位打印"
    site.take(case, "zhoumin")
    paper = site.paper(case, "zhoumin", "permit_original").json()
    file = paper["url"].removeprefix("/api")
    assert paper["id"] in {each["id"] for each in site.page(case, "zhoumin")["documents"]}
    assert site.page(case, "jianshe")["documents"] == []
    assert site.staff("jianshe").get(file).json()["code"] == "paper.withheld"
    site.act(case, "zhoumin", "done")
    assert site.staff("jianshe").get(file).status_code == 200
    assert site.paper(case, "jianshe", "permit_original").json()["id"] == paper["id"]


@pytest.mark.covers("SH-170.12")
def test_permit_units_and_pdf_go_to_the_registration_once(site: Any, sandbox: Sandbox) -> None:
    case = printed(site)
    site.act(case, "zhoumin", "done")
    (job,) = waiting_jobs("construction.register_permit")
    run_jobs()
    permit = Permit.objects.get(case_id=case.pk)
    assert (permit.state, bool(permit.registered_at)) == ("registered", True)
    assert permit.receipt.startswith("BDC")
    FUNCTIONS["construction.register_permit"](**job[1])
    (sent,) = sandbox.received()["registered"]
    told = sent["content"]
    assert told["permit_number"] == permit.number
    assert {key: told[key] for key in ("plot_number", "land_certificate", "planning_permit", "unit_count", "floor_area")} == {
        "plot_number": "JW-42-01", "land_certificate": "澜国用（2025）第0042号",
        "planning_permit": "建字第33990120250042号", "unit_count": 48, "floor_area": "2705.76",
    }  # fmt: skip
    assert len(told["units"]) == 48
    assert sent["content"]["units"][0]["location"]
    assert (
        Document.objects.filter(subject=case.subject, title="预售许可证（正文）", revoked_at__isnull=True).count() == 1
    )


@pytest.mark.covers("SH-170.12")
def test_a_silent_registration_is_asked_again_after_the_job_gave_up_and_when_a_clerk_wants(
    site: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anju.construction.connectors import RegistrationPush
    from anju.kernel.connectors import ConnectorTimeout

    case = printed(site)
    site.act(case, "zhoumin", "done")
    (job,) = waiting_jobs("construction.register_permit")
    monkeypatch.setattr(RegistrationPush, "timeout", 0.3)
    monkeypatch.setattr(RegistrationPush, "tries", 1)
    sandbox.behave("pre_sale", "silent")
    with pytest.raises(ConnectorTimeout):
        FUNCTIONS["construction.register_permit"](**job[1])
    permit = Permit.objects.get(case_id=case.pk)
    assert permit.state == "issued"
    give_up()
    for _ in range(2):
        FUNCTIONS["construction.push_permits"]()
    assert waiting_jobs("construction.register_permit") == [job]
    give_up()
    push = ("/registers/construction.permits/actions/push", {"ids": [permit.pk], "values": {}})
    assert site.staff("jianshe").post(*push).status_code == 403
    assert site.staff("zhoumin").post(*push).json()["done"] == 1
    sandbox.reset()
    monkeypatch.undo()
    run_jobs()
    permit.refresh_from_db()
    assert (permit.state, permit.receipt[:3]) == ("registered", "BDC")
    assert site.staff("zhoumin").post(*push).json()["code"] == "permit.not_due"
    FUNCTIONS["construction.push_permits"]()
    assert waiting_jobs("construction.register_permit") == []


def give_up() -> None:
    """The worker has no more tries for what waits."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'construction.register_permit'")
