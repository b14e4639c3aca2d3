"""Sealing the audit trail: every minute the final entries are digested in blocks, chained and signed (SM3, SM2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from anju.kernel import clock
from anju.kernel.audit import anchor
from anju.kernel.audit.chain import Place, block_after, head_of, horizon
from anju.kernel.audit.models import AuditEntry, AuditSeal
from anju.kernel.crypto import service
from anju.kernel.errors import DomainError

BLOCK = 10_000
KEY = "audit"
START = bytes(32)
_LOCK = 0x616E6A75_61756474
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ChainCut(DomainError):
    """The trail in the database ends before the place noted outside it: its end was cut off, or a backup came back."""

    code, message = "audit.cut", "审计链末端与库外登记不符：末端可能被截断，或库由备份恢复"
    advice = "请审计员先核验；确系恢复备份的，由审计员执行 anju audit accept --reason 说明原因后继续"


def seal(*, block: int = BLOCK, most: int = 1000) -> int:
    """Seals what is final, in blocks, each its own transaction; gives the number of entries sealed.

    Two at once: the second finds nothing left to do. Raises `ChainCut` rather than go on over a cut.
    """
    sealed = 0
    for _ in range(most):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            made = _seal_one(block)
        if made is None:
            break
        sealed += made.count
        if made.count < block:
            break
    return sealed


def _seal_one(size: int) -> AuditSeal | None:
    former = AuditSeal.objects.order_by("-number").first()
    check_end(former)
    after = Place(former.last_xact, former.last_id) if former else Place()
    found = block_after(after, horizon(), size)
    if found is None:
        return None
    number = former.number + 1 if former else 1
    previous = bytes(former.head) if former else START
    moment = clock.real_now()
    head = head_of(
        number=number, after=after, last=found.last, count=found.count, digest=found.digest, leaves=found.leaves,
        previous=previous, sealed_at=moment,
    )  # fmt: skip
    made = AuditSeal.objects.create(
        number=number, after_xact=after.xact, after_id=after.id, last_xact=found.last.xact, last_id=found.last.id,
        count=found.count, first_at=_moment(found.first_at), last_at=_moment(found.last_at), digest=found.digest,
        leaves=found.leaves, previous=previous, head=head, signature=service().sign(KEY, head), sealed_at=moment,
    )  # fmt: skip
    transaction.on_commit(lambda: anchor.note(number, head, moment.isoformat()))
    return made


def check_end(last: AuditSeal | None) -> None:
    """Raises `ChainCut` when the seal noted outside is not in the database as it was."""
    noted = anchor.latest()
    if noted is None:
        return
    kept = AuditSeal.objects.filter(pk=noted.number).values_list("head", flat=True).first()
    if last is None or kept is None or bytes(kept) != noted.head:
        raise ChainCut(details={"number": noted.number, "last": last.number if last else 0})


def accept_end() -> int:
    """Notes the present end of the chain as the right one, after a restored backup; gives its number."""
    last = AuditSeal.objects.order_by("-number").first()
    anchor.note(last.number if last else 0, bytes(last.head) if last else START, clock.real_now().isoformat())
    return last.number if last else 0


def follow_lineage() -> None:
    """Makes new entries follow the sealed ones after a restore into a server that counts transactions anew."""
    highest = AuditEntry.objects.order_by("-xact", "-id").values_list("xact", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_moment()")
        if (present := int(cursor.fetchone()[0])) < highest:
            cursor.execute(
                """
                INSERT INTO audit_lineage (shift) VALUES (%s)
                ON CONFLICT (single) DO UPDATE SET shift = audit_lineage.shift + excluded.shift
                """,
                [highest - present + 1],
            )


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)
