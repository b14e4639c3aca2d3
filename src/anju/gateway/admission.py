"""Who calls, and may he: one statement a call, nothing remembered between calls (SH-230.2, SH-230.3, SH-231.3).

A stopped party, a revoked key, a withdrawn grant therefore count from the next call on.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from anju.gateway.digests import digest_of
from anju.gateway.signing import SCHEMES, Malformed, Signed, fits, text_to_sign
from anju.kernel import clock
from anju.kernel.crypto import open_text
from anju.kernel.database import steadily
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor, Reach

SKEW = 300
FORGET = 2 * SKEW

_GRANTED = """
    SELECT service_id, max(level) AS level FROM (
        SELECT service_id, level FROM gateway_grant
         WHERE party_id = {party} AND (ends_on IS NULL OR ends_on >= %(today)s)
        UNION ALL
        SELECT shared.service_id, shared.level
          FROM gateway_roleservice AS shared JOIN gateway_party_roles AS held ON held.partyrole_id = shared.role_id
         WHERE held.party_id = {party}) AS found
     GROUP BY service_id
"""
# The function of migration 0004: `granted` as above, the credential, the operation and the limits in one row.
_ADMIT = "SELECT * FROM gateway_admit(%(digest)s, %(key_id)s, %(kind)s, %(method)s, %(path)s, %(now)s, %(today)s)"
_NONCE_SQL = """
    WITH soon AS (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO gateway_nonce (credential_id, word, expires_at)
    SELECT %s, %s, %s FROM soon ON CONFLICT DO NOTHING
"""


class Unknown(DomainError):
    """The caller did not prove who he is. What was wrong is written into the call log and not told."""

    status, code, message = 401, "party.unauthenticated", "接入方身份没有通过认证"
    advice = "请按接入规范检查凭证、时间、随机串和签名"

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__()


class NotGranted(DomainError):
    """The service was not granted to the caller, at the level of the operation."""

    status, code, message, advice = 403, "party.forbidden", "没有调用这个接口的授权", "如有需要，请向平台管理单位申请"


@dataclass(frozen=True)
class Admitted:
    """A caller who proved who he is, with the operation he means and the limits that hold for him."""

    actor: Actor
    credential_id: int
    key_id: str
    test: bool
    stale: bool
    operation_id: int | None
    service_id: int | None
    allowed: bool
    rate: tuple[int, int]
    quota: tuple[int | None, str]


def grants_of(party_id: int) -> dict[str, int]:
    """The services that a party may use today, by key, each with its level."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT service.key, granted.level FROM ({_GRANTED.format(party='%(party)s')}) AS granted"
            " JOIN gateway_service AS service ON service.id = granted.service_id WHERE service.open",
            {"party": party_id, "today": clock.today()},
        )
        return dict(cursor.fetchall())


_PARTY_SQL = (
    "WITH granted AS ("
    + _GRANTED.format(party="%(party)s")
    + """)
    SELECT party.id, party.code, party.title, party.reach, office.id, office.name, office.path, office.division,
           (SELECT array_agg(DISTINCT operation."right")
              FROM granted JOIN gateway_service AS service ON service.id = granted.service_id AND service.open
              JOIN gateway_operation AS operation ON operation.service_id = service.id
               AND operation.level <= granted.level AND NOT operation.gone)
      FROM gateway_party AS party JOIN identity_organisation AS office ON office.id = party.organisation_id
     WHERE party.id = %(party)s AND party.state = 'active' AND office.active
       AND (party.ends_on IS NULL OR party.ends_on >= %(today)s)
"""
)


def party_actor(party_id: int) -> Actor | None:
    """A party with what it may do at this moment, for work in the background; None when it may not call."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTY_SQL, {"party": party_id, "today": clock.today()})
        row = cursor.fetchone()
    if row is None:
        return None
    return Actor(
        kind="party", id=row[0], account=row[1], name=row[2], org_id=row[4], org_name=row[5], org_path=row[6],
        division=row[7], grants=dict.fromkeys(row[8] or (), Reach(row[3])),
    )  # fmt: skip


def _who(
    *, method: str, path: str, digest: bytes | None = None, key_id: str | None = None, kind: str | None = None
) -> dict[str, Any] | None:
    """The row of `gateway_admit`; asked again when the connection turns out to be dead, since it only reads."""

    def read() -> dict[str, Any] | None:
        told = {
            "digest": digest, "key_id": key_id, "kind": kind, "now": clock.real_now(), "today": clock.today(),
            "method": method, "path": path,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_ADMIT, told)
            row = cursor.fetchone()
            return None if row is None else dict(zip([item.name for item in cursor.description], row, strict=True))

    return steadily(read)


def by_token(token: str, *, method: str, path: str, address: str) -> Admitted:
    """The client behind a bearer token; raises `Unknown`."""
    row = _who(digest=digest_of(token), method=method, path=path)
    if row is None:
        raise Unknown("token")
    return _admitted(row, address)


def by_signature(
    header: str, *, method: str, path: str, address: str, asked: str, query: str, content: bytes
) -> Admitted:
    """The party that signed a request. Raises `Unknown` for every fault alike: key, signature, time, repetition.

    `path` is the operation's, `asked` the one in the address. The word used once is taken only after the signature was
    found right, so that nobody can use up another's.
    """
    try:
        signed = Signed.read(header)
    except Malformed as error:
        raise Unknown("malformed") from error
    row = _who(key_id=signed.key_id, kind=SCHEMES[signed.scheme], method=method, path=path)
    if row is None:
        raise Unknown("key")
    text = text_to_sign(signed.scheme, method, asked, query, content, signed.timestamp, signed.nonce)
    secret = "" if row["secret"] is None else open_text(bytes(row["secret"]))
    if not fits(signed, {"secret": secret, "public_key": row["public_key"]}, text):
        raise Unknown("signature")
    if abs(time.time() - signed.timestamp) > SKEW:
        raise Unknown("time")
    with connection.cursor() as cursor:
        cursor.execute(
            _NONCE_SQL, [row["credential_id"], signed.nonce, datetime.fromtimestamp(signed.timestamp + FORGET, UTC)]
        )
        if cursor.rowcount != 1:
            raise Unknown("replayed")
    return _admitted(row, address)


def _admitted(row: dict[str, Any], address: str) -> Admitted:
    rights: Sequence[str] = row["rights"] or ()
    reach = Reach(row["reach"])
    actor = Actor(
        kind="party", id=row["party_id"], name=row["title"], account=row["code"], org_id=row["org_id"],
        org_name=row["org_name"], org_path=row["org_path"], division=row["division"],
        grants=dict.fromkeys(rights, reach), address=address,
    )  # fmt: skip
    return Admitted(
        actor, row["credential_id"], row["key_id"], row["test"], row["last_used_on"] != clock.real_now().date(),
        row["operation_id"], row["service_id"], (row["level"] or 0) >= (row["needed"] or 99),
        (row["rate_calls"] or 0, row["rate_seconds"] or 1), (row["quota_calls"], row["quota_period"] or "day"),
    )  # fmt: skip
