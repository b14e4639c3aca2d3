"""Developers, plans, agreements, progress, bridging supply and recognition for sale (SH-173 to SH-179)."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import IntegrityError, transaction

from anju.construction.editions import number_sheets
from anju.construction.models import (
    Agreement,
    ArchiveItem,
    Bridging,
    BuildingProgress,
    Developer,
    Implementation,
    Plan,
    PlanPlot,
    Progress,
    Project,
    SaleRecognition,
)
from anju.kernel.cases.models import Draft
from tests.construction.answers import ANSWERS
from tests.construction.works import text_of
from tests.kernel.registers.exports import assert_exported_as_listed

pytestmark = pytest.mark.django_db


def changed(kind: str, **paths: Any) -> dict[str, Any]:
    """The answers of a kind with some of them changed: `section__field=value`."""
    data = deepcopy(ANSWERS[kind])
    for path, value in paths.items():
        section, _, key = path.partition("__")
        data[section][key] = value
    return data


def in_force(site: Any, paper: dict[str, Any]) -> bool:
    """What anybody is told who checks a paper."""
    code = paper["verify_path"].rpartition("/")[2]
    return bool(site.staff("jianshe").get(f"/documents/verify/{code}").json()["valid"])


def archived(case: Any, kind: str) -> None:
    assert ArchiveItem.objects.get(case_id=case.pk).kind == kind


@pytest.mark.covers("SH-174.1", "SH-174.2", "SH-174.3", "SH-174.4", "SH-174.5")
def test_a_developer_is_proven_by_paper_or_interface_confirmed_exported_and_archived(site: Any) -> None:
    bare = site.file("developer", "zhoumin")
    row = Developer.objects.get(case_id=bare.pk)
    assert (row.developer, row.grade, str(row.valid_until)) == ("澜州江湾城建开发有限公司", "first", "2030-06-30")
    page = site.take(bare, "gaoyuan")
    stopped = {each["key"]: each["blocked"] for each in page["task"]["outcomes"]}["pass"]
    assert stopped["code"] == "developer.no_proof"
    # proof comes as an uploaded document
    api = site.staff("zhoumin")
    draft = site.draft("developer", "zhoumin")
    site.upload(api, f"/cases/drafts/{draft['id']}/materials", klass="qualification")
    proven = site.file_draft(draft, "zhoumin")
    site.act(proven, "gaoyuan")
    archived(proven, "developer")
    # or is read from the interface
    draft = site.draft("developer", "zhoumin", {})
    asked = {"key": "qualification", "asked": {"credit_code": "91339901MA2K1DV01X"}}
    read = api.post(f"/cases/drafts/{draft['id']}/fetch", asked).json()
    found = read["data"]["qualification"]
    assert found["valid_until"] == "2030-12-31"
    data = {
        "base": ANSWERS["developer"]["base"], "qualification": found,
        "developer": {**ANSWERS["developer"]["developer"], **read["data"]["developer"]},
    }  # fmt: skip
    api.put(f"/cases/drafts/{draft['id']}", {"version": read["version"], "data": data})
    read_one = site.file_draft(draft, "zhoumin")
    site.act(read_one, "gaoyuan")
    row = Developer.objects.get(case_id=read_one.pk)
    assert (row.certificate, row.source) == (found["certificate"], "interface")
    rows = assert_exported_as_listed(api, "construction.developers", sort="-filed_on", state=["confirmed"])
    assert [row[0] for row in rows] == [read_one.number, proven.number]
    assert [row[4] for row in rows] == [found["certificate"], ANSWERS["developer"]["qualification"]["certificate"]]


@pytest.mark.covers("SH-174.3", "SH-174.4")
def test_where_a_qualification_is_from_is_what_was_read_not_what_the_filer_says(site: Any) -> None:
    api = site.staff("zhoumin")
    claimed = deepcopy(ANSWERS["developer"])
    claimed["qualification"]["source"] = "interface"
    case = site.file("developer", "zhoumin", claimed)
    assert Developer.objects.get(case_id=case.pk).source == "upload"
    page = site.take(case, "gaoyuan")
    assert page["form"]["data"]["qualification"]["source"] == "upload"
    stopped = {each["key"]: each["blocked"] for each in page["task"]["outcomes"]}["pass"]
    assert stopped["code"] == "developer.no_proof"
    # read from the interface, then altered at the correction: no longer the interface's word
    draft = site.draft("developer", "zhoumin", {"base": ANSWERS["developer"]["base"]})
    asked = {"key": "qualification", "asked": {"credit_code": "91339901MA2K1DV01X"}}
    read = api.post(f"/cases/drafts/{draft['id']}/fetch", asked).json()
    read["data"]["developer"] |= {"contact": "陆建", "phone": "13900001111"}
    api.put(f"/cases/drafts/{draft['id']}", {"version": read["version"], "data": read["data"]})
    altered = site.file_draft(draft, "zhoumin")
    row = Developer.objects.get(case_id=altered.pk)
    assert row.source == "interface"
    site.act(altered, "gaoyuan", "correct")
    site.take(altered, "zhoumin")
    better = {**altered.data["qualification"], "grade": "special", "valid_until": "2039-12-31"}
    assert site.edit(altered, "zhoumin", {"qualification": better}).status_code == 200
    row.refresh_from_db()
    assert row.source == "upload"
    site.act(altered, "zhoumin", "resubmit")
    page = site.take(altered, "gaoyuan")
    assert {each["key"]: each["blocked"] for each in page["task"]["outcomes"]}["pass"] == stopped


@pytest.mark.covers("SH-173.1", "SH-173.2", "SH-173.3", "SH-173.4", "SH-173.5", "SH-173.6", "SH-173.7")
def test_a_plan_is_queried_confirmed_published_adjusted_and_archived(site: Any) -> None:
    later = deepcopy(ANSWERS["estate"])
    later["site"] |= {"project_name": "江湾大居二期", "plot_no": "JW-07-04", "housing_type": "shared_ownership"}
    later["scale"]["starts_on"] = "2028-05-01"
    for data in (None, later):
        estate = site.file("estate", data=data)
        site.act(estate, "zhoumin")
        site.act(estate, "gaoyuan")
    api, city = site.staff("zhoumin"), site.staff("gaoyuan")
    (fetch,) = api.get("/cases/matters/construction.plan").json()["fetches"]
    assert fetch["asks"][0]["options"] == ["江湾基地"]
    assert {"2026", "2027", "2028"} <= set(fetch["asks"][1]["options"])
    elsewhere = site.staff("zhoumin.np").get("/cases/matters/construction.plan").json()["fetches"]
    assert elsewhere[0]["asks"][0]["options"] == []
    draft = site.draft("plan", "zhoumin", {"plan": {"project_name": "江湾基地 2027 年建设计划"}})
    path = f"/cases/drafts/{draft['id']}"
    nothing = api.post(f"{path}/fetch", {"key": "projects", "asked": {"base_name": "没有的基地", "year": "2027"}})
    assert nothing.json()["code"] == "plan.no_projects"
    found = api.post(f"{path}/fetch", {"key": "projects", "asked": {"base_name": "江湾基地", "year": "2027"}}).json()
    (plot,) = found["data"]["plots"]["plots"]
    assert plot == {
        "plot_no": "JW-07-03", "housing_type": "征收安置住房", "land_area": "48200.00", "plot_ratio": "2.33",
        "floor_area": "112300.00",
    }  # fmt: skip
    next_year = {"key": "projects", "asked": {"base_name": "江湾基地", "year": "2028"}}
    (plot,) = api.post(f"{path}/fetch", next_year).json()["data"]["plots"]["plots"]
    assert (plot["plot_no"], plot["housing_type"]) == ("JW-07-04", "共有产权保障住房")
    api.post(f"{path}/fetch", {"key": "projects", "asked": {"base_name": "江湾基地", "year": "2027"}})
    case = site.file_draft(draft, "zhoumin")
    plan = Plan.objects.get(case_id=case.pk)
    (shown,) = site.rows("plan_plots", "zhoumin")
    unpublished = Plan.objects.get(case_id=site.file("plan", "zhoumin").pk)
    assert shown["plan.base_name"] == "江湾基地"
    assert (shown["division"], shown["plot_no"], shown["floor_area"]) == ("339901", "JW-07-03", "112300.00")
    publish = ("/registers/construction.plans/actions/publish", {"ids": [plan.pk], "values": {}})
    early = city.post(*publish)
    assert (early.status_code, early.json()["code"]) == (409, "construction.plan_unconfirmed")
    row = PlanPlot.objects.get(plan=plan)
    adjust = (f"/registers/construction.plan_plots/rows/{row.pk}", {"version": 1, "values": {"floor_area": "110000"}})
    assert city.patch(*adjust).json()["code"] == "construction.plan_unpublished"
    site.act(case, "gaoyuan")
    assert city.post(*publish).status_code == 200
    assert api.post(*publish).status_code == 403
    assert city.post(*publish).json()["code"] == "construction.plan_published"
    assert city.patch(*adjust).status_code == 200
    history = city.get(f"/registers/construction.plan_plots/rows/{row.pk}/history").json()
    assert "110,000.00" in str(history)
    archived(case, "plan")
    # a plot more, and one less; the plan's paper says what holds, the ones before are void
    plots = "/registers/construction.plan_plots/rows"
    more = {"plan": plan.pk, "plot_no": "JW-08-09", "housing_type": "公共租赁住房", "land_area": "1000", "plot_ratio": "2",
            "floor_area": "2000"}  # fmt: skip
    assert api.post(plots, {"values": more}).status_code == 403
    added = city.post(plots, {"values": more})
    assert added.status_code == 200, added.content.decode()
    assert PlanPlot.objects.get(plot_no="JW-08-09").division == "339901"
    (current, *replaced) = [
        each for each in site.page(case, "zhoumin")["documents"] if each["template"] == "construction_plan"
    ]
    assert [in_force(site, each) for each in (current, *replaced)] == [True, False, False]
    # the archive has what was reported, what was said of it, and the paper of what holds now
    held = site.archived(case, "zhoumin")
    assert (held["item"]["kind"], held["item"]["archive_no"], held["number"], held["state"]) == (
        "plan", Plan.objects.get(pk=plan.pk).archive_no, case.number, "passed",
    )  # fmt: skip
    (reported,) = held["data"]["plots"]["plots"]
    assert (reported["plot_no"], reported["floor_area"]) == ("JW-07-03", "112300.00")
    assert [(node, text) for node, _, text in held["opinions"]] == [("市级确认", "情况属实，拟同意")]
    papers = {each["id"]: each for each in held["documents"]}
    assert papers[current["id"]]["title"] == "项目建设计划"
    said = text_of(api.get(papers[current["id"]]["url"].removeprefix("/api")))
    for words in (
        case.number, "江湾基地 2027 年建设计划", "江湾区", "江湾基地", "JW-07-03", "征收安置住房", "48,200.00", "2.33",
        "110,000.00", "JW-08-09", "公共租赁住房", "合计 2 个地块", "112,000.00",
    ):  # fmt: skip
        assert words in said, (words, said)
    assert city.delete(f"{plots}/{added.json()['id']}", version=1).status_code == 200
    last = city.delete(f"{plots}/{row.pk}", version=2)
    assert (last.status_code, last.json()["code"]) == (409, "construction.plan_plot_kept")
    assert (
        city.post(plots, {"values": {**more, "plan": unpublished.pk}}).json()["code"] == "construction.plan_unpublished"
    )
    years = {"f.published_on": "2000-01-01.."}
    views = {each["key"]: each["filters"] for each in city.get("/registers/construction.plans").json()["views"]}
    assert views["published"] == {"published_on": ["2000-01-01.."]}
    assert [each["number"] for each in site.rows("plans", "gaoyuan", **years)] == [case.number]
    assert [each["number"] for each in site.rows("plans", "gaoyuan", **{"f.year": "2028"})] == []
    (row,) = assert_exported_as_listed(city, "construction.plans", sort="-filed_on", state=["confirmed"])
    assert row[:4] == [case.number, "江湾基地 2027 年建设计划", "江湾基地", "2027"]
    (row,) = assert_exported_as_listed(city, "construction.plan_plots", sort="plot_no", plan=[str(plan.pk)])
    assert (row[0], row[2], row[-1]) == ("JW-07-03", "江湾基地", 110000.0)


@pytest.mark.covers("SH-173.4")
def test_a_published_plan_is_shown_and_told_to_every_district_and_developer(site: Any) -> None:
    case = site.file("plan", "zhoumin")
    site.act(case, "gaoyuan")
    plan = Plan.objects.get(case_id=case.pk)
    own, others = site.staff("zhoumin"), [site.staff(name) for name in ("zhoumin.np", "jianshe.np")]
    record = f"/registers/construction.plans/rows/{plan.pk}"
    assert [len(site.rows(each, "gaoyuan")) for each in ("plans", "plan_plots")] == [1, 2]
    assert [other.get(record).status_code for other in others] == [404, 404]
    published = site.staff("gaoyuan").post(
        "/registers/construction.plans/actions/publish", {"ids": [plan.pk], "values": {}}
    )
    assert published.status_code == 200, published.content.decode()
    assert own.get(record).json()["page"] == f"/cases/{case.pk}"
    plot = PlanPlot.objects.filter(plan=plan)[0]
    for name, other in zip(("zhoumin.np", "jianshe.np"), others, strict=True):
        assert [row["number"] for row in site.rows("plans", name)] == [case.number]
        shown = other.get(record).json()
        assert shown["related_counts"] == {"plots": 2}
        assert "page" not in shown, "the case stays its district's"
        assert other.get(f"/cases/{case.pk}").status_code == 404
        exported = assert_exported_as_listed(other, "construction.plan_plots", sort="plot_no")
        assert [row[0] for row in exported] == ["JW-08-01", "JW-08-02"]
        adjust = {"version": 1, "values": {"floor_area": "1"}}
        assert other.patch(f"/registers/construction.plan_plots/rows/{plot.pk}", adjust).status_code == 403
        (told,) = other.get("/workspace/notices").json()["rows"]
        body = other.get(f"/workspace/notices/{told['id']}").json()["body"]
        assert "江湾基地，2027 年，2 个地块" in body
        assert 'href="/office/registers/construction.plans"' in body
    outsider = site.staff("fangting")
    assert outsider.get("/registers/construction.plans/rows").status_code == 403
    assert outsider.get("/workspace/notices").json()["rows"] == []


@pytest.mark.covers("SH-175.1", "SH-175.2", "SH-175.3", "SH-175.4")
def test_the_carrying_out_of_a_plan_is_modified_deleted_submitted_confirmed_and_archived(site: Any) -> None:
    api = site.staff("zhoumin")
    thrown = site.draft("implementation", "zhoumin")
    assert api.delete(f"/cases/drafts/{thrown['id']}").status_code == 200
    draft = site.draft("implementation", "zhoumin")
    data = changed("implementation", plot__floor_area="111000.00")
    api.put(f"/cases/drafts/{draft['id']}", {"version": draft["version"], "data": data})
    case = site.file_draft(draft, "zhoumin")
    row = Implementation.objects.get(case_id=case.pk)
    assert (str(row.floor_area), row.plot_no, row.bounds[:4]) == ("111000.00", "JW-07-03", "东至滨江")
    assert not Draft.objects.exists()
    site.act(case, "gaoyuan")
    held = site.archived(case, "gaoyuan")
    row.refresh_from_db()
    assert (held["item"]["kind"], held["item"]["archive_no"], held["state"]) == (
        "implementation", row.archive_no, "passed",
    )  # fmt: skip
    assert held["data"] == case.data == data
    assert [(node, text) for node, _, text in held["opinions"]] == [("市级确认", "情况属实，拟同意")]
    receipt = site.paper(case, "zhoumin", "receipt").json()
    said = text_of(api.get(receipt["url"].removeprefix("/api")))
    assert all(words in said for words in (case.number, "计划实施情况", data["plot"]["project_name"])), said
    assert receipt["id"] in {each["id"] for each in site.archived(case, "gaoyuan")["documents"]}
    assert [each["state"] for each in site.rows("implementations", "zhoumin")] == ["confirmed"]
    second = site.file("implementation", "zhoumin")
    rows = assert_exported_as_listed(api, "construction.implementations", sort="-filed_on")
    assert [(row[0], row[6]) for row in rows] == [(second.number, 112300.0), (case.number, 111000.0)]


@pytest.mark.covers("SH-176.1", "SH-176.2", "SH-176.3", "SH-176.4", "SH-176.5", "SH-176.6")
def test_an_agreement_is_previewed_confirmed_twice_and_a_newer_one_supersedes_it(site: Any) -> None:
    api = site.staff("jianshe")
    draft = site.draft("agreement", data=changed("agreement", terms__uncovered="未尽事宜由双方另行协商"))
    preview = api.get(f"/cases/drafts/{draft['id']}/preview/agreement")
    assert (preview.status_code, preview["Content-Type"]) == (200, "application/pdf")
    assert preview["Content-Disposition"].startswith("inline")
    taken = api.get(f"/cases/drafts/{draft['id']}/preview/agreement", download=True)
    assert taken["Content-Disposition"].startswith("attachment")
    assert unquote(taken["Content-Disposition"]).endswith("建设项目协议书（预览）.pdf")
    assert text_of(taken) == text_of(preview)
    said = text_of(preview)
    for words in (
        "建设项目协议书（预览）", "江湾大居一期", "江湾基地", "JW-07-03", "东至滨江大道", "澜州江湾城建开发有限公司",
        "91339901MA2K1DV01X", "澜州江湾大居项目有限公司", "征收安置住房", "7,850.00 元/㎡", "一室一厅", "40", "两室一厅", "60",
        "未尽事宜由双方另行协商", "同意按本协议建设",
    ):  # fmt: skip
        assert words in said, words
    assert site.staff("jianshe.np").get(f"/cases/drafts/{draft['id']}/preview/agreement").status_code == 404
    early = site.draft("agreement", data={"base": {"project_name": "江湾大居一期"}})
    gaps = api.get(f"/cases/drafts/{early['id']}/preview/agreement")
    assert gaps.status_code == 200, "what is not filled in yet is left open"
    assert "江湾大居一期" in text_of(gaps)
    assert api.get(f"/cases/drafts/{draft['id']}/preview/receipt").status_code == 404
    first = site.file_draft(draft, "jianshe")
    assert site.paper(first, "jianshe", "agreement").json()["code"] == "paper.too_early"
    assert first.node == "district_confirm"
    site.act(first, "zhoumin")
    assert first.node == "city_confirm"
    site.act(first, "gaoyuan")
    replaced = site.paper(first, "jianshe", "agreement").json()
    second = site.file("agreement", data=changed("agreement", terms__price="7600.00"))
    site.act(second, "zhoumin")
    site.act(second, "gaoyuan")
    rows = {row.case_id: (row.edition, row.standing, str(row.price)) for row in Agreement.objects.all()}
    assert rows == {first.pk: (1, "superseded", "7850.00"), second.pk: (2, "current", "7600.00")}
    paper = site.paper(second, "jianshe", "agreement").json()
    assert "7,600.00 元/㎡" in text_of(api.get(paper["url"].removeprefix("/api")))
    assert [in_force(site, each) for each in (replaced, paper)] == [False, True]
    again = site.paper(first, "jianshe", "agreement")
    assert (again.json()["code"], again.json()["message"]) == ("paper.too_early", "已有新的版本，这一版不再出具")
    listed = site.rows("agreements", "jianshe", **{"f.kind": "build", "f.standing": "current"})
    assert [row["number"] for row in listed] == [second.number]
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(case_id=first.pk).update(standing="current")


@pytest.mark.covers("SH-177.1", "SH-177.2", "SH-177.3", "SH-177.4", "SH-177.5")
def test_progress_is_reported_building_by_building_and_reviewed_twice(site: Any) -> None:
    missing = deepcopy(ANSWERS["progress"])
    del missing["early"]["building_permit"]
    draft = site.draft("progress", data=missing)
    refused = site.staff("jianshe").post(f"/cases/drafts/{draft['id']}/file")
    assert [each["field"] for each in refused.json()["details"]["errors"]] == ["early.building_permit"]
    strange = deepcopy(ANSWERS["progress"])
    strange["delivery"]["deliveries"].append({**strange["delivery"]["deliveries"][0], "name": "3号楼"})
    draft = site.draft("progress", data=strange)
    (wrong,) = site.staff("jianshe").post(f"/cases/drafts/{draft['id']}/file").json()["details"]["errors"]
    assert (wrong["field"], wrong["code"]) == ("delivery.deliveries.1.name", "building.unknown")
    assert "3号楼" in wrong["message"]
    case = site.file("progress")
    row = Progress.objects.get(case_id=case.pk)
    assert (row.buildings, row.percent, row.delivered, row.building_permit) == (2, 72, 1, "339901202507030199")
    first, second = BuildingProgress.objects.filter(report=row).order_by("name")
    assert (first.stage, first.percent, first.delivery_on, first.delivery_permit) == (
        "structure", 45, date(2028, 6, 30), "",
    )  # fmt: skip
    assert (second.delivery_permit, second.master_title) == ("澜交付（2026）第21号", "澜（2026）江湾区不动产权第2号")
    assert (first.delivered_on, second.delivered_on) == (None, date(2026, 10, 8))
    # the city has nothing to review before the district has
    assert site.rows("archives", "gaoyuan", q=case.number) == []
    assert (case.node, site.staff("gaoyuan").get("/cases/todo", node="city_confirm").json()["rows"]) == (
        "district_confirm", [],
    )  # fmt: skip
    site.act(case, "zhoumin")
    assert (case.node, case.state) == ("city_confirm", "open")
    site.act(case, "gaoyuan", "correct")
    assert case.node == "matter_correct"
    site.act(case, "jianshe", "resubmit")
    assert case.node == "district_confirm", "what was corrected passes both again"
    site.act(case, "zhoumin")
    site.act(case, "gaoyuan")
    assert Project.objects.get(name="江湾大居一期").stage == "building"
    held = site.archived(case, "zhoumin")
    assert (held["item"]["kind"], held["state"]) == ("progress", "passed")
    assert held["data"]["early"] == ANSWERS["progress"]["early"]
    assert [one["name"] for one in held["data"]["building"]["buildings"]] == ["1号楼", "2号楼"]
    assert held["data"]["delivery"]["deliveries"][0]["master_title"] == "澜（2026）江湾区不动产权第2号"
    # both reviews stand in it, the ones before the correction too; the newest first
    twice = [("市级审核", "高远"), ("区级确认", "周敏")]
    assert [(node, actor) for node, actor, _ in held["opinions"]] == [*twice, ("补正", "陆建"), *twice]
    (shown,) = site.rows("building_progress", "jianshe", **{"f.stage": "done"})
    assert shown["delivered_on"] == "2026-10-08"


@pytest.mark.covers("SH-178.1", "SH-178.2", "SH-178.3", "SH-178.4", "SH-178.5")
def test_bridging_supply_is_stocked_then_ordered_and_a_wrong_order_is_rolled_back(site: Any) -> None:
    case = site.file("bridging", "zhoumin")
    assert site.file("bridging").created_by != case.created_by, "districts and developers are in need alike"
    row = Bridging.objects.get(case_id=case.pk)
    assert (row.matter, row.units, str(row.price), row.unit_kind) == (
        "文昌区旧改安置搭桥供应", 120, "8200.00", "resettlement",
    )  # fmt: skip
    city = site.staff("gaoyuan")
    said = text_of(city.get(f"/cases/{case.pk}/papers/liaison/preview"))
    missing = [
        each
        for each in ("供应联系单（预览）", "江湾大居一期", "JW-07-03", "120 套", "8,200.00 元/㎡")
        if each not in said
    ]
    assert missing == [], said
    assert city.get(f"/cases/{case.pk}/papers/order/preview").status_code == 404
    assert site.paper(case, "gaoyuan", "liaison").json()["code"] == "paper.too_early"
    site.act(case, "gaoyuan")
    row.refresh_from_db()
    assert (row.supply_state, bool(row.stocked_on), case.node) == ("stocked", True, "bridging_order")
    assert site.paper(case, "gaoyuan", "liaison").json()["title"] == "供应联系单"
    order = {"units": 100, "price": "8100.00", "supply_on": "2027-01-15", "note": "分两批交付"}

    def begins_with() -> dict[str, Any]:
        (submit,) = site.page(case, "zhoumin")["task"]["outcomes"]
        return dict(submit["data"])

    assert begins_with() == {}
    site.act(case, "zhoumin", "submit", data=order)
    page = site.page(case, "gaoyuan")
    assert "供应 100 套，均价 8,100.00 元/㎡，供应日期 2027-01-15，说明：分两批交付" in [
        each["text"] for each in page["timeline"]
    ]
    (offered,) = (each for each in page["print_list"] if each["key"] == "order")
    assert (offered["preview"], offered["waits"]) == (True, "供应单确认后才能打印")
    said = text_of(city.get(f"/cases/{case.pk}/papers/order/preview"))
    missing = [
        each
        for each in ("供应单（预览）", "100 套", "8,100.00 元/㎡", "2027 年 1 月 15 日", "分两批交付")
        if each not in said
    ]
    assert missing == [], said
    site.act(case, "gaoyuan", "back", reason="供应套数与联系单不一致")
    assert case.node == "bridging_order"
    assert begins_with() == order, "what was wrong is modified, not written again"
    site.act(case, "zhoumin", "submit", data={**order, "units": 120})
    assert site.paper(case, "gaoyuan", "order").json()["code"] == "paper.too_early"
    site.act(case, "gaoyuan")
    row.refresh_from_db()
    assert (row.supply_state, row.ordered_units, str(row.ordered_price)) == ("ordered", 120, "8100.00")
    paper = site.paper(case, "gaoyuan", "order").json()
    assert "分两批交付" in text_of(city.get(paper["url"].removeprefix("/api")))


@pytest.mark.covers("SH-179.1", "SH-179.2", "SH-179.3", "SH-179.4")
def test_the_recognition_sheet_comes_with_the_approval_and_is_kept_by_class(site: Any) -> None:
    case = site.file("sale_recognition")
    row = SaleRecognition.objects.get(case_id=case.pk)
    assert (row.stage, row.units, str(row.floor_area)) == ("topped", 520, "46800.00")
    assert site.paper(case, "gaoyuan", "sheet").json()["code"] == "paper.too_early"
    site.act(case, "gaoyuan")
    assert site.paper(case, "jianshe", "sheet").json()["title"] == "预售认定单"
    archived(case, "sale_recognition")
    kept = site.rows("sale_recognitions", "jianshe", **{"f.kind": "shared_ownership"})
    assert [each["number"] for each in kept] == [case.number]
    assert site.rows("sale_recognitions", "jianshe", **{"f.kind": "public_rental"}) == []


@pytest.mark.covers("SH-179.4")
def test_a_newer_recognition_sheet_of_a_class_supersedes_the_one_before(site: Any) -> None:
    def approved(**paths: Any) -> Any:
        case = site.file("sale_recognition", data=changed("sale_recognition", **paths))
        site.act(case, "gaoyuan")
        return case

    first, other = approved(), approved(project__kind="resettlement")
    old = site.paper(first, "jianshe", "sheet").json()
    second = approved(project__units=480)
    new = site.paper(second, "jianshe", "sheet").json()
    rows = {row.case_id: (row.edition, row.standing) for row in SaleRecognition.objects.all()}
    assert rows == {first.pk: (1, "superseded"), other.pk: (1, "current"), second.pk: (2, "current")}
    assert [in_force(site, each) for each in (old, new)] == [False, True]
    assert site.paper(first, "jianshe", "sheet").json()["code"] == "paper.too_early"
    current = site.rows("sale_recognitions", "jianshe", **{"f.kind": "shared_ownership", "f.standing": "current"})
    assert [row["number"] for row in current] == [second.number]
    # sheets of before there were editions get theirs in the order of approval
    SaleRecognition.objects.all().update(edition=0, standing="draft")
    number_sheets()
    assert {row.case_id: (row.edition, row.standing) for row in SaleRecognition.objects.all()} == rows
    SaleRecognition.objects.all().update(edition=0, standing="draft")
    third = approved(project__units=460)
    rows[second.pk] = (2, "superseded")
    assert {row.case_id: (row.edition, row.standing) for row in SaleRecognition.objects.all()} == {
        **rows, other.pk: (0, "draft"), third.pk: (3, "current"),
    }  # fmt: skip
