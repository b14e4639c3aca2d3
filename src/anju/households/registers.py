"""The register of persons: found by name, or by the whole document number through its blind index."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from anju.households import imports
from anju.households.models import Dealing, Person
from anju.households.papers import DocumentType, ImpossibleNumber, clean_number
from anju.kernel.crypto import blind, mask_id_number
from anju.kernel.registers import Choice, Column, DateBetween, Register, Rights, Search, Section, declare
from anju.kernel.scope import Actor, Reach, restrict

SHORTEST_NUMBER = 8


@dataclass(frozen=True)
class PersonSearch(Search):
    """Pieces of a name; a text with the length and digits of a document number is looked up as one, whole."""

    def condition(self, text: str, model: type[Model]) -> Q:
        number = "".join(text.split())
        if len(number) < SHORTEST_NUMBER or not any(sign.isdigit() for sign in number):
            return super().condition(text, model)
        return Q(number_blind__in=[blind(form) for form in forms_of(number)])


def forms_of(number: str) -> set[str]:
    """What a number can be as a document of each type."""
    forms = set()
    for kind in DocumentType.values:
        try:
            forms.add(clean_number(kind, number))
        except ImpossibleNumber:
            continue
    return forms


@declare
class PersonRegister(Register[Person]):
    """Persons with whom the actor's offices have to do; they are registered by applications and by import."""

    key, title, unit, group, icon = "households.persons", "人员", "人", "租赁与使用", "users"
    model = Person
    rights = Rights("households.person", path="dealings__org_path", division="dealings__division")
    columns = (
        Column("name", frozen=True, width=120),
        Column("document_type", dictionary="document_type", width=140),
        Column("document_number", masked=mask_id_number, width=200),
        Column("gender", dictionary="gender", width=80),
        Column("birth_on", width=120),
        Column("created_at", "登记时间", width=150),
        Column("updated_at", hidden=True, width=150),
    )
    filters = (
        Choice("document_type", dictionary="document_type"),
        Choice("gender", dictionary="gender"),
        DateBetween("birth_on"),
    )
    search = PersonSearch(["name"], "姓名，或完整的证件号码")
    order = "-id"
    imports = (imports.PERSONS,)
    can_create = can_change = can_delete = False
    heading = ("name", "document_number")
    subjects = ("households.person",)
    detail = (
        Section("人员", ["name", "document_type", "document_number", "gender", "birth_on", "created_at", "updated_at"]),
    )

    def within(self, rows: QuerySet[Person], actor: Actor, right: str) -> QuerySet[Person]:
        """Persons belong to no office: those with whom one within reach has to do."""
        if actor.reach(right) is Reach.ALL:
            return rows
        return rows.filter(Exists(restrict(Dealing.objects.filter(person=OuterRef("pk")), actor, right)))
