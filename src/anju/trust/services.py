"""What others may ask of trust: seals on papers, and the check of a certificate at sign-in."""

from __future__ import annotations

from anju.kernel.documents import SealReport
from anju.trust.certificates.checking import check_certificate
from anju.trust.picture import seal_picture
from anju.trust.signing import seal_pdf, verify_pdf

__all__ = ["SealReport", "check_certificate", "seal_pdf", "seal_picture", "verify_pdf"]
