"""Printing the filing notice of a contract again for a newcomer (SH-066.4)."""

from __future__ import annotations

from anju.kernel import audit, clock
from anju.kernel.documents import issue
from anju.kernel.scope import Actor
from anju.tenancy.models import Contract, ContractState
from anju.tenancy.occupants import OccupantInput, put_occupants
from anju.tenancy.papers.models import Paper
from anju.tenancy.papers.print_rights import PRINT, require_print
from anju.tenancy.services import NotNow, lock, need, note, paper


def takes_newcomers(contract: Contract) -> bool:
    """Whether co-residents may still move in without a change of the contract: an employer's, within its term."""
    return contract.kind == "employer" and contract.starts_on <= clock.today() <= contract.ends_on


def move_in(*, contract_id: int, occupant: OccupantInput, actor: Actor) -> Contract:
    """A new co-resident moves in during the term of an employer's contract; the notice is printed again (补打).

    Raises `NotNow` for another kind of contract, or outside its term, and `MayNotPrint`; then nothing has changed.
    """
    contract = lock(contract_id, actor, PRINT)
    need(contract, ContractState.FILED)
    if contract.kind != "employer":
        raise NotNow(
            "只有单位合同可以在租期内增加同住人并补打", code="contract.not_employer", advice="个人合同请办理变更"
        )
    if not takes_newcomers(contract):
        raise NotNow("不在合同有效期内，不能增加同住人", code="contract.out_of_term", advice="请先办理续签")
    require_print(actor, contract, Paper.NOTICE)
    put_occupants(contract, [occupant])
    document = issue(
        template="filing_notice", subject=contract.subject, number=contract.filing_no, title="租赁合同备案通知书（补打）",
        data={**paper(contract), "printed_by": actor.org_name, "supplement": True}, actor=actor,
        org_path=contract.org_path, division=contract.division, valid_until=contract.ends_on,
    )  # fmt: skip
    contract.notice_id, contract.version = document.pk, contract.version + 1
    contract.save(update_fields=["notice_id", "version", "updated_at"])
    note(contract, "notice", actor, f"{occupant.name} 入住，补打备案通知书")
    audit.record("print", actor=actor, subject=contract.subject, title=f"补打备案通知书 {contract.filing_no}")
    return contract
