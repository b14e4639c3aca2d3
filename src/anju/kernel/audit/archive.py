"""Keeping the trail: six months at least, three years unless the city says otherwise; then a sealed file takes over."""

from __future__ import annotations

import gzip
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from anju.kernel import clock
from anju.kernel.audit.chain import Place, digest_of, lines
from anju.kernel.audit.models import AuditSeal
from anju.kernel.audit.services import record
from anju.kernel.errors import DomainError
from anju.kernel.files import may_read, store
from anju.kernel.files.models import StoredFile
from anju.kernel.scope import Actor, system

LEAST_MONTHS = 6
PURPOSE = "audit_archive"


class BlockBroken(DomainError):
    """A block that is not as it was sealed is not archived: the evidence stays."""

    code, message = "audit.broken", "这一段审计记录与封印不符，不能归档"
    advice = "请先核验并查明原因"


@may_read(PURPOSE)
def reads_archive(actor: Actor, file: StoredFile) -> bool:
    """Auditors read what was archived."""
    return actor.may("audit.entry.verify")


def months_kept() -> int:
    """How long entries stay in the table; less than six months is not accepted (NF-05.3)."""
    return max(LEAST_MONTHS, int(settings.ANJU_AUDIT_MONTHS))


def archive_old() -> int:
    """Archives the oldest blocks whose entries are all older than the time they are kept; gives how many."""
    limit = clock.real_now() - timedelta(days=31 * months_kept())
    done = 0
    for seal in AuditSeal.objects.filter(archived_at=None).order_by("number").defer("leaves").iterator():
        if seal.last_at > limit:
            break
        archive(seal.number)
        done += 1
    return done


@transaction.atomic
def archive(number: int) -> StoredFile:
    """Writes a block into an encrypted file and takes its entries out of the table; its seal stays in the chain.

    Raises `BlockBroken`. The database refuses it for entries of the last six months, whoever asks.
    """
    seal = AuditSeal.objects.select_for_update().get(pk=number)
    start, last = Place(seal.after_xact, seal.after_id), Place(seal.last_xact, seal.last_id)
    content = list(lines(start, last=last))
    if digest_of(iter(content)) != (seal.count, bytes(seal.digest)):
        raise BlockBroken(details={"number": number})
    name = f"审计记录-{number:06d}.tsv.gz"
    file = store(
        gzip.compress(b"".join(content), mtime=0), name=name, mime="application/gzip", actor=system(), purpose=PURPOSE,
        owner=f"audit.seal:{number}",
    )  # fmt: skip
    AuditSeal.objects.filter(pk=number).update(archived_at=clock.real_now(), archive_id=file.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_drop_archived(%s)", [number])
    record("erase", actor=system(), subject=f"audit.seal:{number}", title=f"归档审计记录 {seal.count} 条")
    return file
