"""Applications of a person, by his document's number: for the one-stop portal, which speaks for whoever is signed in there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anju.eligibility.application import members_of
from anju.eligibility.cases import PUBLIC_RENTAL
from anju.eligibility.certificates import CertificateFacts, facts
from anju.eligibility.housing import housing_of
from anju.eligibility.models import Certificate
from anju.eligibility.progress import headline, stage_of
from anju.households.services import number_index
from anju.kernel.cases.models import Case, CaseState, Party
from anju.kernel.errors import DomainError, FieldError, Invalid
from anju.kernel.scope import Actor, restrict

ENDED = [CaseState.REFUSED, CaseState.FAILED, CaseState.WITHDRAWN, CaseState.DELETED]


def key_of(document_type: str, number: str) -> bytes:
    """The blind index of a number. Raises `Invalid` for one that cannot be."""
    try:
        return number_index(document_type, number)
    except DomainError as error:
        raise Invalid([FieldError("document_number", error.code, error.message)]) from error


def cases_of_person(*, actor: Actor, right: str, key: bytes) -> list[tuple[Case, bool]]:
    """Cases within reach in which the person is main applicant (True) or co-applicant (False), the newest first.

    Those that were refused, failed, withdrawn or deleted are left out (SH-007.7).
    """
    of_person = Party.objects.filter(person_key=key, type_key=PUBLIC_RENTAL.key).values("case_id")
    rows = restrict(Case.objects.filter(pk__in=of_person), actor, right).exclude(state__in=ENDED).order_by("-id")
    return [(case, bytes(case.applicant_key) == key) for case in rows]


def latest_of_person(*, actor: Actor, right: str, key: bytes) -> Case | None:
    """The latest application of a person as main applicant, however it ended; None without one within reach."""
    rows = Case.objects.filter(applicant_key=key, type_key=PUBLIC_RENTAL.key).exclude(state=CaseState.DELETED)
    return restrict(rows, actor, right).order_by("-id").first()


def latest_of_resident(actor: Actor) -> Case | None:
    """A resident's own latest application."""
    rows = Case.objects.filter(applicant_ref=actor.ref, type_key=PUBLIC_RENTAL.key)
    return rows.exclude(state=CaseState.DELETED).order_by("-id").first()


def certificates_of_cases(case_ids: Iterable[int]) -> dict[int, CertificateFacts]:
    """Certificates by case, valid or not; cases without one are left out."""
    return {found.case_id: facts(found) for found in Certificate.objects.filter(case_id__in=list(case_ids))}


def progress_of(case: Case) -> dict[str, Any]:
    """Where an application stands: the step, in words, and the opinion that was given last."""
    opinion = case.entries.filter(is_opinion=True).order_by("-id").first()
    return {
        "number": case.number,
        "submitted_at": case.submitted_at,
        "state": case.state,
        "state_title": case.get_state_display(),
        "stage": stage_of(case.node) if case.is_open else "",
        "progress": headline(case),
        "opinion": {"node": opinion.node_title, "text": opinion.text or opinion.action, "at": opinion.at} if opinion else None,
        "reason": case.fail_reason,
    }  # fmt: skip


def owns_housing(case: Case) -> bool:
    """Whether somebody of the household declared a home, or the registries have one of them (是否有房)."""
    housing = housing_of(case)
    return bool(case.data.get("housing", {}).get("homes")) or (housing is not None and housing.total > 0)


def applicant_of(case: Case) -> dict[str, str]:
    """The applicant as the portal's own user is told of himself."""
    applicant = members_of(case.data)[0]
    return {
        "name": applicant.name, "document_type": applicant.document_type, "document_number": applicant.document_number,
        "phone": case.phone,
    }  # fmt: skip


def wished_layout(case: Case) -> str:
    """The layout that a talent wishes for in his application; others say it when they join the queue."""
    return str(case.data.get("form", {}).get("talent_layout") or "")
