"""The exchange protocol as the departments' side speaks it.

A message is a JSON object `{"key_id", "nonce", "cipher", "at", "id"}`: `cipher` is the SM4-GCM text of the content with
its tag, base64; bound to it as additional data are the direction (`query` or `answer`), the interface, the id, the
moment and the key's id, each on its line. The header `X-Signature` is HMAC-SM3 over the body's bytes. Both keys come
from the agreed one: SM4 uses it as it is, the signature uses HMAC-SM3(key, "anju exchange signature").
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import time
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import constant_time, hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

MAX_AGE = 600


class BadEnvelope(Exception):
    """A message that is not from a partner holding the agreed key, or not for this interface, or too old."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


@dataclass(frozen=True)
class Keys:
    """The agreed key and what follows from it."""

    id: str
    cipher: bytes
    signature: bytes

    @staticmethod
    def of(text: str) -> Keys:
        """From the 32 hexadecimal digits both sides were given."""
        key = bytes.fromhex(text)
        if len(key) != 16:
            raise ValueError("the exchange key is 16 bytes")
        return Keys(mac(key, b"anju exchange key id").hex()[:8], key, mac(key, b"anju exchange signature"))


def mac(key: bytes, content: bytes) -> bytes:
    """HMAC-SM3."""
    made = hmac.HMAC(key, hashes.SM3())
    made.update(content)
    return made.finalize()


def _bound(direction: str, interface: str, id_: str, at: int, key_id: str) -> bytes:
    return "\n".join((direction, interface, id_, str(at), key_id)).encode()


def open_query(keys: Keys, interface: str, body: bytes, signature: str) -> tuple[str, bytes]:
    """The id and the content of a query; BadEnvelope when anything about it is wrong."""
    if not constant_time.bytes_eq(mac(keys.signature, body).hex().encode(), signature.lower().encode()):
        raise BadEnvelope("signature", "签名不符", 401)
    try:
        message = json.loads(body)
        key_id, id_, at = str(message["key_id"]), str(message["id"]), int(message["at"])
        nonce, cipher = (
            base64.b64decode(message["nonce"], validate=True),
            base64.b64decode(message["cipher"], validate=True),
        )
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise BadEnvelope("envelope", "报文格式不符") from error
    if key_id != keys.id:
        raise BadEnvelope("key", "密钥编号不符", 401)
    if abs(time.time() - at) > MAX_AGE:
        raise BadEnvelope("stale", "报文时间超出 10 分钟")
    if len(nonce) != 12 or len(cipher) < 16 or not 1 <= len(id_) <= 64:
        raise BadEnvelope("envelope", "报文格式不符")
    opened = Cipher(SM4(keys.cipher), modes.GCM(nonce, cipher[-16:])).decryptor()
    opened.authenticate_additional_data(_bound("query", interface, id_, at, key_id))
    try:
        return id_, opened.update(cipher[:-16]) + opened.finalize()
    except InvalidTag as error:
        raise BadEnvelope("cipher", "密文校验不符", 401) from error


def seal_answer(keys: Keys, interface: str, id_: str, content: bytes) -> bytes:
    """The body of an answer to the query `id_`."""
    nonce, at = os.urandom(12), int(time.time())
    closed = Cipher(SM4(keys.cipher), modes.GCM(nonce)).encryptor()
    closed.authenticate_additional_data(_bound("answer", interface, id_, at, keys.id))
    cipher = closed.update(content) + closed.finalize() + closed.tag
    return json.dumps(
        {
            "key_id": keys.id,
            "nonce": base64.b64encode(nonce).decode(),
            "cipher": base64.b64encode(cipher).decode(),
            "at": at,
            "id": id_,
        }
    ).encode()


def sign(keys: Keys, body: bytes) -> str:
    """The X-Signature of a body."""
    return mac(keys.signature, body).hex()
