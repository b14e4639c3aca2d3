"""Issuing documents, making their files, revoking and verifying them."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
import segno
from django.conf import settings
from django.db import transaction

from anju.kernel import clock
from anju.kernel.audit import record
from anju.kernel.crypto import mask_name, sm3
from anju.kernel.documents.guards import sees
from anju.kernel.documents.models import Document
from anju.kernel.documents.sealing import SealReport, sealer
from anju.kernel.documents.templates import template_path, template_version
from anju.kernel.documents.typesetting import typeset
from anju.kernel.errors import Conflict, DomainError, NotFound
from anju.kernel.files import open_file, store
from anju.kernel.http.json import default
from anju.kernel.jobs import defer
from anju.kernel.scope import Actor, system

log = logging.getLogger("anju.documents")
# Without 0 O 1 I L: people type these codes from paper. 31 letters, 16 of them: 79 bits.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH = 16
PURPOSE = "document"


class DocumentNotThere(NotFound):
    """No such document, or not for this person."""

    code, message, advice = "document.not_found", "没有找到这份文书", "它可能已被移除，或你无权查看"


class NotMade(DomainError):
    """The file cannot be made at the moment; the document itself is issued and safe."""

    status, code, message = 503, "document.not_made", "文书正在制作，暂时不能打开"
    advice = "请稍后再试；若一直不能打开，请联系运维人员"


class RevokedAlready(Conflict):
    """The document was revoked before."""

    code, message, advice = "document.revoked", "这份文书已经作废", ""


def issue(
    *,
    template: str,
    subject: str,
    title: str,
    data: Mapping[str, Any],
    actor: Actor,
    number: str | None = None,
    seal: bool = True,
    holder: str = "",
    organisation: str | None = None,
    issued_on: date | None = None,
    valid_until: date | None = None,
    org_path: str | None = None,
    division: str | None = None,
) -> Document:
    """Issues a document in the present transaction; its file follows by itself.

    `data` is what the template's head asks for, and is frozen as it is now. Whose paper it is, shown masked when it is
    verified, is `holder`, else the name in the data under `holder`, `applicant` or `lessee`. Who issues it is
    `organisation`, else the data's, else the actor's. Raises `TemplateMissing`, and ValueError when nobody is there to seal it.
    """
    office = organisation or data.get("organisation") or actor.org_name
    if seal and not office:
        raise ValueError("a sealed document needs an organisation that issues it")
    owner = holder or next((data[key] for key in ("holder", "applicant", "lessee") if data.get(key)), "")
    version = template_version(template)
    frozen = orjson.dumps(
        dict(data), default=default, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
    )
    with transaction.atomic():
        document = Document.objects.create(
            template=template,
            template_version=version,
            subject=subject,
            title=title,
            number=number or "",
            content=frozen.decode(),
            data_digest=sm3(frozen).hex(),
            holder=mask_name(str(owner)),
            organisation=str(office or ""),
            seal=seal,
            verify_code="".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH)),
            issued_on=issued_on or clock.today(),
            valid_until=valid_until,
            issued_by=actor.name,
            created_by=actor.ref,
            org_path=org_path if org_path is not None else actor.org_path or "/",
            division=division if division is not None else actor.division,
        )
        defer("documents.render", document_id=document.pk)
    return document


def verify_url(document: Document) -> str:
    """The public page on which anyone can check a document."""
    return f"{settings.PUBLIC_URL}/verify/{document.verify_code}"


def qr_code(text: str) -> str:
    """A QR code as an SVG picture that stands without a quiet zone; the paper gives it one."""
    return segno.make(text, error="m", micro=False).svg_inline(border=0, omitsize=True)


def typeset_values(document: Document) -> dict[str, Any]:
    """What a template is given: `document`, which is the same for all, and `data`, which its own head describes."""
    return {
        "document": {
            "title": document.title,
            "number": document.number,
            "organisation": document.organisation,
            "issued_on": document.issued_on.isoformat(),
            "valid_until": document.valid_until.isoformat() if document.valid_until else None,
            "code": document.verify_code,
            "url": verify_url(document),
            "qr": qr_code(verify_url(document)),
            "stamp": sealer().picture(document.organisation) if document.seal else None,
        },
        "data": document.data,
    }


def make_file(document: Document) -> bytes:
    """The PDF of a document, sealed where it is to be."""
    pdf = typeset(template_path(document.template), moment=document.created_at, **typeset_values(document))
    return sealer().seal(pdf, document.organisation, f"出具{document.title}") if document.seal else pdf


def ensure_rendered(document_id: int) -> Document:
    """The document with its file, made now if it is not there yet; may be called often and by many at once.

    Raises `DocumentNotThere` and, having noted the reason in the row, `NotMade`.
    """
    try:
        with transaction.atomic():
            document = Document.objects.select_for_update().filter(pk=document_id).first()
            if document is None:
                raise DocumentNotThere
            if document.state == Document.State.READY:
                return document
            name = f"{document.title}{document.number and ' '}{document.number}.pdf"
            document.file = store(
                make_file(document),
                name=name,
                mime="application/pdf",
                actor=system(),
                purpose=PURPOSE,
                owner=f"document:{document.pk}",
            )
            document.state, document.failure = Document.State.READY, ""
            document.save(update_fields=["file", "state", "failure", "updated_at"])
            return document
    except DocumentNotThere:
        raise
    except Exception as error:
        log.exception("document %s cannot be made", document_id)
        reason = f"{type(error).__name__}: {error}"[:500]
        Document.objects.filter(pk=document_id).exclude(state="ready").update(state="failed", failure=reason)
        raise NotMade from error


def visible(document_id: int, actor: Actor) -> Document:
    """The document, if the actor may see it. Raises `DocumentNotThere`, the same in either case."""
    document = Document.objects.filter(pk=document_id).first()
    if document is None or not sees(actor, document):
        raise DocumentNotThere
    return document


def revoke(document_id: int, *, reason: str, actor: Actor) -> Document:
    """Ends a document's validity for good; it stays readable, and its verification says so. Raises `RevokedAlready`."""
    with transaction.atomic():
        document = Document.objects.select_for_update().filter(pk=document_id).first()
        if document is None:
            raise DocumentNotThere
        if document.revoked_at is not None:
            raise RevokedAlready
        document.revoked_at, document.revoked_reason = clock.now(), reason[:200]
        document.version += 1
        document.save(update_fields=["revoked_at", "revoked_reason", "version", "updated_at"])
        record(
            "act",
            actor=actor,
            subject=document.subject,
            title=f"作废{document.title}",
            detail={"document": document.pk},
        )
    return document


def verification(code: str) -> dict[str, Any]:
    """What anyone holding the paper may learn: whether it is genuine and in force, and, masked, whose it is."""
    document = Document.objects.filter(verify_code=code.replace("-", "").strip().upper()).first()
    if document is None:
        return {"valid": False, "state": "unknown", "title": "", "number": "", "holder": "", "organisation": "",
                "issued_on": None, "valid_until": None, "seal": None}  # fmt: skip
    if document.revoked_at is not None:
        state = "revoked"
    elif document.valid_until is not None and document.valid_until < clock.today():
        state = "expired"
    else:
        state = "valid"
    report = seal_report(document)
    broken = report is not None and not report.intact
    return {
        "valid": state == "valid" and not broken,
        "state": state,
        "title": document.title,
        "number": document.number,
        "holder": document.holder,
        "organisation": document.organisation,
        "issued_on": document.issued_on,
        "valid_until": document.valid_until,
        "seal": None if report is None else {"intact": report.intact, "signer": report.signer},
    }


def seal_report(document: Document) -> SealReport | None:
    """What became of the seal of our own copy; None where there is no sealed file (yet)."""
    if not document.seal or document.file_id is None:
        return None
    try:
        return sealer().verify(open_file(document.file_id))
    except DomainError:
        return SealReport(sealed=True, intact=False)
