"""Tables of trust: one file an idea."""

from anju.trust.models.certificates import CertificateChallenge, RevocationList, UserCertificate
from anju.trust.models.integrity import Device, DeviceRecord, IntegrityMark
from anju.trust.models.retention import Ending, RetentionRule, RetentionRun
from anju.trust.models.rights import SignedBatch, SignedRow

__all__ = [
    "CertificateChallenge",
    "Device",
    "DeviceRecord",
    "Ending",
    "IntegrityMark",
    "RetentionRule",
    "RetentionRun",
    "RevocationList",
    "SignedBatch",
    "SignedRow",
    "UserCertificate",
]
