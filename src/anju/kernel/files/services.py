"""Storing files, giving them back, answering a request with one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse

from anju.kernel import clock
from anju.kernel.crypto import sm3
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.files import blobs, portions
from anju.kernel.files.blobs import Draft
from anju.kernel.files.guards import guard_of
from anju.kernel.files.models import StoredFile
from anju.kernel.scope import Actor

# Shown in the page; everything else is downloaded, so that nothing a person uploaded runs in our address.
_SHOWN_IN_PAGE = {"image/jpeg", "image/png", "application/pdf", "video/mp4"}
Answer = HttpResponse | StreamingHttpResponse
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class FileNotThere(NotFound):
    """No such file, or not for this person."""

    code, message, advice = "file.not_found", "没有找到这个文件", "它可能已被移除，或你无权查看"


class NotInFile(DomainError):
    """A part was asked for that the file does not have."""

    status, code, message, advice = 416, "file.range", "文件没有这一段", "请从头读取"


def store(content: bytes | Draft, *, name: str, mime: str, actor: Actor, purpose: str, owner: str = "") -> StoredFile:
    """Keeps a content for a purpose; `owner` says what it belongs to (such as `case:12`), else the actor.

    A large one is written into a `draft` before, and so never held in memory.

    The caller has checked the content (`check_picture` and its like). The content is on disk when this returns; if
    the transaction is rolled back, only the row goes.
    """
    if isinstance(content, Draft):
        size = content.size
        address, digest = content.keep()
    else:
        address, digest, size = blobs.put(content), sm3(content).hex(), len(content)
    return StoredFile.objects.create(
        address=address,
        digest=digest,
        size=size,
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
    return blobs.get(stored(file_id).address)


def stored(file_id: int) -> StoredFile:
    """What is known of a file. Raises `FileNotThere`. Who may read it is the caller's question."""
    found = StoredFile.objects.filter(pk=file_id).first()
    if found is None:
        raise FileNotThere
    return found


def readable(file_id: int, actor: Actor) -> StoredFile:
    """The file, if its purpose's guard lets the actor read it. Raises `FileNotThere`, the same in either case."""
    found = StoredFile.objects.filter(pk=file_id).first()
    if found is None or not (actor.kind == "system" or guard_of(found.purpose).check(actor, found)):
        raise FileNotThere
    return found


def file_answer(content: bytes, *, name: str, mime: str, download: bool = False) -> HttpResponse:
    """An answer that shows pictures and PDFs and downloads the rest, under a name in any script (RFC 6266, 5987)."""
    response = HttpResponse(content)
    _head(response, name, mime, download)
    return response


def stored_answer(file: StoredFile, *, download: bool = False) -> Answer:
    """The same with a stored file; a large one is opened while it is sent. Raises `ContentLost`."""
    response = _body(file, 0, file.size)
    _head(response, file.name, file.mime, download)
    return response


def public_answer(file: StoredFile, *, name: str, mime: str, wanted: str = "") -> Answer:
    """A file that anybody may see, kept by browsers for a day; `wanted` is the header Range (RFC 9110, one part).

    A video is played from any place only where parts are answered. Raises `ContentLost`, `NotInFile`.
    """
    start, end = _part(wanted, file.size) or (0, file.size)
    response = _body(file, start, end)
    _head(response, name, mime)
    response["Cache-Control"] = "public, max-age=86400"
    response["Accept-Ranges"] = "bytes"
    if _part(wanted, file.size):
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    return response


def _part(wanted: str, size: int) -> tuple[int, int] | None:
    """The first byte of a part and the one after its last, or None when the whole is wanted."""
    asked = _RANGE.fullmatch(wanted.strip())
    if asked is None or asked.group(0) == "bytes=-":
        return None
    first, last = asked.group(1), asked.group(2)
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if start >= end:
        raise NotInFile(details={"size": size})
    return start, end


def _body(file: StoredFile, start: int, end: int) -> Answer:
    if file.size <= portions.SIZE:
        return HttpResponse(blobs.get(file.address)[start:end])
    pieces = _until(end - start, blobs.stream(file.address, start))
    # the first is opened before the answer begins: what is lost is said, and not sent as half a file
    response = StreamingHttpResponse(chain([next(pieces)], pieces))
    response["Content-Length"] = str(end - start)
    return response


def _until(length: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    while length > 0:
        piece = next(pieces)[:length]
        length -= len(piece)
        yield piece


def _head(response: Answer, name: str, mime: str, download: bool = False) -> None:
    shown = mime in _SHOWN_IN_PAGE
    response["Content-Type"] = mime if shown or mime.isascii() else "application/octet-stream"
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%;' else "_" for c in name)
    disposition = "attachment" if download or not shown else "inline"
    response["Content-Disposition"] = f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if mime != "application/pdf":
        # A browser's PDF viewer does not open in a sandbox; a PDF runs nothing in our address anyway.
        response["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; sandbox"
