"""Issuing user certificates, binding them to accounts, revoking them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings

from anju.identity.models import Account
from anju.identity.sessions import end_all
from anju.kernel import audit, clock
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.scope import Actor
from anju.trust.certificates import authority
from anju.trust.certificates.revocation import is_revoked
from anju.trust.certificates.x509 import Certificate, build, issued_by, read
from anju.trust.models import UserCertificate

LONGEST_DAYS = 3 * 365


class NotTrusted(DomainError):
    """Issued by nobody we trust, or not as it was issued."""

    code, message = "certificate.untrusted", "证书不是受信任的机构签发的，或内容被改动"
    advice = "请使用本市认可的 CA 机构签发的证书"


class OutOfDate(DomainError):
    """Not yet valid, or not any more."""

    code, message, advice = "certificate.expired", "证书不在有效期内", "请更新证书后再试"


class OwnCertificate(DomainError):
    """Nobody binds a certificate to his own account: that would let a thief of a password finish the theft."""

    code, message, advice = "certificate.own", "不能给自己的账号绑定证书", "请由另一位管理员绑定"


def issue(*, actor: Actor, account_id: int, public: bytes, days: int = 365) -> UserCertificate:
    """Issues a certificate of our own authority over a public key that the holder made, and binds it."""
    account = _account(account_id, actor)
    if len(public) == 65 and public[0] == 4:
        public = public[1:]
    if len(public) != 64 or not 1 <= days <= LONGEST_DAYS:
        raise DomainError(
            "公钥应为 64 字节的 SM2 公钥，有效期 1 到 1095 天", code="certificate.wrong_key", field="public_key"
        )
    start, issuer = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5), authority.own()
    content = build(
        holder=f"{account.name}（{account.username}）", unit=settings.ANJU_CITY["name"], issuer=issuer.holder, public=public,
        key=authority.KEY, serial=authority.fresh_serial(), period=(start, start + timedelta(days=days)),
    )  # fmt: skip
    return _bind(actor, account, read(content), "签发并绑定用户证书")


def bind(*, actor: Actor, account_id: int, content: bytes) -> UserCertificate:
    """Binds a certificate that a trusted authority issued. Raises `NoCertificate`, `NotTrusted`, `OutOfDate`."""
    account, certificate = _account(account_id, actor), read(content)
    refuse_foreign(certificate)
    refuse_out_of_date(certificate)
    if is_revoked(certificate):
        raise NotTrusted(
            "证书已被签发机构吊销", code="certificate.revoked_by_issuer", advice="请向签发机构申请新的证书"
        )
    return _bind(actor, account, certificate, "绑定用户证书")


def revoke(*, actor: Actor, certificate: UserCertificate, reason: str) -> None:
    """Ends a certificate for good and with it the sessions of its account."""
    if certificate.revoked_at is not None:
        raise DomainError("证书已经吊销", code="certificate.revoked", advice="不需要再次吊销")
    certificate.revoked_at, certificate.reason = clock.real_now(), reason[:200]
    certificate.save(update_fields=["revoked_at", "reason"])
    end_all("staff", certificate.account_id)
    audit.record(
        "change", actor=actor, subject=f"identity.account:{certificate.account_id}", title=f"吊销用户证书：{reason}"[:300],
        detail={"serial": certificate.serial},
    )  # fmt: skip


def refuse_foreign(certificate: Certificate) -> None:
    """Raises `NotTrusted` unless a trusted authority that is itself in force issued it."""
    moment = clock.real_now()
    for each in authority.trusted():
        if each.not_before <= moment <= each.not_after and issued_by(certificate, each):
            return
    raise NotTrusted


def refuse_out_of_date(certificate: Certificate) -> None:
    """Raises `OutOfDate` outside its period; certificates live in real time."""
    if not certificate.not_before <= clock.real_now() <= certificate.not_after:
        raise OutOfDate


def _account(account_id: int, actor: Actor) -> Account:
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise NotFound
    if actor.ref == f"staff:{account_id}":
        raise OwnCertificate
    return account


def _bind(actor: Actor, account: Account, certificate: Certificate, title: str) -> UserCertificate:
    made = UserCertificate.objects.create(
        account_id=account.pk, account_name=account.username, holder=certificate.holder, subject=certificate.subject,
        issuer=certificate.issuer, serial=certificate.serial, fingerprint=certificate.fingerprint,
        not_before=certificate.not_before, not_after=certificate.not_after, content=certificate.content,
        org_path=account.org_path, division=account.division, created_by=actor.ref,
    )  # fmt: skip
    audit.record(
        "grant", actor=actor, subject=f"identity.account:{account.pk}", title=f"{title} {certificate.serial}"[:300],
        detail={"serial": certificate.serial, "issuer": certificate.issuer},
    )  # fmt: skip
    return made
