"""The city's talent-housing platform as eligibility asks it: who is a talent, and what it is told of his qualification."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from anju.eligibility.connectors import HeldRecord, PersonQuery, RecordsAnswer, Text
from anju.kernel.connectors import Connector, Receipt
from anju.kernel.errors import FieldError

Short = Annotated[str, Field(min_length=1, max_length=40)]


@dataclass(frozen=True, kw_only=True)
class TalentRecord(HeldRecord):
    """A recognition as a talent (人才认定): of the city, or of the district it names."""

    certificate_number: Short
    level: Literal["city", "district"]
    division: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    valid_until: date


@dataclass(frozen=True, kw_only=True)
class TalentAnswer(RecordsAnswer[TalentRecord]):
    """The recognitions under a person's number."""

    source: Text
    as_of: date
    records: Annotated[tuple[TalentRecord, ...], Field(max_length=20)]


class TalentLookup(Connector[PersonQuery, TalentAnswer]):
    """Asks whether a person is recognised as a talent (SH-018.4)."""

    key, title, department = "talent_person", "人才认定核对", "市人才安居平台"
    interface = "talent_platform.person"

    def check(self, request: PersonQuery) -> Iterable[FieldError]:
        """The format of the query."""
        return request.faults()


@dataclass(frozen=True, kw_only=True)
class QualificationTold:
    """A talent's qualification as the basis of his application there; `push_id` names this content of it."""

    push_id: str
    certificate_number: str
    talent_number: str
    level: str
    holder_name: str
    id_number: str
    programme: str
    household_size: int
    division: str
    wish_division: str
    wish_layout: str
    standing: str
    valid_from: date
    valid_until: date


class QualificationSend(Connector[QualificationTold, Receipt]):
    """Pushes a qualification (SH-192.4)."""

    key, title, department = "talent_qualification", "人才资格推送", "市人才安居平台"
    interface = "talent_platform.qualification"
