"""What the gateway does in the background: pushing, keeping its books short, watching."""

from __future__ import annotations

from anju.gateway import calls, pushing, watching
from anju.gateway.models import AccessToken, Nonce
from anju.kernel import clock
from anju.kernel.jobs import background, every

__all__ = ["keep_books", "pushing", "watching"]


@background("gateway.keep_books")
def keep_books() -> None:
    """Makes the coming months of the call log, drops those past keeping, forgets what expired."""
    calls.make_partitions()
    calls.drop_old()
    Nonce.objects.filter(expires_at__lt=clock.real_now()).delete()
    AccessToken.objects.filter(expires_at__lt=clock.real_now()).delete()


every(minutes=60)("gateway.keep_books")
