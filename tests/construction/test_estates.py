"""大居项目核定 from filing to the archive (SH-171)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from anju.construction.models import ArchiveItem, LargeEstate
from anju.kernel.documents.models import Document
from anju.workspace.models import Message
from tests.construction.answers import ANSWERS
from tests.construction.works import text_of

pytestmark = pytest.mark.django_db


def printable(site: Any, case: Any) -> tuple[bool, str]:
    """Whether the page lets the city's reviewer print the sheet, and what it says where it does not."""
    (offered,) = (each for each in site.page(case, "gaoyuan")["print_list"] if each["key"] == "sheet")
    return not offered["waits"], offered["waits"]


@pytest.mark.covers("SH-171.1", "SH-171.2", "SH-171.3", "SH-171.4", "SH-171.5")
def test_a_large_estate_is_filed_confirmed_reviewed_printed_and_archived(site: Any) -> None:
    case = site.file("estate")
    row = LargeEstate.objects.get(case_id=case.pk)
    assert (row.project_name, str(row.total_investment), str(row.floor_area)) == (
        "江湾大居一期",
        "86500.00",
        "112300.00",
    )
    assert (row.developer, row.state, row.division) == ("澜州江湾城建开发有限公司", "filed", "339901")
    assert case.household == "澜州江湾城建开发有限公司"
    assert case.household_size == 0
    # the city has nothing to do before the district confirmed
    assert site.staff("gaoyuan").get("/cases/todo", node="city_confirm").json()["rows"] == []
    early = site.paper(case, "gaoyuan", "sheet")
    assert (early.status_code, early.json()["code"]) == (409, "paper.too_early")
    assert printable(site, case) == (False, "审核通过后才能打印")
    site.act(case, "zhoumin")
    assert case.node == "city_confirm"
    early = site.paper(case, "gaoyuan", "sheet")
    assert (early.status_code, early.json()["code"]) == (409, "paper.too_early"), (
        "the district's word is not the city's"
    )
    assert printable(site, case) == (False, "审核通过后才能打印")
    site.act(case, "gaoyuan")
    assert printable(site, case) == (True, "")
    row.refresh_from_db()
    assert (case.state, row.state) == ("passed", "confirmed")
    assert row.decided_on
    sheet = site.paper(case, "gaoyuan", "sheet")
    assert sheet.status_code == 200, sheet.content.decode()
    said = Document.objects.get(pk=sheet.json()["id"])
    assert said.title == "大型居住社区项目开发范围和规模核定单"
    assert "11.23 万平方米" in said.content
    file = site.staff("jianshe").get(sheet.json()["url"].removeprefix("/api"), download=True)
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    text = text_of(file)
    for words in (
        "大型居住社区项目开发范围和规模核定单", case.number, "江湾大居一期", "江湾基地", "JW-07-03",
        "澜州江湾城建开发有限公司", "东至滨江大道", "48,200.00 ㎡", "112,300.00 ㎡", "86,500.00 万元", "11.23 万平方米",
        "区级确认", "周敏", "市级审核", "高远", "情况属实，拟同意",
    ):  # fmt: skip
        assert words in text, (words, text)
    assert site.paper(case, "gaoyuan", "sheet").json()["id"] == said.pk
    item = ArchiveItem.objects.get(case_id=case.pk)
    assert (item.kind, item.archive_no, item.materials) == ("estate", row.archive_no, 1)
    (project,) = site.rows("projects", "jianshe", q="江湾大居一期")
    other = deepcopy(ANSWERS["estate"])
    other["site"]["project_name"] = "江湾滨河苑"
    later = site.file("estate", data=other)
    site.act(later, "zhoumin")
    site.act(later, "gaoyuan")
    record = site.staff("jianshe").get(f"/registers/construction.projects/rows/{project['id']}").json()
    assert record["related_counts"] == {"archive": 1}
    of_project = site.rows("archives", "jianshe", **{"f.project_id": str(project["id"])})
    assert [row["number"] for row in of_project] == [case.number]
    (listed,) = site.rows("archives", "jianshe", q="江湾大居")
    assert listed["archive_no"] == item.archive_no
    record = site.staff("jianshe").get(f"/registers/construction.archives/rows/{item.pk}").json()
    assert record["page"] == f"/cases/{case.pk}"
    assert Message.objects.filter(recipient_ref=case.applicant_ref, title="填报事项已通过").exists()


def test_another_district_sees_and_changes_nothing(site: Any) -> None:
    case = site.file("estate")
    for name in ("zhoumin.np", "jianshe.np"):
        other = site.staff(name)
        assert other.get(f"/cases/{case.pk}").status_code == 404
        assert site.rows("estates", name) == []
        assert other.post(f"/cases/{case.pk}/papers/receipt").status_code == 404
    assert [row["number"] for row in site.rows("estates", "zhoumin")] == [case.number]


def test_a_refused_estate_is_neither_archived_nor_printed(site: Any) -> None:
    case = site.file("estate")
    site.act(case, "zhoumin", "refuse")
    row = LargeEstate.objects.get(case_id=case.pk)
    assert (case.state, row.state, row.archive_no) == ("failed", "refused", "")
    assert not ArchiveItem.objects.exists()
    assert site.paper(case, "zhoumin", "sheet").json()["code"] == "paper.too_early"
