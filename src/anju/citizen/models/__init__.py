"""Tables of the citizen's side."""

from anju.citizen.models.accounts import CodePurpose, PhoneCode, Resident, VerifiedState
from anju.citizen.models.applications import ApplicationDraft, DraftMaterial, DraftPage, Submission
from anju.citizen.models.kept import KeptProjects, KeptUnits
from anju.citizen.models.public import City, Notice, NoticeKind
from anju.citizen.models.survey import Survey, SurveyAnswer
from anju.citizen.models.verification import IdentityVerification, VerificationState, VerificationWay

__all__ = [
    "ApplicationDraft",
    "City",
    "CodePurpose",
    "DraftMaterial",
    "DraftPage",
    "IdentityVerification",
    "KeptProjects",
    "KeptUnits",
    "Notice",
    "NoticeKind",
    "PhoneCode",
    "Resident",
    "Submission",
    "Survey",
    "SurveyAnswer",
    "VerificationState",
    "VerificationWay",
    "VerifiedState",
]
