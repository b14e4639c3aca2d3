"""A signature-and-encryption service (签名验签、加解密服务) as government clouds offer one: it keeps the keys.

`POST /crypto/v1/{operation}`, JSON, items in base64. A query names the system, its moment and a number used once, and
carries HMAC-SM3 over them and the body with the system's secret; the answer carries HMAC-SM3 over that number and its
own body. Numbers serve once, moments may be five minutes off.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gmssl_pyx
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import constant_time, hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.behaviour import Behaviours

KEY = "crypto"
SYSTEMS = {"anju": os.environ.get("ANJU_CRYPTO_SECRET", "anju sandbox secret").encode()}
_MAX_AGE, _NONCE, _TAG = 300, 12, 16


class Unopened(Exception):
    """A box that this service did not seal."""


class Vault:
    """The keys, in one file of the sandbox's folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._keys: dict[str, Any] = {"version": 0, "data": {}, "index": os.urandom(32).hex(), "pairs": {}}
        if path.exists():
            self._keys = json.loads(path.read_text())
        if not self._keys["version"]:
            self.renew()

    @property
    def version(self) -> int:
        """The version that seals."""
        return int(self._keys["version"])

    def renew(self) -> int:
        """One more version of the data keys."""
        self._keys["version"] += 1
        self._keys["data"][str(self.version)] = {purpose: os.urandom(16).hex() for purpose in ("text", "file")}
        self._save()
        return self.version

    def _save(self) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(self._keys))
        os.replace(fresh, self._path)

    def _data_key(self, version: int, purpose: str) -> bytes:
        try:
            return bytes.fromhex(self._keys["data"][str(version)][purpose])
        except KeyError as error:
            raise Unopened from error

    def seal(self, purpose: str, content: bytes) -> bytes:
        """Nonce, ciphertext, tag."""
        nonce = os.urandom(_NONCE)
        closed = Cipher(SM4(self._data_key(self.version, purpose)), modes.GCM(nonce)).encryptor()
        return nonce + closed.update(content) + closed.finalize() + closed.tag

    def open(self, purpose: str, version: int, box: bytes) -> bytes:
        """What was sealed, or Unopened."""
        if len(box) < _NONCE + _TAG:
            raise Unopened
        key = self._data_key(version, purpose)
        opened = Cipher(SM4(key), modes.GCM(box[:_NONCE], box[-_TAG:])).decryptor()
        try:
            return opened.update(box[_NONCE:-_TAG]) + opened.finalize()
        except InvalidTag as error:
            raise Unopened from error

    def mac(self, content: bytes) -> bytes:
        """HMAC-SM3 with the index key."""
        return _mac(bytes.fromhex(self._keys["index"]), content)

    def pair(self, name: str) -> tuple[bytes, bytes]:
        """The signing pair of a name, made when first asked for."""
        if name not in self._keys["pairs"]:
            public, private = gmssl_pyx.sm2_key_generate()
            self._keys["pairs"][name] = [bytes(public).hex(), bytes(private).hex()]
            self._save()
        public, private = self._keys["pairs"][name]
        return bytes.fromhex(public), bytes.fromhex(private)


class CryptoDesk:
    """The door of the service."""

    def __init__(self, vault: Vault, behaviours: Behaviours) -> None:
        self._vault, self._behaviours = vault, behaviours
        self._seen: dict[str, float] = {}
        self._operations: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "state": self._state, "seal": self._seal, "open": self._open, "mac": self._mac, "sign": self._sign,
            "verify": self._verify, "public": self._public,
        }  # fmt: skip

    def routes(self) -> list[Route]:
        """The addresses; the key is renewed by a switch, as an operator of the service would."""
        return [
            Route("/crypto/v1/{operation}", self.__call__, methods=["POST"]),
            Route("/control/crypto/renew", self._renewed, methods=["POST"]),
        ]

    async def _renewed(self, request: Request) -> Response:
        return JSONResponse({"version": self._vault.renew()})

    async def __call__(self, request: Request) -> Response:
        """Checks who asks, behaves as told, answers."""
        body, head = await request.body(), request.headers
        operation = request.path_params["operation"]
        once, system = head.get("x-crypto-once", ""), head.get("x-crypto-app", "")
        secret = SYSTEMS.get(system)
        if secret is None or not self._genuine(secret, operation, system, once, head, body):
            return JSONResponse({"message": "接入系统的签名不符"}, 401)
        behaviour = self._behaviours.take(KEY)
        if behaviour.mode in ("slow", "late", "silent"):
            await asyncio.sleep(behaviour.seconds)
        if behaviour.mode in ("fail", "silent"):
            return JSONResponse({"message": "系统繁忙"}, 503)
        if behaviour.mode == "denied":
            return JSONResponse({"message": "未开放"}, 403)
        act = self._operations.get(operation)
        if act is None:
            return JSONResponse({"message": "没有这个操作"}, 404)
        try:
            status, told = 200, act(json.loads(body))
        except Unopened:
            status, told = 422, {"message": "无法解开"}
        except (ValueError, KeyError, TypeError, binascii.Error):
            status, told = 400, {"message": "参数不符"}
        content = json.dumps(told).encode()
        if behaviour.mode == "garbage":
            return _garbage(behaviour.kind, secret, once)
        return _signed(secret, once, content, status)

    def _genuine(self, secret: bytes, operation: str, system: str, once: str, head: Any, body: bytes) -> bool:
        at = head.get("x-crypto-at", "")
        wanted = _mac(secret, b"\n".join((operation.encode(), system.encode(), at.encode(), once.encode(), body)))
        if not constant_time.bytes_eq(wanted.hex().encode(), head.get("x-crypto-signature", "").encode()):
            return False
        moment = time.time()
        self._seen = {key: until for key, until in self._seen.items() if until > moment}
        if not at.isdigit() or abs(moment - int(at)) > _MAX_AGE or once in self._seen:
            return False
        self._seen[once] = moment + 2 * _MAX_AGE
        return True

    def _state(self, query: dict[str, Any]) -> dict[str, Any]:
        return {"version": self._vault.version}

    def _seal(self, query: dict[str, Any]) -> dict[str, Any]:
        sealed = [self._vault.seal(query["purpose"], _bytes(item)) for item in query["items"]]
        return {"version": self._vault.version, "items": [_text(each) for each in sealed]}

    def _open(self, query: dict[str, Any]) -> dict[str, Any]:
        boxes = [(int(item["version"]), _bytes(item["box"])) for item in query["items"]]
        return {"items": [_text(self._vault.open(query["purpose"], version, box)) for version, box in boxes]}

    def _mac(self, query: dict[str, Any]) -> dict[str, Any]:
        return {"items": [_text(self._vault.mac(_bytes(item))) for item in query["items"]]}

    def _sign(self, query: dict[str, Any]) -> dict[str, Any]:
        public, private = self._vault.pair(query["key"])
        return {"items": [_text(gmssl_pyx.sm2_sign(private, public, _bytes(item))) for item in query["items"]]}

    def _verify(self, query: dict[str, Any]) -> dict[str, Any]:
        public = _bytes(query["public"]) if "public" in query else self._vault.pair(query["key"])[0]
        try:
            valid = gmssl_pyx.sm2_verify(
                gmssl_pyx.normalize_sm2_public_key(public), _bytes(query["content"]), _bytes(query["signature"])
            )
        except gmssl_pyx.GmsslInnerError:
            valid = False
        return {"valid": bool(valid)}

    def _public(self, query: dict[str, Any]) -> dict[str, Any]:
        return {"items": [_text(self._vault.pair(query["key"])[0])]}


def _mac(key: bytes, content: bytes) -> bytes:
    made = hmac.HMAC(key, hashes.SM3())
    made.update(content)
    return made.finalize()


def _signed(secret: bytes, once: str, content: bytes, status: int = 200) -> Response:
    signature = _mac(secret, once.encode() + b"\n" + content).hex()
    return Response(content, status, {"X-Crypto-Signature": signature}, "application/json")


def _garbage(kind: str, secret: bytes, once: str) -> Response:
    match kind:
        case "page":
            return Response("<html><body><h1>系统维护中</h1></body></html>", media_type="text/html")
        case "unsigned":
            return Response('{"version":1,"items":["AAAA"],"valid":true}', headers={"X-Crypto-Signature": "0" * 64})
        case "foreign":
            return _signed(secret, "another", b'{"version":1,"items":["AAAA"],"valid":true}')
        case "cut":
            return _signed(secret, once, b'{"version":1,"items":["AA')
    return _signed(secret, once, b'{"version":"one","items":["\xe4\xb8\xad"],"valid":"yes"}')


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
