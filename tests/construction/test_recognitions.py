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
