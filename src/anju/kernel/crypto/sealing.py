"""Sealing texts and files with SM4-GCM (GB/T 32907, RFC 8998) and finding texts by HMAC-SM3 (GB/T 32905)."""

from __future__ import annotations

import os
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from anju.kernel.crypto.keyring import keyring

_NONCE, _TAG, _VERSION = 12, 16, 2


class Unreadable(ValueError):
    """Sealed bytes that were changed, cut short, or sealed with keys this installation does not have."""


def seal_bytes(content: bytes, *, purpose: str = "file") -> bytes:
    """Version of the key (2 bytes), nonce (12), ciphertext, tag (16). The version is authenticated too."""
    ring = keyring()
    version = ring.current.to_bytes(_VERSION, "big")
    nonce = os.urandom(_NONCE)
    encryptor = Cipher(SM4(ring.keys[ring.current][purpose]), GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(version)
    return version + nonce + encryptor.update(content) + encryptor.finalize() + encryptor.tag


def open_bytes(sealed: bytes, *, purpose: str = "file") -> bytes:
    """What was sealed. Raises `Unreadable`."""
    if len(sealed) < _VERSION + _NONCE + _TAG:
        raise Unreadable("too short to be a sealed value")
    head = bytes(sealed[:_VERSION])
    version = int.from_bytes(head, "big")
    key = keyring(version=version).keys.get(version)
    if key is None:
        raise Unreadable(f"sealed with key version {version}, which this installation does not have")
    nonce, tag = bytes(sealed[_VERSION : _VERSION + _NONCE]), bytes(sealed[-_TAG:])
    decryptor = Cipher(SM4(key[purpose]), GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(head)
    try:
        return decryptor.update(sealed[_VERSION + _NONCE : -_TAG]) + decryptor.finalize()
    except InvalidTag as error:
        raise Unreadable("the sealed value was changed, or belongs to another installation") from error


def seal_text(text: str) -> bytes:
    """A text sealed for a database column: 30 bytes longer than its UTF-8."""
    return seal_bytes(text.encode(), purpose="text")


def open_text(sealed: bytes) -> str:
    """The text that was sealed. Raises `Unreadable`."""
    return open_bytes(sealed, purpose="text").decode()


def blind(text: str) -> bytes:
    """The blind index of an identity number, telephone or card number: equal texts give equal 32 bytes.

    Full-width characters, blanks at the ends and the case of letters make no difference (…123x is …123X).
    """
    mac = HMAC(keyring().index, SM3())
    mac.update(unicodedata.normalize("NFKC", text).strip().upper().encode())
    return mac.finalize()
