"""A subscriber of the platform's increments: keeps what is pushed to it when the signature is right, once a number.

`PUT /subscriber/{name}` with a key begins one; `POST /subscriber/{name}` is where the platform pushes to. Told to fail
or to be slow like any department (`subscriber`).
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from urllib.parse import parse_qsl, quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.behaviour import Behaviours
from sandbox.store import Store

KEY = "subscriber"
_PART = re.compile(r'(\w+)="([^"]*)"')


def fits(secret: str, request: Request, content: bytes) -> bool:
    """Whether the request is signed with the key, as the platform's access specification says."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    parts = dict(_PART.findall(rest))
    if scheme != "ANJU-HMAC-SM3" or not {"timestamp", "nonce", "signature"} <= set(parts):
        return False
    digest = Hash(SM3())
    digest.update(content)
    query = "&".join(
        f"{quote(name, safe='-._~')}={quote(value, safe='-._~')}"
        for name, value in sorted(parse_qsl(request.url.query, keep_blank_values=True))
    )
    lines = [
        scheme, request.method, quote(request.url.path, safe="/-._~"), query, digest.finalize().hex(),
        parts["timestamp"], parts["nonce"],
    ]  # fmt: skip
    mac = HMAC(secret.encode(), SM3())
    mac.update("\n".join(lines).encode())
    try:
        mac.verify(base64.b64decode(parts["signature"]))
    except (InvalidSignature, ValueError):
        return False
    return True


class Subscribers:
    """The subscribers' doors."""

    def __init__(self, store: Store, behaviours: Behaviours) -> None:
        self._store, self._behaviours = store, behaviours
        self._keys: dict[str, str] = {}

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/subscriber/{name}", self.begin, methods=["PUT"]),
            Route("/subscriber/{name}", self.take, methods=["POST"]),
            Route("/subscriber/{name}/received", self.received, methods=["GET"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Begins a subscriber with its key."""
        told = json.loads(await request.body() or b"{}")
        self._keys[request.path_params["name"]] = str(told.get("key", ""))
        return JSONResponse({"name": request.path_params["name"]})

    async def take(self, request: Request) -> Response:
        """Keeps a portion; a number that was there before is not kept twice."""
        name, content = request.path_params["name"], await request.body()
        now = self._behaviours.take(KEY)
        if now.mode in {"slow", "silent"}:
            await asyncio.sleep(now.seconds or 0)
        if now.mode not in {"ok", "slow"}:
            return JSONResponse({"code": now.mode}, 503)
        if name not in self._keys or not fits(self._keys[name], request, content):
            return JSONResponse({"code": "signature"}, 401)
        for item in json.loads(content)["items"]:
            self._store.keep_pushed(f"{KEY}:{name}", str(item["number"]), item)
        return JSONResponse({"kept": True})

    async def received(self, request: Request) -> Response:
        """What arrived, newest first."""
        return JSONResponse({"received": self._store.pushed(f"{KEY}:{request.path_params['name']}")})
