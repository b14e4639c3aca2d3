"""Keeping who lived in a unit: begun when it is let, corrected with the contract, ended when it is vacated."""

from __future__ import annotations

from datetime import date

from anju.kernel import clock
from anju.supply.models import Occupancy
from anju.supply.moves import UnitInfo


def begun(unit: UnitInfo, *, contract_id: int, who: str, lease_end: date) -> None:
    """The unit was let today; told again for the same contract, nothing is added."""
    Occupancy.objects.get_or_create(
        unit_id=unit.id, contract_id=contract_id, ended_on=None,
        defaults={"who": who, "starts_on": clock.today(), "lease_end": lease_end, "rent": unit.rent},
    )  # fmt: skip


def corrected(unit: UnitInfo, *, contract_id: int, who: str, lease_end: date) -> None:
    """Renewal or change of tenant: another contract begins today where the former one ends, the same one is corrected."""
    current = Occupancy.objects.select_for_update().filter(unit_id=unit.id, ended_on=None).first()
    if current is not None and current.contract_id == contract_id and current.who == who:
        current.lease_end = lease_end
        current.save(update_fields=["lease_end"])
        return
    ended(unit)
    begun(unit, contract_id=contract_id, who=who, lease_end=lease_end)


def ended(unit: UnitInfo) -> None:
    """The unit was vacated today."""
    Occupancy.objects.filter(unit_id=unit.id, ended_on=None).update(ended_on=clock.today())
