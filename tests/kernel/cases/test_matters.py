"""Matters that offices file: drafts, corrections, standard opinions; shown with a kind of construction."""

from __future__ import annotations

from typing import Any

import pytest

from anju.construction.models import LargeEstate
from anju.kernel.cases.models import Case, Draft, StandardOpinion
from anju.workspace.models import Message
from tests.construction.answers import ANSWERS

pytestmark = pytest.mark.django_db


def test_what_is_sent_back_is_corrected_on_the_record_and_sent_again(site: Any) -> None:
    case = site.file("estate")
    site.act(case, "zhoumin", "correct")
    assert case.node == "matter_correct"
    assert Message.objects.filter(title="填报事项退回补正", recipient_ref=case.applicant_ref).exists()
    page = site.page(case, "jianshe")
    reaching = site.staff("zhoumin").post(f"/cases/{case.pk}/claim", {"task_id": page["task"]["id"]})
    assert (reaching.status_code, reaching.json()["code"]) == (403, "case.filer_only")
    unclaimed = site.edit(case, "jianshe", {"scale": ANSWERS["estate"]["scale"]})
    assert unclaimed.json()["code"] == "task.not_claimed"
    page = site.take(case, "jianshe")
    assert page["task"]["editable"] == ["site", "developer", "scale"]
    # the page shows the telephone masked; sent back as it was shown it stays what it is
    shown = page["form"]["data"]["developer"]
    assert shown["phone"] != "13900001111"
    wrong = site.edit(case, "jianshe", {"scale": {**ANSWERS["estate"]["scale"], "floor_area": "-1"}})
    assert wrong.status_code == 422
    assert wrong.json()["details"]["errors"][0]["field"] == "scale.floor_area"
    changed = {**ANSWERS["estate"]["scale"], "floor_area": "110000.00"}
    done = site.edit(case, "jianshe", {"scale": changed, "developer": {**shown, "contact": "陆建军"}})
    assert done.status_code == 200, done.content.decode()
    assert done.json()["timeline"][0]["text"] == "联系人：陆建 → 陆建军\n房屋建筑面积：112,300.00 → 110,000.00"
    case.refresh_from_db()
    assert case.data["developer"]["phone"] == "13900001111"
    assert str(LargeEstate.objects.get(case_id=case.pk).floor_area) == "110000.00"
    stale = site.edit(case, "jianshe", {"scale": changed}, version=page["version"])
    assert (stale.status_code, stale.json()["code"]) == (409, "case.changed")
    site.act(case, "jianshe", "resubmit")
    assert case.node == "district_confirm"
    site.take(case, "zhoumin")
    closed = site.edit(case, "zhoumin", {"scale": changed})
    assert (closed.status_code, closed.json()["code"]) == (403, "case.not_editable")


def test_a_draft_is_saved_over_the_version_read_and_becomes_one_case(site: Any) -> None:
    api = site.staff("jianshe")
    empty = api.post("/cases/drafts", {"type": "construction.estate", "data": {}}).json()
    refused = api.post(f"/cases/drafts/{empty['id']}/file")
    fields = {each["field"] for each in refused.json()["details"]["errors"]}
    assert refused.status_code == 422
    assert {"site.project_name", "materials.land"} <= fields
    saved = api.put(f"/cases/drafts/{empty['id']}", {"version": 1, "data": ANSWERS["estate"]}).json()
    assert (saved["version"], saved["title"]) == (2, "江湾大居一期")
    late = api.put(f"/cases/drafts/{empty['id']}", {"version": 1, "data": {}})
    assert (late.status_code, late.json()["code"]) == (409, "draft.newer")
    listed = api.get("/cases/matters").json()
    assert [each["id"] for each in listed["drafts"]] == [empty["id"]]
    assert listed["filed"] == []
    site.upload(api, f"/cases/drafts/{empty['id']}/materials", klass="land")
    more = site.upload(api, f"/cases/drafts/{empty['id']}/materials", klass="other").json()
    gone = api.delete(f"/cases/drafts/{empty['id']}/materials/{more['materials'][1]['file_id']}").json()
    assert [each["klass"] for each in gone["materials"]] == ["land"]
    assert site.upload(api, f"/cases/drafts/{empty['id']}/materials", klass="none").json()["code"] == "klass.unknown"
    first = api.post(f"/cases/drafts/{empty['id']}/file").json()
    assert api.post(f"/cases/drafts/{empty['id']}/file").json() == first
    assert Case.objects.filter(type_key="construction.estate").count() == 1
    assert not Draft.objects.exists()
    assert [each["id"] for each in api.get("/cases/matters").json()["filed"]] == [first["id"]]


def test_a_draft_is_its_author_s_alone_and_can_be_thrown_away(site: Any) -> None:
    draft = site.draft("estate")
    other = site.staff("jianshe.np")
    path = f"/cases/drafts/{draft['id']}"
    for answer in (
        other.get(path),
        other.put(path, {"version": 1, "data": {}}),
        other.delete(path),
        other.post(f"{path}/file"),
    ):
        assert answer.status_code == 404
    assert Draft.objects.get(pk=draft["id"]).version == draft["version"]
    assert site.staff("fangting").post("/cases/drafts", {"type": "construction.estate"}).status_code == 403
    assert site.staff("jianshe").post("/cases/drafts", {"type": "eligibility.public_rental"}).status_code == 404
    assert site.staff("jianshe").delete(path).status_code == 200
    assert not Draft.objects.exists()


@pytest.mark.covers("SH-170.6")
def test_standard_opinions_are_offered_at_the_step_they_are_for(site: Any) -> None:
    city = site.staff("gaoyuan")
    for text, step in (("情况属实，拟同意", ""), ("材料齐全", "区级确认"), ("符合规划", "市级审核")):
        made = city.post("/registers/cases.opinions/rows", {"values": {"text": text, "step": step, "suits": "primary"}})
        assert made.status_code == 200, made.content.decode()
    StandardOpinion.objects.filter(text="情况属实，拟同意").update(active=True)
    page = site.take(site.file("estate"), "zhoumin")
    assert [each["text"] for each in page["task"]["opinions"]] == ["情况属实，拟同意", "材料齐全"]
    again = city.post(
        "/registers/cases.opinions/rows", {"values": {"text": "符合规划", "step": "市级审核", "suits": "any"}}
    )
    assert (again.status_code, again.json()["code"]) == (409, "opinion.exists")
