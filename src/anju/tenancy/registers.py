"""The register of contracts."""

from __future__ import annotations

from anju.kernel.crypto import mask_id_number, mask_phone
from anju.kernel.registers import Between, Choice, Column, DateBetween, Register, Rights, Search, Section, View, declare
from anju.tenancy import imports
from anju.tenancy.models import Contract


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
    heading = ("tenant_name", "number")
    badges = ("state",)
    detail = (
        Section("承租人", ["tenant_name", "tenant_number", "phone", "certificate_no"]),
        Section("房源", ["address", "rent", "division"]),
        Section("合同", ["number", "kind", "rent_mode", "starts_on", "ends_on", "state", "filing_no", "terminated_at"]),
    )
