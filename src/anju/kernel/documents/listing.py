"""Issued papers as pages list them."""

from __future__ import annotations

from typing import Any

from anju.kernel.compiled import Compiled
from anju.kernel.documents.models import Document
from anju.kernel.errors import NotFound


def document_json(document_id: int) -> dict[str, Any]:
    """A paper with the address of its file; raises `NotFound`."""
    found = Document.objects.filter(pk=document_id).first()
    if found is None:
        raise NotFound
    return _as_json(found)


def documents_of(subject: str) -> list[dict[str, Any]]:
    """The papers issued for a subject such as `case:12`, newest first."""
    return [_as_json(each) for each in ISSUED_FOR(subject)]


ISSUED_FOR = Compiled(
    lambda subject: (
        Document.objects.only(
            "template",
            "title",
            "number",
            "issued_on",
            "valid_until",
            "revoked_at",
            "state",
            "print_count",
            "verify_code",
        )
        .filter(subject=subject)
        .order_by("-id")
    )
)


def _as_json(document: Document) -> dict[str, Any]:
    return {
        "id": document.pk,
        "template": document.template,
        "title": document.title,
        "number": document.number,
        "issued_on": document.issued_on,
        "valid_until": document.valid_until,
        "state": "revoked" if document.revoked_at else document.state,
        "print_count": document.print_count,
        "url": f"/api/documents/{document.pk}/file",
        "verify_path": f"/verify/{document.verify_code}",
    }
