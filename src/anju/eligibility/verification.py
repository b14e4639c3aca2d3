"""The five checks of public rental: whom they ask about, and what the answers mean beside what was declared."""

from __future__ import annotations

from datetime import date
from typing import Any

from anju.eligibility.application import Member, members_of
from anju.eligibility.connectors import (
    HousingCheck,
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


def query(member: Member) -> dict[str, Any]:
    """Whom a department is asked about."""
    return {
        "name": member.name,
        "id_type": member.document_type,
        "id_number": member.document_number,
        "as_of": clock.today(),
    }


def ask_housing(connector: type[HousingCheck], case: Case) -> Answer:
    """Homes of every member of the household that a housing registry has on record.

    It matches when the number of homes found is the number declared; each home found is a fact, and its area goes
    into the computation. Records that are not the person's never show (SH-028.4).
    """
    facts, dwellings, found = [], [], 0
    for member in members_of(case.data):
        asked = PersonQuery(**query(member))
        answer = connector().call(asked, subject=case.subject)
        for home in answer.held(asked):
            found += 1
            area = home.living_area or home.floor_area
            kind = f"{home.kind}_living" if home.living_area else home.kind
            dwellings.append({"kind": kind, "area": str(area), "share": str(home.share)})
            facts.append(Fact(f"{member.name} 住房 {found}", "", home.text, matches=False))
    declared = declared_homes(case.data, connector.key)
    matched = found == declared
    facts = [Fact(f.label, "已申报" if matched else "未申报", f.found, matched) for f in facts]
    facts.insert(0, Fact("住房套数", f"{declared} 套", f"{found} 套", matched))
    finding = "与申报一致" if matched else f"申报 {declared} 套，登记 {found} 套"
    if not found:
        finding = "没有住房记录" if matched else finding
    return Answer(matched, finding, tuple(facts), {"dwellings": dwellings})


def declared_homes(data: dict[str, Any], registry: str) -> int:
    """How many homes the household declared of the kind a registry keeps."""
    kinds = {"real_estate": {"owned"}, "public_housing": {"public"}, "resettlement": {"resettlement"}}[registry]
    return sum(row.get("kind") in kinds for row in data.get("housing", {}).get("homes", []))


def ask_marriage(case: Case) -> Answer:
    """The applicant's marital state, and whether the declared spouse is the registered one."""
    members = members_of(case.data)
    applicant = members[0]
    spouse = next((member for member in members if member.relation == "spouse"), None)
    asked = MarriageQuery(
        **query(applicant),
        spouse_name=spouse.name if spouse else None,
        spouse_id_number=spouse.document_number if spouse else None,
    )
    answer = MarriageCheck().call(asked, subject=case.subject)
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


def ask_social_insurance(case: Case) -> Answer:
    """The applicant's payments of the last twelve months; a form of months and employers for the clerk (SH-026.3)."""
    applicant = members_of(case.data)[0]
    last = month_before(clock.today(), 1)
    first = month_before(clock.today(), MONTHS_ASKED)
    asked = SocialInsuranceQuery(**query(applicant), from_month=first, to_month=last)
    answer = SocialInsuranceCheck().call(asked, subject=case.subject)
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


for _connector in (RealEstateCheck, PublicHousingCheck, ResettlementCheck):
    declare_check(
        CheckKind(
            _connector.key,
            _connector.title,
            _connector.department,
            lambda case, connector=_connector: ask_housing(connector, case),  # type: ignore[misc]
        )
    )
declare_check(CheckKind("marriage", MarriageCheck.title, MarriageCheck.department, ask_marriage))
declare_check(
    CheckKind("social_insurance", SocialInsuranceCheck.title, SocialInsuranceCheck.department, ask_social_insurance)
)
