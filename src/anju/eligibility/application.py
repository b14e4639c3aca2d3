"""From what a resident filled in to a case: who applies, who is in the household, which office accepts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anju.households.services import number_index
from anju.identity.services import Office, offices
from anju.kernel.errors import DomainError, FieldError, Invalid
from anju.kernel.forms import load, validate

FORM = "eligibility/public_rental_application"


class NoOffice(DomainError):
    """The chosen district has no accepting office."""

    code, message, advice = "application.no_office", "这个区还没有受理机构", "请选另一个区，或拨打 12345 咨询"


@dataclass(frozen=True)
class Member:
    """A person of the household as declared."""

    name: str
    relation: str
    document_type: str
    document_number: str
    row: dict[str, Any]

    @property
    def key(self) -> bytes:
        """The blind index by which the same person is found again: document type and number."""
        return number_index(self.document_type, self.document_number)


def check_pages(pages: dict[str, Any]) -> dict[str, Any]:
    """The whole form, checked; raises `Invalid` with every wrong or missing field at once."""
    clean, errors = validate(load(FORM), pages)
    if errors:
        raise Invalid(errors)
    return clean


def members_of(data: dict[str, Any]) -> list[Member]:
    """The household, the applicant first; raises when nobody, or more than one, is the applicant."""
    rows = data.get("members", {}).get("members", [])
    members = [Member(row["name"], row["relation"], row["document_type"], row["document_number"], row) for row in rows]
    applicants = [member for member in members if member.relation == "self"]
    if len(applicants) != 1:
        message = "家庭成员里要有你本人" if not applicants else "家庭成员里只能有一位申请人"
        raise Invalid([FieldError("members.members", "members.applicant", message)])
    return sorted(members, key=lambda member: member.relation != "self")


def accepting_office(division: str) -> Office:
    """The operator that accepts applications of a district: the first by code."""
    found = sorted(offices(kind="operator", division=division), key=lambda each: each.code)
    if not found:
        raise NoOffice(field="place.division")
    return found[0]
