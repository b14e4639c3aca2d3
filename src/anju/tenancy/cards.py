"""What tenancy shows on work views (SH-001)."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from anju.kernel.scope import Actor, restrict
from anju.tenancy.models import IN_FORCE, Contract, ContractState
from anju.workspace.cards import figure


@figure("contracts", "有效合同", right="tenancy.contract.view", order=38)
def contracts(actor: Actor) -> dict[str, Any]:
    """Contracts in force within the actor's reach, and those that still wait to be filed."""
    found = restrict(Contract.objects.all(), actor, "tenancy.contract.view").aggregate(
        live=Count("id", filter=Q(state__in=IN_FORCE)), unfiled=Count("id", filter=Q(state=ContractState.EFFECTIVE))
    )
    return {
        "value": found["live"],
        "unit": "份",
        "note": f"待备案 {found['unfiled']}",
        "link": "/registers/tenancy.contracts",
    }
