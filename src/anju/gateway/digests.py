"""What is kept of secrets and tokens."""

from __future__ import annotations

import hashlib


def digest_of(secret: str) -> bytes:
    """What is kept of a secret or token; both are random and long, so one round is enough."""
    return hashlib.sha256(secret.encode()).digest()
