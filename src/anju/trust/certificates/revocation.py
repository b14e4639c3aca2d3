"""Revocation lists (CRL, RFC 5280) of certificate authorities: fetched every hour, looked at when a certificate is used.

A list counts when an authority that we trust signed it and it is not older than the one we have. Where a fresh one cannot
be had, the last one goes on counting; once its time is over, that is an alarm until a new one comes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
from asn1crypto import core, crl, pem, x509  # type: ignore[import-untyped]
from django.conf import settings
from django.db import transaction

from anju.kernel import audit, clock
from anju.kernel.crypto import service
from anju.kernel.errors import DomainError
from anju.kernel.jobs import background, every
from anju.trust.certificates import authority
from anju.trust.certificates.x509 import SM2_WITH_SM3, Certificate
from anju.trust.models import RevocationList

TIMEOUT = 10.0
LARGEST = 20_000_000


class NoList(DomainError):
    """What was fetched is no revocation list of an authority that we trust, or an older one than ours."""

    code, message = "certificate.no_list", "不是受信任机构签发的证书吊销列表"


def is_revoked(certificate: Certificate) -> bool:
    """Whether its authority's last list names a certificate."""
    return RevocationList.objects.filter(issuer=certificate.issuer, serials__contains=[certificate.serial]).exists()


def take_in(url: str, content: bytes) -> RevocationList:
    """Keeps a list in DER or PEM. Raises `NoList`."""
    issuer, issued_at, until, serials, signed, signature = _read(content)
    for each in authority.trusted():
        if each.subject == issuer and service().verify_with(each.public, signed, signature):
            break
    else:
        raise NoList
    with transaction.atomic():
        held = RevocationList.objects.select_for_update().filter(url=url).first()
        if held is not None and held.issued_at > issued_at:
            raise NoList("取到的吊销列表比现有的旧")
        kept, _ = RevocationList.objects.update_or_create(
            url=url,
            defaults={
                "issuer": issuer, "issued_at": issued_at, "valid_until": until, "serials": serials,
                "fetched_at": clock.real_now(),
            },
        )  # fmt: skip
    return kept


def _read(content: bytes) -> tuple[str, datetime, datetime, list[str], bytes, bytes]:
    try:
        if pem.detect(content):
            _, _, content = pem.unarmor(content)
        found = crl.CertificateList.load(content, strict=True)
        body = found["tbs_cert_list"]
        if found["signature_algorithm"]["algorithm"].dotted != SM2_WITH_SM3:
            raise NoList
        # a list that names nothing leaves the part out; one without an end would count for ever
        named = body["revoked_certificates"].native or ()
        revoked = [f"{each['user_certificate']:x}" for each in named]
        if body["next_update"].native is None:
            raise NoList("吊销列表没有写明有效期")
        return (
            found.issuer.human_friendly[:200], body["this_update"].native, body["next_update"].native, sorted(revoked),
            body.dump(), found["signature"].native,
        )  # fmt: skip
    except NoList:
        raise
    except Exception as error:  # the parser raises whatever it stumbles over
        raise NoList from error


@background("trust.fetch_revocations", atomic=False)
def fetch() -> None:
    """Fetches every list that `ANJU_REVOCATION_LISTS` names; a repeat finds the same. Raises an alarm for one out of date."""
    for url in settings.ANJU_REVOCATION_LISTS:
        why = ""
        try:
            answer = httpx.get(url, timeout=TIMEOUT, trust_env=False)
            answer.raise_for_status()
            if len(answer.content) > LARGEST:
                raise NoList("吊销列表太大")
            take_in(url, answer.content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = f"没有取到（{type(error).__name__}）"
        except DomainError as error:
            why = error.message
        held = RevocationList.objects.filter(url=url).first()
        if held is None or held.valid_until < clock.real_now():
            with transaction.atomic():
                told = "证书吊销列表还没有取到过" if held is None else "证书吊销列表已过有效期"
                audit.raise_alarm(
                    "certificate.list_expired", f"{told}：{why or '机构没有发布新的'}", details={"url": url[:300]}
                )


every(minutes=60)("trust.fetch_revocations")


def build(*, issuer: Certificate, key: str, serials: list[int], period: tuple[datetime, datetime]) -> bytes:
    """A list in DER, signed with the service's key of a name: what our own authority would publish."""
    body: dict[str, Any] = {
        "version": "v2", "signature": {"algorithm": SM2_WITH_SM3},
        "issuer": x509.Certificate.load(issuer.content).subject, "this_update": _time(period[0]),
        "next_update": _time(period[1]),
    }  # fmt: skip
    if serials:
        body["revoked_certificates"] = [
            {"user_certificate": serial, "revocation_date": _time(period[0])} for serial in serials
        ]
    signed = crl.TbsCertList(body)
    made = crl.CertificateList(
        {
            "tbs_cert_list": signed, "signature_algorithm": {"algorithm": SM2_WITH_SM3},
            "signature": service().sign(key, signed.dump()),
        }
    )  # fmt: skip
    return bytes(made.dump())


def _time(moment: datetime) -> Any:
    return x509.Time({"general_time": core.GeneralizedTime(moment)})
