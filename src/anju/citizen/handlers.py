"""Who may look at the photographs of identity documents, how many verifications wait; codes for telephones of staff."""

from __future__ import annotations

from django.db.models import Q

from anju.citizen.codes import issue_code, use_code
from anju.citizen.models import VerificationState
from anju.citizen.verification import PHOTO_PURPOSE, reachable
from anju.identity import phone_codes
from anju.identity.menu import counted
from anju.kernel import clock
from anju.kernel.files import may_read
from anju.kernel.files.models import StoredFile
from anju.kernel.scope import Actor


@may_read(PHOTO_PURPOSE, personal=True)
def photo_guard(actor: Actor, file: StoredFile) -> bool:
    """The resident himself, and clerks who may review a verification that holds the photograph."""
    if actor.is_resident:
        return actor.ref == file.created_by
    held = Q(front_id=file.pk) | Q(back_id=file.pk) | Q(holder_id=file.pk)
    return actor.is_staff and reachable(actor).filter(held).exists()


@counted
def waiting_verifications(actor: Actor) -> dict[str, dict[str, int]]:
    """The badge of the menu: what waits, and what is past its three working days."""
    waiting = reachable(actor).filter(state=VerificationState.WAITING)
    return {"verifications": {"count": waiting.count(), "late": waiting.filter(due_on__lt=clock.today()).count()}}


def send_code(phone: str, purpose: str, address: str) -> dict[str, int]:
    """A code to a telephone, within the limits per number and per address."""
    issued = issue_code(phone, purpose, address=address)
    return {"resend_after": issued.resend_after, "expires_in": issued.expires_in}


def take_code(phone: str, purpose: str, code: str) -> None:
    """Uses a code up, or refuses it."""
    use_code(phone, purpose, code)


phone_codes.provide(send_code, take_code)
