"""Who holds what, signed: rows of identity's tables carry a signature of the platform, made in the transaction that wrote them.

A trigger notes each row that any statement writes, with its transaction. The platform's own statements pass through
`Watch`, which signs exactly the rows that its own transaction noted; a row written past the platform stays unsigned or
differs from what was signed. `account_faults` looks at what an account's rights rest on, when a session begins and
again after each change (SH-233.5, SH-234.5).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction

from anju.kernel import clock
from anju.kernel.crypto import service
from anju.trust.models import SignedBatch, SignedRow

KEY = "rights"
_ROW_TEXT = "to_jsonb(t){minus}::text"


@dataclass(frozen=True)
class Table:
    """A table whose rows decide what somebody may do; `loose` columns change without anybody's rights changing."""

    name: str
    title: str
    account: str = "0"
    loose: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lasting text of a row."""
        minus = "".join(f" - '{column}'" for column in self.loose)
        return _ROW_TEXT.format(minus=minus)


_STAMPS = ("updated_at", "version")
TABLES = {
    table.name: table
    for table in (
        Table(
            "identity_account", "账号与鉴别数据", "t.id",
            (
                *_STAMPS, "failures", "locked_until", "last_signed_in_at", "restored_at", "extra", "name", "id_number",
                "phone", "person_key",
            ),
        ),
        Table("identity_account_roles", "账号角色", "t.account_id", ("granted_at",)),
        Table("identity_accountpost", "账号岗位", "t.account_id", _STAMPS),
        Table("identity_role", "角色权限", "0", (*_STAMPS, "duty")),
        Table("identity_role_organisations", "角色的指定机构"),
        Table("identity_post", "岗位权限", "0", (*_STAMPS, "duty")),
        Table("identity_post_roles", "岗位的角色"),
        Table("identity_post_organisations", "岗位的指定机构"),
        Table("identity_organisation", "机构", "0", (*_STAMPS, "name", "phone")),
        Table("identity_grant", "机构授权", "0", _STAMPS),
        Table("identity_substitution", "代班", "t.substitute_id", _STAMPS),
    )
}  # fmt: skip
_WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(identity_\w+)', re.IGNORECASE)


class Watch:
    """Signs what a statement of ours wrote into the tables above; hangs on each connection."""

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        written = _WRITES.match(sql) if isinstance(sql, str) and "identity_" in sql[:120] else None
        if not written or written[1] not in TABLES or not settings.ANJU_SIGNED_RIGHTS:
            return execute(sql, params, many, context)
        with nullcontext() if connection.in_atomic_block else transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL anju.sign = 'on'")
            answer = execute(sql, params, many, context)
            # the statement's own result is still to be read: what follows uses cursors of its own
            sign_touched()
        return answer


def sign_touched() -> int:
    """Signs the rows that this transaction wrote and did not sign yet; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trust_touched WHERE xact = pg_current_xact_id()::text::bigint RETURNING name, row")
        touched = sorted(set(cursor.fetchall()))
    return sign_rows(touched)


def sign_rows(touched: list[tuple[str, int]]) -> int:
    """Signs rows as they stand; a row that is gone loses its signature."""
    signed: list[tuple[str, int, int, bytes]] = []
    for name in sorted({name for name, _ in touched}):
        wanted = [row for each, row in touched if each == name]
        found = texts(TABLES[name], wanted)
        SignedRow.objects.filter(table=name, row__in=set(wanted)).delete()
        signed += [(name, row, account, digest_of(name, row, text)) for row, account, text in found]
    if not signed:
        return 0
    content = orjson.dumps([[name, row, digest.hex()] for name, row, _, digest in signed])
    batch = SignedBatch.objects.create(
        content=content, signature=service().sign(KEY, content), signed_at=clock.real_now()
    )
    SignedRow.objects.bulk_create(
        SignedRow(table=name, row=row, account=account, digest=digest, batch=batch)
        for name, row, account, digest in signed
    )
    return len(signed)


def sign_all() -> int:
    """Signs everything as it stands: when signing is switched on, and after a restore that was looked at."""
    done = 0
    for table in TABLES.values():
        rows = [row for row, _, _ in texts(table)]
        for start in range(0, len(rows), 1000):
            done += sign_rows([(table.name, row) for row in rows[start : start + 1000]])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trust_touched")
    return done


def texts(table: Table, rows: list[int] | None = None) -> list[tuple[int, int, str]]:
    """Row, account and text of rows; of all without `rows`."""
    where = "" if rows is None else "WHERE t.id = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.id, {table.account}, {table.text} FROM {table.name} AS t {where} ORDER BY t.id",
            [] if rows is None else [rows],
        )
        return [(row, account, text) for row, account, text in cursor.fetchall()]


def digest_of(table: str, row: int, text: str) -> bytes:
    """SM3 of a row."""
    return service().digest(f"{table}\n{row}\n{text}".encode())


# What an account's rights rest on: his own rows, the roles and posts he holds, his office and the grants it stands on.
_POSTS = "SELECT post_id FROM identity_accountpost WHERE account_id = %(account)s"
_ROLES = f"""
    SELECT role_id FROM identity_account_roles WHERE account_id = %(account)s
    UNION SELECT role_id FROM identity_post_roles WHERE post_id IN ({_POSTS})
"""
_RESTS_ON = {
    "identity_account": "t.id = %(account)s",
    "identity_account_roles": "t.account_id = %(account)s",
    "identity_accountpost": "t.account_id = %(account)s",
    "identity_role": f"t.id IN ({_ROLES})",
    "identity_role_organisations": f"t.role_id IN ({_ROLES})",
    "identity_post": f"t.id IN ({_POSTS})",
    "identity_post_roles": f"t.post_id IN ({_POSTS})",
    "identity_post_organisations": f"t.post_id IN ({_POSTS})",
    "identity_organisation": "t.id = (SELECT organisation_id FROM identity_account WHERE id = %(account)s)",
    "identity_grant": "starts_with((SELECT org_path FROM identity_account WHERE id = %(account)s), t.org_path)",
    "identity_substitution": "t.substitute_id = %(account)s",
}
_STANDS_FOR = "SELECT absent_id FROM identity_substitution WHERE substitute_id = %s AND acting"


def account_faults(account: int) -> list[str]:
    """What of the account's rights is not as it was signed, in words; an empty list when all is."""
    told: list[str] = []
    with connection.cursor() as cursor:
        for table in TABLES.values():
            # a row of his own that is gone is missed by its signature; a shared one only by the check of everything
            join = "LEFT" if table.account == "0" else "FULL"
            own = "" if table.account == "0" else "AND account = %(account)s"
            cursor.execute(
                f"""
                SELECT t.id, s.row, {table.text}, s.digest, s.batch_id
                  FROM (SELECT * FROM {table.name} AS t WHERE {_RESTS_ON[table.name]}) AS t
                  {join} JOIN (SELECT * FROM trust_signedrow WHERE "table" = '{table.name}' {own}) AS s ON s.row = t.id
                """,
                {"account": account},
            )
            told += _judged(table, cursor.fetchall())
        cursor.execute(_STANDS_FOR, [account])
        absent = [row[0] for row in cursor.fetchall()]
    return told + [fault for each in absent for fault in account_faults(each)]


def faults() -> Iterator[str]:
    """What of all rows is not as it was signed."""
    if not settings.ANJU_SIGNED_RIGHTS:
        return
    for table in TABLES.values():
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT t.id, s.row, {table.text}, s.digest, s.batch_id FROM {table.name} AS t
                  FULL JOIN (SELECT * FROM trust_signedrow WHERE "table" = %s) AS s ON s.row = t.id ORDER BY 1, 2
                """,
                [table.name],
            )
            yield from _judged(table, cursor.fetchall())


def _judged(table: Table, rows: list[tuple[Any, ...]]) -> list[str]:
    told = []
    for number, signed, text, digest, batch in rows:
        if number is None:
            told.append(f"{table.title}第 {signed} 号在平台外被删除")
        elif signed is None:
            told.append(f"{table.title}第 {number} 号没有平台签名，是在平台外新增的")
        elif bytes(digest) != digest_of(table.name, number, text):
            told.append(f"{table.title}第 {number} 号在平台外被改动")
        elif not _genuine(batch, table.name, number, bytes(digest)):
            told.append(f"{table.title}第 {number} 号的签名不是平台所签")
    return told


_known: dict[int, frozenset[tuple[str, int, str]]] = {}


def _genuine(batch: int, table: str, row: int, digest: bytes) -> bool:
    """Whether the batch names this row and carries our signature; batches never change, so each is checked once."""
    if batch not in _known:
        found = SignedBatch.objects.get(pk=batch)
        content = bytes(found.content)
        if not service().verify(KEY, content, bytes(found.signature)):
            return False
        if len(_known) > 5000:
            _known.clear()
        _known[batch] = frozenset((name, number, told) for name, number, told in orjson.loads(content))
    return (table, row, digest.hex()) in _known[batch]
