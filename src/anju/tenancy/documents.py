"""Who may see the papers of a contract."""

from __future__ import annotations

from anju.kernel.documents import may_see
from anju.kernel.scope import Actor, admits
from anju.tenancy.models import Contract


@may_see("contract")
def sees_contract(actor: Actor, number: str) -> bool:
    """A contract's papers are seen by its tenant and by staff who may see the contract."""
    contract = Contract.objects.filter(pk=int(number)).first()
    return contract is not None and (
        contract.tenant_ref == actor.ref or admits(actor, "tenancy.contract.view", contract)
    )
