"""The five checks of public rental: whom they ask about, and what the answers mean beside what was declared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from anju.eligibility.application import Member, members_of
from anju.eligibility.connectors import (
    HousingCheck,
    HousingRecord,
    MarriageCheck,
    MarriageQuery,
    PersonQuery,
    PublicHousingCheck,
    RealEstateCheck,
    ResettlementCheck,
    SocialInsuranceCheck,
    SocialInsuranceQuery,
)
from anju.kernel import clock
from anju.kernel.cases.checks import Answer, CheckKind, Fact, declare_check
from anju.kernel.cases.models import Case
from anju.kernel.forms import dictionary

KINDS = ("real_estate", "public_housing", "resettlement", "marriage", "social_insurance")
MONTHS_ASKED = 12
# People round the area of their home when they declare it.
TOLERANCE = Decimal(1)


def call_id(question: str, number: int = 0) -> str:
    """The id under which a department is asked: the same at every try of a day, so that a late answer is found."""
    return f"{question}-{clock.today():%Y%m%d}-{number}"


def query(member: Member) -> dict[str, Any]:
    """Whom a department is asked about."""
    return {
        "name": member.name,
        "id_type": member.document_type,
        "id_number": member.document_number,
        "as_of": clock.today(),
    }


def ask_housing(connector: type[HousingCheck], case: Case, question: str) -> Answer:
    """Homes of every member of the household that a housing registry has on record.

    It matches when as many homes of as many square metres are found as were declared; each home found is a fact, and
    its area goes into the computation. Records that are not the person's never show (SH-028.4).
    """
    homes: list[tuple[Member, HousingRecord]] = []
    for number, member in enumerate(members_of(case.data)):
        asked = PersonQuery(**query(member))
        answer = connector().call(asked, subject=case.subject, call_id=call_id(question, number))
        homes += [(member, home) for home in answer.held(asked)]
    declared = declared_homes(case.data, connector.key)
    told = sum((Decimal(str(row["area"])) for row in declared), Decimal(0))
    found = sum((home.floor_area for _, home in homes), Decimal(0))
    same_number, same_area = len(homes) == len(declared), abs(found - told) <= TOLERANCE
    matched = same_number and same_area
    facts = [Fact("住房套数", f"{len(declared)} 套", f"{len(homes)} 套", same_number)]
    if homes or declared:
        facts.append(Fact("建筑面积合计", f"{told:.2f} ㎡", f"{found:.2f} ㎡", same_area))
    facts += [
        Fact(f"{member.name} 住房 {number}", "已申报" if matched else "未申报或不一致", home.text, matched)
        for number, (member, home) in enumerate(homes, start=1)
    ]
    if matched:
        finding = "与申报一致" if homes else "没有住房记录"
    else:
        finding = f"申报 {len(declared)} 套共 {told:.2f} ㎡，登记 {len(homes)} 套共 {found:.2f} ㎡"
    return Answer(matched, finding, tuple(facts), {"dwellings": [dwelling(home) for _, home in homes]})


def dwelling(home: HousingRecord) -> dict[str, Any]:
    """A registered home as it counts in the area per person: by its living area where the registry has one."""
    if home.living_area:
        return {"kind": f"{home.kind}_living", "area": str(home.living_area), "share": str(home.share)}
    return {"kind": home.kind, "area": str(home.floor_area), "share": str(home.share)}


KEPT = {"real_estate": "owned", "public_housing": "public", "resettlement": "resettlement"}


def declared_homes(data: dict[str, Any], registry: str) -> list[dict[str, Any]]:
    """The homes the household declared of the kind a registry keeps."""
    homes = data.get("housing", {}).get("homes") or []
    return [row for row in homes if row.get("kind") == KEPT[registry]]


def declared_dwellings(registry: str, case: Case) -> dict[str, Any]:
    """The declared homes as they count where a clerk found all as declared; shares are declared in percent."""
    homes = declared_homes(case.data, registry)
    dwellings = [
        {"kind": row["kind"], "area": str(row["area"]), "share": str(Decimal(str(row["share"])) / 100)} for row in homes
    ]
    return {"dwellings": dwellings}


def ask_marriage(case: Case, question: str) -> Answer:
    """The applicant's marital state, and whether the declared spouse is the registered one."""
    members = members_of(case.data)
    applicant = members[0]
    spouse = next((member for member in members if member.relation == "spouse"), None)
    asked = MarriageQuery(
        **query(applicant),
        spouse_name=spouse.name if spouse else None,
        spouse_id_number=spouse.document_number if spouse else None,
    )
    answer = MarriageCheck().call(asked, subject=case.subject, call_id=call_id(question))
    state = answer.state(asked)
    declared = str(applicant.row.get("marriage") or "")
    words = dictionary("marriage")
    facts = [Fact("婚姻状况", words.title(declared) or "—", words.title(state) or state, declared == state)]
    if spouse is not None:
        confirmed = answer.spouse_confirmed is True
        facts.append(Fact("配偶", spouse.name, "登记一致" if confirmed else "登记不一致", confirmed))
    for record in answer.matching(asked):
        label = "结婚登记" if record.kind == "marriage" else "离婚登记"
        facts.append(Fact(label, "", f"{record.registered_on.isoformat()} {record.authority}", True))
    matched = all(fact.matches for fact in facts)
    return Answer(matched, "与申报一致" if matched else "与申报不一致", tuple(facts), {"state": state})


def ask_social_insurance(case: Case, question: str) -> Answer:
    """The applicant's payments of the last twelve months; a form of months and employers for the clerk (SH-026.3)."""
    applicant = members_of(case.data)[0]
    last = month_before(clock.today(), 1)
    first = month_before(clock.today(), MONTHS_ASKED)
    asked = SocialInsuranceQuery(**query(applicant), from_month=first, to_month=last)
    answer = SocialInsuranceCheck().call(asked, subject=case.subject, call_id=call_id(question))
    paid = answer.months_paid(asked)
    unbroken = answer.unbroken_months(asked)
    employers = sorted({record.employer for record in answer.matching(asked)})
    facts = (
        Fact("近 12 个月缴费", "", f"{len(paid)} 个月", True),
        Fact("连续缴费", "", f"截至 {last} 连续 {unbroken} 个月", True),
        Fact("缴费单位", str(case.data.get("form", {}).get("employer") or "—"), "、".join(employers) or "—", True),
    )
    finding = f"近 12 个月缴费 {len(paid)} 个月，连续 {unbroken} 个月" if paid else "近 12 个月没有缴费记录"
    return Answer(True, finding, facts, {"months": list(paid), "unbroken": unbroken})


def month_before(day: date, months: int) -> str:
    """The month so many months before a day's, such as `2025-11`."""
    number = day.year * 12 + day.month - 1 - months
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def housing_kind(connector: type[HousingCheck]) -> CheckKind:
    """The check at one housing registry."""
    return CheckKind(
        connector.key, connector.title, connector.department, partial(ask_housing, connector),
        partial(declared_dwellings, connector.key),
    )  # fmt: skip


for _connector in (RealEstateCheck, PublicHousingCheck, ResettlementCheck):
    declare_check(housing_kind(_connector))
declare_check(CheckKind("marriage", MarriageCheck.title, MarriageCheck.department, ask_marriage))
declare_check(
    CheckKind("social_insurance", SocialInsuranceCheck.title, SocialInsuranceCheck.department, ask_social_insurance)
)
