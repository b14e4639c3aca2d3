"""Identity documents of persons: their types, their numbers in canonical form (ZB-04.2)."""

from __future__ import annotations

from datetime import date

from django.db import models

from anju.kernel.errors import DomainError
from anju.kernel.forms.personal import Wrong, born_on, check_digit, clean_document

NUMBERED_ALIKE = {"id_card", "driving_licence"}


class DocumentType(models.TextChoices):
    """The documents a person may prove his identity with."""

    ID_CARD = "id_card", "居民身份证"
    DRIVING_LICENCE = "driving_licence", "机动车驾驶证"
    PASSPORT = "passport", "护照"
    HK_MACAO_PERMIT = "hk_macao_permit", "港澳居民来往内地通行证"


class ImpossibleNumber(DomainError):
    """The number cannot belong to a document of this type; the code says why."""

    code = "id_number.invalid"
    advice = "请照着证件逐位核对后再填"


def clean_number(document_type: str, text: str) -> str:
    """The number of a document in its one canonical form; 15-digit identity numbers become 18 digits first.

    Raises `ImpossibleNumber`, naming what is wrong, and `DomainError` for an unknown type.
    """
    if document_type not in DocumentType.values:
        raise DomainError(
            "没有这种证件类型", code="identity.unknown_document", field="document_type", advice="请从列表中选择证件类型"
        )
    try:
        return clean_document(document_type, text)
    except Wrong as wrong:
        raise ImpossibleNumber(wrong.message, code=wrong.code, field="document_number") from wrong


def told_by_number(document_type: str, number: str) -> tuple[date, str] | None:
    """Birth date and gender that a cleaned number tells; None for documents whose number tells nothing."""
    if document_type not in NUMBERED_ALIKE:
        return None
    return born_on(number), "male" if int(number[16]) % 2 else "female"


__all__ = ["DocumentType", "ImpossibleNumber", "check_digit", "clean_number", "told_by_number"]
