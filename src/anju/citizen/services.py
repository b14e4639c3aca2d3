"""What other contexts may ask of the citizen's side."""

from __future__ import annotations

from dataclasses import dataclass

from anju.citizen.accounts import actor_of
from anju.citizen.codes import Issued, issue_code, use_code
from anju.citizen.models import CodePurpose, Resident
from anju.kernel.errors import NotFound
from anju.kernel.scope import Actor


@dataclass(frozen=True)
class ResidentFacts:
    """A resident as other contexts know him. `phone` is in clear: for sending, not for showing."""

    id: int
    ref: str
    name: str
    phone: str
    phone_masked: str
    verified: bool
    person_id: int | None
    city: str


def _resident(ref: str) -> Resident:
    kind, _, number = ref.partition(":")
    found = Resident.objects.filter(pk=int(number)).first() if kind == "resident" and number.isdigit() else None
    if found is None:
        raise NotFound
    return found


def resident(ref: str) -> ResidentFacts:
    """The resident behind `resident:5`. Raises `NotFound`."""
    found = _resident(ref)
    return ResidentFacts(
        found.pk, found.ref, found.name, found.phone, found.phone_masked, found.verified == "verified",
        found.person_id, found.city,
    )  # fmt: skip


def resident_of_person(person_id: int) -> ResidentFacts | None:
    """The account of a verified person, if there is one."""
    found = Resident.objects.filter(person_id=person_id, active=True).order_by("id").first()
    return resident(found.ref) if found else None


def send_signing_code(actor: Actor, subject: str, *, address: str = "") -> Issued:
    """Sends the code with which a resident signs a subject (such as `contract:7`) to his own phone.

    Raises `TooMany` within 60 seconds of the last.
    """
    return issue_code(_resident(actor.ref).phone, CodePurpose.SIGN, address=address, subject=subject, actor=actor)


def use_signing_code(actor: Actor, subject: str, code: str) -> None:
    """Uses up a code that was sent for this subject; the caller signs if nothing is raised.

    Wrong tries are kept: it must run before the transaction of the signature, never inside one. Declare the operation
    with `atomic=False`. Raises `RefusedCode`.
    """
    use_code(_resident(actor.ref).phone, CodePurpose.SIGN, code, subject=subject)


__all__ = [
    "Issued",
    "ResidentFacts",
    "actor_of",
    "resident",
    "resident_of_person",
    "send_signing_code",
    "use_signing_code",
]
