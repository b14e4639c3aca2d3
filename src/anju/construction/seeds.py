"""Construction of the demonstration city 澜州市: projects at every stage, so that no list is empty. All of it invented."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw

from anju.construction.cases.developer import PROOF
from anju.construction.models import (
    AnnualPlan,
    HousingTarget,
    Indicator,
    MonthlyProgress,
    Project,
    ProjectTarget,
)
from anju.construction.samples import ESTATES, MATTERS, OPINIONS, PERMIT, units
from anju.kernel import clock
from anju.kernel.cases.drafts import begin, file_matter
from anju.kernel.cases.models import Case, StandardOpinion
from anju.kernel.cases.services import act, claim
from anju.kernel.cases.types import case_type, find_colleague
from anju.kernel.files import store
from anju.kernel.processes.models import Token
from anju.kernel.scope import Actor

GOOD = "情况属实，拟同意"
REASON = "填报的建筑面积与规划许可不一致，请核对后重新提交"


def seed_construction() -> None:
    """Files matters as the demonstration's people do and takes each to where it stands."""
    for text, step, suits in OPINIONS:
        StandardOpinion.objects.create(text=text, step=step, suits=suits, org_path=staff_by_name("gaoyuan").org_path)
    for number, (data, way) in enumerate(ESTATES):
        go(filed("estate", "jianshe", data, number), way)
    for number, (kind, who, data, way) in enumerate(MATTERS):
        go(filed(kind, who, data, number), way)
    permit = filed("permit", "jianshe", {**PERMIT, "units": {"units": units(PERMIT)}}, 0)
    go(permit, (("zhoumin", "accept"), ("zhoumin", "submit"), ("shenliqun", "pass")))
    filed("permit", "jianshe", {**PERMIT, "basic": {**PERMIT["basic"], "project_name": "江湾里43号地块"}}, 1)
    begin("construction.progress", {"base": {"project_name": "江湾大居一期"}}, staff_by_name("jianshe"))
    seed_year()


def staff_by_name(account: str) -> Actor:
    """A person of the demonstration."""
    found = find_colleague(account)
    assert found is not None, account
    return found


def filed(kind: str, who: str, data: dict[str, Any], number: int) -> Case:
    """A matter filed by a person, with a sheet for each material that is needed, and for what proves a qualification."""
    actor = staff_by_name(who)
    needed = [each for each in case_type(f"construction.{kind}").materials if each.required or each.key == PROOF]
    materials = []
    for each in needed:
        file = store(sheet(), name=f"{each.title}.png", mime="image/png", actor=actor, purpose="material")
        materials.append({"klass": each.key, "file_id": file.pk, "name": file.name, "mime": file.mime})
    return file_matter(f"construction.{kind}", data, materials, actor, key=f"demo-{kind}-{number}")


def sheet() -> bytes:
    """A picture of a sheet of paper, as scanners make them."""
    page = Image.new("RGB", (620, 877), "#fbfbf7")
    pen = ImageDraw.Draw(page)
    for line in range(24):
        pen.line((70, 120 + line * 28, 550 - (line * 37) % 160, 120 + line * 28), fill="#9aa0a6", width=3)
    pen.ellipse((400, 690, 540, 830), outline="#c8102e", width=6)
    written = io.BytesIO()
    page.save(written, "PNG")
    return written.getvalue()


def go(case: Case, way: tuple[tuple[str, str], ...]) -> None:
    """Takes a case some steps on: who, and with which outcome."""
    for who, outcome in way:
        actor = staff_by_name(who)
        task = Token.objects.get(instance_id=Case.objects.get(pk=case.pk).process_id, kind="user", state="waiting")
        claim(case_id=case.pk, task_id=task.pk, actor=actor)
        case = Case.objects.get(pk=case.pk)
        act(
            case_id=case.pk, task_id=task.pk, version=case.version, outcome=outcome, opinion=GOOD, reason_type="",
            reason=REASON if outcome in {"correct", "refuse", "back"} else "", data=ordered(case, outcome), actor=actor,
        )  # fmt: skip


def ordered(case: Case, outcome: str) -> dict[str, Any]:
    """The supply order that the step of that name asks for."""
    if (case.node, outcome) != ("bridging_order", "submit"):
        return {}
    return {"units": 120, "price": "8200.00", "supply_on": clock.today().isoformat()}


def seed_year() -> None:
    """The plan of this year with its targets and the months so far, and some figures."""
    clerk: Actor = staff_by_name("zhoumin")
    own = {"org_path": clerk.org_path, "division": clerk.division, "created_by": clerk.ref}
    year = clock.today().year
    plan = AnnualPlan.objects.create(name=f"江湾区 {year} 年保障房建设计划", year=year, **own)
    for number, project in enumerate(Project.objects.filter(division=clerk.division).order_by("id")[:2], start=1):
        ProjectTarget.objects.create(plan=plan, project=project, investment=12000 * number, floor_area=18000, **own)
        HousingTarget.objects.create(
            plan=plan,
            project=project,
            housing_type="resettlement",
            units=300 * number,
            floor_area=24000,
            finished=120,
            finished_area=9600,
            **own,
        )
        for month in range(1, min(clock.today().month, 6) + 1):
            MonthlyProgress.objects.create(
                plan=plan, project=project, month=f"{year}-{month:02d}", investment=900 * number + 40 * month,
                floor_area=1200, **own,
            )  # fmt: skip
    for name, value, unit in (("常住人口", "92.6", "万人"), ("城镇居民人均可支配收入", "61280", "元")):
        for past in range(3):
            Indicator.objects.create(year=year - 1 - past, name=name, value=value, unit=unit, source="统计公报", **own)
