"""Sealing texts and files, and finding texts by blind index, through the configured cryptography service."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from anju.kernel.crypto.errors import Unreadable
from anju.kernel.crypto.provider import opener_of, service

__all__ = ["Unreadable", "blind", "open_bytes", "open_text", "reseal", "seal_bytes", "seal_text", "version_of"]


def seal_bytes(content: bytes, *, purpose: str = "file") -> bytes:
    """Version of the key (2 bytes), nonce (12), ciphertext, tag (16). The version is authenticated too."""
    return service().seal(purpose, [content])[0]


def open_bytes(sealed: bytes, *, purpose: str = "file") -> bytes:
    """What was sealed. Raises `Unreadable`."""
    return opener_of(sealed).open(purpose, [sealed])[0]


def seal_text(text: str) -> bytes:
    """A text sealed for a database column: 30 bytes longer than its UTF-8."""
    return service().seal("text", [text.encode()])[0]


def open_text(sealed: bytes) -> str:
    """The text that was sealed. Raises `Unreadable`."""
    return opener_of(sealed).open("text", [sealed])[0].decode()


def version_of(sealed: bytes) -> int:
    """The version of the key that sealed a value; its first bit says that the HTTP service did."""
    return int.from_bytes(sealed[:2], "big")


def reseal(sealed: Sequence[bytes], *, purpose: str) -> list[bytes]:
    """The same contents sealed with the present key, in as few calls as their openers allow. Raises `Unreadable`."""
    opened: list[bytes] = [b""] * len(sealed)
    for opener in {id(found := opener_of(each)): found for each in sealed}.values():
        places = [place for place, each in enumerate(sealed) if opener_of(each) is opener]
        for place, content in zip(places, opener.open(purpose, [sealed[p] for p in places]), strict=True):
            opened[place] = content
    return service().seal(purpose, opened)


def blind(text: str) -> bytes:
    """The blind index of an identity number, telephone or card number: equal texts give equal 32 bytes.

    Full-width characters, blanks at the ends and the case of letters make no difference (…123x is …123X).
    """
    return service().mac(unicodedata.normalize("NFKC", text).strip().upper().encode())
