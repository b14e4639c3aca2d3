"""What identity does in the background: locks accounts that nobody uses, renews the keys of single sign-on."""

from __future__ import annotations

from anju.identity import locking
from anju.identity.openid import keys, tokens
from anju.kernel.jobs import background, defer, every


@background("identity.lock_idle")
def lock_idle() -> None:
    """Once a day, in portions; a repeat finds them locked already (SH-221.3)."""
    if locking.lock_idle() == locking.AT_ONCE:
        defer("identity.lock_idle")


@background("identity.tend_openid")
def tend_openid() -> None:
    """Renews an old signing key and deletes sign-ins that are over; a repeat finds nothing to do."""
    keys.renew_old()
    tokens.forget_old()


every(minutes=1440)("identity.lock_idle")
every(minutes=1440)("identity.tend_openid")
