"""Who may issue user certificates: our own authority, and those whose certificates the city put into a folder."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from anju.kernel.crypto import service
from anju.kernel.crypto.keyring import alone
from anju.trust.certificates.x509 import Certificate, NoCertificate, build, read

KEY = "authority"
_YEARS = 20


def own() -> Certificate:
    """Our own authority, for demonstrations and for cities without one; its key lies in the cryptography service."""
    path = Path(settings.ANJU_SECRETS) / f"user-authority-{service().name}.der"
    if not path.exists():
        with alone(path):
            if not path.exists():
                fresh = path.with_suffix(".new")
                fresh.write_bytes(_made())
                os.replace(fresh, path)
    return read(path.read_bytes())


def _made() -> bytes:
    # Certificates live in real time, whatever day the demonstration shows.
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    name, unit = "安居用户证书签发中心", settings.ANJU_CITY["name"]
    return build(
        holder=name, unit=unit, issuer=name, public=service().public_key(KEY), key=KEY, serial=fresh_serial(),
        period=(start, start + timedelta(days=365 * _YEARS)), authority=True,
    )  # fmt: skip


def trusted() -> list[Certificate]:
    """All authorities whose certificates are accepted: ours, and the files of `ANJU_TRUSTED_CAS`."""
    found = [own()]
    if settings.ANJU_TRUSTED_CAS:
        for path in sorted(Path(settings.ANJU_TRUSTED_CAS).iterdir()):
            try:
                found.append(read(path.read_bytes()))
            except NoCertificate as error:
                raise NoCertificate(f"受信任的 CA 证书 {path.name} 无法读取") from error
    return [each for each in found if each.authority]


def fresh_serial() -> int:
    """A serial number that nobody can foretell (RFC 5280: positive, at most 20 bytes)."""
    return secrets.randbits(120) | 1 << 119
