"""The service over HTTP: a signature-and-encryption service that keeps the keys and never gives them out.

`POST <url>/v1/<operation>` with JSON; every query carries who asks, when, a number used once, and HMAC-SM3 of all that
and the body (`X-Crypto-*`). An answer carries HMAC-SM3 of the query's number and its own body, so that nothing else can
answer in the service's place. Small contents travel to it; a large one is sealed here with a fresh key, and the
service seals the key (a digital envelope, 数字信封).
"""

from __future__ import annotations

import base64
import binascii
import os
import time
from collections.abc import Sequence
from typing import Any

import orjson
from cryptography.hazmat.primitives import constant_time
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from anju.kernel.crypto.errors import CryptoGarbage, CryptoRefused, CryptoUnavailable, Unreadable
from anju.kernel.crypto.local import VERSION, LocalService, decrypt, encrypt
from anju.kernel.crypto.versions import REMOTE

_ENVELOPE_FROM = 4096
_PLAIN, _ENVELOPE = b"\x00", b"\x01"
_REST_SECONDS = 3.0
_UNREADABLE = 422


def signature_of(secret: bytes, *parts: bytes) -> bytes:
    """HMAC-SM3 over the parts, each on its line, in hexadecimal."""
    made = HMAC(secret, SM3())
    made.update(b"\n".join(parts))
    return made.finalize().hex().encode()


class HttpService:
    """Asks the service at an address; after a failure the next three seconds fail at once instead of waiting."""

    name = "http"

    def __init__(self, url: str, identity: str, secret: str) -> None:
        self._url, self._identity, self._secret = url.rstrip("/"), identity, secret.encode()
        self._rests_until = 0.0
        self._public: dict[str, bytes] = {}
        self._here = LocalService()

    def version(self) -> int:
        return REMOTE | _number(self._ask("state", {}), "version")

    def seal(self, purpose: str, contents: Sequence[bytes]) -> list[bytes]:
        keys = [None if len(each) < _ENVELOPE_FROM else os.urandom(16) for each in contents]
        plain = [key or content for key, content in zip(keys, contents, strict=True)]
        told = self._ask("seal", {"purpose": purpose, "items": [_b64(each) for each in plain]})
        sealed, version = _items(told, len(plain)), _number(told, "version")
        head = (REMOTE | version).to_bytes(VERSION, "big")
        return [
            head + _PLAIN + box if key is None else _enveloped(head, key, box, content)
            for key, box, content in zip(keys, sealed, contents, strict=True)
        ]

    def open(self, purpose: str, sealed: Sequence[bytes]) -> list[bytes]:
        parts = [_parts(bytes(each)) for each in sealed]
        asked = [{"version": version & ~REMOTE, "box": _b64(box)} for version, box, _ in parts]
        opened = _items(self._ask("open", {"purpose": purpose, "items": asked}), len(parts))
        return [
            key if rest is None else decrypt(key, rest[0], rest[0] + rest[1])
            for key, (_, _, rest) in zip(opened, parts, strict=True)
        ]

    def mac(self, content: bytes) -> bytes:
        return self.macs([content])[0]

    def macs(self, contents: Sequence[bytes]) -> list[bytes]:
        return _items(self._ask("mac", {"items": [_b64(each) for each in contents]}), len(contents))

    def digest(self, content: bytes) -> bytes:
        return self._here.digest(content)

    def sign(self, key: str, content: bytes) -> bytes:
        return _items(self._ask("sign", {"key": key, "items": [_b64(content)]}), 1)[0]

    def verify(self, key: str, content: bytes, signature: bytes) -> bool:
        told = self._ask("verify", {"key": key, "content": _b64(content), "signature": _b64(signature)})
        if not isinstance(told.get("valid"), bool):
            raise CryptoGarbage
        return bool(told["valid"])

    def public_key(self, key: str) -> bytes:
        if key not in self._public:
            self._public[key] = _items(self._ask("public", {"key": key}), 1)[0]
        return self._public[key]

    def verify_with(self, public: bytes, content: bytes, signature: bytes) -> bool:
        told = self._ask("verify", {"public": _b64(public), "content": _b64(content), "signature": _b64(signature)})
        if not isinstance(told.get("valid"), bool):
            raise CryptoGarbage
        return bool(told["valid"])

    def _ask(self, operation: str, query: dict[str, Any]) -> dict[str, Any]:
        # imported late: connectors have models, and models have sealed fields
        from anju.kernel.connectors import wire

        if time.monotonic() < self._rests_until:
            raise CryptoUnavailable
        body, once, at = orjson.dumps(query), os.urandom(16).hex(), str(int(time.time()))
        signed = signature_of(
            self._secret, operation.encode(), self._identity.encode(), at.encode(), once.encode(), body
        )
        headers = {
            "Content-Type": "application/json", "X-Crypto-App": self._identity, "X-Crypto-At": at,
            "X-Crypto-Once": once, "X-Crypto-Signature": signed.decode(),
        }  # fmt: skip
        try:
            status, answered, content = wire.post(
                f"{self._url}/v1/{operation}", body, headers, settings.ANJU_CRYPTO_TIMEOUT
            )
        except wire.TooLarge as error:
            raise CryptoGarbage from error
        except (wire.WireTimeout, wire.WireBroken) as error:
            self._rests_until = time.monotonic() + _REST_SECONDS
            raise CryptoUnavailable from error
        if status >= 500 or status == 429:
            raise CryptoUnavailable
        if status in (401, 403, 404):
            raise CryptoRefused
        wanted = signature_of(self._secret, once.encode(), content)
        given = answered.get("x-crypto-signature", "").lower().encode("ascii", "replace")
        if not constant_time.bytes_eq(wanted, given):
            raise CryptoGarbage
        if status == _UNREADABLE:
            raise Unreadable("the cryptography service cannot open the value")
        try:
            told = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            raise CryptoGarbage from error
        if status != 200 or not isinstance(told, dict):
            raise CryptoGarbage
        return told


def _enveloped(head: bytes, key: bytes, box: bytes, content: bytes) -> bytes:
    front = head + _ENVELOPE + len(box).to_bytes(2, "big") + box
    return encrypt(key, front, content)


def _parts(sealed: bytes) -> tuple[int, bytes, tuple[bytes, bytes] | None]:
    """Version, what the service opens, and the front and the rest of an envelope."""
    if len(sealed) < VERSION + 2:
        raise Unreadable("too short to be a sealed value")
    version, kind = int.from_bytes(sealed[:VERSION], "big"), sealed[VERSION : VERSION + 1]
    if kind == _PLAIN:
        return version, sealed[VERSION + 1 :], None
    start = VERSION + 3
    end = start + int.from_bytes(sealed[VERSION + 1 : start], "big")
    if kind != _ENVELOPE or len(sealed) < end:
        raise Unreadable("no sealed value of the service")
    return version, sealed[start:end], (sealed[:end], sealed[end:])


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _number(told: dict[str, Any], name: str) -> int:
    found = told.get(name)
    if type(found) is not int or not 0 < found < REMOTE:
        raise CryptoGarbage
    return found


def _items(told: dict[str, Any], count: int) -> list[bytes]:
    try:
        items = [base64.b64decode(each, validate=True) for each in told["items"]]
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise CryptoGarbage from error
    if len(items) != count:
        raise CryptoGarbage
    return items
