"""What tenancy contributes to the search over everything: contracts by number, tenant or address."""

from __future__ import annotations

from django.db.models import Q

from anju.kernel.scope import Actor, restrict
from anju.tenancy.models import Contract
from anju.workspace.search import Hit, searchable


@searchable("contracts", title="合同", order=40)
def find_contracts(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Contracts within the actor's reach whose number or tenant begins with the text."""
    rows = restrict(Contract.objects.all(), actor, "tenancy.contract.view")
    found = rows.filter(Q(number__startswith=text.upper()) | Q(tenant_name__startswith=text)).order_by("-id")[:limit]
    return [
        Hit(c.pk, f"{c.tenant_name} {c.get_state_display()}", f"{c.number} · {c.address}", f"/tenancy/contracts/{c.pk}")
        for c in found
    ]
