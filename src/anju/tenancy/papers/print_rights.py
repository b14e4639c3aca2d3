"""Who may print which paper of a contract (SH-066.3)."""

from __future__ import annotations

from anju.identity.services import office
from anju.kernel.documents.guards import MayNotPrint
from anju.kernel.scope import Actor
from anju.supply import services as supply
from anju.tenancy.models import Contract
from anju.tenancy.papers.models import PrintRight

PRINT = "tenancy.notice.print"


def may_print(actor: Actor, contract: Contract, paper: str) -> bool:
    """Whether an actor may print a paper of a contract.

    Where no rights are configured for a kind of paper, the right of the role decides alone. As soon as one is, only
    those listed print: their organisation (or one above it), its kind and the programme all fit. Read at every request.
    """
    rights = list(PrintRight.objects.select_related("organisation").filter(paper=paper))
    if not rights or actor.kind == "system":
        return True
    programme = supply.get_unit(contract.unit_id).programme
    kind = office(actor.org_id).kind if actor.org_id else ""
    return any(
        (right.organisation is None or actor.org_path.startswith(right.organisation.path))
        and right.organisation_kind in {"", kind}
        and right.programme in {"", programme}
        for right in rights
    )


def require_print(actor: Actor, contract: Contract, paper: str) -> None:
    """Raises `MayNotPrint`."""
    if not may_print(actor, contract, paper):
        raise MayNotPrint(details={"paper": paper})
