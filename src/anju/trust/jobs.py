"""Background work of trust: integrity values, checks, renewing of keys, revocation lists, what is due to be erased."""

from __future__ import annotations

from anju.trust import checks, integrity, retention, rotation
from anju.trust.certificates import revocation

__all__ = ["checks", "integrity", "retention", "revocation", "rotation"]
