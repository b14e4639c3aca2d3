"""The one cryptography service: an interface, the one configured, and which of them opens what was sealed before.

Everything that encrypts, decrypts, digests, signs or checks for the platform goes through `service()` (SH-233.8).
`ANJU_CRYPTO_URL` names a signature-and-encryption service (签名验签、加解密服务) over HTTP; without it the keys of this
installation do the work. A sealed value says in its head who sealed it, so that a change of the setting leaves what is
there readable, and the rotation (`anju.trust.rotation`) takes it over row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from django.conf import settings

from anju.kernel.crypto.versions import REMOTE


class CryptoService(Protocol):
    """Seals, indexes, digests and signs; `local` and `http` do.

    A sealed value begins with two bytes: the version of its key, the first bit set by the HTTP service. Every function
    may raise `CryptoUnavailable`, `CryptoGarbage` or `CryptoRefused`; opening raises `Unreadable`.
    """

    name: str

    def version(self) -> int:
        """The version of the keys that seal now, as it stands in a sealed value's head."""
        ...

    def seal(self, purpose: str, contents: Sequence[bytes]) -> list[bytes]:
        """Encrypts and authenticates (SM4-GCM) for a purpose, `text` or `file`."""
        ...

    def open(self, purpose: str, sealed: Sequence[bytes]) -> list[bytes]:
        """What was sealed."""
        ...

    def mac(self, content: bytes) -> bytes:
        """A keyed digest (HMAC-SM3) for blind indexes, 32 bytes."""
        ...

    def macs(self, contents: Sequence[bytes]) -> list[bytes]:
        """The same for many contents in one go."""
        ...

    def digest(self, content: bytes) -> bytes:
        """SM3; it needs no key, so both services compute it in the process."""
        ...

    def sign(self, key: str, content: bytes) -> bytes:
        """An SM2 signature (GB/T 32918.2, SM3 digest, default identifier) in DER, with the key of a name."""
        ...

    def verify(self, key: str, content: bytes, signature: bytes) -> bool:
        """Whether a signature was made with the key of a name."""
        ...

    def public_key(self, key: str) -> bytes:
        """The public key of a name: 64 bytes, x and y."""
        ...

    def verify_with(self, public: bytes, content: bytes, signature: bytes) -> bool:
        """Whether a signature was made with the private half of a public key that somebody else holds."""
        ...


def service() -> CryptoService:
    """The service that this installation is configured to use."""
    url = getattr(settings, "ANJU_CRYPTO_URL", "")
    return _remote(url, settings.ANJU_CRYPTO_ID, settings.ANJU_CRYPTO_SECRET) if url else local()


@lru_cache(maxsize=1)
def local() -> CryptoService:
    """The service on this installation's own keys."""
    from anju.kernel.crypto.local import LocalService

    return LocalService()


@lru_cache(maxsize=8)
def _remote(url: str, identity: str, secret: str) -> CryptoService:
    from anju.kernel.crypto.remote import HttpService

    return HttpService(url, identity, secret)


def opener_of(sealed: bytes) -> CryptoService:
    """The service that sealed a value. Raises `CryptoUnavailable` when it is one that is not configured any more."""
    if len(sealed) >= 2 and sealed[0] & (REMOTE >> 8):
        if not getattr(settings, "ANJU_CRYPTO_URL", ""):
            from anju.kernel.crypto.errors import CryptoUnavailable

            raise CryptoUnavailable("内容由外部密码服务加密，而本系统没有配置该服务")
        return service()
    return local()
