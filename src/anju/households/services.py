"""What other contexts may ask of households."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from anju.households.models import Dealing, Fact, HouseholdSnapshot, Person, SnapshotMember
from anju.households.papers import DocumentType, ImpossibleNumber, clean_number, told_by_number
from anju.kernel import clock
from anju.kernel.crypto import blind, mask_id_number
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.scope import Actor

APPLICANT = "self"

__all__ = [
    "APPLICANT",
    "DocumentType",
    "ImpossibleNumber",
    "Member",
    "RecordedMember",
    "UnusableHousehold",
    "add_fact",
    "applicant_of",
    "clean_number",
    "fact_on",
    "find_or_make_person",
    "find_person",
    "members_of",
    "names_by_index",
    "note_dealings",
    "number_index",
    "subjects_of",
    "take_snapshot",
    "told_by_number",
]


class UnusableHousehold(DomainError):
    """A household that cannot be recorded: nobody in it, no applicant, or somebody twice."""

    code, advice = "members.invalid", "请检查家庭成员后再提交"


@dataclass(frozen=True)
class Member:
    """One member as declared: the document, the relation to the applicant (`self` for the applicant), and the rest."""

    document_type: str
    document_number: str
    name: str
    relation: str
    birth_on: date | None = None
    gender: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Member:
        """A member from a row of a form; what has no place of its own becomes `details`."""
        told = row.get("birth_date")
        return cls(
            document_type=row["document_type"],
            document_number=row["document_number"],
            name=row["name"],
            relation=row["relation"],
            birth_on=date.fromisoformat(told) if isinstance(told, str) and told else told or None,
            gender=row.get("gender") or "",
            details={key: value for key, value in row.items() if key not in _OWN_PLACE},
        )


_OWN_PLACE = {"document_type", "document_number", "name", "relation", "birth_date", "gender"}


@dataclass(frozen=True)
class RecordedMember:
    """One member of a snapshot. `document_number` is in clear: show `masked_number` unless it was asked for."""

    person_id: int
    position: int
    relation: str
    name: str
    document_type: str
    document_number: str
    birth_on: date | None
    gender: str
    details: dict[str, Any]

    @property
    def masked_number(self) -> str:
        return mask_id_number(self.document_number)

    @property
    def is_applicant(self) -> bool:
        return self.relation == APPLICANT


def number_index(document_type: str, document_number: str) -> bytes:
    """The blind index under which a document's number is found. Raises `ImpossibleNumber`."""
    return blind(clean_number(document_type, document_number))


def find_or_make_person(
    document_type: str,
    number: str,
    name: str,
    *,
    birth_on: date | None = None,
    gender: str = "",
    actor: Actor | None = None,
) -> Person:
    """The person with this document, made when unknown; two callers at once get the same one.

    Birth date and gender of an identity card come from its number. A known person's name is left as it is: another
    spelling in an application does not rename the person, the snapshot keeps it. Raises `ImpossibleNumber`.
    """
    clean = clean_number(document_type, number)
    if told := told_by_number(document_type, clean):
        birth_on, gender = told
    person, _ = Person.objects.get_or_create(
        document_type=document_type,
        number_blind=blind(clean),
        defaults={
            "document_number": clean,
            "name": name.strip(),
            "birth_on": birth_on,
            "gender": gender,
            "created_by": actor.ref if actor else "system:0",
        },
    )
    return person


def find_person(document_type: str, number: str) -> Person | None:
    """The person with this document, if known. Raises `ImpossibleNumber`."""
    return Person.objects.filter(document_type=document_type, number_blind=number_index(document_type, number)).first()


def note_dealings(person_ids: Iterable[int], *, org_path: str, division: str = "", actor: Actor | None = None) -> None:
    """Notes that an office has to do with persons, so that it may see them; noted before, nothing changes."""
    Dealing.objects.bulk_create(
        (
            Dealing(
                person_id=pk, org_path=org_path, division=division, created_by=actor.ref if actor else "system:0"
            )
            for pk in sorted(set(person_ids))
        ),
        ignore_conflicts=True,
    )  # fmt: skip


def names_by_index(indexes: Iterable[bytes]) -> dict[bytes, str]:
    """The names under which known persons stand, by the blind index of their numbers; unknown ones are left out."""
    known = Person.objects.filter(number_blind__in=list(indexes)).order_by("id")
    return {bytes(index): name for index, name in known.values_list("number_blind", "name")}


def add_fact(person_id: int, kind: str, value: Any, *, holds_from: date, source: str, actor: Actor) -> Fact:
    """Records something learned of a person; a later fact of the kind supersedes, nothing is overwritten."""
    return Fact.objects.create(
        person_id=person_id, kind=kind, value=value, holds_from=holds_from, source=source,
        recorded_at=clock.now(), recorded_by=actor.ref,
    )  # fmt: skip


def fact_on(person_id: int, kind: str, day: date) -> Fact | None:
    """What held for a person on a day, as far as is known now."""
    return (
        Fact.objects.filter(person_id=person_id, kind=kind, holds_from__lte=day)
        .order_by("-holds_from", "-recorded_at", "-id")
        .first()
    )


def take_snapshot(
    subject: str,
    members: Iterable[Member | Mapping[str, Any]],
    on: date,
    *,
    actor: Actor | None = None,
    org_path: str = "",
    division: str = "",
) -> HouseholdSnapshot:
    """Records the household of a subject as it stands on a day; a repeat makes the next edition.

    `org_path` and `division` are those of the office whose subject it is: it may see the persons from now on. Members
    may be given as rows of a form. Raises `UnusableHousehold` unless there is exactly one applicant and nobody is
    listed twice.
    """
    listed = [member if isinstance(member, Member) else Member.of_row(member) for member in members]
    applicants = sum(member.relation == APPLICANT for member in listed)
    if applicants != 1:
        raise UnusableHousehold("家庭成员里应有且只有一位申请人", field="members")
    with transaction.atomic():
        people = _people_of(listed, actor)
        if len({person.pk for person in people}) < len(people):
            raise UnusableHousehold(
                "同一个人填了两次", code="members.twice", field="members", advice="请移除重复的家庭成员"
            )
        last = HouseholdSnapshot.objects.filter(subject=subject).order_by("-edition").first()
        snapshot = HouseholdSnapshot.objects.create(
            subject=subject, edition=last.edition + 1 if last else 1, taken_on=on, recorded_at=clock.now()
        )
        SnapshotMember.objects.bulk_create(
            SnapshotMember(
                snapshot=snapshot, person=person, position=position, relation=member.relation,
                name=member.name.strip(),
                sealed_details=json.dumps(dict(member.details), ensure_ascii=False, default=str),
            )
            for position, (member, person) in enumerate(zip(listed, people, strict=True))
        )  # fmt: skip
        if org_path:
            note_dealings([person.pk for person in people], org_path=org_path, division=division, actor=actor)
    return snapshot


def _people_of(members: list[Member], actor: Actor | None) -> list[Person]:
    """The persons behind declared members, in their order; made in the order of their index so that two callers
    who list the same people differently never wait for each other in a circle."""
    found: dict[int, Person] = {}
    indexed = [(number_index(member.document_type, member.document_number), at) for at, member in enumerate(members)]
    for _, at in sorted(indexed):
        member = members[at]
        found[at] = find_or_make_person(
            member.document_type, member.document_number, member.name,
            birth_on=member.birth_on, gender=member.gender, actor=actor,
        )  # fmt: skip
    return [found[at] for at in range(len(members))]


def members_of(subject: str) -> list[RecordedMember]:
    """The members of a subject's latest snapshot, applicant first as declared; empty when none was taken."""
    latest = HouseholdSnapshot.objects.filter(subject=subject).order_by("-edition").first()
    if latest is None:
        return []
    rows = SnapshotMember.objects.filter(snapshot=latest).select_related("person").order_by("position", "id")
    return [
        RecordedMember(
            person_id=row.person.pk, position=row.position, relation=row.relation, name=row.name,
            document_type=row.person.document_type, document_number=row.person.document_number,
            birth_on=row.person.birth_on, gender=row.person.gender, details=row.details,
        )
        for row in rows
    ]  # fmt: skip


def applicant_of(subject: str) -> RecordedMember:
    """The applicant of a subject's latest snapshot. Raises `NotFound` when there is none."""
    for member in members_of(subject):
        if member.is_applicant:
            return member
    raise NotFound


def subjects_of(person_id: int) -> list[str]:
    """The subjects in whose snapshots a person appears, latest first."""
    rows = SnapshotMember.objects.filter(person_id=person_id).order_by("-snapshot_id")
    return list(dict.fromkeys(rows.values_list("snapshot__subject", flat=True)))
