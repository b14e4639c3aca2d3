"""SM3 digests (GB/T 32905)."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SM3, Hash

from anju.kernel.crypto.provider import service


def sm3(content: bytes) -> bytes:
    """The SM3 digest of some bytes, 32 bytes long."""
    return service().digest(content)


def running_sm3() -> Hash:
    """An SM3 digest of what is not in memory at once: `update`, then `finalize`. It needs no key and so no service."""
    return Hash(SM3())
