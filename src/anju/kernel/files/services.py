"""Storing files, giving them back, answering a request with one."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.http import HttpResponse

from anju.kernel import clock
from anju.kernel.crypto import sm3
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.files import blobs
from anju.kernel.files.guards import guard_of
from anju.kernel.files.models import StoredFile
from anju.kernel.scope import Actor

# Shown in the page; everything else is downloaded, so that nothing a person uploaded runs in our address.
_SHOWN_IN_PAGE = {"image/jpeg", "image/png", "application/pdf", "video/mp4"}
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class FileNotThere(NotFound):
    """No such file, or not for this person."""

    code, message, advice = "file.not_found", "没有找到这个文件", "它可能已被移除，或你无权查看"


class NotInFile(DomainError):
    """A part was asked for that the file does not have."""

    status, code, message, advice = 416, "file.range", "文件没有这一段", "请从头读取"


def store(content: bytes, *, name: str, mime: str, actor: Actor, purpose: str, owner: str = "") -> StoredFile:
    """Keeps a content for a purpose; `owner` says what it belongs to (such as `case:12`), else the actor.

    The caller has checked the content (`check_picture` and its like). The content is on disk when this returns; if
    the transaction is rolled back, only the row goes.
    """
    return StoredFile.objects.create(
        address=blobs.put(content),
        digest=sm3(content).hex(),
        size=len(content),
        mime=mime[:100],
        name=tidy_name(name),
        purpose=purpose,
        owner=owner or actor.ref,
        created_at=clock.now(),
        created_by=actor.ref,
    )


def tidy_name(name: str) -> str:
    """A file's name without folders and control characters, its ending kept where it must be cut."""
    base = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable()).strip(" .") or "未命名"
    stem, dot, ending = base.rpartition(".")
    if len(base) > 200 and dot and len(ending) <= 10:
        return f"{stem[: 199 - len(ending)]}.{ending}"
    return base[:200]


def open_file(file_id: int) -> bytes:
    """The content of a file. Raises `FileNotThere` or `ContentLost`. Who may read it is the caller's question."""
    address = StoredFile.objects.filter(pk=file_id).values_list("address", flat=True).first()
    if address is None:
        raise FileNotThere
    return blobs.get(address)


def readable(file_id: int, actor: Actor) -> StoredFile:
    """The file, if its purpose's guard lets the actor read it. Raises `FileNotThere`, the same in either case."""
    found = StoredFile.objects.filter(pk=file_id).first()
    if found is None or not (actor.kind == "system" or guard_of(found.purpose).check(actor, found)):
        raise FileNotThere
    return found


def file_answer(content: bytes, *, name: str, mime: str, download: bool = False) -> HttpResponse:
    """An answer that shows pictures and PDFs and downloads the rest, under a name in any script (RFC 6266, 5987)."""
    shown = mime in _SHOWN_IN_PAGE
    response = HttpResponse(content, content_type=mime if shown or mime.isascii() else "application/octet-stream")
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%;' else "_" for c in name)
    disposition = "attachment" if download or not shown else "inline"
    response["Content-Disposition"] = f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if mime != "application/pdf":
        # A browser's PDF viewer does not open in a sandbox; a PDF runs nothing in our address anyway.
        response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; sandbox"
    return response


def public_answer(content: bytes, *, name: str, mime: str, wanted: str = "") -> HttpResponse:
    """A file that anybody may see, kept by browsers for a day; `wanted` is the header Range (RFC 9110, one part).

    A video is played from any place only where parts are answered. Raises `NotInFile`.
    """
    response = file_answer(content, name=name, mime=mime)
    response["Cache-Control"] = "public, max-age=86400"
    response["Accept-Ranges"] = "bytes"
    asked = _RANGE.fullmatch(wanted.strip())
    if asked is None or asked.group(0) == "bytes=-":
        return response
    first, last, size = asked.group(1), asked.group(2), len(content)
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end or start >= size:
        raise NotInFile(details={"size": size})
    response.content = content[start : end + 1]
    response.status_code = 206
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response
