"""Where the chain ended last, kept outside the database: without it, cutting off the chain's end would go unnoticed.

One line a seal in `<ANJU_SECRETS>/audit.anchor` (or where `ANJU_AUDIT_ANCHOR` says, best another machine's storage that
this one may only append to): number, head, moment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_TAIL = 4096


@dataclass(frozen=True)
class Anchor:
    """The last seal that was noted."""

    number: int
    head: bytes


def path() -> Path:
    """The file."""
    return Path(getattr(settings, "ANJU_AUDIT_ANCHOR", "") or Path(settings.ANJU_SECRETS) / "audit.anchor")


def note(number: int, head: bytes, sealed_at: str) -> None:
    """Appends a seal and flushes it to the disk."""
    place = path()
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{number} {head.hex()} {sealed_at}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def latest() -> Anchor | None:
    """The last whole line; None when nothing was noted yet."""
    try:
        with path().open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - _TAIL))
            noted = stream.read()
    except FileNotFoundError:
        return None
    for line in reversed(noted.split(b"\n")[:-1]):
        parts = line.split()
        if len(parts) == 3 and len(parts[1]) == 64:
            return Anchor(int(parts[0]), bytes.fromhex(parts[1].decode()))
    return None
