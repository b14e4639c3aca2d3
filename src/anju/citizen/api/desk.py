"""The clerk's desk for real-name verifications (ZB-04.4): photographs beside the data, approve or refuse."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import Field

from anju.citizen.models import IdentityVerification, VerificationState
from anju.citizen.verification import REVIEW, decide, reachable
from anju.kernel import audit
from anju.kernel.errors import NotFound
from anju.kernel.http import Request, Routes

routes = Routes("/citizen-desk/verifications", title="实名审核")
PHOTOS = (("front", "证件正面"), ("back", "证件反面"), ("holder", "手持证件"))


class Refusal(Schema):
    """Why; the resident reads it."""

    reason: str = Field(max_length=300)


def as_json(found: IdentityVerification) -> dict[str, Any]:
    """A verification with the data to compare with the photographs."""
    taken = (
        IdentityVerification.objects.filter(number_blind=found.number_blind, state=VerificationState.APPROVED)
        .exclude(resident_id=found.resident_id)
        .exists()
    )
    photos = [
        {"kind": kind, "title": title, "file_id": file_id, "url": f"/api/files/{file_id}"}
        for kind, title in PHOTOS
        if (file_id := getattr(found, f"{kind}_id")) is not None
    ]
    return {
        "id": found.pk,
        "version": found.version,
        "way": found.way,
        "state": found.state,
        "name": found.name,
        "document_type": found.document_type,
        "document_number": found.document_number,
        "city": found.division,
        "phone": found.resident.phone_masked,
        "submitted_at": found.created_at,
        "due_on": found.due_on,
        "reason": found.reason,
        "decided_name": found.decided_name,
        "decided_at": found.decided_at,
        "number_taken": taken,
        "photos": photos,
    }


@routes.read("/{int:verification_id}", right=REVIEW, scope="division", summary="实名认证详情", atomic=True)
def read_verification(request: Request, verification_id: int) -> dict[str, Any]:
    found = reachable(request.actor).filter(pk=verification_id).first()
    if found is None:
        raise NotFound
    audit.record(
        "read_personal", actor=request.actor, subject=f"citizen.verification:{found.pk}", title="查看实名认证资料",
        detail={"fields": ["document_number", "photos"]},
    )  # fmt: skip
    return as_json(found)


@routes.act("/{int:verification_id}/approve", right=REVIEW, scope="division", summary="实名认证通过")
def approve(request: Request, verification_id: int) -> dict[str, Any]:
    return as_json(decide(verification_id, request.actor, approve=True))


@routes.act("/{int:verification_id}/refuse", right=REVIEW, scope="division", summary="实名认证不通过")
def refuse(request: Request, verification_id: int, body: Refusal) -> dict[str, Any]:
    return as_json(decide(verification_id, request.actor, approve=False, reason=body.reason))
