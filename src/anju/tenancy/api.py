"""Operations on contracts: the desk's, and the tenant's on the phone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import Q
from ninja import Schema
from pydantic import Field

from anju.identity.sessions import address_of
from anju.kernel import clock
from anju.kernel.crypto import mask_id_number, mask_phone
from anju.kernel.documents.listing import document_json, documents_of
from anju.kernel.errors import NotFound
from anju.kernel.http import RESIDENT, Empty, Request, Routes
from anju.kernel.scope import Actor, restrict
from anju.tenancy import services
from anju.tenancy.flow import flow_chart
from anju.tenancy.models import IN_FORCE, Contract, ContractState
from anju.tenancy.occupants import OccupantInput
from anju.tenancy.papers.models import Paper
from anju.tenancy.papers.print_rights import may_print
from anju.tenancy.papers.printing import takes_newcomers
from anju.tenancy.services import Terms
from anju.waiting.services import chosen_unit

routes = Routes("", title="租赁合同")
Money = Annotated[Decimal, Field(ge=0, le=Decimal("9999999.99"), max_digits=9, decimal_places=2)]


class LookupBody(Schema):
    """The number of a certificate."""

    certificate_no: str = Field(min_length=4, max_length=40)


class OccupantBody(Schema):
    """A co-resident or temporary occupant. With the `id` of a row, its masked number or telephone means: unchanged."""

    kind: Literal["co_resident", "temporary"] = "co_resident"
    name: str = Field(max_length=60)
    document_number: str = Field(max_length=30)
    phone: str = Field("", max_length=20)
    relation: str = Field(max_length=30)
    id: int | None = Field(None, ge=1, le=2**62)


class TermsBody(Schema):
    """What a contract is about."""

    attribute: Literal["new", "renewal"] = "new"
    kind: Literal["individual", "employer"] = "individual"
    rent_mode: Literal["monthly", "quarterly", "half_yearly", "yearly"] = "monthly"
    starts_on: date
    ends_on: date
    rent: Money
    deposit: Money
    occupants: list[OccupantBody] = Field(default_factory=list, max_length=20)

    def terms(self) -> Terms:
        return Terms(self.attribute, self.kind, self.rent_mode, self.starts_on, self.ends_on, self.rent, self.deposit)

    def people(self) -> list[OccupantInput]:
        return [OccupantInput(o.kind, o.name, o.document_number, o.phone, o.relation, o.id) for o in self.occupants]


class DraftBody(TermsBody):
    """A new contract."""

    certificate_no: str = Field(min_length=4, max_length=40)
    unit_id: int = Field(ge=1, le=2**62)


class EditBody(TermsBody):
    """A changed contract."""

    version: int = Field(ge=1, le=2**31)


class ReasonBody(Schema):
    """Why."""

    reason: str = Field("", max_length=300)


class TerminateBody(ReasonBody):
    """The way a contract ends."""

    kind: Literal["expiry", "early"]


class LeaveBody(TerminateBody):
    """A tenant's wish to leave."""

    on: date


class CodeBody(Schema):
    """The code from the text message."""

    code: str = Field(min_length=4, max_length=8)


def as_json(contract: Contract, *, own: bool = False) -> dict[str, Any]:
    """A contract with its flow chart and people; numbers masked."""
    return {
        "id": contract.pk,
        "version": contract.version,
        "number": contract.number,
        "state": contract.state,
        "state_title": contract.get_state_display(),
        "certificate_no": contract.certificate_no,
        "tenant": {
            "name": contract.tenant_name,
            "gender": contract.tenant_gender,
            "document_number": mask_id_number(contract.tenant_number),
            "phone": mask_phone(contract.phone),
        },
        "unit": {
            "id": contract.unit_id,
            "code": contract.unit_code,
            "address": contract.address,
            "project": contract.project_name,
            "area": contract.floor_area,
        },
        "terms": {
            "attribute": contract.attribute,
            "kind": contract.kind,
            "rent_mode": contract.rent_mode,
            "starts_on": contract.starts_on,
            "ends_on": contract.ends_on,
            "rent": contract.rent,
            "deposit": contract.deposit,
        },
        "occupants": [
            {
                "id": o.pk,
                "kind": o.kind,
                "kind_title": o.get_kind_display(),
                "name": o.name,
                "document_number": mask_id_number(o.number),
                "phone": mask_phone(o.phone) if o.phone else "",
                "relation": o.relation,
            }
            for o in contract.occupants.order_by("id")
        ],
        "signed_at": contract.signed_at,
        "signed_way": contract.signed_way,
        "sent_at": contract.sent_at,
        "effective_at": contract.effective_at,
        "filing_no": contract.filing_no,
        "filed_at": contract.filed_at,
        "leaving": {"kind": contract.leaving_kind, "on": contract.leaving_on, "reason": contract.leaving_reason}
        if contract.leaving_kind
        else None,
        "terminated_at": contract.terminated_at,
        "document": document_json(contract.document_id) if contract.document_id else None,
        "notice": document_json(contract.notice_id) if contract.notice_id else None,
        "documents": documents_of(contract.subject),
        "flow": flow_chart(contract),
        "can_sign": own and contract.state == ContractState.SIGNING and contract.sent_at is not None,
        "can_stay": own and contract.state == ContractState.LEAVING,
        "can_leave": own and contract.state in {ContractState.EFFECTIVE, ContractState.FILED},
    }


def terminate_kinds(contract: Contract) -> list[str]:
    """The ways in which a contract in force can be ended today (SH-074.1)."""
    if contract.state not in IN_FORCE:
        return []
    return ["expiry", "early"] if clock.today() >= contract.ends_on else ["early"]


def desk_json(contract: Contract, actor: Actor) -> dict[str, Any]:
    """A contract with what this clerk may do now."""
    manage = actor.may("tenancy.contract.manage")
    prints = actor.may("tenancy.notice.print") and may_print(actor, contract, Paper.NOTICE)
    signing = contract.state == ContractState.SIGNING
    return {
        **as_json(contract),
        "can": {
            "edit": manage and signing,
            "cancel": manage and signing,
            "send": manage and signing,
            "sign_offline": manage and signing,
            "file": actor.may("tenancy.contract.file") and contract.state == ContractState.EFFECTIVE,
            "notice": prints and contract.state in {ContractState.FILED, ContractState.LEAVING},
            "move_in": prints and contract.state == ContractState.FILED and takes_newcomers(contract),
            "terminate": actor.may("tenancy.contract.terminate") and contract.state in IN_FORCE,
            "keep": actor.may("tenancy.contract.terminate") and contract.state == ContractState.LEAVING,
            "terminate_kinds": terminate_kinds(contract),
        },
    }


@routes.act(
    "/tenancy/certificates/lookup", right="tenancy.contract.manage", scope="org_path", summary="按资格证号取承租人"
)
def lookup(request: Request, body: LookupBody) -> dict[str, Any]:
    found = services.lookup(certificate_no=body.certificate_no, actor=request.actor)
    return {
        "certificate_no": found.number,
        "name": found.holder_name,
        "gender": found.gender,
        "document_number": mask_id_number(found.document_number),
        "phone": mask_phone(found.phone),
        "household_size": found.household_size,
        "valid_from": found.valid_from,
        "valid_until": found.valid_until,
        "chosen_unit": chosen_unit(found.id),
        "members": [
            {
                "name": member["name"],
                "relation": member["relation"],
                "document_number": mask_id_number(member["document_number"]),
            }
            for member in found.members
        ],
    }


@routes.act("/tenancy/contracts", right="tenancy.contract.manage", scope="org_path", summary="登记合同")
def draft(request: Request, body: DraftBody) -> dict[str, Any]:
    contract = services.draft_contract(
        certificate_no=body.certificate_no, unit_id=body.unit_id, terms=body.terms(), occupants=body.people(),
        actor=request.actor,
    )  # fmt: skip
    return desk_json(contract, request.actor)


@routes.read(
    "/tenancy/contracts/{int:contract_id}", right="tenancy.contract.view", scope="org_path", summary="合同详情"
)
def read(request: Request, contract_id: int) -> dict[str, Any]:
    found = restrict(Contract.objects.filter(pk=contract_id), request.actor, "tenancy.contract.view").first()
    if found is None:
        raise NotFound
    return desk_json(found, request.actor)


@routes.change(
    "/tenancy/contracts/{int:contract_id}", right="tenancy.contract.manage", scope="org_path", summary="修改合同"
)
def edit(request: Request, contract_id: int, body: EditBody) -> dict[str, Any]:
    contract = services.edit_contract(
        contract_id=contract_id, version=body.version, terms=body.terms(), occupants=body.people(), actor=request.actor
    )
    return desk_json(contract, request.actor)


@routes.act(
    "/tenancy/contracts/{int:contract_id}/cancel", right="tenancy.contract.manage", scope="org_path", summary="作废合同"
)
def cancel(request: Request, contract_id: int, body: ReasonBody) -> dict[str, Any]:
    contract = services.cancel_contract(contract_id=contract_id, reason=body.reason, actor=request.actor)
    return desk_json(contract, request.actor)


@routes.act(
    "/tenancy/contracts/{int:contract_id}/send", right="tenancy.contract.manage", scope="org_path", summary="发送签约"
)
def send(request: Request, contract_id: int, body: Empty) -> dict[str, Any]:
    return desk_json(services.send_for_signing(contract_id=contract_id, actor=request.actor), request.actor)


@routes.act(
    "/tenancy/contracts/{int:contract_id}/sign-offline", right="tenancy.contract.manage", scope="org_path",
    summary="线下签约生效",
)  # fmt: skip
def sign_offline(request: Request, contract_id: int, body: Empty) -> dict[str, Any]:
    return desk_json(services.sign_offline(contract_id=contract_id, actor=request.actor), request.actor)


@routes.act(
    "/tenancy/contracts/{int:contract_id}/file", right="tenancy.contract.file", scope="org_path", summary="备案"
)
def file(request: Request, contract_id: int, body: Empty) -> dict[str, Any]:
    return desk_json(services.file_contract(contract_id=contract_id, actor=request.actor), request.actor)


@routes.act(
    "/tenancy/contracts/{int:contract_id}/filing-notice", right="tenancy.notice.print", scope="org_path",
    summary="打印备案通知书",
)  # fmt: skip
def filing_notice(request: Request, contract_id: int, body: Empty) -> dict[str, Any]:
    return desk_json(services.issue_filing_notice(contract_id=contract_id, actor=request.actor), request.actor)


@routes.act(
    "/tenancy/contracts/{int:contract_id}/terminate", right="tenancy.contract.terminate", scope="org_path",
    summary="退租",
)  # fmt: skip
def terminate(request: Request, contract_id: int, body: TerminateBody) -> dict[str, Any]:
    contract = services.terminate(contract_id=contract_id, kind=body.kind, reason=body.reason, actor=request.actor)
    return desk_json(contract, request.actor)


@routes.act(
    "/tenancy/contracts/{int:contract_id}/keep", right="tenancy.contract.terminate", scope="org_path",
    summary="不确认退租申请",
)  # fmt: skip
def keep(request: Request, contract_id: int, body: Empty) -> dict[str, Any]:
    return desk_json(services.keep_contract(contract_id=contract_id, actor=request.actor), request.actor)


@routes.read("/citizen/contracts", right=RESIDENT, scope="self", summary="我的合同")
def my_contracts(request: Request) -> dict[str, Any]:
    mine = Contract.objects.filter(tenant_ref=request.actor.ref)
    shown = mine.exclude(Q(state=ContractState.SIGNING) & Q(sent_at__isnull=True)).exclude(
        state=ContractState.CANCELLED
    )
    return {
        "rows": [
            {
                "id": c.pk,
                "number": c.number,
                "state": c.state,
                "state_title": c.get_state_display(),
                "address": c.address,
                "rent": c.rent,
                "starts_on": c.starts_on,
                "ends_on": c.ends_on,
                "can_sign": c.state == ContractState.SIGNING,
            }
            for c in shown.order_by("-id")
        ]
    }


@routes.read("/citizen/contracts/{int:contract_id}", right=RESIDENT, scope="self", summary="我的合同详情")
def my_contract(request: Request, contract_id: int) -> dict[str, Any]:
    return as_json(services.own_contract(contract_id, request.actor), own=True)


@routes.act("/citizen/contracts/{int:contract_id}/code", right=RESIDENT, scope="self", summary="取签约验证码")
def signing_code(request: Request, contract_id: int, body: Empty) -> dict[str, Any]:
    return services.ask_signing_code(contract_id=contract_id, actor=request.actor, address=address_of(request))


@routes.act("/citizen/contracts/{int:contract_id}/sign", right=RESIDENT, scope="self", summary="签约", atomic=False)
def sign(request: Request, contract_id: int, body: CodeBody) -> dict[str, Any]:
    contract = services.sign_by_tenant(contract_id=contract_id, code=body.code, actor=request.actor)
    return as_json(contract, own=True)


@routes.act("/citizen/contracts/{int:contract_id}/terminate-request", right=RESIDENT, scope="self", summary="申请退租")
def leave(request: Request, contract_id: int, body: LeaveBody) -> dict[str, Any]:
    contract = services.request_termination(
        contract_id=contract_id, kind=body.kind, on=body.on, reason=body.reason, actor=request.actor
    )
    return as_json(contract, own=True)


@routes.act("/citizen/contracts/{int:contract_id}/stay", right=RESIDENT, scope="self", summary="撤回退租申请")
def stay(request: Request, contract_id: int, body: Empty) -> dict[str, Any]:
    return as_json(services.keep_contract(contract_id=contract_id, actor=request.actor), own=True)
