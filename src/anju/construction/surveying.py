"""What was declared for sale beside what was surveyed: units and areas, shown to whoever reviews (SH-180.2, SH-180.3).

The comparison is a check of the case, asked anew with each correction; what differs by more than the city allows is a
mismatch, which the reviewer sees and judges.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from anju.construction.connectors import SurveyedUnit, SurveyedUnits, SurveyQuery
from anju.construction.permits import units_of
from anju.kernel.cases.checks import Answer, CheckKind, Fact, ask_anew, declare_check
from anju.kernel.cases.models import Case
from anju.kernel.errors import DomainError
from anju.kernel.forms.tables import table_of
from anju.kernel.scope import Actor, admits, system
from anju.supply.services import AreaCompared, area_tolerance

# surveyed units that are asked for at a time
PAGE = 500
# units that differ are named up to this number, the others are counted
NAMED = 20
PERMIT, RECOGNITION = "permit_survey", "recognition_survey"


def most_units() -> int:
    """How many units a permit holds."""
    return int(table_of("pre_sale_permit", "units", "units").max)


def surveyed(number: str, *, actor: Actor, subject: str, most: int) -> list[SurveyedUnit]:
    """All surveyed units of a plot, read page by page; raises `DomainError` for more than `most`."""
    found: list[SurveyedUnit] = []
    more = True
    while more:
        after = found[-1].unit_number if found else ""
        answer = SurveyedUnits().call(
            SurveyQuery(project_number=number, after=after, limit=PAGE), subject=subject, actor=actor
        )
        found += answer.units
        # a system that says there is more and gives nothing is not asked for ever
        more = answer.more and bool(answer.units)
        if len(found) > most:
            raise DomainError(
                f"地块 {number} 测绘的房屋超过 {most} 套，一张许可证最多 {most} 套", code="survey.too_many",
                advice="请按楼栋分批申请预售许可",
            )  # fmt: skip
    return found


def compare_units(declared: list[dict[str, Any]], survey: list[SurveyedUnit], allowed: Decimal) -> Answer:
    """Each declared unit beside the surveyed one of the same number; a permit may be for a part of what was surveyed."""
    measured = {unit.unit_number: unit.floor_area or Decimal(0) for unit in survey}
    known = [row for row in declared if row["unit_number"] in measured]
    strange = [row for row in declared if row["unit_number"] not in measured]
    pairs = [
        (row, AreaCompared(Decimal(str(row["floor_area"])), measured[row["unit_number"]], allowed)) for row in known
    ]
    differing = [(row, pair) for row, pair in pairs if pair.difference]
    beyond = [(row, pair) for row, pair in differing if not pair.agrees]
    total = AreaCompared(
        sum((pair.declared for _, pair in pairs), Decimal(0)), sum((pair.measured for _, pair in pairs), Decimal(0)),
        allowed,
    )  # fmt: skip
    facts = [
        Fact("套数", f"{len(declared)} 套", f"{len(known)} 套", not strange),
        Fact("建筑面积合计", f"{total.declared} ㎡", total.words, total.agrees),
    ]
    worst = sorted(differing, key=lambda item: -abs(item[1].percent))
    facts += [Fact(row["unit_number"], f"{pair.declared} ㎡", pair.words, pair.agrees) for row, pair in worst[:NAMED]]
    facts += [
        Fact(row["unit_number"], f"{row['floor_area']} ㎡", "成果系统没有这一套", False) for row in strange[:NAMED]
    ]
    if left := len(survey) - len(known):
        facts.append(Fact("测绘未列入", "", f"{left} 套", True))
    said = [f"{len(beyond)} 套面积超出允许误差 {allowed}%"] if beyond else []
    said += [f"{len(strange)} 套成果系统没有"] if strange else []
    if not said:
        inside = f"，{len(differing)} 套有 {allowed}% 以内的误差" if differing else ""
        said = [f"{len(known)} 套都与测绘成果相符{inside}"]
    return Answer(not beyond and not strange, "，".join(said), tuple(facts))


def compare_totals(units: int, area: Decimal, survey: list[SurveyedUnit], allowed: Decimal) -> Answer:
    """The number and the area asked to be recognised beside what was surveyed of the plot."""
    measured = sum((unit.floor_area or Decimal(0) for unit in survey), Decimal(0))
    total = AreaCompared(area, measured, allowed)
    facts = (
        Fact("套数", f"{units} 套", f"{len(survey)} 套", units == len(survey)),
        Fact("建筑面积", f"{area} ㎡", total.words, total.agrees),
    )
    if not survey:
        return Answer(False, "成果系统没有这个地块的房屋", facts)
    matched = all(fact.matches for fact in facts)
    return Answer(matched, "与测绘成果相符" if matched else "与测绘成果不符", facts)


def ask_permit(case: Case, question: str) -> Answer:
    """The units of an application for a permit."""
    plot = str(case.data["basic"]["plot_no"])
    survey = surveyed(plot, actor=system(), subject=case.subject, most=most_units() * 5)
    return compare_units(units_of(case), survey, allowed_for("permit", case))


def ask_recognition(case: Case, question: str) -> Answer:
    """The totals of an application for recognition."""
    project = case.data["project"]
    survey = surveyed(str(project["plot_no"]), actor=system(), subject=case.subject, most=most_units() * 5)
    area = Decimal(str(project["floor_area"]))
    return compare_totals(int(project["units"]), area, survey, allowed_for("recognition", case))


def allowed_for(use: str, case: Case) -> Decimal:
    """The tolerance as it was on the day of the application."""
    return area_tolerance(use, on=case.submitted_at.date(), division=case.division)


def compare_permit(row: Any, case: Case) -> None:
    """Has the units compared again after they were filed or corrected."""
    if units_of(case):
        ask_anew(case, PERMIT)


def compare_recognition(row: Any, case: Case) -> None:
    """Has the totals compared again after they were filed or corrected."""
    ask_anew(case, RECOGNITION)


def checkable(case: Case, actor: Actor) -> dict[str, Any]:
    """Whether the actor may ask the survey again and judge what differs, for the case's page."""
    return {"can": {"check": case.is_open and admits(actor, "cases.check", case)}}


TITLE, SOURCE = "测绘面积核对", "房屋测绘成果系统"
declare_check(CheckKind(PERMIT, TITLE, SOURCE, ask_permit))
declare_check(CheckKind(RECOGNITION, TITLE, SOURCE, ask_recognition))
