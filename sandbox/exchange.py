"""The door of the departments: opens a query, lets the department answer once, and behaves as it was told to."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox import departments, people
from sandbox.behaviour import Behaviour, Behaviours
from sandbox.envelope import BadEnvelope, Keys, open_query, seal_answer, sign
from sandbox.store import Store

_LARGEST = 8_000_000


class Exchange:
    """Answers queries; a repeated id gets the answer it got before, whatever the department would say now."""

    def __init__(self, keys: Keys, store: Store, behaviours: Behaviours) -> None:
        self._keys, self._store, self._behaviours = keys, store, behaviours

    async def __call__(self, request: Request) -> Response:
        """POST /exchange/{department}/{operation}."""
        department, operation = request.path_params["department"], request.path_params["operation"]
        found = departments.ALL.get(department)
        if found is None or operation not in found.operations:
            return _plain("unknown_interface", "没有这个接口", 404)
        body = await request.body()
        if len(body) > _LARGEST:
            return _plain("too_large", "报文超过 8 MB", 413)
        try:
            id_, content = open_query(
                self._keys, f"{department}.{operation}", body, request.headers.get("x-signature", "")
            )
        except BadEnvelope as error:
            self._store.keep_call(department, operation, "", "", "", error.message, False)
            return _plain(error.code, error.message, error.status)

        behaviour = self._behaviours.take(department)
        if behaviour.mode in ("fail", "silent", "denied"):
            self._store.keep_call(department, operation, id_, _about(content), behaviour.mode, "未处理", False)
            return await _unprocessed(request, behaviour)

        try:
            answer, repeated, result = self._answer_once(department, operation, id_, content)
        except ValueError:
            return _plain("id_reused", "同一编号的报文内容不同", 409)
        self._store.keep_call(department, operation, id_, _about(content), behaviour.mode, result, repeated)
        if behaviour.mode == "slow" or (behaviour.mode == "late" and not repeated):
            await _wait(request, behaviour.seconds)
        sealed = seal_answer(self._keys, f"{department}.{operation}", id_, answer)
        if behaviour.mode == "garbage":
            return self._garbage(behaviour.kind, f"{department}.{operation}", id_, sealed)
        return self._signed(sealed + b"\n" + sealed if behaviour.mode == "twice" else sealed)

    def _answer_once(self, department: str, operation: str, id_: str, content: bytes) -> tuple[bytes, bool, str]:
        """The answer, whether it was given before, its result in a word; ValueError when the id was another query's."""
        interface, digest = f"{department}.{operation}", hashlib.sha256(content).hexdigest()
        if kept := self._store.answer(id_):
            if (kept["interface"], kept["query"]) != (interface, digest):
                raise ValueError(id_)
            return kept["content"], True, "重复"
        try:
            query = json.loads(content)
            if not isinstance(query, dict):
                raise departments.Refused("bad_request", "参数不是对象")
            data = departments.ALL[department].operations[operation](query, self._store)
            reply: dict[str, Any] = {"code": "ok", "message": "", "data": data}
        except departments.Refused as refused:
            reply = {"code": refused.code, "message": refused.message, "data": None}
        except ValueError:
            reply = {"code": "bad_request", "message": "参数格式不符", "data": None}
        answer = json.dumps(reply, ensure_ascii=False).encode()
        self._store.keep_answer(id_, interface, digest, answer)
        return answer, False, "已应答" if reply["code"] == "ok" else f"退回：{reply['message']}"

    def _signed(self, body: bytes) -> Response:
        return Response(body, media_type="application/json", headers={"X-Signature": sign(self._keys, body)})

    def _garbage(self, kind: str, interface: str, id_: str, sealed: bytes) -> Response:
        match kind:
            case "page":
                return Response("<html><body><h1>系统维护中</h1></body></html>", media_type="text/html")
            case "cut":
                return self._signed(sealed[: len(sealed) // 2])
            case "unsigned":
                return Response(sealed, media_type="application/json", headers={"X-Signature": "0" * 64})
            case "foreign":
                return self._signed(seal_answer(self._keys, interface, "another-" + id_[:40], b'{"code":"ok"}'))
        data = {"records": "没有", "source": 7, "matched": "maybe", "as_of": "昨天", "accepted_at": 0}
        shapeless = {"code": "ok", "message": "", "data": data}
        return self._signed(seal_answer(self._keys, interface, id_, json.dumps(shapeless).encode()))


async def _unprocessed(request: Request, behaviour: Behaviour) -> Response:
    if behaviour.mode == "denied":
        return _plain("no_permission", "本接口未对你方开放", 403)
    if behaviour.mode == "silent":
        await _wait(request, behaviour.seconds)
    return _plain("internal", "系统繁忙", 503)


async def _wait(request: Request, seconds: float) -> None:
    """Waits, but not for a caller who has gone."""
    ends = asyncio.get_running_loop().time() + seconds
    while (left := ends - asyncio.get_running_loop().time()) > 0 and not await request.is_disconnected():
        await asyncio.sleep(min(left, 0.2))


def _plain(code: str, message: str, status: int) -> Response:
    return JSONResponse({"code": code, "message": message}, status)


def _about(content: bytes) -> str:
    """Whom a query is about, masked, for the overview."""
    try:
        query: Any = json.loads(content)
        number = str(query.get("id_number") or query.get("to") or query.get("case_number") or "")
    except (ValueError, AttributeError):
        return ""
    if people.is_identity_number(number):
        return f"{number[:6]}********{number[-4:]}"
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else number
