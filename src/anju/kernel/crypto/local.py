"""The service on keys of this installation: SM4-GCM (GB/T 32907, RFC 8998), SM3 and HMAC-SM3 (GB/T 32905), SM2."""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC

from anju.kernel.crypto import sm2
from anju.kernel.crypto.errors import Unreadable
from anju.kernel.crypto.keyring import keyring
from anju.kernel.crypto.signing import pair_of

VERSION, NONCE, TAG = 2, 12, 16


def encrypt(key: bytes, head: bytes, content: bytes) -> bytes:
    """Head, nonce, ciphertext, tag; the head is authenticated too."""
    nonce = os.urandom(NONCE)
    encryptor = Cipher(SM4(key), GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(head)
    return head + nonce + encryptor.update(content) + encryptor.finalize() + encryptor.tag


def decrypt(key: bytes, head: bytes, sealed: bytes) -> bytes:
    """What `encrypt` sealed under this head. Raises `Unreadable`."""
    if len(sealed) < len(head) + NONCE + TAG:
        raise Unreadable("too short to be a sealed value")
    nonce, tag = bytes(sealed[len(head) : len(head) + NONCE]), bytes(sealed[-TAG:])
    decryptor = Cipher(SM4(key), GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(head)
    try:
        return decryptor.update(sealed[len(head) + NONCE : -TAG]) + decryptor.finalize()
    except InvalidTag as error:
        raise Unreadable("the sealed value was changed, or belongs to another installation") from error


class LocalService:
    """Keys in the keyring and the signing keys' files of the secrets' folder."""

    name = "local"

    def version(self) -> int:
        return keyring().current

    def seal(self, purpose: str, contents: Sequence[bytes]) -> list[bytes]:
        ring = keyring()
        key, head = ring.keys[ring.current][purpose], ring.current.to_bytes(VERSION, "big")
        return [encrypt(key, head, content) for content in contents]

    def open(self, purpose: str, sealed: Sequence[bytes]) -> list[bytes]:
        return [self._open(purpose, each) for each in sealed]

    def _open(self, purpose: str, sealed: bytes) -> bytes:
        if len(sealed) < VERSION + NONCE + TAG:
            raise Unreadable("too short to be a sealed value")
        head = bytes(sealed[:VERSION])
        version = int.from_bytes(head, "big")
        keys = keyring(version=version).keys.get(version)
        if keys is None:
            raise Unreadable(f"sealed with key version {version}, which this installation does not have")
        return decrypt(keys[purpose], head, sealed)

    def mac(self, content: bytes) -> bytes:
        made = HMAC(keyring().index, SM3())
        made.update(content)
        return made.finalize()

    def macs(self, contents: Sequence[bytes]) -> list[bytes]:
        return [self.mac(content) for content in contents]

    def digest(self, content: bytes) -> bytes:
        made = Hash(SM3())
        made.update(content)
        return made.finalize()

    def sign(self, key: str, content: bytes) -> bytes:
        pair = pair_of(key)
        return sm2.sign(pair.public, pair.private, content)

    def verify(self, key: str, content: bytes, signature: bytes) -> bool:
        return sm2.verify(pair_of(key).public, content, signature)

    def public_key(self, key: str) -> bytes:
        return pair_of(key).public

    def verify_with(self, public: bytes, content: bytes, signature: bytes) -> bool:
        return sm2.verify(public, content, signature)
