"""The file store: sealed contents on disk, each once, found by the SHA-256 of what they hold.

A content of more than a portion (`portions.SIZE`) is sealed portion by portion, a small one whole.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from anju.kernel import clock
from anju.kernel.crypto import open_bytes, running_sm3, seal_bytes, version_of
from anju.kernel.errors import DomainError
from anju.kernel.files import portions

ABANDONED_SECONDS = 24 * 3600


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
    if not place_of(address).exists():
        _write(address, content)
    return address


@contextmanager
def draft() -> Iterator[Draft]:
    """A content that is written little by little; `Draft.keep` puts it into the store, else it is gone at the end."""
    folder = Path(settings.ANJU_FILES)
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    with _fresh(folder) as (path, file):
        yield Draft(path, file)


class Draft:
    """What is being written; on disk it is sealed from the first byte on, and in memory there is one portion of it."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file, self._portions = path, file, portions.Writer(file)
        self._sha256, self._sm3 = hashlib.sha256(), running_sm3()
        self.size = 0

    def write(self, content: bytes | memoryview) -> int:
        """More of the content."""
        self._sha256.update(content)
        self._sm3.update(content)
        self._portions.write(content)
        self.size += len(content)
        return len(content)

    def keep(self) -> tuple[str, str]:
        """Puts what was written into the store, once and for all; its address and its SM3 digest, in hexadecimal."""
        address = self._sha256.hexdigest()
        self._portions.finish(address)
        _move(self._path, self._file, address)
        return address, self._sm3.finalize().hex()


def get(address: str) -> bytes:
    """The content at an address. Raises `ContentLost` when it is missing or was changed on disk."""
    content = b"".join(stream(address))
    if address_of(content) != address:
        raise ContentLost(details={"address": address})
    return content


def stream(address: str, start: int = 0) -> Iterator[bytes]:
    """The content at an address from a byte on; a large one in portions, of which one is in memory.

    Raises `ContentLost` when it is missing or was changed on disk; nothing that was changed is given out before.
    """
    try:
        with place_of(address).open("rb") as file:
            if file.read(len(portions.MARK)) == portions.MARK:
                yield from portions.opened(address, file, start)
            else:
                file.seek(0)
                yield open_bytes(file.read())[start:]
    except (OSError, ValueError) as error:
        raise ContentLost(details={"address": address}) from error


def version_at(address: str) -> int:
    """The version of the key that a content on disk is sealed with; 0 when it is not there."""
    try:
        with place_of(address).open("rb") as file:
            start = file.read(2)
            return version_of(portions.key_of(file) if start == portions.MARK else start)
    except FileNotFoundError:
        return 0


def reseal_at(address: str) -> None:
    """Seals a content anew with the present key; a reader finds the old sealing or the new one. Raises `ContentLost`."""
    with place_of(address).open("rb") as file:
        portioned = file.read(len(portions.MARK)) == portions.MARK
    if not portioned:
        _write(address, get(address))
        return
    with draft() as again:
        for portion in stream(address):
            again.write(portion)
        if again.keep()[0] != address:
            raise ContentLost(details={"address": address})


def discard(address: str) -> bool:
    """Removes a content that no row refers to any more; says whether it did."""
    from anju.kernel.files.models import StoredFile

    if StoredFile.objects.filter(address=address).exists():
        return False
    place_of(address).unlink(missing_ok=True)
    return True


def _write(address: str, content: bytes) -> None:
    place = place_of(address)
    place.parent.mkdir(parents=True, exist_ok=True)
    with _fresh(place.parent) as (path, file):
        if len(content) <= portions.SIZE:
            file.write(seal_bytes(content))
        else:
            writer = portions.Writer(file)
            writer.write(content)
            writer.finish(address)
        _move(path, file, address)


def _sweep(folder: Path) -> None:
    """Removes drafts of processes that were killed; none is written for so long."""
    before = clock.real_now().timestamp() - ABANDONED_SECONDS
    for path in folder.glob(".*"):
        if path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


@contextmanager
def _fresh(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file that no reader finds; gone at the end unless it was moved to its place."""
    path = folder / f".{secrets.token_hex(12)}"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            yield path, file
    finally:
        path.unlink(missing_ok=True)


def _move(path: Path, file: BinaryIO, address: str) -> None:
    """Flushes a file to the disk and moves it, in one step, to where readers look for the address."""
    file.flush()
    os.fsync(file.fileno())
    place = place_of(address)
    place.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, place)
    _settle(place.parent)


def _settle(folder: Path) -> None:
    """Flushes a folder, and those it may have been made in, so that a new name survives a power cut."""
    for level in (folder, folder.parent, folder.parent.parent):
        handle = os.open(level, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
