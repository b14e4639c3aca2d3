"""Recognitions read from the approval system, judged by rules (SH-172)."""

from __future__ import annotations

from typing import Any

import pytest

from anju.construction.models import Project, Recognition, RecognitionFault
from anju.construction.recognitions import read_recognitions
from tests.sandbox_fixture import Sandbox

pytestmark = pytest.mark.django_db


@pytest.mark.covers("SH-172.1", "SH-172.2", "SH-172.3", "SH-172.4", "SH-172.5")
def test_what_passes_the_rules_is_shown_and_what_fails_is_on_record_with_its_rule(site: Any) -> None:
    city = site.staff("gaoyuan")
    read = city.post("/registers/construction.recognitions/commands/read")
    assert read.json()["text"] == "读取 10 个项目，通过校验 6 个，未通过 4 个"
    shown = site.rows("recognitions", "gaoyuan")
    assert {row["number"][-2:] for row in shown} == {"01", "02", "04", "06", "08", "10"}
    faults = {row["number"][-2:]: (row["rule"], row["message"]) for row in site.rows("recognition_faults", "gaoyuan")}
    assert faults == {
        "03": ("complete", "缺少建设单位"),
        "05": ("accurate", "建筑面积应大于 0"),
        "07": ("compliant", "330100 不是本市的区"),
        "09": ("accurate", "认定日期晚于今天"),
    }
    assert not Recognition.objects.filter(number__in=[f"RD2026-00{n}" for n in faults]).exists()
    detail = city.get(f"/registers/construction.recognitions/rows/{shown[0]['id']}").json()
    assert detail["values"]["floor_area"]
    assert detail["values"]["developer"]
    assert Project.objects.filter(stage="recognised").count() == 6
    # a district sees its own, and may not read without the right
    assert {row["division"] for row in site.rows("recognitions", "zhoumin")} == {"339901"}
    assert site.staff("jianshe").post("/registers/construction.recognitions/commands/read").status_code == 403


@pytest.mark.covers("SH-172.4")
def test_read_again_nothing_doubles_and_a_mended_one_is_settled(site: Any, sandbox: Sandbox) -> None:
    read_recognitions()
    RecognitionFault.objects.create(
        number="RD2026-0001", rule="accurate", message="建筑面积应大于 0", read_at="2026-01-01T00:00Z"
    )
    read_recognitions()
    assert Recognition.objects.count() == 6
    assert RecognitionFault.objects.filter(settled_at__isnull=True).count() == 4
    assert RecognitionFault.objects.get(number="RD2026-0001").settled_at is not None
    sandbox.behave("administrative_approval", "fail")
    refused = site.staff("gaoyuan").post("/registers/construction.recognitions/commands/read")
    assert refused.status_code == 503
    assert Recognition.objects.count() == 6


def row(**changes: Any) -> dict[str, Any]:
    """A recognition as the approval system sends it."""
    return {
        "number": "RD2027-0001", "project_name": "江湾安居苑 21 期", "developer": "江湾安居建设有限公司",
        "division": "339901", "base_name": "江湾基地", "plot_number": "江-21", "housing_type": "public_rental",
        "land_area": "12000.00", "floor_area": "30000.00", "units": 300, "recognised_on": "2026-01-10", **changes,
    }  # fmt: skip


@pytest.mark.covers("SH-172.2", "SH-172.4")
def test_a_row_that_cannot_be_read_is_on_record_and_keeps_none_of_the_others_out(site: Any, sandbox: Sandbox) -> None:
    strange = [
        row(number="RD2027-0001", project_name="长" * 101),
        row(number="RD2027-0002", land_area="一万平方米", units="三百"),
        row(number="RD2027-0003", developer=None, note="一栏没有见过的"),
        row(number="RD2027-0004", floor_area="1e15", land_area="1e9"),
        row(number="RD2027-0005", developer="江湾\u0000安居"),
        row(number=None, project_name="没有编号的项目"),
        row(number="RD2027-0006", units=2**40),
        {"number": "RD2027-0007"},
        row(number="RD2027-0008"),
    ]
    sandbox.tell("/control/recognitions", {"recognitions": strange})
    read = site.staff("gaoyuan").post("/registers/construction.recognitions/commands/read")
    assert read.json()["text"] == "读取 9 个项目，通过校验 1 个，未通过 8 个"
    assert [each.number for each in Recognition.objects.all()] == ["RD2027-0008"]
    faults = {each.number[-4:]: (each.rule, each.message) for each in RecognitionFault.objects.filter(rule="readable")}
    nameless = RecognitionFault.objects.get(number__startswith="无编号")
    assert faults == {
        "0001": ("readable", "项目名称超过 100 个字"),
        "0002": ("readable", "用地面积、套数的格式不对"),
        "0004": ("readable", "建筑面积过大"),
        "0005": ("readable", "建设单位含有不能识别的字符"),
        "0006": ("readable", "套数超过 2147483647"),
        nameless.number[-4:]: ("readable", "认定编号缺失或格式不对"),
    }
    assert nameless.project_name == "没有编号的项目"
    # mended, they are taken in and their faults settled, that of the one without a number too
    sandbox.tell("/control/recognitions", {"recognitions": [row(number=f"RD2027-000{n}") for n in range(1, 9)]})
    read_recognitions()
    assert Recognition.objects.count() == 8
    assert not RecognitionFault.objects.filter(settled_at__isnull=True).exists()


@pytest.mark.covers("SH-172.4")
def test_a_recognition_that_fails_later_no_longer_stands_behind_its_project(site: Any, sandbox: Sandbox) -> None:
    sandbox.tell(
        "/control/recognitions", {"recognitions": [row(), row(number="RD2027-0002", project_name="江湾大居一期")]}
    )
    case = site.file("estate")
    site.act(case, "zhoumin")
    site.act(case, "gaoyuan")
    read_recognitions()
    stages = {project.name: project.stage for project in Project.objects.all()}
    assert stages == {"江湾安居苑 21 期": "recognised", "江湾大居一期": "recognised"}
    spoilt = [row(floor_area="0.00"), row(number="RD2027-0002", project_name="江湾大居二期")]
    sandbox.tell("/control/recognitions", {"recognitions": spoilt})
    read_recognitions()
    assert [each.project_name for each in Recognition.objects.all()] == ["江湾大居二期"]
    stages = {project.name: project.stage for project in Project.objects.all()}
    assert stages == {"江湾大居一期": "approved", "江湾大居二期": "recognised"}
