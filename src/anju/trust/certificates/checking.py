"""The check at sign-in: is the certificate genuine, in force, bound to this account, and is its key there now?

The key shows itself in one of two ways. Behind a security gateway (安全认证网关) that ends TLS with the user's
certificate, the gateway passes the certificate on and signs that with the key of its site certificate; it is believed
only from its configured address. Without one, the browser's or USB key's middleware signs a challenge of ours.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import time
import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from anju.identity.models import Account
from anju.kernel import clock
from anju.kernel.crypto import service
from anju.kernel.errors import DomainError
from anju.trust.certificates.binding import OutOfDate, refuse_foreign, refuse_out_of_date
from anju.trust.certificates.revocation import is_revoked
from anju.trust.certificates.x509 import Certificate, NoCertificate, read
from anju.trust.models import CertificateChallenge, UserCertificate

VALID = timedelta(minutes=2)
GATEWAY_SECONDS = 60
_PREFIX = b"anju certificate sign-in\n"


class CertificateRequired(DomainError):
    """Accounts of this class sign in with their certificate; the password alone opens nothing."""

    status, code, message = 403, "certificate.required", "这类账号须使用数字证书登录"
    advice = "请插入证书介质，通过安全认证网关登录；没有证书请联系安全管理员"


class CertificateRefused(DomainError):
    """The certificate, or the proof that its key is there, does not hold."""

    status, code, message = 403, "certificate.refused", "数字证书没有通过核验"
    advice = "请确认使用的是本人的证书；仍不能登录请联系安全管理员"


def challenge() -> CertificateChallenge:
    """A fresh challenge; old ones are swept away in passing."""
    moment = clock.real_now()
    CertificateChallenge.objects.filter(expires_at__lt=moment - timedelta(hours=1)).delete()
    return CertificateChallenge.objects.create(value=secrets.token_bytes(32), expires_at=moment + VALID)


def signed_text(made: CertificateChallenge, username: str) -> bytes:
    """What the user's key signs: the challenge and the account it is meant for."""
    return _PREFIX + username.encode() + b"\n" + bytes(made.value)


def gateway_text(certificate: str, at: str, once: str, username: str) -> bytes:
    """What the gateway's site key signs."""
    return b"\n".join((b"anju gateway", certificate.encode(), at.encode(), once.encode(), username.encode()))


def check_certificate(account: Account, request: HttpRequest) -> UserCertificate | None:
    """The bound certificate that a sign-in shows; None where none is shown and none is asked for.

    Raises `CertificateRequired`, or `CertificateRefused` for one that is forged, expired, revoked, unbound, bound to
    another account, or shown without its key (SH-233.1, SH-234.1).
    """
    if request.headers.get("X-Gateway-Certificate"):
        certificate = _through_gateway(account, request)
    elif request.headers.get("X-Certificate"):
        certificate = _by_challenge(account, request)
    elif is_required(account):
        raise CertificateRequired
    else:
        return None
    try:
        refuse_foreign(certificate)
        refuse_out_of_date(certificate)
    except OutOfDate as error:
        raise CertificateRefused("数字证书不在有效期内", advice="请更新证书后再登录") from error
    except DomainError as error:
        raise CertificateRefused("数字证书不是受信任的机构签发的") from error
    if is_revoked(certificate):
        raise CertificateRefused("数字证书已被签发机构吊销")
    bound = UserCertificate.objects.filter(fingerprint=certificate.fingerprint).first()
    if bound is None or bound.account_id != account.pk or bytes(bound.content) != certificate.content:
        raise CertificateRefused("数字证书没有绑定到这个账号")
    if bound.revoked_at is not None:
        raise CertificateRefused("数字证书已经吊销")
    return bound


def is_required(account: Account) -> bool:
    """Whether accounts of this class need a certificate: `all`, `kind:city`, `role:auditor` in ANJU_CERTIFICATES."""
    classes = {each.strip() for each in settings.ANJU_CERTIFICATES.split(",") if each.strip()}
    if not classes:
        return False
    own = {
        "all",
        f"kind:{account.organisation.kind}",
        *(f"role:{key}" for key in account.roles.values_list("key", flat=True)),
    }
    return bool(classes & own)


def _by_challenge(account: Account, request: HttpRequest) -> Certificate:
    certificate = _certificate(request.headers["X-Certificate"])
    signature = _decoded(request.headers.get("X-Certificate-Signature", ""))
    try:
        number = uuid.UUID(request.headers.get("X-Certificate-Challenge", ""))
    except ValueError as error:
        raise CertificateRefused from error
    moment = clock.real_now()
    fresh = CertificateChallenge.objects.filter(pk=number, used_at__isnull=True, expires_at__gte=moment)
    if not fresh.update(used_at=moment):
        raise CertificateRefused("登录随机数已失效", advice="请重新登录")
    made = CertificateChallenge.objects.get(pk=number)
    if not service().verify_with(certificate.public, signed_text(made, account.username), signature):
        raise CertificateRefused("证书签名不符")
    return certificate


def _through_gateway(account: Account, request: HttpRequest) -> Certificate:
    if (
        str(request.META.get("REMOTE_ADDR", "")) not in settings.ANJU_GATEWAY_ADDRESSES
        or not settings.ANJU_GATEWAY_CERTIFICATE
    ):
        raise CertificateRefused("请求不是由安全认证网关转来的")
    given, headers = request.headers["X-Gateway-Certificate"], request.headers
    at, once = headers.get("X-Gateway-At", ""), headers.get("X-Gateway-Once", "")
    site = read(Path(settings.ANJU_GATEWAY_CERTIFICATE).read_bytes())
    signature = _decoded(headers.get("X-Gateway-Signature", ""))
    told = gateway_text(given, at, once, account.username)
    if not service().verify_with(site.public, told, signature):
        raise CertificateRefused("安全认证网关的站点签名不符")
    try:
        refuse_foreign(site)
        refuse_out_of_date(site)
    except DomainError as error:
        raise CertificateRefused("安全认证网关的站点证书不被信任或已过期") from error
    if is_revoked(site):
        raise CertificateRefused("安全认证网关的站点证书已被吊销")
    if not at.isdigit() or abs(time.time() - int(at)) > GATEWAY_SECONDS:
        raise CertificateRefused("安全认证网关的签名已过时", advice="请重新登录")
    try:
        with transaction.atomic():
            moment = clock.real_now()
            CertificateChallenge.objects.create(
                pk=uuid.UUID(once), value=b"gateway", expires_at=moment + VALID, used_at=moment
            )
    except (ValueError, IntegrityError) as error:
        raise CertificateRefused("安全认证网关的签名已被使用", advice="请重新登录") from error
    return _certificate(given)


def _certificate(text: str) -> Certificate:
    try:
        return read(_decoded(text))
    except NoCertificate as error:
        raise CertificateRefused("出示的不是有效的数字证书") from error


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise CertificateRefused from error
