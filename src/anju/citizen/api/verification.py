"""Operations of a resident's own real-name verification."""

from __future__ import annotations

from typing import Any

from ninja import File, Form, Schema, UploadedFile
from pydantic import Field

from anju.citizen import verification as acts
from anju.citizen.accounts import resident_of
from anju.citizen.models import IdentityVerification, Resident, VerifiedState
from anju.kernel.http import RESIDENT, Request, Routes

routes = Routes("/citizen/identity", title="实名认证")


class Claimed(Schema):
    """Who the resident says he is."""

    name: str = Field(max_length=60)
    document_type: str = Field(max_length=20)
    document_number: str = Field(max_length=30)
    city: str = Field(max_length=6)


class BankClaim(Claimed):
    """The same with a bank card and the telephone number known to the bank."""

    bank_card: str = Field(max_length=30)
    phone: str = Field(max_length=20)


def state_json(resident: Resident, found: IdentityVerification | None) -> dict[str, Any]:
    """How far the verification is, and what the resident reads."""
    told: dict[str, Any] = {"state": resident.verified, "reason": None, "way": None, "name": None, "due_on": None}
    if found is not None:
        told |= {
            "way": found.way,
            "name": found.name,
            "document_type": found.document_type,
            "document_number": found.number_masked,
            "city": found.division,
            "reason": found.reason or None,
            "submitted_at": found.created_at,
            "decided_at": found.decided_at,
            "due_on": found.due_on if resident.verified == VerifiedState.WAITING else None,
        }
    return told


def _told(resident: Resident) -> dict[str, Any]:
    resident.refresh_from_db()
    shown = acts.approved_of(resident) or acts.latest_of(resident)
    return state_json(resident, shown)


@routes.read("", right=RESIDENT, scope="self", summary="我的实名认证")
def read_identity(request: Request) -> dict[str, Any]:
    return _told(resident_of(request.actor))


@routes.act("/photos", right=RESIDENT, scope="self", summary="交证件照片")
def hand_in_photos(
    request: Request,
    body: Form[Claimed],
    front: File[UploadedFile],
    back: File[UploadedFile],
    holder: File[UploadedFile],
) -> dict[str, Any]:
    resident = resident_of(request.actor)
    claimed = acts.claim(body.name, body.document_type, body.document_number, body.city)
    acts.by_photos(resident, claimed, front=front.read(), back=back.read(), holder=holder.read())
    return _told(resident)


@routes.act("/bank", right=RESIDENT, scope="self", atomic=False, summary="用银行用户认证")
def ask_bank(request: Request, body: BankClaim) -> dict[str, Any]:
    resident = resident_of(request.actor)
    claimed = acts.claim(body.name, body.document_type, body.document_number, body.city)
    found = acts.by_bank(resident, claimed, bank_card=body.bank_card, phone=body.phone)
    resident.refresh_from_db()
    return state_json(resident, found) | {"matched": found.state == "approved"}
