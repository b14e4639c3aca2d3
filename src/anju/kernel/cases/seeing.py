"""Who sees a case, its papers and its materials: staff within reach of the kind's right, and its applicant."""

from __future__ import annotations

from anju.kernel.cases.models import Case, CaseState, Material
from anju.kernel.cases.services import held_by_other, keep_from_others
from anju.kernel.cases.types import case_type
from anju.kernel.compiled import Compiled
from anju.kernel.documents import may_see
from anju.kernel.errors import NotFound
from anju.kernel.files import may_read
from anju.kernel.files.models import StoredFile
from anju.kernel.scope import Actor, admits

_SHOWN = Compiled(lambda case: Case.objects.filter(pk=case).exclude(state=CaseState.DELETED))


def visible(case_id: int, actor: Actor) -> Case:
    """A case within the actor's reach, or `NotFound`; `Held` while somebody else has it in hand."""
    case = _SHOWN.one(case_id)
    if case is None or not admits(actor, case_type(case.type_key).view_right, case):
        raise NotFound
    keep_from_others(case, actor)
    return case


@may_read("material", personal=True)
def reads_material(actor: Actor, file: StoredFile) -> bool:
    """A material is read by who uploaded it, its applicant, and staff who may see the case."""
    if file.created_by == actor.ref:
        return True
    kind, _, number = file.owner.partition(":")
    if kind != "case" or not number.isdigit():
        owner = Material.ever.filter(file_id=file.pk).values_list("case_id", flat=True).first()
        if owner is None:
            return False
        number = str(owner)
    return sees_case(actor, number)


@may_see("case")
def sees_case(actor: Actor, number: str) -> bool:
    """A case's papers are seen by its applicant and by staff within reach, while nobody else has it in hand."""
    case = Case.objects.filter(pk=int(number)).first()
    if case is None:
        return False
    if actor.is_resident:
        return case.applicant_ref == actor.ref
    return admits(actor, case_type(case.type_key).view_right, case) and not held_by_other(case, actor)
