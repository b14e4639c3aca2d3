"""How a query and its answer travel: SM4-GCM encrypted, HMAC-SM3 signed, bound to one id (SH-026.2, SH-027.4).

A message is `{"key_id", "nonce", "cipher", "at", "id"}` as JSON, with the signature of its bytes in `X-Signature`.
Direction, interface, id, moment and key id are bound to the cipher text, so that an answer cannot be passed off as a
query, nor as the answer of another interface or to another query.
"""

from __future__ import annotations

import base64
import binascii
import os
import time
from dataclasses import dataclass
from typing import Literal

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import constant_time, hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from django.conf import settings

Direction = Literal["query", "answer"]
MAX_AGE = 600
_TAG, _NONCE = 16, 12


class EnvelopeError(Exception):
    """A message that is damaged, forged, stale, or meant for something else; says which."""


@dataclass(frozen=True)
class ExchangeKey:
    """The key agreed with the departments and what follows from it: its public id and the signature key."""

    id: str
    cipher: bytes
    signature: bytes

    @classmethod
    def from_hex(cls, text: str) -> ExchangeKey:
        """From 32 hexadecimal digits; EnvelopeError for anything else."""
        try:
            key = bytes.fromhex(text)
        except ValueError as error:
            raise EnvelopeError("交换密钥不是十六进制") from error
        if len(key) != 16:
            raise EnvelopeError("交换密钥须为 16 字节")
        return cls(mac(key, b"anju exchange key id").hex()[:8], key, mac(key, b"anju exchange signature"))


@dataclass(frozen=True)
class Sealed:
    """A message ready to be sent: the body's bytes and the value of X-Signature."""

    body: bytes
    signature: str


def exchange_key() -> ExchangeKey:
    """The key of this installation."""
    return ExchangeKey.from_hex(settings.ANJU_EXCHANGE_KEY)


def mac(key: bytes, content: bytes) -> bytes:
    """HMAC-SM3 (GB/T 15852.2 with GB/T 32905)."""
    made = hmac.HMAC(key, hashes.SM3())
    made.update(content)
    return made.finalize()


def _wire_time() -> int:
    # Not the platform's clock: a demonstration may move that by months, while the two ends of a wire must agree.
    return int(time.time())


def _bound(direction: Direction, interface: str, id_: str, at: int, key_id: str) -> bytes:
    return "\n".join((direction, interface, id_, str(at), key_id)).encode()


def seal(key: ExchangeKey, direction: Direction, interface: str, id_: str, content: bytes) -> Sealed:
    """Encrypts and signs one message."""
    nonce, at = os.urandom(_NONCE), _wire_time()
    closed = Cipher(SM4(key.cipher), modes.GCM(nonce)).encryptor()
    closed.authenticate_additional_data(_bound(direction, interface, id_, at, key.id))
    cipher = closed.update(content) + closed.finalize() + closed.tag
    body = orjson.dumps(
        {
            "key_id": key.id,
            "nonce": base64.b64encode(nonce).decode(),
            "cipher": base64.b64encode(cipher).decode(),
            "at": at,
            "id": id_,
        }
    )
    return Sealed(body, sign(key, body))


def sign(key: ExchangeKey, body: bytes) -> str:
    """The X-Signature of a body."""
    return mac(key.signature, body).hex()


def check_signature(key: ExchangeKey, body: bytes, signature: str) -> None:
    """EnvelopeError unless the body was signed by a holder of the key."""
    given = signature.lower().encode("ascii", "replace")
    if not constant_time.bytes_eq(sign(key, body).encode(), given):
        raise EnvelopeError("签名不符")


def open_message(key: ExchangeKey, direction: Direction, interface: str, id_: str, message: object) -> bytes:
    """The content of one parsed message whose body's signature was checked.

    EnvelopeError when it was sealed with another key, for another direction, interface or id, more than ten minutes
    ago, or when a bit of it was changed.
    """
    try:
        if not isinstance(message, dict):
            raise TypeError
        key_id, found, at = message["key_id"], message["id"], message["at"]
        if not isinstance(key_id, str) or not isinstance(found, str) or type(at) is not int:
            raise TypeError
        nonce = base64.b64decode(message["nonce"], validate=True)
        cipher = base64.b64decode(message["cipher"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise EnvelopeError("报文格式不符") from error
    if key_id != key.id:
        raise EnvelopeError("密钥编号不符")
    if found != id_:
        raise EnvelopeError("应答的编号不是所询问的")
    if abs(_wire_time() - at) > MAX_AGE:
        raise EnvelopeError("报文时间超出 10 分钟")
    if len(nonce) != _NONCE or len(cipher) < _TAG:
        raise EnvelopeError("报文格式不符")
    opened = Cipher(SM4(key.cipher), modes.GCM(nonce, cipher[-_TAG:])).decryptor()
    opened.authenticate_additional_data(_bound(direction, interface, id_, at, key_id))
    try:
        return opened.update(cipher[:-_TAG]) + opened.finalize()
    except InvalidTag as error:
        raise EnvelopeError("密文校验不符") from error
