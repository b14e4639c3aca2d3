"""Background work of trust: integrity values every minute, checks and the renewing of keys on request."""

from __future__ import annotations

from anju.trust import checks, integrity, rotation

__all__ = ["checks", "integrity", "rotation"]
