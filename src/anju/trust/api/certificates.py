"""Signing in with a certificate, and the certificates of accounts."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from ninja import Schema
from pydantic import Field

from anju.identity.models import Account
from anju.kernel.errors import NotFound
from anju.kernel.http import PUBLIC, Empty, Request, Routes
from anju.kernel.scope import restrict
from anju.trust.certificates import binding, checking
from anju.trust.certificates.x509 import NoCertificate
from anju.trust.models import UserCertificate

routes = Routes("/trust", title="密码与信任")


class Public(Schema):
    """A public key the holder made, base64, and how long its certificate holds."""

    public_key: str = Field(min_length=1, max_length=200)
    days: int = Field(default=365, ge=1, le=binding.LONGEST_DAYS)


class Shown(Schema):
    """A certificate, DER in base64 or PEM."""

    certificate: str = Field(min_length=1, max_length=30_000)


@routes.act("/challenges", right=PUBLIC, scope="none", summary="取证书登录随机数")
def challenge(request: Request, body: Empty) -> dict[str, Any]:
    made = checking.challenge()
    return {
        "id": made.pk,
        "value": base64.b64encode(bytes(made.value)).decode(),
        "expires_in": int(checking.VALID.total_seconds()),
    }


@routes.act(
    "/accounts/{int:account_id}/certificates/issue", right="trust.certificate.create", scope="org_path",
    summary="签发并绑定用户证书",
)  # fmt: skip
def issue(request: Request, account_id: int, body: Public) -> dict[str, Any]:
    reachable(request, account_id)
    try:
        public = base64.b64decode(body.public_key, validate=True)
    except (ValueError, binascii.Error):
        public = b""
    return as_json(binding.issue(actor=request.actor, account_id=account_id, public=public, days=body.days))


@routes.act(
    "/accounts/{int:account_id}/certificates",
    right="trust.certificate.create",
    scope="org_path",
    summary="绑定用户证书",
)
def bind(request: Request, account_id: int, body: Shown) -> dict[str, Any]:
    reachable(request, account_id)
    text = body.certificate.strip()
    try:
        content = text.encode() if text.startswith("-----") else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise NoCertificate(field="certificate") from error
    return as_json(binding.bind(actor=request.actor, account_id=account_id, content=content))


def reachable(request: Request, account_id: int) -> None:
    """Raises `NotFound` for an account outside the actor's reach."""
    if not restrict(Account.objects.filter(pk=account_id), request.actor, "trust.certificate.create").exists():
        raise NotFound


def as_json(certificate: UserCertificate) -> dict[str, Any]:
    """A bound certificate as pages show it, with its content to be put on the medium."""
    return {
        "id": certificate.pk, "account": certificate.account_id, "serial": certificate.serial,
        "subject": certificate.subject, "issuer": certificate.issuer, "not_after": certificate.not_after,
        "certificate": base64.b64encode(bytes(certificate.content)).decode(),
    }  # fmt: skip
