"""Large contents sealed portion by portion, so that neither writing nor reading one holds it whole in memory.

On disk: a mark where a sealed value has the version of its key; the portions, each sealed by itself behind its length;
then what seals them together, and its length again, so that it is found first. A portion says inside its seal to which
file it belongs and where in it, and the last seal how many there are and of which content: what was moved, left out, or
taken from another file is refused before anything of it is given out.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from struct import Struct
from typing import BinaryIO

from anju.kernel.crypto import Unreadable, open_bytes, seal_bytes

SIZE = 1 << 20
"""Bytes of content in each portion but the last."""
MARK = b"\x7f\xff"
"""Stands where a value sealed whole has the version of its key; a key ring never comes so far."""
_LENGTH = Struct(">I")
_PLACE = Struct(">16sI")
_WHOLE = Struct(">16sI32s")


class Writer:
    """Writes a content of any length into a file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._held = file, bytearray()
        self._file_id, self._count = secrets.token_bytes(16), 0
        file.write(MARK)

    def write(self, content: bytes | memoryview) -> None:
        """More of the content."""
        rest = memoryview(content)
        while rest:
            taken = rest[: SIZE - len(self._held)]
            self._held += taken
            rest = rest[len(taken) :]
            if len(self._held) == SIZE:
                self._portion(bytes(self._held))
                self._held.clear()

    def finish(self, address: str) -> None:
        """Seals the whole under the address (SHA-256, hexadecimal) of what was written."""
        if self._held:
            self._portion(bytes(self._held))
        self._append(_WHOLE.pack(self._file_id, self._count, bytes.fromhex(address)))
        self._file.write(_LENGTH.pack(self._length))

    def _portion(self, content: bytes) -> None:
        self._append(_PLACE.pack(self._file_id, self._count) + content)
        self._count += 1

    def _append(self, plain: bytes) -> None:
        sealed = seal_bytes(plain)
        self._length = len(sealed)
        self._file.write(_LENGTH.pack(self._length))
        self._file.write(sealed)


def opened(address: str, file: BinaryIO, start: int = 0) -> Iterator[bytes]:
    """The content of a file from a byte on, in portions; those before it are passed over. Raises `Unreadable`."""
    file_id, total = _sealed_whole(address, file)
    file.seek(len(MARK))
    for place in range(total):
        if (place + 1) * SIZE <= start:
            file.seek(_length(file), os.SEEK_CUR)
            continue
        told = open_bytes(file.read(_length(file)))
        if len(told) < _PLACE.size or _PLACE.unpack_from(told) != (file_id, place):
            raise Unreadable(f"portion {place} belongs elsewhere")
        yield told[_PLACE.size + max(start - place * SIZE, 0) :]


def key_of(file: BinaryIO) -> bytes:
    """The two bytes that say with which key the portions are sealed: a file is written at once, and so with one."""
    file.seek(len(MARK) + _LENGTH.size)
    return file.read(2)


def _sealed_whole(address: str, file: BinaryIO) -> tuple[bytes, int]:
    """Of which file the portions must be, and how many."""
    end = file.seek(-_LENGTH.size, os.SEEK_END)
    length = _length(file)
    file.seek(end - length)
    told = open_bytes(file.read(length))
    if len(told) != _WHOLE.size:
        raise Unreadable("the seal of the whole is missing")
    file_id, total, of = _WHOLE.unpack(told)
    if of != bytes.fromhex(address):
        raise Unreadable("this is another content")
    return file_id, total


def _length(file: BinaryIO) -> int:
    told = file.read(_LENGTH.size)
    if len(told) < _LENGTH.size:
        raise Unreadable("the file ends too early")
    (found,) = _LENGTH.unpack(told)
    return int(found)
