"""SM3 digests (GB/T 32905)."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SM3, Hash


def sm3(content: bytes) -> bytes:
    """The SM3 digest of some bytes, 32 bytes long."""
    digest = Hash(SM3())
    digest.update(content)
    return digest.finalize()
