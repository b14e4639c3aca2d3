"""What identity does in the background: locks accounts that nobody uses any more."""

from __future__ import annotations

from anju.identity import locking
from anju.kernel.jobs import background, defer, every


@background("identity.lock_idle")
def lock_idle() -> None:
    """Once a day, in portions; a repeat finds them locked already (SH-221.3)."""
    if locking.lock_idle() == locking.AT_ONCE:
        defer("identity.lock_idle")


every(minutes=1440)("identity.lock_idle")
