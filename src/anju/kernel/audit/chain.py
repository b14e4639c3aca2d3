"""What of the audit trail is sealed: the entries' text in the order of (transaction, id), as COPY gives it.

An entry is final when its transaction ended; the oldest transaction still running is the horizon. Below it
no entry can appear any more, so the order of (transaction, id) is fixed there, although writers never wait for each
other or for the sealing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.db import connection

from anju.kernel.crypto import service

LEAF, _SHORT = 16, 8
# Running transactions of another database of the same server write no entry here; whose it is, its lock tells.
HORIZON = """
    WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot),
         running AS (SELECT pg_snapshot_xip(snapshot) AS xact FROM now)
    SELECT coalesce(
             (SELECT min(xact::text::bigint) FROM running
               WHERE NOT EXISTS (
                   SELECT 1 FROM pg_locks AS held JOIN pg_stat_activity AS backend ON backend.pid = held.pid
                    WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' AND held.granted
                      AND held.transactionid = xact::xid AND backend.datname <> current_database())),
             (SELECT pg_snapshot_xmax(snapshot)::text::bigint FROM now))
         + coalesce((SELECT shift FROM audit_lineage), 0)
"""
# Every column, in words that depend on no setting of the server or the session.
_TEXT = """
    SELECT id, xact, (extract(epoch FROM at) * 1000000)::bigint, action, actor, actor_name, subject, title,
           detail::text, address, session, org_path, division
      FROM audit_auditentry
     WHERE (xact, id) > ({after_xact}, {after_id}) AND {until}
     ORDER BY xact, id {limit}
"""


@dataclass(frozen=True)
class Place:
    """A place in the chain: the entry of this transaction and id is the last before it."""

    xact: int = -1
    id: int = 0


@dataclass
class Block:
    """The digest of a run of entries, and what names each of them."""

    count: int
    digest: bytes
    leaves: bytes
    last: Place
    first_at: int
    last_at: int


def lines(after: Place, *, last: Place | None = None, horizon: int = 0, limit: int = 0) -> Iterator[bytes]:
    """The text of the entries behind a place: up to an entry, or those that are final."""
    until = f"(xact, id) <= ({last.xact:d}, {last.id:d})" if last else f"xact < {horizon:d}"
    query = _TEXT.format(
        after_xact=int(after.xact), after_id=int(after.id), until=until, limit=f"LIMIT {limit:d}" if limit else ""
    )
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
        for line in copy:
            yield bytes(line)


def digest_of(found: Iterator[bytes]) -> tuple[int, bytes]:
    """How many lines, and SM3 over all of them."""
    made, count = Hash(SM3()), 0
    for line in found:
        made.update(line)
        count += 1
    return count, made.finalize()


def leaf_of(line: bytes) -> bytes:
    """The id of an entry and eight bytes of its SM3: enough to name the one that changed, the block's digest judges."""
    made = Hash(SM3())
    made.update(line)
    return int(line[: line.index(b"\t")]).to_bytes(LEAF - _SHORT, "big") + made.finalize()[:_SHORT]


def block_after(after: Place, horizon: int, limit: int) -> Block | None:
    """The next entries to be sealed; None when none is final."""
    made, leaves, count = Hash(SM3()), [], 0
    last, first_at, last_at = after, 0, 0
    for line in lines(after, horizon=horizon, limit=limit):
        made.update(line)
        leaves.append(leaf_of(line))
        number, xact, at = (int(part) for part in line.split(b"\t", 3)[:3])
        last, count = Place(xact, number), count + 1
        first_at, last_at = min(first_at or at, at), max(last_at, at)
    if not count:
        return None
    return Block(count, made.finalize(), b"".join(leaves), last, first_at, last_at)


def head_of(
    *, number: int, after: Place, last: Place, count: int, digest: bytes, leaves: bytes, previous: bytes,
    sealed_at: datetime,
) -> bytes:  # fmt: skip
    """SM3 over everything a seal says and over the seal before it."""
    told = [
        number, after.xact, after.id, last.xact, last.id, count, digest.hex(), service().digest(leaves).hex(),
        previous.hex(), sealed_at.astimezone(UTC).isoformat(),
    ]  # fmt: skip
    return service().digest(orjson.dumps(told))


def horizon() -> int:
    """The first transaction that may still write."""
    with connection.cursor() as cursor:
        cursor.execute(HORIZON)
        return int(cursor.fetchone()[0])
