"""Checking the audit trail: each block's digest, the chain, the signatures, its end; names the first wrong entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime

from anju.kernel import clock
from anju.kernel.audit import anchor
from anju.kernel.audit.chain import LEAF, Place, digest_of, head_of, horizon, leaf_of, lines
from anju.kernel.audit.models import AuditCheck, AuditEntry, AuditSeal
from anju.kernel.audit.sealing import KEY, START
from anju.kernel.crypto import service
from anju.kernel.scope import Actor

MOST_FINDINGS = 20
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was sealed: what kind, which entry (0: none in particular), which seal, in words."""

    kind: str
    entry: int
    seal: int
    told: str


@dataclass
class Report:
    """What a check found, the first wrong entry first."""

    started_at: datetime
    finished_at: datetime
    seals: int = 0
    entries: int = 0
    archived: int = 0
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether everything is as it was sealed."""
        return not self.findings


def verify(progress: Progress = lambda done: None) -> Report:
    """Checks the whole trail; `progress` is told how many entries were read and may raise to stop."""
    moment = clock.real_now()
    report = Report(moment, moment)
    after, previous, expected = Place(), START, 1
    for seal in _seals():
        if seal.number != expected:
            report.findings.append(
                Finding("seal_missing", 0, expected, f"第 {expected} 号封印缺失，其后是第 {seal.number} 号")
            )
        _check_seal(seal, after, previous, report)
        report.seals += 1
        report.entries += 0 if seal.archived_at else seal.count
        after, previous, expected = Place(seal.last_xact, seal.last_id), bytes(seal.head), seal.number + 1
        progress(report.entries)
        if len(report.findings) >= MOST_FINDINGS:
            break
    _check_end(report)
    report.unsealed = waiting(after)
    report.finished_at = clock.real_now()
    return report


def keep(report: Report, actor: Actor) -> AuditCheck:
    """Remembers a check, so that the page shows the last one."""
    return AuditCheck.objects.create(
        started_at=report.started_at, finished_at=report.finished_at, actor=actor.ref, seals=report.seals,
        entries=report.entries, archived=report.archived, unsealed=report.unsealed,
        findings=[asdict(each) for each in report.findings],
    )  # fmt: skip


def _seals() -> Iterator[AuditSeal]:
    """All seals in order, a hundred at a time: each carries the names of ten thousand entries."""
    last = -1
    while found := list(AuditSeal.objects.filter(number__gt=last).order_by("number")[:100]):
        yield from found
        last = found[-1].number


def _check_seal(seal: AuditSeal, after: Place, previous: bytes, report: Report) -> None:
    told = report.findings
    last, start = Place(seal.last_xact, seal.last_id), Place(seal.after_xact, seal.after_id)
    head = head_of(
        number=seal.number, after=start, last=last, count=seal.count, digest=bytes(seal.digest),
        leaves=bytes(seal.leaves), previous=bytes(seal.previous), sealed_at=seal.sealed_at,
    )  # fmt: skip
    if bytes(seal.previous) != previous or start != after:
        told.append(Finding("chain_broken", 0, seal.number, f"第 {seal.number} 号封印接不上前一号，链在此断开"))
    if head != bytes(seal.head):
        told.append(Finding("seal_changed", 0, seal.number, f"第 {seal.number} 号封印的内容被改动"))
    elif not service().verify(KEY, head, bytes(seal.signature)):
        told.append(Finding("signature_wrong", 0, seal.number, f"第 {seal.number} 号封印的签名不符"))
    if seal.archived_at is not None:
        report.archived += seal.count
        return
    count, digest = digest_of(lines(start, last=last))
    if (count, digest) != (seal.count, bytes(seal.digest)):
        told.extend(_differences(seal, start, last, MOST_FINDINGS - len(told)))


def _differences(seal: AuditSeal, start: Place, last: Place, most: int) -> list[Finding]:
    """Which entries of a block are missing, changed or foreign, in the order of the chain."""
    leaves = bytes(seal.leaves)
    sealed = {leaves[at : at + 8]: leaves[at + 8 : at + LEAF] for at in range(0, len(leaves), LEAF)}
    found = {(leaf := leaf_of(line))[:8]: leaf[8:] for line in lines(start, last=last)}
    told: list[Finding] = []
    for key in [*sealed, *(key for key in found if key not in sealed)]:
        number = int.from_bytes(key, "big")
        if key not in found:
            told.append(Finding("entry_missing", number, seal.number, f"第 {number} 号审计记录被删除"))
        elif key not in sealed:
            told.append(Finding("entry_foreign", number, seal.number, f"第 {number} 号审计记录是封存后插入的"))
        elif found[key] != sealed[key]:
            told.append(Finding("entry_changed", number, seal.number, f"第 {number} 号审计记录被改动"))
        if len(told) >= most:
            break
    told.sort(key=lambda finding: finding.entry)
    return told or [Finding("block_changed", 0, seal.number, f"第 {seal.number} 号封印所封的记录次序被改动")]


def _check_end(report: Report) -> None:
    noted = anchor.latest()
    if noted is None or noted.number == 0:
        return
    kept = AuditSeal.objects.filter(pk=noted.number).values_list("head", flat=True).first()
    if kept is None:
        told = f"库外登记的第 {noted.number} 号封印不在库中，审计链的末端被截断"
        report.findings.append(Finding("chain_cut", 0, noted.number, told))
    elif bytes(kept) != noted.head:
        told = f"第 {noted.number} 号封印与库外登记不符，审计链被整段替换"
        report.findings.append(Finding("chain_replaced", 0, noted.number, told))


def waiting(after: Place) -> int:
    """How many final entries wait to be sealed."""
    return AuditEntry.objects.extra(
        where=["(xact, id) > (%s, %s)", "xact < %s"], params=[after.xact, after.id, horizon()]
    ).count()
