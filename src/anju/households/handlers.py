"""Persons in the search over everything: by the whole identity number only, and only where the actor sees a case."""

from __future__ import annotations

from anju.households.models import Person
from anju.households.services import subjects_of
from anju.kernel.audit import record
from anju.kernel.cases.models import Case, CaseState
from anju.kernel.cases.types import case_type
from anju.kernel.crypto import blind, mask_id_number, mask_name
from anju.kernel.scope import Actor, admits
from anju.workspace.search import Hit, searchable

SHORTEST_NUMBER = 8


@searchable("persons", title="人员", order=20)
def find_persons(actor: Actor, text: str, limit: int) -> list[Hit]:
    """The cases of the person with exactly this document number that lie within the actor's reach."""
    number = text.replace(" ", "")
    if len(number) < SHORTEST_NUMBER or not any(c.isdigit() for c in number):
        return []
    hits = []
    for person in Person.objects.filter(number_blind=blind(number)).order_by("id"):
        for case in _cases(actor, subjects_of(person.pk)):
            title = f"{mask_name(person.name)} {mask_id_number(person.document_number)}"
            hits.append(Hit(case.pk, title, f"{case.number} {case.title}", f"/cases/{case.pk}"))
        if hits:
            record("read_personal", actor=actor, subject=f"households.person:{person.pk}", title="按证件号码查找人员")
    return hits[:limit]


def _cases(actor: Actor, subjects: list[str]) -> list[Case]:
    ids = [int(number) for kind, _, number in (subject.partition(":") for subject in subjects) if kind == "case"]
    found = Case.objects.filter(pk__in=ids).exclude(state=CaseState.DELETED).order_by("-id")
    return [case for case in found if admits(actor, case_type(case.type_key).view_right, case)]
