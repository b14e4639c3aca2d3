"""Reading recognitions: every page of the approval system, each row judged by rules, taken in or put on record (SH-172)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction

from anju.construction.connectors import ReadRecognition, RecognitionQuery, Recognitions
from anju.construction.models import Recognition, RecognitionFault
from anju.construction.models.project import Stage
from anju.construction.projects import advance
from anju.identity.services import offices
from anju.kernel import clock
from anju.kernel.forms import dictionary
from anju.kernel.jobs import background, every
from anju.kernel.scope import Actor, system

PAGES = 100
NEEDED = (
    ("project_name", "项目名称"), ("developer", "建设单位"), ("division", "行政区划"), ("plot_number", "地块编号"),
    ("housing_type", "保障房类型"), ("land_area", "用地面积"), ("floor_area", "建筑面积"), ("units", "套数"),
    ("recognised_on", "认定日期"),
)  # fmt: skip
# A floor area ratio above this is no ratio but a slip of the pen.
LARGEST_RATIO = 20


@dataclass(frozen=True)
class Rule:
    """What a recognition must fulfil; `wrong` says in words what is not so, or gives an empty text."""

    key: str
    wrong: Callable[[ReadRecognition], str]


def incomplete(row: ReadRecognition) -> str:
    """Completeness: nothing is missing."""
    missing = [title for key, title in NEEDED if getattr(row, key) in (None, "")]
    return f"缺少{'、'.join(missing)}" if missing else ""


def inaccurate(row: ReadRecognition) -> str:
    """Accuracy: amounts are positive and fit each other, the day has come."""
    for value, title in ((row.land_area, "用地面积"), (row.floor_area, "建筑面积"), (row.units, "套数")):
        if value is not None and value <= 0:
            return f"{title}应大于 0"
    if row.land_area and row.floor_area and row.floor_area > row.land_area * LARGEST_RATIO:
        return "建筑面积与用地面积不相称"
    if row.recognised_on is not None and row.recognised_on > clock.today():
        return "认定日期晚于今天"
    return ""


def out_of_policy(row: ReadRecognition) -> str:
    """Compliance: a district of the city that has a housing office, a kind of housing that there is."""
    if row.division and row.division not in {each.division for each in offices(kind="district")}:
        return f"{row.division} 不是本市的区"
    if row.housing_type and row.housing_type not in dictionary("planned_housing"):
        return f"没有保障房类型 {row.housing_type}"
    return ""


RULES = (Rule("complete", incomplete), Rule("accurate", inaccurate), Rule("compliant", out_of_policy))


def pages(actor: Actor) -> Iterator[ReadRecognition]:
    """Every recognition that the approval system has, page by page."""
    after = ""
    for _ in range(PAGES):
        page = Recognitions().call(RecognitionQuery(after=after), subject="construction.recognitions", actor=actor)
        yield from page.recognitions
        if not page.more or not page.recognitions:
            return
        after = page.recognitions[-1].number


def read_all(actor: Actor) -> str:
    """Reads all and says how many were taken in and how many are at fault; read again, it adds nothing twice.

    The department is asked outside of a transaction; each row is taken in by one of its own.
    """
    passed = failed = 0
    for row in pages(actor):
        if take_in(row):
            passed += 1
        else:
            failed += 1
    return f"读取 {passed + failed} 个项目，通过校验 {passed} 个，未通过 {failed} 个"


@transaction.atomic
def take_in(row: ReadRecognition) -> bool:
    """Takes a recognition in if every rule holds; otherwise each broken rule is on record, and it is not shown."""
    now = clock.now()
    broken = {rule.key: said for rule in RULES if (said := rule.wrong(row))}
    earlier = RecognitionFault.objects.filter(number=row.number, settled_at__isnull=True)
    earlier.exclude(rule__in=broken).update(settled_at=now)
    for key, said in broken.items():
        RecognitionFault.objects.update_or_create(
            number=row.number, rule=key,
            defaults={
                "message": said, "project_name": row.project_name or "", "read_at": now, "settled_at": None,
                "org_path": office_path(row.division), "division": row.division or "",
            },
        )  # fmt: skip
    if broken:
        Recognition.objects.filter(number=row.number).delete()
        return False
    assert row.division is not None
    assert row.project_name is not None
    known = {
        "project_name": row.project_name, "developer": row.developer, "base_name": row.base_name or "",
        "plot_no": row.plot_number, "housing_type": row.housing_type, "land_area": row.land_area,
        "floor_area": row.floor_area, "units": row.units, "recognised_on": row.recognised_on, "read_at": now,
        "org_path": office_path(row.division), "division": row.division,
    }  # fmt: skip
    Recognition.objects.update_or_create(number=row.number, defaults=known)
    advance(
        row.project_name, Stage.RECOGNISED, division=row.division, org_path=office_path(row.division),
        base_name=row.base_name or "", plot_no=row.plot_number or "", developer=row.developer or "",
        floor_area=row.floor_area,
    )  # fmt: skip
    return True


def office_path(division: str | None) -> str:
    """Where a district's rows belong: its housing office, else the city's."""
    found = [each.path for each in offices(kind="district", division=division)] if division else []
    return found[0] if found else next((each.path for each in offices(kind="city")), "/")


@background("construction.read_recognitions", atomic=False)
def read_recognitions() -> None:
    """Every hour, so that a recognition is here the day it is given."""
    read_all(system())


every(minutes=60)("construction.read_recognitions")
