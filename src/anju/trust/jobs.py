"""Background work of trust: integrity values, checks, the renewing of keys, what is due to be erased."""

from __future__ import annotations

from anju.trust import checks, integrity, retention, rotation

__all__ = ["checks", "integrity", "retention", "rotation"]
