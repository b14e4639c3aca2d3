"""The departments, one module each: KEY, TITLE (what it answers), OFFICE (whose it is), and its OPERATIONS."""

from __future__ import annotations

from sandbox.departments import (
    administrative_approval,
    agreement_exchange,
    bank,
    case_store,
    data_hub,
    doors,
    land_expropriation,
    mail,
    marriage,
    office_automation,
    pre_sale,
    public_housing,
    qualification,
    real_estate,
    resettlement,
    resettlement_system,
    sms,
    social_insurance,
    subject_database,
    surveying_results,
    talent_platform,
)
from sandbox.departments.common import Department, Operation, Refused

ALL: dict[str, Department] = {
    module.KEY: Department(module.KEY, module.TITLE, module.OFFICE, module.OPERATIONS)
    for module in (
        real_estate, public_housing, resettlement, marriage, social_insurance, bank, sms, case_store, subject_database,
        mail, office_automation, doors, pre_sale, qualification, administrative_approval, surveying_results, data_hub,
        resettlement_system, land_expropriation, agreement_exchange, talent_platform,
    )
}  # fmt: skip

__all__ = ["ALL", "Department", "Operation", "Refused"]
