"""What the one-stop portal (一网通办) asks about a person: his valid cases, his waiting, his latest application (SH-006, SH-007).

Nothing tells a person that we do not know from one without cases: both have none.
"""

from __future__ import annotations

from typing import Any

from anju.eligibility import services as eligibility
from anju.eligibility.services import CertificateFacts
from anju.kernel import audit, clock
from anju.kernel.cases.models import Case
from anju.kernel.forms import dictionary
from anju.kernel.scope import Actor
from anju.supply.services import projects_by_id, rents_of
from anju.tenancy.services import ContractFacts, latest_contracts
from anju.waiting.services import QueueFacts, queue_of

RIGHT = "open.portal.read"
AWAITING = ("awaiting_application", "待申请")


def summaries(*, actor: Actor, document_type: str, number: str) -> list[dict[str, Any]]:
    """The valid cases of a person as main or co-applicant, newest first (SH-007.6, .7). Raises `Invalid`."""
    key = eligibility.key_of(document_type, number)
    found = eligibility.cases_of_person(actor=actor, right=RIGHT, key=key)
    certificates = eligibility.certificates_of_cases(case.pk for case, _ in found)
    ids = [held.id for held in certificates.values()]
    queue, contracts = queue_of(ids), latest_contracts(ids)
    rows = []
    for case, main in found:
        held = certificates.get(case.pk)
        waiting, contract = (queue.get(held.id), contracts.get(held.id)) if held else (None, None)
        if over(waiting, contract):
            continue
        note_read(actor, case)
        rows.append(
            {
                **eligibility.progress_of(case),
                "role": "main" if main else "co",
                "applicant": case.household,
                "household_size": case.household_size,
                "certificate_number": held.number if held else None,
                "valid_until": held.valid_until if held else None,
                "waiting_state": waiting.state_title if waiting else None,
                "contract_number": contract.number if contract else None,
                "contract_state": contract.state_title if contract else None,
            }
        )
    return rows


def over(waiting: QueueFacts | None, contract: ContractFacts | None) -> bool:
    """Whether what followed the admission is over: contract left, revoked or run out, or waiting dissolved (SH-007.7)."""
    if contract is not None:
        return not contract.live
    return waiting is not None and not waiting.in_queue


def waiting(*, actor: Actor, document_type: str, number: str) -> list[dict[str, Any]]:
    """Where an applicant waits, or that he may register to wait (待申请) (SH-006.6). Raises `Invalid`.

    `rent_from` and `rent_to` are yuan a month: what homes cost in the projects and layouts that he wishes for.
    """
    key = eligibility.key_of(document_type, number)
    cases = {case.pk: case for case, main in eligibility.cases_of_person(actor=actor, right=RIGHT, key=key) if main}
    certificates = eligibility.certificates_of_cases(cases)
    ids = [held.id for held in certificates.values()]
    queue, contracts = queue_of(ids), latest_contracts(ids)
    rows = []
    for case_id, held in certificates.items():
        entry, contract = queue.get(held.id), contracts.get(held.id)
        standing = state_of(held, entry, contract)
        if standing is None:
            continue
        note_read(actor, cases[case_id])
        wishes = entry if standing != AWAITING else None
        rows.append(
            {
                **eligibility.applicant_of(cases[case_id]),
                "owns_housing": eligibility.owns_housing(cases[case_id]),
                "certificate_number": held.number,
                "state": standing[0],
                "state_title": standing[1],
                "waiting_since": wishes.registered_at if wishes else None,
                **wished(wishes, cases[case_id]),
            }
        )
    return rows


def state_of(
    held: CertificateFacts, entry: QueueFacts | None, contract: ContractFacts | None
) -> tuple[str, str] | None:
    """The state of waiting with its title; None for who neither waits nor may register."""
    if entry is not None and entry.in_queue:
        return entry.state, entry.state_title
    may_register = held.valid_on(clock.today()) and entry is None and contract is None
    return AWAITING if may_register else None


def wished(entry: QueueFacts | None, case: Case) -> dict[str, Any]:
    """The projects with their addresses, layouts and rents that somebody wishes for."""
    projects = list(projects_by_id(entry.project_ids).values()) if entry and entry.project_ids else []
    layouts = list(entry.layouts) if entry else [each for each in [eligibility.wished_layout(case)] if each]
    rents = rents_of([each["id"] for each in projects], layouts) if projects else None
    return {
        "projects": [{"code": each["code"], "name": each["name"], "address": each["address"]} for each in projects],
        "layouts": [{"code": each, "title": dictionary("layout").title(each) or each} for each in layouts],
        "rent_from": rents[0] if rents else None,
        "rent_to": rents[1] if rents else None,
    }


def latest(*, actor: Actor, document_type: str, number: str) -> dict[str, Any] | None:
    """The latest application of the person for whom the portal asks; None without one (SH-007.8). Raises `Invalid`."""
    key = eligibility.key_of(document_type, number)
    case = eligibility.latest_of_person(actor=actor, right=RIGHT, key=key)
    if case is None:
        return None
    note_read(actor, case)
    return application(case)


def own_latest(actor: Actor) -> dict[str, Any] | None:
    """A resident's own latest application (SH-007.8)."""
    case = eligibility.latest_of_resident(actor)
    return application(case) if case else None


def application(case: Case) -> dict[str, Any]:
    """An application with what its applicant wishes for."""
    held = eligibility.certificates_of_cases([case.pk]).get(case.pk)
    return {**eligibility.progress_of(case), **wished(queue_of([held.id]).get(held.id) if held else None, case)}


def note_read(actor: Actor, case: Case) -> None:
    """Who was told of a person's case is on record."""
    audit.record("read_personal", actor=actor, subject=case.subject, title=f"一网通办查询 {case.number}")
