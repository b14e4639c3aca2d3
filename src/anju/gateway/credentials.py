"""Keys of parties: issued, changed without a gap, revoked; tokens for clients (RFC 6749, section 4.4)."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from anju.gateway.admission import grants_of
from anju.gateway.digests import digest_of
from anju.gateway.models import AccessToken, Credential, CredentialKind, Party, PartyState
from anju.kernel import audit, clock
from anju.kernel.crypto import sm2
from anju.kernel.errors import DomainError, FieldError, Invalid
from anju.kernel.http.oauth import WrongClient
from anju.kernel.scope import Actor

TOKEN_LASTS = timedelta(minutes=30)
OVERLAP = timedelta(days=7)
PREFIX = {CredentialKind.CLIENT: "ac", CredentialKind.HMAC: "ah", CredentialKind.SM2: "as"}


@dataclass(frozen=True)
class Issued:
    """A fresh credential with its secret, which is told this once. An SM2 key that was brought along has none."""

    credential: Credential
    secret: str


def issue(
    *, actor: Actor, party: Party, kind: str, test: bool = False, ends_at: datetime | None = None, public_key: str = ""
) -> Issued:
    """Gives a party a key. A second of its kind may be valid beside the first; a third is refused.

    For SM2 the party brings its public key (128 hexadecimal digits); only for tests one is made here.
    """
    moment = clock.real_now()
    held = Credential.objects.select_for_update().filter(party=party, kind=kind, test=test, revoked_at__isnull=True)
    # one that ran out gives up its place
    held.filter(ends_at__lte=moment).update(revoked_at=moment)
    taken = {each.slot for each in held}
    free = [slot for slot in (1, 2) if slot not in taken]
    if not free:
        raise DomainError("同类凭证已有两份有效", code="gateway.two_credentials", advice="请先撤销其中一份，再签发新的")
    if ends_at is not None and ends_at <= moment:
        raise Invalid([FieldError("ends_on", "past", "失效日期应在今天之后")])
    key_id = f"{PREFIX[CredentialKind(kind)]}{'t' if test else ''}_{secrets.token_hex(10)}"
    made = Credential(
        party=party, kind=kind, test=test, slot=free[0], key_id=key_id, starts_at=moment, ends_at=ends_at,
        created_by=actor.ref,
    )  # fmt: skip
    secret = ""
    if kind == CredentialKind.SM2:
        if not public_key:
            if not test:
                raise Invalid([FieldError("public_key", "required", "请填写接入方的 SM2 公钥")])
            public, private = sm2.generate()
            public_key, secret = public.hex(), f"{public.hex()}.{private.hex()}"
        made.public_key = checked_key(public_key)
    else:
        secret = secrets.token_urlsafe(32)
        if kind == CredentialKind.CLIENT:
            made.secret_digest = digest_of(secret)
        else:
            made.secret = secret
    made.save()
    audit.record(
        "create", actor=actor, subject=f"gateway.party:{party.pk}", title=f"签发凭证 {key_id}",
        detail={"kind": str(kind), "test": test},
    )  # fmt: skip
    return Issued(made, secret)


def checked_key(text: str) -> str:
    """An SM2 public key as it is kept: x and y in hexadecimal digits. Raises `Invalid` for what is no point."""
    plain = text.strip().lower().removeprefix("04") if len(text.strip()) == 130 else text.strip().lower()
    try:
        usable = len(plain) == 128 and on_curve(bytes.fromhex(plain))
    except ValueError:
        usable = False
    if not usable:
        raise Invalid([FieldError("public_key", "sm2_key", "不是有效的 SM2 公钥，应为 128 位十六进制数")])
    return plain


# The curve of GB/T 32918.5.
_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93


def on_curve(key: bytes) -> bool:
    """Whether 64 bytes are a point of the curve; a signature under any other could not be checked."""
    x, y = int.from_bytes(key[:32], "big"), int.from_bytes(key[32:], "big")
    return x < _P and y < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0


def rotate(*, actor: Actor, credential: Credential, public_key: str = "") -> Issued:
    """A new key beside an old one, which ends after a week of overlap: the party changes over when it is ready."""
    fresh = issue(
        actor=actor, party=credential.party, kind=credential.kind, test=credential.test, public_key=public_key
    )
    ends_at = clock.real_now() + OVERLAP
    if credential.ends_at is None or credential.ends_at > ends_at:
        Credential.objects.filter(pk=credential.pk).update(ends_at=ends_at)
    return fresh


def revoke(*, actor: Actor, credential: Credential) -> None:
    """Ends a key and its tokens for the next call."""
    moment = clock.real_now()
    Credential.objects.filter(pk=credential.pk, revoked_at__isnull=True).update(revoked_at=moment)
    AccessToken.objects.filter(credential=credential).delete()
    audit.record(
        "change", actor=actor, subject=f"gateway.party:{credential.party_id}", title=f"撤销凭证 {credential.key_id}"
    )


class WrongScope(DomainError):
    """Asked for a service that was not granted (RFC 6749: invalid_scope)."""

    status, code, message, advice = 400, "invalid_scope", "申请的服务没有授权", "请去掉未获授权的服务后重试"


def issue_token(*, key_id: str, secret: str, scope: Sequence[str]) -> tuple[str, int, list[str]]:
    """A token for a client: its text, its seconds, and the services it opens. Raises `WrongClient`, `WrongScope`."""
    moment = clock.real_now()
    credential = (
        Credential.objects.select_related("party__organisation")
        .filter(key_id=key_id, kind=CredentialKind.CLIENT)
        .first()
    )
    kept = bytes(credential.secret_digest or b"") if credential else bytes(32)
    fits = hmac.compare_digest(kept, digest_of(secret))
    if credential is None or not fits or not usable(credential, moment):
        raise WrongClient
    granted = granted_services(credential.party)
    if unknown := set(scope) - set(granted):
        raise WrongScope(details={"scope": sorted(unknown)})
    text = secrets.token_urlsafe(32)
    ends = moment + TOKEN_LASTS
    if credential.ends_at is not None:
        ends = min(ends, credential.ends_at)
    AccessToken.objects.create(
        digest=digest_of(text), credential=credential, services=sorted(set(scope)) or None, issued_at=moment,
        expires_at=ends,
    )  # fmt: skip
    return text, int((ends - moment).total_seconds()), sorted(set(scope)) or granted


def usable(credential: Credential, moment: datetime) -> bool:
    """Whether a credential and its party may be used at this moment."""
    party = credential.party
    return (
        credential.revoked_at is None
        and credential.starts_at <= moment
        and (credential.ends_at is None or credential.ends_at > moment)
        and party.state == PartyState.ACTIVE
        and (party.ends_on is None or party.ends_on >= clock.today())
        and party.organisation.active
    )


def granted_services(party: Party) -> list[str]:
    """The keys of the services that a party may use today, by its own grants and by its roles."""
    return sorted(grants_of(party.pk))


def revoke_token(*, key_id: str, secret: str, token: str) -> None:
    """Ends a token of the client's own (RFC 7009); one that does not exist is no fault."""
    credential = Credential.objects.filter(key_id=key_id, kind=CredentialKind.CLIENT).first()
    kept = bytes(credential.secret_digest or b"") if credential else bytes(32)
    if not hmac.compare_digest(kept, digest_of(secret)) or credential is None:
        raise WrongClient
    AccessToken.objects.filter(digest=digest_of(token), credential=credential).delete()
