"""The latest contract of households, by certificate: for those who put together what a person has with us."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from anju.kernel import clock
from anju.tenancy.models import LIVE, Contract


@dataclass(frozen=True)
class ContractFacts:
    """A contract; `live` while it is being signed or in force and its term is not over."""

    number: str
    state: str
    state_title: str
    live: bool
    starts_on: date
    ends_on: date
    address: str


def latest_contracts(certificate_ids: Iterable[int]) -> dict[int, ContractFacts]:
    """The latest contract of each certificate; certificates without one are left out."""
    today, found = clock.today(), Contract.objects.filter(certificate_id__in=list(certificate_ids)).order_by("id")
    return {
        one.certificate_id: ContractFacts(
            one.number, one.state, one.get_state_display(), one.state in LIVE and one.ends_on >= today, one.starts_on,
            one.ends_on, one.address,
        )
        for one in found
        if one.certificate_id is not None
    }  # fmt: skip
