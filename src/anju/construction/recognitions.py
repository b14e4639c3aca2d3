"""Reading recognitions: every page of the approval system, each row judged by rules, taken in or put on record (SH-172).

A row that cannot be read at all is on record too, and keeps none of the others out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from django.db import models, transaction
from pydantic import TypeAdapter, ValidationError

from anju.construction.connectors import ReadRecognition, RecognitionQuery, Recognitions
from anju.construction.models import Recognition, RecognitionFault
from anju.construction.models.project import Stage
from anju.construction.projects import advance, settle
from anju.identity.services import offices
from anju.kernel import clock
from anju.kernel.crypto import sm3
from anju.kernel.errors import Conflict
from anju.kernel.forms import dictionary
from anju.kernel.jobs import background, every
from anju.kernel.scope import Actor, system

PAGES = 100
NEEDED = (
    ("project_name", "项目名称"), ("developer", "建设单位"), ("division", "行政区划"), ("plot_number", "地块编号"),
    ("housing_type", "保障房类型"), ("land_area", "用地面积"), ("floor_area", "建筑面积"), ("units", "套数"),
    ("recognised_on", "认定日期"),
)  # fmt: skip
COLUMNS = {"plot_number": "plot_no"}
NO_NUMBER = "无编号"
MOST_UNITS = 2**31 - 1
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


def unreadable(row: ReadRecognition) -> str:
    """Readability: no text is longer and no amount larger than a recognition's, and texts are such."""
    for key, title in (("number", "认定编号"), *NEEDED, ("base_name", "基地名称")):
        value, field = getattr(row, key), Recognition._meta.get_field(COLUMNS.get(key, key))
        longest = field.max_length if isinstance(field, models.CharField) else None
        if isinstance(value, str) and value != printable(value):
            return f"{title}含有不能识别的字符"
        if isinstance(value, str) and longest is not None and len(value) > longest:
            return f"{title}超过 {longest} 个字"
        if isinstance(value, Decimal) and isinstance(field, models.DecimalField) and abs(value) >= beyond(field):
            return f"{title}过大"
    return f"套数超过 {MOST_UNITS}" if row.units is not None and row.units > MOST_UNITS else ""


def beyond(field: models.DecimalField[Any, Any]) -> int:
    """The smallest amount that a column does not hold."""
    return int(10 ** (field.max_digits - field.decimal_places))


RULES = (
    Rule("readable", unreadable), Rule("complete", incomplete), Rule("accurate", inaccurate),
    Rule("compliant", out_of_policy),
)  # fmt: skip
SHAPE = TypeAdapter(ReadRecognition)


def printable(text: str) -> str:
    """A text without control characters."""
    return "".join(each for each in text if each.isprintable())


def read(raw: dict[str, Any]) -> tuple[ReadRecognition, dict[str, str]]:
    """A row as it came, and what it breaks by rule; of one that cannot be read, who it is as far as that can be told."""
    number = raw.get("number")
    known = isinstance(number, str) and 0 < len(number) <= 40 and number == printable(number)
    named = str(number) if known else f"{NO_NUMBER}-{sm3(orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)).hex()[:12]}"
    try:
        row = SHAPE.validate_python({**raw, "number": named})
    except ValidationError as error:
        wrong = {str(each["loc"][0]) for each in error.errors() if each["loc"]}
        titles = "、".join(title for key, title in (*NEEDED, ("base_name", "基地名称")) if key in wrong)
        told = {key: raw[key] for key in ("project_name", "division") if isinstance(raw.get(key), str)}
        return ReadRecognition(number=named, **told), {"readable": f"{titles}的格式不对"}
    if not known:
        return row, {"readable": "认定编号缺失或格式不对"}
    return row, {rule.key: said for rule in RULES if (said := rule.wrong(row))}


def pages(actor: Actor) -> Iterator[dict[str, Any]]:
    """Every recognition that the approval system has, page by page.

    Raises `Conflict` where a page gives no number to go on from.
    """
    after = ""
    for _ in range(PAGES):
        page = Recognitions().call(RecognitionQuery(after=after), subject="construction.recognitions", actor=actor)
        yield from page.recognitions
        if not page.more or not page.recognitions:
            return
        numbers = [str(row["number"]) for row in page.recognitions if isinstance(row.get("number"), str)]
        if not numbers or max(numbers) <= after:
            raise Conflict(
                f"行政审批系统的认定数据从 {after or '第一条'} 以后没有可用的编号，读不下去", code="recognition.no_number",
                advice="请联系行政审批系统核对编号；已读到的都已保存",
            )  # fmt: skip
        after = max(numbers)


def read_all(actor: Actor) -> str:
    """Reads all and says how many were taken in and how many are at fault; read again, it adds nothing twice.

    The department is asked outside of a transaction; each row is taken in by one of its own.
    """
    passed, failed = 0, set[str]()
    for raw in pages(actor):
        row, broken = read(raw)
        if take_in(row, broken):
            passed += 1
        else:
            failed.add(row.number)
    # rows without a number are known by what they say: one that was mended does not come back under the same name
    gone = RecognitionFault.objects.filter(number__startswith=NO_NUMBER, settled_at__isnull=True)
    gone.exclude(number__in=failed).update(settled_at=clock.now())
    return f"读取 {passed + len(failed)} 个项目，通过校验 {passed} 个，未通过 {len(failed)} 个"


@transaction.atomic
def take_in(row: ReadRecognition, broken: dict[str, str]) -> bool:
    """Takes a recognition in if it breaks no rule; otherwise each broken rule is on record, and it is not shown.

    One that was taken in before and fails now no longer stands behind its project.
    """
    before = Recognition.objects.select_for_update().filter(number=row.number).first()
    note_faults(row, broken)
    if broken:
        Recognition.objects.filter(number=row.number).delete()
    else:
        keep(row)
    if before and (broken or (before.project_name, before.division) != (row.project_name, row.division)):
        settle(before.project_name, before.division)
    return not broken


def note_faults(row: ReadRecognition, broken: dict[str, str]) -> None:
    """Each broken rule is on record, and those no longer broken are settled."""
    now = clock.now()
    earlier = RecognitionFault.objects.filter(number=row.number, settled_at__isnull=True)
    earlier.exclude(rule__in=broken).update(settled_at=now)
    division = printable(row.division or "")[:6]
    for key, said in broken.items():
        RecognitionFault.objects.update_or_create(
            number=row.number, rule=key,
            defaults={
                "message": printable(said)[:200], "project_name": printable(row.project_name or "")[:100], "read_at": now,
                "settled_at": None, "org_path": office_path(division), "division": division,
            },
        )  # fmt: skip


def keep(row: ReadRecognition) -> None:
    """A recognition that broke no rule, and what it says of its project."""
    assert row.division is not None
    assert row.project_name is not None
    office = office_path(row.division)
    known = {
        "project_name": row.project_name, "developer": row.developer, "base_name": row.base_name or "",
        "plot_no": row.plot_number, "housing_type": row.housing_type, "land_area": row.land_area,
        "floor_area": row.floor_area, "units": row.units, "recognised_on": row.recognised_on, "read_at": clock.now(),
        "org_path": office, "division": row.division,
    }  # fmt: skip
    Recognition.objects.update_or_create(number=row.number, defaults=known)
    advance(
        row.project_name, Stage.RECOGNISED, division=row.division, org_path=office, base_name=row.base_name or "",
        plot_no=row.plot_number or "", developer=row.developer or "", floor_area=row.floor_area,
    )  # fmt: skip


def office_path(division: str | None) -> str:
    """Where a district's rows belong: its housing office, else the city's."""
    found = [each.path for each in offices(kind="district", division=division)] if division else []
    return found[0] if found else next((each.path for each in offices(kind="city")), "/")


@background("construction.read_recognitions", atomic=False)
def read_recognitions() -> None:
    """Every hour, so that a recognition is here the day it is given."""
    read_all(system())


every(minutes=60)("construction.read_recognitions")
