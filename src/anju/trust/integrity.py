"""Integrity values of documents and business logs: made for every new row, checked on request, the changed one named.

A kind names a table and the columns that never change once written. The audit trail has its own chain
(`anju.kernel.audit`), who holds what its own signatures (`anju.trust.rights`), and devices their own records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from anju.kernel.crypto import service
from anju.kernel.crypto.errors import CryptoUnavailable
from anju.kernel.jobs import background, every
from anju.trust.models import IntegrityMark

PORTION, MOST_FINDINGS = 2000, 20
# Rows may commit in another order than their numbers were given; so far back is looked again.
_LOOK_BACK = 20_000


@dataclass(frozen=True)
class Kind:
    """Rows of one table that carry an integrity value; `columns` are SQL expressions over its lasting columns."""

    key: str
    title: str
    table: str
    columns: tuple[str, ...]
    serves: str = "both"

    @property
    def text(self) -> str:
        """The lasting text of a row, independent of the session's settings."""
        return f"jsonb_build_array({', '.join(self.columns)})::text"


def _moment(column: str) -> str:
    return f"(extract(epoch FROM {column}) * 1000000)::bigint"


KINDS = (
    Kind(
        "documents", "公文与证照", "documents_document",
        (
            "template", "template_version", "subject", "title", "number", "data_digest", "holder", "organisation", "seal",
            "verify_code", "issued_on::text", "valid_until::text", "issued_by",
        ),
    ),
    Kind(
        "files", "文件", "files_storedfile",
        ("address", "digest", "size", "mime", "name", "purpose", "owner", "created_by", _moment("created_at")),
    ),
    Kind(
        "case_log", "案件办理日志", "cases_entry",
        (
            "case_id", _moment("at"), "actor_ref", "actor_name", "org_name", "node", "action", "text", "is_opinion",
        ),
    ),
    Kind(
        "register_log", "台账变更日志", "registers_registerhistory",
        ("register", "row_id", _moment("at"), "actor", "actor_name", "action", "changes", "note"),
    ),
    Kind(
        "exchanges", "接口交换日志（含原系统）", "connectors_call",
        ("connector", "call_id", "subject", "actor", _moment("asked_at"), "duration_ms", "result", "tries", "error", "digest"),
        "former",
    ),
    Kind(
        "imports", "原系统数据导入批次", "registers_import",
        ("register", "kind", "file_id", "file_name", "actor_name", "created_by", _moment("created_at")),
        "former",
    ),
)  # fmt: skip
BY_KEY = {kind.key: kind for kind in KINDS}


@dataclass(frozen=True)
class Fault:
    """A row that is not as it was marked."""

    kind: str
    row: int
    told: str


def values_of(kind: Kind, rows: list[tuple[int, str]]) -> list[bytes]:
    """The integrity values (HMAC-SM3) of rows; the kind and the number of the row are part of what is marked."""
    return service().macs([f"integrity\n{kind.key}\n{number}\n{text}".encode() for number, text in rows])


def mark_new(kind: Kind, *, most: int = 100_000) -> int:
    """Marks the rows that carry no value yet, in portions; gives how many."""
    done = 0
    while done < most:
        with transaction.atomic(), connection.cursor() as cursor:
            # two at once would mark the same rows
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"trust.mark.{kind.key}"])
            cursor.execute(
                f"""
                SELECT t.id, {kind.text} FROM {kind.table} AS t
                 WHERE t.id > (SELECT coalesce(max(row), 0) - {_LOOK_BACK} FROM trust_integritymark WHERE kind = %s)
                   AND NOT EXISTS (SELECT 1 FROM trust_integritymark AS m WHERE m.kind = %s AND m.row = t.id)
                 ORDER BY t.id LIMIT {PORTION}
                """,
                [kind.key, kind.key],
            )
            rows = cursor.fetchall()
            marked = zip(rows, values_of(kind, rows), strict=True) if rows else ()
            IntegrityMark.objects.bulk_create(
                IntegrityMark(kind=kind.key, row=row[0], value=value) for row, value in marked
            )
        done += len(rows)
        if len(rows) < PORTION:
            break
    return done


def faults(kind: Kind, progress: Callable[[int], None] = lambda done: None) -> Iterator[Fault]:
    """The rows that were changed or removed since they were marked, in their order."""
    last, done = 0, 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT m.row, m.value, t.id IS NULL, t.text
                  FROM (SELECT row, value FROM trust_integritymark WHERE kind = %s AND row > %s
                         ORDER BY row LIMIT {PORTION}) AS m
                  LEFT JOIN LATERAL (SELECT id, {kind.text} AS text FROM {kind.table} WHERE id = m.row) AS t ON true
                 ORDER BY m.row
                """,
                [kind.key, last],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        wanted = values_of(kind, [(number, text) for number, _, _, text in rows])
        for (number, value, gone, _), right in zip(rows, wanted, strict=True):
            if gone:
                yield Fault(kind.key, number, f"{kind.title}第 {number} 号被删除")
            elif bytes(value) != right:
                yield Fault(kind.key, number, f"{kind.title}第 {number} 号被改动")
        last, done = rows[-1][0], done + len(rows)
        progress(done)


@background("trust.mark", atomic=False)
def mark_all() -> None:
    """Gives new rows their values; a repeat finds none left. Without the cryptography service the next minute does it."""
    for kind in KINDS:
        try:
            mark_new(kind)
        except CryptoUnavailable:
            return


every(minutes=1)("trust.mark")
