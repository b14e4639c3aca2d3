"""SM2 signatures with SM3 (GB/T 32918.2, GB/T 32918.5) over GmSSL; keys are plain bytes."""

from __future__ import annotations

import gmssl_pyx


def generate() -> tuple[bytes, bytes]:
    """A fresh pair: public (64 bytes, x and y), private (32 bytes)."""
    public, private = gmssl_pyx.sm2_key_generate()
    return bytes(public), bytes(private)


def sign(public: bytes, private: bytes, content: bytes) -> bytes:
    """A signature in DER under the standard's default identifier `1234567812345678`."""
    return bytes(gmssl_pyx.sm2_sign(private, public, content))


def verify(public: bytes, content: bytes, signature: bytes) -> bool:
    """Whether the signature is this key's over this content; anything malformed is not."""
    try:
        return bool(gmssl_pyx.sm2_verify(gmssl_pyx.normalize_sm2_public_key(public), content, signature))
    except (gmssl_pyx.GmsslInnerError, ValueError, TypeError):
        return False
