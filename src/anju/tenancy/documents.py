"""Who may see the papers of a contract; and what of the papers declares itself: registers and operations."""

from __future__ import annotations

from anju.kernel.documents import may_print, may_see
from anju.kernel.documents.models import Document
from anju.kernel.scope import Actor, admits
from anju.tenancy.models import Contract
from anju.tenancy.papers import api, print_rights, registers
from anju.tenancy.papers.models import Paper
from anju.tenancy.papers.templates import TEMPLATE

__all__ = ["api", "prints_paper", "registers", "sees_contract"]


@may_see("contract")
def sees_contract(actor: Actor, number: str) -> bool:
    """A contract's papers are seen by its tenant and by staff who may see the contract."""
    contract = Contract.objects.filter(pk=int(number)).first()
    return contract is not None and (
        contract.tenant_ref == actor.ref or admits(actor, "tenancy.contract.view", contract)
    )


@may_print("contract")
def prints_paper(actor: Actor, document: Document) -> bool:
    """The tenant prints his own papers; of staff those whom the print rights name (SH-066.3)."""
    if actor.is_resident:
        return True
    contract = Contract.objects.filter(pk=int(document.subject.partition(":")[2])).first()
    kind = Paper.CONTRACT if document.template == TEMPLATE else document.template
    return contract is not None and print_rights.may_print(actor, contract, kind)
