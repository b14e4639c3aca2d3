"""What is forgotten in time: drafts nobody went on with, and codes long used or expired."""

from __future__ import annotations

from datetime import timedelta

from anju.citizen import limits
from anju.citizen.models import ApplicationDraft, PhoneCode
from anju.kernel import clock
from anju.kernel.jobs import background, every

CODES_KEPT = timedelta(days=7)


@background("citizen.forget")
def forget() -> None:
    """Removes drafts untouched for 90 days, as their owners are told, and codes older than every limit counts."""
    moment = clock.now()
    ApplicationDraft.objects.filter(updated_at__lt=moment - limits.DRAFT_KEPT).delete()
    PhoneCode.objects.filter(created_at__lt=moment - CODES_KEPT).delete()


every(minutes=1440)("citizen.forget")
