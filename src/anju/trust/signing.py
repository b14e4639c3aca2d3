"""PAdES signatures on PDFs: made with keys that are loaded once, checked against our root."""

from __future__ import annotations

import io

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from anju.kernel.documents import SealReport
from anju.trust.authority import Holder, root, signer_of

# An ECDSA signature on P-256 takes 72 bytes at most in DER.
_LONGEST_SIGNATURE = 72
FIELD = "Seal"


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


class _LoadedSigner(signers.Signer):
    """A signer whose key stays loaded; the library's own parses it twice for each signature."""

    def __init__(self, holder: Holder, issuer: Holder) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register(_asn1(issuer.certificate))
        self._key = holder.key
        super().__init__(signing_cert=_asn1(holder.certificate), cert_registry=store)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise SigningError(f"{digest_algorithm} is not what our seals sign")
        return bytes(_LONGEST_SIGNATURE) if dry_run else self._key.sign(data, ec.ECDSA(hashes.SHA256()))


_signers: dict[Holder, _LoadedSigner] = {}


def seal_pdf(pdf: bytes, organisation_name: str, reason: str) -> bytes:
    """The PDF sealed by an organisation: signed (PAdES B-B), and certified so that nothing may be added to it.

    Raises `ValueError` when the bytes are no PDF.
    """
    holder = signer_of(organisation_name)
    if holder not in _signers:
        _signers[holder] = _LoadedSigner(holder, root())
    wishes = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=organisation_name,
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    try:
        sealed = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), wishes, signer=_signers[holder])
    except PdfError as error:
        raise ValueError("only a PDF can be sealed") from error
    return bytes(sealed.getvalue())


def verify_pdf(pdf: bytes) -> SealReport:
    """Whether a PDF carries one of our seals and not a byte of it was changed since."""
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if not signatures:
            return SealReport(sealed=False, intact=False)
        trusted = ValidationContext(trust_roots=[_asn1(root().certificate)], allow_fetching=False)
        last = signatures[-1]
        found = validate_pdf_signature(last, trusted)
        whole = found.coverage is SignatureCoverageLevel.ENTIRE_FILE
        kept = found.modification_level in (None, ModificationLevel.NONE)
        name = found.signing_cert.subject.native.get("common_name", "")
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):
        # Whatever the reader stumbles over, the file is not the one that was sealed.
        return SealReport(sealed=b"/ByteRange" in pdf, intact=False)
    return SealReport(
        sealed=True,
        intact=bool(found.bottom_line and whole and kept),
        signer=str(name),
        signed_at=found.signer_reported_dt,
    )
