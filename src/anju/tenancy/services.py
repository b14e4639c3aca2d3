"""What may be done with a contract. Each function is one act in the caller's transaction.

The contract row is locked first, then the unit (in `supply.services`), always in this order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from anju.citizen.services import send_signing_code, use_signing_code
from anju.eligibility.services import CertificateFacts, certificate_by_id, certificate_by_number
from anju.identity.services import office_by_path
from anju.kernel import audit, clock
from anju.kernel.crypto import blind, mask_name
from anju.kernel.documents import issue, revoke
from anju.kernel.errors import Conflict, DomainError, FieldError, Invalid, NotFound
from anju.kernel.events import publish
from anju.kernel.numbering import format_number, next_number
from anju.kernel.scope import Actor, admits
from anju.supply import services as supply
from anju.tenancy import talent
from anju.tenancy.latest import ContractFacts as ContractFacts
from anju.tenancy.latest import latest_contracts as latest_contracts
from anju.tenancy.models import IN_FORCE, Contract, ContractState, Happening, TerminationKind
from anju.tenancy.occupants import OccupantInput, put_occupants, replace_occupants
from anju.tenancy.papers import templates
from anju.tenancy.papers.models import Paper
from anju.tenancy.papers.print_rights import require_print
from anju.waiting.services import chosen_unit
from anju.workspace.services import send_message, send_sms

TERMINATE = "tenancy.contract.terminate"


class NotNow(DomainError):
    """The contract's state does not allow this."""

    status, code, message, advice = 409, "contract.state", "合同现在的状态不能这样办", "请刷新后查看合同状态"


@dataclass(frozen=True)
class Terms:
    """What a contract is about: dates, money and the words of its kind."""

    attribute: str
    kind: str
    rent_mode: str
    starts_on: date
    ends_on: date
    rent: Decimal
    deposit: Decimal


def lookup(*, certificate_no: str, actor: Actor) -> CertificateFacts:
    """The holder of a certificate as the contract form needs him (SH-063.1); outside one's reach it is not found."""
    found = certificate_by_number(certificate_no)
    if not admits(actor, "tenancy.contract.manage", found):
        raise NotFound("没有找到有效的准入资格证", code="certificate.none", field="certificate_no")
    audit.record(
        "read_personal", actor=actor, subject=f"certificate:{found.id}", title=f"按资格证号查询 {found.number}"
    )
    return found


def draft_contract(
    *, certificate_no: str, unit_id: int, terms: Terms, occupants: list[OccupantInput], actor: Actor
) -> Contract:
    """Registers a contract in the state 'signing'; the unit is held for it from now on (SH-063).

    A household that chose a unit signs for that one. Raises `NoCertificate`, `Invalid`, `contract.other_unit`, and what
    `supply` says of a unit that is not free.
    """
    holder = lookup(certificate_no=certificate_no, actor=actor)
    check_terms(terms)
    if chosen_unit(holder.id) not in {None, unit_id}:
        raise NotNow(
            "这个家庭已选定另一套房源", code="contract.other_unit", field="unit_id", advice="请按选房结果登记合同"
        )
    unit = supply.get_unit(unit_id)
    if not admits(actor, "tenancy.contract.manage", unit):
        raise NotFound("没有找到这套房源", code="unit.none", field="unit_id")
    today = clock.today()
    serial = next_number("contract", area=unit.division, year=today.year)
    contract = Contract(
        number=format_number("HT{division}{year}{serial:06d}", division=unit.division, year=today.year, serial=serial),
        certificate_id=holder.id, certificate_no=holder.number, unit_id=unit.id, unit_code=unit.code,
        address=unit.address, project_name=unit.project_name, floor_area=unit.floor_area, tenant_ref=holder.holder_ref,
        tenant_name=holder.holder_name, tenant_gender=holder.gender, tenant_number=holder.document_number,
        tenant_key=blind(holder.document_number), phone=holder.phone, attribute=terms.attribute, kind=terms.kind,
        rent_mode=terms.rent_mode, starts_on=terms.starts_on, ends_on=terms.ends_on, rent=terms.rent, deposit=terms.deposit,
        org_path=unit.org_path, division=unit.division, created_by=actor.ref,
    )  # fmt: skip
    talent.bind(contract)
    contract.save()
    put_occupants(contract, occupants)
    supply.hold_unit(unit_id=unit.id, held_for=held_for(contract), actor=actor)
    note(contract, "draft", actor, f"登记合同 {contract.number}")
    return contract


def edit_contract(
    *, contract_id: int, version: int, terms: Terms, occupants: list[OccupantInput], actor: Actor
) -> Contract:
    """Changes a contract in the state 'signing' that nobody has signed (SH-063.5)."""
    contract = lock(contract_id, actor, "tenancy.contract.manage")
    need(contract, ContractState.SIGNING)
    if contract.version != version:
        raise Conflict(
            "别人刚改了这份合同", advice="请对照最新内容再保存，你填写的内容还在",
            details={"version": contract.version, "current": present_terms(contract)},
        )  # fmt: skip
    check_terms(terms)
    withdraw_text(contract, "合同内容已修改", actor)
    for name in ("attribute", "kind", "rent_mode", "starts_on", "ends_on", "rent", "deposit"):
        setattr(contract, name, getattr(terms, name))
    contract.sent_at, contract.version = None, contract.version + 1
    contract.save()
    replace_occupants(contract, occupants)
    note(contract, "change", actor, "修改合同")
    return contract


def cancel_contract(*, contract_id: int, reason: str, actor: Actor) -> Contract:
    """Cancels a contract in the state 'signing'; the unit is free again (SH-063.5)."""
    contract = lock(contract_id, actor, "tenancy.contract.manage")
    need(contract, ContractState.SIGNING)
    contract.state, contract.version = ContractState.CANCELLED, contract.version + 1
    withdraw_text(contract, "合同已作废", actor)
    contract.save()
    supply.release_unit(unit_id=contract.unit_id, held_for=held_for(contract), actor=actor, note=reason[:200])
    note(contract, "cancel", actor, reason)
    publish("tenancy.cancelled", contract_id=contract.pk, certificate_id=contract.certificate_id)
    return contract


def send_for_signing(*, contract_id: int, actor: Actor) -> Contract:
    """Makes the contract's text and sends the link to the tenant's telephone and to-do list (SH-065.2)."""
    contract = lock(contract_id, actor, "tenancy.contract.manage")
    need(contract, ContractState.SIGNING)
    make_text(contract, actor)
    contract.sent_at, contract.version = clock.now(), contract.version + 1
    contract.save()
    link = f"/contracts/{contract.pk}"
    words = f"租赁合同 {contract.number} 等你签字：{contract.address}。请打开 {settings.PUBLIC_URL}{link} 查看并签字。"
    send_message(
        contract.tenant_ref, "有一份合同等你签字", words, kind="contract", link=link, subject=contract.subject,
        key=f"{contract.subject}:sign:{contract.version}",
    )  # fmt: skip
    send_sms(
        contract.phone, f"{words}", "contract_signing", contract.subject, actor,
        key=f"{contract.subject}:sign:{contract.version}", org_path=contract.org_path, division=contract.division,
    )  # fmt: skip
    note(contract, "sent", actor, "发送签约链接")
    return contract


def make_text(contract: Contract, actor: Actor) -> None:
    """Issues the contract's paper from its present content; an earlier one, such as the draft, holds no longer.

    It is in the words that held on the day on which it was sent: the tenant signs what was read.
    """
    withdraw_text(contract, "已由新的合同文本代替", actor)
    day = clock.local_date(contract.sent_at) if contract.sent_at else clock.today()
    template, data = templates.written(contract.unit_id, day, paper(contract))
    document = issue(
        template=template, subject=contract.subject, number=contract.number, title="公共租赁住房租赁合同",
        data=data, actor=actor, org_path=contract.org_path, division=contract.division,
    )  # fmt: skip
    contract.document_id = document.pk


def withdraw_text(contract: Contract, reason: str, actor: Actor) -> None:
    """Revokes the contract's paper, so that two that differ are never both in force."""
    if contract.document_id is not None:
        revoke(contract.document_id, reason=reason, actor=actor)
        contract.document_id = None


def present_terms(contract: Contract) -> dict[str, Any]:
    """The terms as they stand, for a clerk who changed an earlier version."""
    names = ("attribute", "kind", "rent_mode", "starts_on", "ends_on", "rent", "deposit")
    return {name: getattr(contract, name) for name in names}


def paper(contract: Contract) -> dict[str, Any]:
    """What the contract and its notices say."""
    office = office_by_path(contract.org_path)
    return {
        "organisation": office.name if office else "",
        "lessor": office.name if office else "",
        "phone": office.phone if office else "",
        "number": contract.number,
        "certificate_no": contract.certificate_no,
        "lessee": contract.tenant_name,
        "lessee_number": contract.tenant_number,
        "lessee_phone": contract.phone,
        "occupants": [
            {"name": o.name, "document_number": o.number, "relation": o.relation, "kind": o.get_kind_display()}
            for o in contract.occupants.order_by("id")
        ],
        "address": contract.address,
        "project": contract.project_name,
        "unit_code": contract.unit_code,
        "let_part": "整套",
        "area": str(contract.floor_area),
        "rent": str(contract.rent),
        "deposit": str(contract.deposit),
        "rent_mode": contract.rent_mode,
        "starts_on": contract.starts_on.isoformat(),
        "ends_on": contract.ends_on.isoformat(),
        "signed_at": contract.signed_at.isoformat() if contract.signed_at else "",
        "signed_way": contract.signed_way,
        "filing_no": contract.filing_no,
        "filed_on": clock.local_date(contract.filed_at).isoformat() if contract.filed_at else "",
        "filing_valid_until": contract.ends_on.isoformat(),
        "issued_on": clock.today().isoformat(),
        "reason": contract.leaving_reason,
        "ended_on": contract.ended_on.isoformat() if contract.ended_on else "",
    }


def own_contract(contract_id: int, actor: Actor, *, locked: bool = False) -> Contract:
    """A resident's own contract, or `NotFound`."""
    contracts = Contract.objects.select_for_update() if locked else Contract.objects
    found = contracts.filter(pk=contract_id, tenant_ref=actor.ref).first()
    if found is None:
        raise NotFound
    return found


def ask_signing_code(*, contract_id: int, actor: Actor, address: str) -> dict[str, int]:
    """Sends the tenant a code with which to sign."""
    contract = own_contract(contract_id, actor)
    check_signable(contract)
    issued = send_signing_code(actor, contract.subject, address=address)
    return {"resend_after": issued.resend_after, "expires_in": issued.expires_in}


def sign_by_tenant(*, contract_id: int, code: str, actor: Actor) -> Contract:
    """The tenant signs on the phone with a code; the operator's seal is on the paper already: it takes effect.

    The code is used up in a transaction of its own, so that wrong tries count: call this outside of any.
    """
    contract = own_contract(contract_id, actor)
    if contract.state in IN_FORCE:
        return contract
    check_signable(contract)
    use_signing_code(actor, contract.subject, code)
    with transaction.atomic():
        contract = own_contract(contract_id, actor, locked=True)
        if contract.state in IN_FORCE:
            return contract
        check_signable(contract)
        return take_effect(contract, "online", actor)


def check_signable(contract: Contract) -> None:
    """Raises `NotNow` unless the contract was sent and waits for the tenant."""
    if contract.state != ContractState.SIGNING or contract.sent_at is None:
        raise NotNow("这份合同现在不用你签字", advice="请在“合同”里查看状态")


def sign_offline(*, contract_id: int, actor: Actor) -> Contract:
    """Both signed on paper: the contract takes effect with one click, the moment recorded (SH-065.1)."""
    contract = lock(contract_id, actor, "tenancy.contract.manage")
    need(contract, ContractState.SIGNING)
    return take_effect(contract, "offline", actor)


def take_effect(contract: Contract, way: str, actor: Actor) -> Contract:
    """The contract is signed: the unit is let and the household leaves the queue (SH-053.3)."""
    # only contracts that were taken over, and those are in force already, have none
    assert contract.certificate_id is not None
    if not certificate_by_id(contract.certificate_id).valid_on(clock.today()):
        raise NotNow("资格证已过有效期，不能签约", code="certificate.expired", advice="请先办理复核申请")
    talent.bind(contract)
    moment = clock.now()
    contract.state, contract.signed_way = ContractState.EFFECTIVE, way
    contract.signed_at, contract.effective_at, contract.version = moment, moment, contract.version + 1
    make_text(contract, actor)
    contract.save()
    supply.let_unit(
        unit_id=contract.unit_id, held_for=held_for(contract), contract_id=contract.pk,
        occupant_name_masked=mask_name(contract.tenant_name), lease_end=contract.ends_on, actor=actor,
    )  # fmt: skip
    note(contract, "signed", actor, "线上签约" if way == "online" else "线下签约")
    publish("tenancy.signed", contract_id=contract.pk, certificate_id=contract.certificate_id)
    return contract


def file_contract(*, contract_id: int, actor: Actor) -> Contract:
    """Files a contract in force: a filing number without gaps and the moment."""
    contract = lock(contract_id, actor, "tenancy.contract.file")
    need(contract, ContractState.EFFECTIVE)
    talent.bind(contract)
    today = clock.today()
    serial = next_number("filing", area=contract.division, year=today.year)
    contract.filing_no = format_number(
        "BA{division}{year}{serial:06d}", division=contract.division, year=today.year, serial=serial
    )
    contract.state, contract.filed_at, contract.version = ContractState.FILED, clock.now(), contract.version + 1
    contract.save()
    note(contract, "filed", actor, f"备案号 {contract.filing_no}")
    publish("tenancy.filed", contract_id=contract.pk)
    return contract


def issue_filing_notice(*, contract_id: int, actor: Actor) -> Contract:
    """The filing notice as a paper with all that SH-066.2 names; printed again it is issued anew."""
    contract = lock(contract_id, actor, "tenancy.notice.print")
    need(contract, ContractState.FILED, ContractState.LEAVING)
    if not contract.filing_no:
        raise NotNow("合同还没有备案，不能打印备案通知书", advice="请先办理备案")
    require_print(actor, contract, Paper.NOTICE)
    document = issue(
        template="filing_notice", subject=contract.subject, number=contract.filing_no, title="租赁合同备案通知书",
        data={**paper(contract), "printed_by": actor.org_name}, actor=actor, org_path=contract.org_path,
        division=contract.division, valid_until=contract.ends_on,
    )  # fmt: skip
    contract.notice_id = document.pk
    contract.save(update_fields=["notice_id"])
    note(contract, "notice", actor, "打印备案通知书")
    audit.record("print", actor=actor, subject=contract.subject, title=f"备案通知书 {contract.filing_no}")
    return contract


def request_termination(*, contract_id: int, kind: str, on: date, reason: str, actor: Actor) -> Contract:
    """The tenant asks to leave: a request until the clerk confirms it (ruling SH-074)."""
    contract = own_contract(contract_id, actor, locked=True)
    need(contract, ContractState.EFFECTIVE, ContractState.FILED)
    errors = []
    if kind not in TerminationKind.values:
        errors.append(FieldError("kind", "choice", "请选到期退租或提前退租"))
    if on < clock.today():
        errors.append(FieldError("on", "date.past", "退租日期不能早于今天"))
    if kind == TerminationKind.EXPIRY and on < contract.ends_on:
        errors.append(FieldError("kind", "termination.not_expired", f"合同 {contract.ends_on} 才到期，请选提前退租"))
    if on > contract.ends_on:
        errors.append(FieldError("on", "date.after_end", f"退租日期不能晚于合同到期日 {contract.ends_on}"))
    if len(reason.strip()) < 2:
        errors.append(FieldError("reason", "reason.too_short", "请写明退租原因"))
    if errors:
        raise Invalid(errors)
    contract.state, contract.leaving_kind, contract.leaving_on = ContractState.LEAVING, kind, on
    contract.leaving_reason, contract.version = reason.strip(), contract.version + 1
    contract.save()
    supply.start_leaving(unit_id=contract.unit_id, contract_id=contract.pk, actor=actor)
    note(contract, "leaving", actor, reason.strip())
    return contract


def keep_contract(*, contract_id: int, actor: Actor) -> Contract:
    """A wish to leave is taken back: by the tenant, or by the clerk who did not confirm it (ruling SH-074)."""
    own = actor.is_resident
    contract = own_contract(contract_id, actor, locked=True) if own else lock(contract_id, actor, TERMINATE)
    need(contract, ContractState.LEAVING)
    contract.state = ContractState.FILED if contract.filing_no else ContractState.EFFECTIVE
    contract.leaving_kind, contract.leaving_on, contract.leaving_reason = "", None, ""
    contract.version += 1
    contract.save()
    supply.stay_after_all(unit_id=contract.unit_id, contract_id=contract.pk, actor=actor)
    note(contract, "stay", actor, "撤回退租申请" if own else "未确认退租申请")
    return contract


def terminate(*, contract_id: int, kind: str, reason: str, actor: Actor) -> Contract:
    """Ends a contract in force at once; the moment is recorded, the unit is vacant (SH-074.2, .3)."""
    contract = lock(contract_id, actor, TERMINATE)
    need(contract, *IN_FORCE)
    if kind not in TerminationKind.values:
        raise Invalid([FieldError("kind", "choice", "请选到期退租或提前退租")])
    today = clock.today()
    if kind == TerminationKind.EXPIRY and today < contract.ends_on:
        raise Invalid([FieldError("kind", "termination.not_expired", f"合同 {contract.ends_on} 才到期，请选提前退租")])
    contract.state, contract.leaving_kind = ContractState.TERMINATED, kind
    contract.leaving_reason = reason.strip() or contract.leaving_reason
    contract.terminated_at, contract.ended_on = clock.now(), max(today, contract.starts_on)
    contract.version += 1
    contract.save()
    supply.vacate_unit(unit_id=contract.unit_id, contract_id=contract.pk, actor=actor)
    issue(
        template="termination_notice", subject=contract.subject, number=contract.number, title="退租确认书",
        data=paper(contract), actor=actor, org_path=contract.org_path, division=contract.division,
    )  # fmt: skip
    note(contract, "terminated", actor, TerminationKind(kind).label)
    publish("tenancy.terminated", contract_id=contract.pk, unit_id=contract.unit_id, division=contract.division)
    if contract.tenant_ref:
        send_message(
            contract.tenant_ref, "合同已终止", f"租赁合同 {contract.number} 已办理退租。", kind="contract",
            link=f"/contracts/{contract.pk}", subject=contract.subject, key=f"{contract.subject}:terminated",
        )  # fmt: skip
    return contract


def lock(contract_id: int, actor: Actor, right: str) -> Contract:
    """The contract, locked; `NotFound` outside the actor's reach."""
    actor.require(right)
    found = Contract.objects.select_for_update().filter(pk=contract_id).first()
    if found is None or not admits(actor, right, found):
        raise NotFound
    return found


def need(contract: Contract, *states: str) -> None:
    """Raises `NotNow` unless the contract is in one of the states."""
    if contract.state not in states:
        raise NotNow(f"合同是“{contract.get_state_display()}”，不能这样办", details={"state": contract.state})


def check_terms(terms: Terms) -> None:
    """Dates in order, money not negative; all wrong fields at once."""
    errors = []
    if terms.ends_on <= terms.starts_on:
        errors.append(FieldError("ends_on", "date.order", "终止日期要晚于起始日期"))
    if terms.rent <= 0:
        errors.append(FieldError("rent", "money", "月租金要大于 0"))
    if terms.deposit < 0:
        errors.append(FieldError("deposit", "money", "押金不能为负"))
    if (terms.ends_on - terms.starts_on).days > 366 * 5:
        errors.append(FieldError("ends_on", "date.too_long", "租期最长 5 年"))
    if errors:
        raise Invalid(errors)


def note(contract: Contract, node: str, actor: Actor, text: str) -> None:
    """Records a node of the flow chart."""
    Happening.objects.create(
        contract=contract, node=node, at=clock.now(), actor_ref=actor.ref, actor_name=actor.name, text=text[:300]
    )
    audit.record("act", actor=actor, subject=contract.subject, title=f"合同{text[:60]}")


def held_for(contract: Contract) -> str:
    """For whom the unit is kept until signing: the household, as when it chose."""
    return f"certificate:{contract.certificate_id}"
