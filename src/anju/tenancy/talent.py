"""人才合同: which unit a talent may sign for (SH-018.11, SH-018.12), and his filed contract pushed to the city's
talent-housing platform with one press (SH-192.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from anju.eligibility.services import talent_of
from anju.kernel import clock
from anju.kernel.connectors import Connector, ConnectorError, Receipt
from anju.kernel.errors import Conflict
from anju.kernel.jobs import background, defer
from anju.kernel.scope import Actor
from anju.supply import services as supply
from anju.tenancy.models import Contract, ContractState, TalentContract

DISTRICT, AFFORDABLE = "district", "affordable_rental"


@dataclass(frozen=True, kw_only=True)
class ContractTold:
    """A filed contract as the basis of a talent's housing subsidy: yuan a month, square metres."""

    push_id: str
    contract_number: str
    filing_number: str
    talent_number: str
    tenant_name: str
    id_number: str
    unit_code: str
    address: str
    floor_area: Decimal
    rent: Decimal
    starts_on: date
    ends_on: date
    filed_on: date


class ContractSend(Connector[ContractTold, Receipt]):
    """Pushes a talent's contract for the talent housing subsidy."""

    key, title, department = "talent_contract", "人才合同推送", "市人才安居平台"
    interface = "talent_platform.contract"


class NotFiled(Conflict):
    """Only a filed contract is a basis of the subsidy."""

    code, message, advice = "contract.not_filed", "合同没有备案，不能推送", "请先办理备案"


class NotTalent(Conflict):
    """The platform does not recognise the tenant as a talent."""

    code, message = "contract.not_talent", "承租人不是已认定的人才，不能推送"
    advice = "请在“人才名单”里核对人才认定"


class NotForTalent(Conflict):
    """A district's talent signs only for affordable rental units that are marked for talents of his district."""

    code, message = "contract.talent_unit", "区级人才只能签约本区人才标识的保租房源"
    advice = "请选择带有他所属区人才标识的房源"


def bind(contract: Contract) -> None:
    """Writes into a contract as whom its tenant signs and what the unit is; to be saved by the caller.

    Asked at registration, signing and filing, for a recognition or a mark may come or go between. A talent of the city
    signs for any unit (SH-018.11). Raises `NotForTalent`; the table forbids the same (`tenancy_contract_talent`).
    """
    unit = supply.get_unit(contract.unit_id)
    held = talent_of(bytes(contract.tenant_key)) if contract.tenant_key else None
    contract.programme = unit.programme
    contract.talent_level, contract.talent_division = (held.level, held.division) if held else ("", "")
    contract.talent_unit_division = supply.talent_district(unit.id)
    if held is None or held.level != DISTRICT or unit.programme != AFFORDABLE:
        return
    if contract.talent_unit_division != held.division:
        details = {"talent_division": held.division, "unit_division": contract.talent_unit_division}
        raise NotForTalent(field="unit_id", details=details)


def push(*, actor: Actor, contract: Contract) -> str:
    """Has a filed contract of a talent told to the platform; one that it has is not told again.

    The contract is locked. Raises `NotFiled`, `NotTalent`.
    """
    if contract.state not in {ContractState.FILED, ContractState.LEAVING} or not contract.filing_no:
        raise NotFiled(details={"state": contract.state})
    talent = talent_of(bytes(contract.tenant_key)) if contract.tenant_key else None
    if talent is None:
        raise NotTalent
    held, made = TalentContract.objects.get_or_create(
        contract=contract,
        defaults={
            "talent_no": talent.certificate_no, "level": talent.level, "asked_by": actor.name[:50],
            "org_path": contract.org_path, "division": contract.division, "created_by": actor.ref,
        },
    )  # fmt: skip
    if held.state == "pushed":
        return f"{contract.number} 已推送，平台回执 {held.receipt}，不必重复推送"
    return again(held) if not made else send(contract.pk)


def send(contract_id: int) -> str:
    """Asks the worker to tell a contract."""
    defer("tenancy.push_talent_contract", once=f"talent-contract:{contract_id}", contract_id=contract_id)
    return "正在推送至市人才安居平台，结果见“人才合同推送”"


def again(held: TalentContract) -> str:
    """Has a contract told now, instead of after the pause that follows a failure."""
    if held.state == "pushed":
        raise Conflict("平台已收到这份合同", code="contract.talent_pushed", advice="不必重复推送")
    defer(
        "tenancy.push_talent_contract", once=f"talent-contract-now:{held.contract_id}", contract_id=held.contract_id
    )  # fmt: skip
    return "已重新推送，稍后刷新查看"


@background("tenancy.push_talent_contract", atomic=False)
def push_contract(contract_id: int) -> None:
    """Tells one contract; a repeat changes nothing there."""
    held = TalentContract.objects.select_related("contract").get(contract_id=contract_id)
    contract = held.contract
    if held.state == "pushed":
        return
    assert contract.filed_at  # a filed contract has the moment
    told = ContractTold(
        push_id=f"talent-contract-{contract.pk}", contract_number=contract.number, filing_number=contract.filing_no,
        talent_number=held.talent_no, tenant_name=contract.tenant_name, id_number=contract.tenant_number,
        unit_code=contract.unit_code, address=contract.address, floor_area=contract.floor_area, rent=contract.rent,
        starts_on=contract.starts_on, ends_on=contract.ends_on, filed_on=clock.local_date(contract.filed_at),
    )  # fmt: skip
    try:
        answer = ContractSend().call(told, subject=contract.subject, call_id=told.push_id)
    except ConnectorError as failure:
        TalentContract.objects.filter(pk=held.pk).update(trouble=failure.message[:200])
        raise
    TalentContract.objects.filter(pk=held.pk).update(
        state="pushed", told_at=clock.now(), receipt=answer.receipt, trouble=""
    )  # fmt: skip
