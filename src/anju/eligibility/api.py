"""Operations that no block gives: a resident's own cases, publicity in public, deletion, certificate queries."""

from __future__ import annotations

from typing import Any

from ninja import File, Schema, UploadedFile
from pydantic import Field

from anju.eligibility import certificates, publicity, reportsheet, services
from anju.eligibility.models import Certificate
from anju.eligibility.progress import case_view, cases_view
from anju.kernel import clock
from anju.kernel.cases import supplements
from anju.kernel.cases.api import take_file
from anju.kernel.cases.seeing import visible
from anju.kernel.cases.services import own_case
from anju.kernel.crypto import mask_id_number, mask_phone
from anju.kernel.documents.listing import document_json
from anju.kernel.errors import NotFound
from anju.kernel.http import PUBLIC, RESIDENT, Empty, Request, Routes
from anju.kernel.scope import restrict

routes = Routes("", title="资格审核")


class DeletionAsked(Schema):
    """Why."""

    reason: str = Field(max_length=500)


class DeletionDecision(Schema):
    """Yes or no, with a note."""

    approve: bool
    note: str = Field("", max_length=500)


@routes.read("/public/publicity", right=PUBLIC, scope="none", summary="公示名单")
def public_publicity(request: Request, city: str = "3399") -> dict[str, Any]:
    digits = "".join(c for c in city if c.isdigit())[:6]
    return {"rows": publicity.shown_today(digits.removesuffix("00") if len(digits) == 6 else digits or "0")}


@routes.read("/citizen/cases", right=RESIDENT, scope="self", summary="我的申请")
def my_cases(request: Request) -> dict[str, Any]:
    return {"rows": cases_view(request.actor)}


@routes.read("/citizen/cases/{int:case_id}", right=RESIDENT, scope="self", summary="申请进度")
def my_case(request: Request, case_id: int) -> dict[str, Any]:
    return case_view(own_case(case_id, request.actor))


@routes.act("/citizen/cases/{int:case_id}/withdraw", right=RESIDENT, scope="self", summary="撤回申请")
def withdraw(request: Request, case_id: int, body: Empty) -> dict[str, Any]:
    return case_view(services.withdraw(case_id=case_id, actor=request.actor))


@routes.act("/citizen/cases/{int:case_id}/supplements/{int:item_id}", right=RESIDENT, scope="self", summary="上传补件")
def put_supplement(request: Request, case_id: int, item_id: int, file: File[UploadedFile]) -> dict[str, Any]:
    case = own_case(case_id, request.actor, locked=True)
    item = supplements.open_item(case, item_id)
    supplements.put_supplement_file(item=item, material=take_file(case, file, request.actor, "补件"))
    return case_view(case)


@routes.act("/citizen/cases/{int:case_id}/supplement", right=RESIDENT, scope="self", summary="交回补件")
def send_supplement(request: Request, case_id: int, body: Empty) -> dict[str, Any]:
    return case_view(supplements.send_supplement(case_id=case_id, actor=request.actor))


@routes.read("/citizen/certificate", right=RESIDENT, scope="self", summary="我的资格证")
def my_certificate(request: Request) -> dict[str, Any]:
    held = certificates.of_holder(request.actor.ref)
    if held is None:
        return {"certificate": None}
    row = Certificate.objects.get(pk=held.id)
    return {
        "certificate": {
            "id": held.id, "number": held.number, "holder": held.holder_name, "household_size": held.household_size,
            "valid_from": held.valid_from, "valid_until": held.valid_until, "priority_group": held.priority_group,
            "document": document_json(row.document_id) if row.document_id else None,
        }
    }  # fmt: skip


@routes.act(
    "/eligibility/cases/{int:case_id}/deletion",
    right="eligibility.deletion.ask",
    scope="org_path",
    summary="申请删除案件",
)
def ask_deletion(request: Request, case_id: int, body: DeletionAsked) -> dict[str, Any]:
    asked = services.ask_deletion(case_id=case_id, reason=body.reason, actor=request.actor)
    return {"id": asked.pk, "state": asked.state}


@routes.act(
    "/eligibility/deletions/{int:request_id}/decide", right="eligibility.deletion.decide", scope="org_path",
    summary="审批删除",
)  # fmt: skip
def decide_deletion(request: Request, request_id: int, body: DeletionDecision) -> dict[str, Any]:
    decided = services.decide_deletion(request_id=request_id, approve=body.approve, note=body.note, actor=request.actor)
    return {"id": decided.pk, "state": decided.state}


@routes.act(
    "/eligibility/cases/{int:case_id}/housing-report", right="cases.public_rental.view", scope="org_path",
    summary="生成住房核查报告",
)  # fmt: skip
def housing_report(request: Request, case_id: int, body: Empty) -> dict[str, Any]:
    return reportsheet.issue_housing_report(visible(case_id, request.actor), request.actor)


@routes.read(
    "/eligibility/certificates/{number}", right="eligibility.certificate.view", scope="org_path",
    summary="按资格证号查询",
)  # fmt: skip
def read_certificate(request: Request, number: str) -> dict[str, Any]:
    found = restrict(Certificate.objects.filter(number=number), request.actor, "eligibility.certificate.view").first()
    if found is None:
        raise NotFound
    known = certificates.facts(found)
    return {
        "number": known.number, "holder": known.holder_name, "gender": known.gender,
        "document_number": mask_id_number(known.document_number), "phone": mask_phone(known.phone),
        "household_size": known.household_size, "valid_from": known.valid_from, "valid_until": known.valid_until,
        "valid": known.valid_on(clock.today()) and found.state == "valid",
    }  # fmt: skip
