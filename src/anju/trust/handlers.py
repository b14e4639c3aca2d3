"""Hangs the seals on the kernel's hook for documents."""

from __future__ import annotations

from anju.kernel.documents import SealReport, set_sealer
from anju.trust.services import seal_pdf, seal_picture, verify_pdf


class CitySealer:
    """Seals documents with the seals kept here."""

    def picture(self, organisation: str) -> str:
        return seal_picture(organisation)

    def seal(self, pdf: bytes, organisation: str, reason: str) -> bytes:
        return seal_pdf(pdf, organisation, reason)

    def verify(self, pdf: bytes) -> SealReport:
        return verify_pdf(pdf)


set_sealer(CitySealer())
