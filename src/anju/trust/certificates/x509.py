"""X.509 certificates with SM2 keys and SM2-with-SM3 signatures (GM/T 0015), which `cryptography` does not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, core, keys, pem, x509  # type: ignore[import-untyped]

from anju.kernel.crypto import service
from anju.kernel.errors import DomainError

SM2_CURVE, SM2_WITH_SM3 = "1.2.156.10197.1.301", "1.2.156.10197.1.501"
LARGEST = 16_000


class NoCertificate(DomainError):
    """The bytes are no X.509 certificate with an SM2 key."""

    code, message = "certificate.unreadable", "不是有效的国密（SM2）证书"
    advice = "请上传 CA 机构签发的 SM2 证书（DER 或 PEM）"


def _teach() -> None:
    """The library's tables know neither the curve nor the signature."""
    if SM2_CURVE not in keys.NamedCurve._map:
        keys.NamedCurve.register("sm2p256v1", SM2_CURVE, 32)
    if SM2_WITH_SM3 not in algos.SignedDigestAlgorithmId._map:
        algos.SignedDigestAlgorithmId._map[SM2_WITH_SM3] = "sm2_sm3"
        # the reverse table is made on first use and kept; without this it would not know the newcomer
        algos.SignedDigestAlgorithmId._reverse_map = None


_teach()


@dataclass(frozen=True)
class Certificate:
    """What is asked of a certificate."""

    content: bytes
    subject: str
    issuer: str
    holder: str
    serial: str
    not_before: datetime
    not_after: datetime
    public: bytes
    authority: bool
    signed_part: bytes
    signature: bytes

    @property
    def fingerprint(self) -> str:
        """SM3 of the whole certificate."""
        return service().digest(self.content).hex()


def read(content: bytes) -> Certificate:
    """A certificate in DER or PEM. Raises `NoCertificate`."""
    if len(content) > LARGEST:
        raise NoCertificate
    try:
        if pem.detect(content):
            _, _, content = pem.unarmor(content)
        found = x509.Certificate.load(content, strict=True)
        body = found["tbs_certificate"]
        info = body["subject_public_key_info"]
        point = bytes(info["public_key"].native)
        if found["signature_algorithm"]["algorithm"].dotted != SM2_WITH_SM3 or len(point) != 65 or point[0] != 4:
            raise NoCertificate
        if info["algorithm"]["parameters"].chosen.dotted != SM2_CURVE:
            raise NoCertificate
        constraints = found.basic_constraints_value
        return Certificate(
            content=content, subject=found.subject.human_friendly[:200], issuer=found.issuer.human_friendly[:200],
            holder=str(found.subject.native.get("common_name", ""))[:80], serial=f"{found.serial_number:x}"[:64],
            not_before=found.not_valid_before, not_after=found.not_valid_after, public=point[1:],
            authority=bool(constraints and constraints["ca"].native), signed_part=body.dump(),
            signature=found["signature_value"].native,
        )  # fmt: skip
    except NoCertificate:
        raise
    except Exception as error:  # the parser raises whatever it stumbles over
        raise NoCertificate from error


def issued_by(certificate: Certificate, authority: Certificate) -> bool:
    """Whether the authority signed it (SM2 with SM3)."""
    return (
        authority.authority
        and certificate.issuer == authority.subject
        and service().verify_with(authority.public, certificate.signed_part, certificate.signature)
    )


def build(
    *, holder: str, unit: str, issuer: str, public: bytes, key: str, serial: int, period: tuple[datetime, datetime],
    authority: bool = False,
) -> bytes:  # fmt: skip
    """A certificate in DER, signed with the service's key of a name. `issuer` is the issuing authority's common name."""
    usage = {"key_cert_sign", "crl_sign"} if authority else {"digital_signature", "non_repudiation"}
    extensions: list[dict[str, Any]] = [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": authority}},
        {"extn_id": "key_usage", "critical": True, "extn_value": usage},
    ]
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": serial,
            "signature": {"algorithm": SM2_WITH_SM3},
            "issuer": _name(issuer, unit),
            "validity": {"not_before": _time(period[0]), "not_after": _time(period[1])},
            "subject": _name(holder, unit),
            "subject_public_key_info": {
                "algorithm": {"algorithm": "ec", "parameters": keys.ECDomainParameters("named", SM2_CURVE)},
                "public_key": b"\x04" + public,
            },
            "extensions": extensions,
        }
    )
    made = x509.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": {"algorithm": SM2_WITH_SM3},
            "signature_value": service().sign(key, body.dump()),
        }
    )
    return bytes(made.dump())


def _name(common: str, unit: str) -> Any:
    return x509.Name.build({"country_name": "CN", "organization_name": unit, "common_name": common[:64]})


def _time(moment: datetime) -> Any:
    return x509.Time({"general_time": core.GeneralizedTime(moment)})
