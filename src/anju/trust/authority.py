"""Certificates of seals: a root of our own for demonstrations, and one signer an organisation, made on first use."""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

_YEARS_ROOT, _YEARS_SIGNER = 20, 10


@dataclass(frozen=True)
class Holder:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


_held: dict[Path, Holder] = {}


def folder() -> Path:
    """Where certificates and keys of seals lie, readable by the platform's own user only."""
    return Path(settings.ANJU_SECRETS) / "seals"


def root() -> Holder:
    """The root that all our signers' certificates lead back to."""
    return _kept(folder() / "root.pem", _make_root)


def signer_of(organisation: str) -> Holder:
    """The signer of an organisation's seal; its certificate names the organisation."""
    name = hashlib.sha256(organisation.encode()).hexdigest()[:24]
    return _kept(folder() / f"{name}.pem", lambda: _make_signer(organisation, root()))


def _kept(path: Path, make: Callable[[], Holder]) -> Holder:
    """The holder in a file; made, by one process only, where there is none."""
    if path not in _held:
        if not path.exists():
            with _alone(path):
                if not path.exists():
                    _write(path, make())
        _held[path] = _read(path)
    return _held[path]


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(path: Path, holder: Holder) -> None:
    key = holder.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(key + holder.certificate.public_bytes(serialization.Encoding.PEM))
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(fresh, path)


def _read(path: Path) -> Holder:
    content = path.read_bytes()
    key = serialization.load_pem_private_key(content, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} holds no key on an elliptic curve")
    return Holder(x509.load_pem_x509_certificate(content), key)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, years: int
) -> x509.CertificateBuilder:
    # Certificates live in real time, whatever day the demonstration shows: readers of PDFs know no other.
    start = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _make_root() -> Holder:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("安居演示根证书")
    certificate = (
        _builder(name, name, key.public_key(), _YEARS_ROOT)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Holder(certificate, key)


def _make_signer(organisation: str, issuer: Holder) -> Holder:
    key = ec.generate_private_key(ec.SECP256R1())
    # A common name holds 64 characters at most (RFC 5280).
    certificate = (
        _builder(_name(organisation[:64]), issuer.certificate.subject, key.public_key(), _YEARS_SIGNER)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )
    return Holder(certificate, key)
