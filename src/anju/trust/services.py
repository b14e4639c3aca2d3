"""What others may ask of the seals."""

from __future__ import annotations

from anju.kernel.documents import SealReport
from anju.trust.picture import seal_picture
from anju.trust.signing import seal_pdf, verify_pdf

__all__ = ["SealReport", "seal_pdf", "seal_picture", "verify_pdf"]
