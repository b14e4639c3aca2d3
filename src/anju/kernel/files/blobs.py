"""The file store: sealed contents on disk, each once, found by the SHA-256 of what they hold."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings

from anju.kernel.crypto import open_bytes, seal_bytes, version_of
from anju.kernel.errors import DomainError


class ContentLost(DomainError):
    """The row is there but the content is not, or is not what was stored: a matter for those who keep the backups."""

    status, code, message = 500, "file.lost", "文件内容无法读取"
    advice = "请联系运维人员从备份恢复"


def address_of(content: bytes) -> str:
    """Where a content lies: its SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def place_of(address: str) -> Path:
    """The path of a content in the store."""
    return Path(settings.ANJU_FILES) / address[:2] / address[2:4] / address


def put(content: bytes) -> str:
    """Keeps a content and gives its address.

    A reader, or a restart after a crash, finds the whole content or none: it is written beside its place, flushed to
    the disk, and moved there in one step.
    """
    address = address_of(content)
    place = place_of(address)
    if place.exists():
        return address
    place.parent.mkdir(parents=True, exist_ok=True)
    _write(place, seal_bytes(content))
    _settle(place.parent)
    return address


def get(address: str) -> bytes:
    """The content at an address. Raises `ContentLost` when it is missing or was changed on disk."""
    try:
        content = open_bytes(place_of(address).read_bytes())
    except (OSError, ValueError) as error:
        raise ContentLost(details={"address": address}) from error
    if address_of(content) != address:
        raise ContentLost(details={"address": address})
    return content


def version_at(address: str) -> int:
    """The version of the key that a content on disk is sealed with; 0 when it is not there."""
    try:
        with place_of(address).open("rb") as stream:
            return version_of(stream.read(2))
    except FileNotFoundError:
        return 0


def reseal_at(address: str) -> None:
    """Seals a content anew with the present key; a reader finds the old sealing or the new one. Raises `ContentLost`."""
    place = place_of(address)
    _write(place, seal_bytes(get(address)))
    _settle(place.parent)


def discard(address: str) -> bool:
    """Removes a content that no row refers to any more; says whether it did."""
    from anju.kernel.files.models import StoredFile

    if StoredFile.objects.filter(address=address).exists():
        return False
    place_of(address).unlink(missing_ok=True)
    return True


def _write(place: Path, sealed: bytes) -> None:
    fresh = place.with_name(f".{place.name}.{secrets.token_hex(6)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(sealed)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(fresh, place)
    finally:
        fresh.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Flushes a folder, and those it may have been made in, so that a new name survives a power cut."""
    for level in (folder, folder.parent, folder.parent.parent):
        handle = os.open(level, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
