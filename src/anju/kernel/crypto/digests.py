"""SM3 digests (GB/T 32905)."""

from __future__ import annotations

from anju.kernel.crypto.provider import service


def sm3(content: bytes) -> bytes:
    """The SM3 digest of some bytes, 32 bytes long."""
    return service().digest(content)
