"""Passkeys and security keys as the second factor (WebAuthn level 2)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from webauthn.helpers import options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from anju.identity.models import Account, Passkey, Ticket, TicketPurpose
from anju.identity.second_factor import added, give_ticket, keep_one, prove_again, take_try, use_up
from anju.kernel import audit, clock
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.scope import Actor

MOST = 10


class Refused(DomainError):
    """What the browser brought is not what the key would have signed."""

    code, message, advice = "second_factor.passkey_refused", "通行密钥没有通过验证", "请重试，或换一种方式"


def origin() -> str:
    """The address under which pages of ours are served."""
    parts = urlsplit(settings.PUBLIC_URL)
    return f"{parts.scheme}://{parts.netloc}"


def party() -> str:
    """Our name to keys: the host of our address."""
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def known_keys(account: Account) -> list[PublicKeyCredentialDescriptor]:
    """The account's keys, as the browser looks for them."""
    held = account.passkeys.values_list("credential_id", flat=True)
    return [PublicKeyCredentialDescriptor(id=bytes(each)) for each in held]


def begin(account: Account) -> dict[str, Any]:
    """What the browser needs to make a key for the account, and the ticket to bring it back with."""
    if account.passkeys.count() >= MOST:
        raise DomainError(f"最多绑定 {MOST} 个通行密钥", code="second_factor.too_many", advice="请先删除不用的")
    step = give_ticket(account, TicketPurpose.ADD_PASSKEY)
    options = webauthn.generate_registration_options(
        rp_id=party(),
        rp_name=f"安居 {settings.ANJU_CITY['name']}",
        user_name=account.username,
        user_id=f"staff:{account.pk}".encode(),
        user_display_name=account.name,
        challenge=bytes(step.row.challenge),
        exclude_credentials=known_keys(account),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return {"ticket": step.token, "options": json.loads(options_to_json(options))}


def add(actor: Actor, token: str, credential: dict[str, Any], name: str) -> list[str]:
    """Keeps a key that the browser made. Raises `TicketSpent`, `Refused`; a second time the same by constraint."""
    ticket = take_try(token, TicketPurpose.ADD_PASSKEY)
    if ticket.account_id != actor.id:
        raise NotFound
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=bytes(ticket.challenge),
            expected_rp_id=party(),
            expected_origin=origin(),
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Refused from error
    use_up(ticket)
    Passkey.objects.create(
        account_id=actor.id, credential_id=made.credential_id, public_key=made.credential_public_key,
        sign_count=made.sign_count, name=name.strip() or "通行密钥", created_at=clock.now(),
    )  # fmt: skip
    return added(actor, "绑定通行密钥")


def challenge(account: Account, ticket: Ticket) -> dict[str, Any] | None:
    """What one of the account's keys is asked to sign; None without a key."""
    keys = known_keys(account)
    if not keys:
        return None
    options = webauthn.generate_authentication_options(
        rp_id=party(), challenge=bytes(ticket.challenge), allow_credentials=keys
    )
    told: dict[str, Any] = json.loads(options_to_json(options))
    return told


def check(ticket: Ticket, credential: dict[str, Any]) -> bool:
    """Whether a key of the account signed what the ticket asked for; a counter that went back means a copied key."""
    try:
        named = webauthn.base64url_to_bytes(str(credential.get("rawId", "")))
        key = Passkey.objects.filter(account_id=ticket.account_id, credential_id=named).first()
        if key is None:
            return False
        proven = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=bytes(ticket.challenge),
            expected_rp_id=party(),
            expected_origin=origin(),
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return False
    Passkey.objects.filter(pk=key.pk).update(sign_count=proven.new_sign_count, last_used_at=clock.now())
    return True


def remove(actor: Actor, passkey_id: int, password: str) -> None:
    """Takes a key off."""
    account = Account.objects.select_for_update().get(pk=actor.id)
    key = account.passkeys.filter(pk=passkey_id).first()
    if key is None:
        raise NotFound
    prove_again(account, password)
    another = account.passkeys.exclude(pk=key.pk).exists() or (hasattr(account, "totp") and account.totp.confirmed_at)
    keep_one(account, bool(another))
    key.delete()
    audit.record(
        "change", actor=actor, subject=f"identity.account:{actor.id}", title="删除通行密钥", detail={"name": key.name}
    )
