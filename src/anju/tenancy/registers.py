"""The registers of contracts, and of those of talents that were pushed to the talent-housing platform."""

from __future__ import annotations

from typing import Any

from anju.kernel.crypto import mask_id_number, mask_phone
from anju.kernel.registers import (
    Action,
    Between,
    Choice,
    Column,
    DateBetween,
    Link,
    Register,
    Rights,
    Search,
    Section,
    View,
    declare,
)
from anju.kernel.scope import Actor
from anju.tenancy import imports, talent
from anju.tenancy.models import Contract, TalentContract


def push_for_talent(actor: Actor, contract: Contract, values: dict[str, Any]) -> str:
    """Register act."""
    return talent.push(actor=actor, contract=contract)


def push_again(actor: Actor, held: TalentContract, values: dict[str, Any]) -> str:
    """Register act."""
    return talent.again(held)


@declare
class ContractRegister(Register[Contract]):
    """Contracts of lease, live and ended."""

    key, title, unit, group, icon = "tenancy.contracts", "合同", "份", "租赁与使用", "file-pen"
    model = Contract
    rights = Rights("tenancy.contract")
    columns = (
        Column("number", frozen=True, width=190),
        Column("tenant_name", frozen=True, width=110),
        Column("address", width=280),
        Column("rent", money=True, width=120),
        Column("starts_on", width=120),
        Column("ends_on", width=120),
        Column("state", dictionary="contract_state", width=100),
        Column("filing_no", width=190),
        Column("certificate_no", width=190, hidden=True),
        Column("kind", dictionary="contract_kind", width=110, hidden=True),
        Column("rent_mode", dictionary="rent_mode", width=100, hidden=True),
        Column("division", dictionary="division", width=110, hidden=True),
        Column("talent_level", dictionary="talent_level", width=110, hidden=True),
        Column("talent_division", dictionary="division", width=120, hidden=True),
        Column("talent_unit_division", dictionary="division", width=130, hidden=True),
        Column("tenant_number", masked=mask_id_number, listed=False),
        Column("phone", masked=mask_phone, listed=False),
        Column("terminated_at", width=150, hidden=True),
    )
    filters = (
        Choice("state", dictionary="contract_state"),
        Choice("division", dictionary="division", tree=True),
        DateBetween("ends_on"),
        Between("rent", primary=False),
    )
    search = Search(["number", "tenant_name", "address", "certificate_no"], "合同编号、承租人、坐落、资格证号")
    order = "-id"
    views = (
        View("signing", "签约中", {"state": ["signing"]}),
        View("force", "有效", {"state": ["effective", "filed", "leaving"]}),
        View("leaving", "待退", {"state": ["leaving"]}),
    )
    imports = (imports.CONTRACTS,)
    can_create = can_change = can_delete = False
    actions = (Action("talent", "推送人才安居平台", push_for_talent, right="talent", batch=True),)
    heading = ("tenant_name", "number")
    called = "number"
    subjects = ("contract",)
    badges = ("state",)
    detail = (
        Section(
            "承租人", ["tenant_name", "tenant_number", "phone", "certificate_no", "talent_level", "talent_division"]
        ),
        Section("房源", ["address", "rent", "division", "talent_unit_division"]),
        Section("合同", ["number", "kind", "rent_mode", "starts_on", "ends_on", "state", "filing_no", "terminated_at"]),
    )


@declare
class TalentContractRegister(Register[TalentContract]):
    """Contracts of talents as the platform was told of them, for the housing subsidy (SH-192.5)."""

    key, title, unit, group, icon = "tenancy.talent_contracts", "人才合同推送", "份", "人才安居", "file-pen"
    model = TalentContract
    rights = Rights("tenancy.contract")
    columns = (
        Column("contract.number", "合同编号", link=Link("tenancy.contracts", "contract_id"), frozen=True, width=190),
        Column("contract.tenant_name", "承租人", width=110),
        Column("talent_no", width=150),
        Column("level", dictionary="talent_level", width=110),
        Column("contract.address", "坐落", width=260),
        Column("contract.filing_no", "备案号", width=190),
        Column("state", dictionary="talent_push_state", width=110),
        Column("told_at", width=150),
        Column("receipt", width=150),
        Column("trouble", width=220),
        Column("asked_by", width=100),
        Column("contract.rent", "月租金", money=True, width=110, hidden=True),
        Column("contract.ends_on", "终止日期", width=120, hidden=True),
    )
    filters = (
        Choice("state", dictionary="talent_push_state"),
        Choice("level", dictionary="talent_level"),
        DateBetween("told_at", primary=False),
    )
    order = "-id"
    can_create = can_change = can_delete = False
    actions = (Action("retry", "重新推送", push_again, right="talent"),)
    views = (View("pushing", "推送中", {"state": ["pushing"]}),)
    heading = ("contract.tenant_name", "contract.number")
    badges = ("state",)
    detail = (
        Section(
            "合同", ["contract.number", "contract.tenant_name", "contract.address", "contract.rent", "contract.ends_on"]
        ),
        Section(
            "推送",
            ["talent_no", "level", "contract.filing_no", "state", "told_at", "receipt", "trouble", "asked_by"],
        ),
    )
