"""The end of a choice that was not signed for in time, together with the contract that waits for the signature."""

from __future__ import annotations

from django.db import transaction

from anju.kernel.scope import system
from anju.tenancy.models import IN_FORCE, LIVE, Contract
from anju.tenancy.services import cancel_contract
from anju.waiting.terms import take_back


class _SignedMeanwhile(Exception):
    """A clerk registered a contract while its choice was being taken back."""


def end_unsigned(*, choice_id: int, certificate_id: int) -> None:
    """Takes an overdue choice back and cancels its unsigned contract; one signed meanwhile is left alone.

    The contract is locked first and then the unit, as everywhere; a contract that appears in between undoes the whole,
    and the next day looks again. A second run changes nothing.
    """
    contracts = Contract.objects.filter(certificate_id=certificate_id, state__in=LIVE)
    contract = contracts.select_for_update().first()
    if contract is not None and contract.state in IN_FORCE:
        return
    try:
        with transaction.atomic():
            if not take_back(choice_id, held=contract is None):
                return
            if contract is not None:
                cancel_contract(contract_id=contract.pk, reason="选房后逾期未签约", actor=system())
            elif contracts.exists():
                raise _SignedMeanwhile
    except _SignedMeanwhile:
        return
