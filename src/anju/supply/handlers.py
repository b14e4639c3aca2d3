"""What supply contributes to the search over everything: units by code or address."""

from __future__ import annotations

from anju.kernel.registers import REGISTERS
from anju.kernel.scope import Actor, restrict
from anju.supply.models import Unit
from anju.workspace.search import Hit, searchable


@searchable("units", title="房源", order=30)
def find_units(actor: Actor, text: str, limit: int) -> list[Hit]:
    """Units within the actor's reach whose code or address holds the text."""
    search = REGISTERS["supply.units"].search
    assert search is not None
    rows = restrict(Unit.objects.all(), actor, "supply.unit.view").filter(search.condition(text, Unit))
    found = rows.order_by("code").values("id", "code", "address", "layout")[:limit]
    return [Hit(row["id"], row["address"], row["code"], f"/registers/supply.units?row={row['id']}") for row in found]
