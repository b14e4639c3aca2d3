"""The connector: one class an outside interface, with typed query and answer, retries, breaker and call log.

    class MarriageCheck(Connector[MarriageQuery, MarriageAnswer]):
        key, title, department = "marriage", "婚姻登记核查", "民政局婚姻登记处"
        interface = "marriage.query"

    answer = MarriageCheck().call(query, subject="check:12", call_id="check-12-1")

Call it outside a transaction: no row should stay locked while a department thinks.
"""

from __future__ import annotations

import dataclasses
import random
import time
import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, Generic, TypeVar, get_args

import orjson
from django.conf import settings
from pydantic import TypeAdapter, ValidationError

from anju.kernel import clock
from anju.kernel.connectors import book, wire
from anju.kernel.connectors.book import Breaker
from anju.kernel.connectors.envelope import (
    EnvelopeError,
    ExchangeKey,
    check_signature,
    exchange_key,
    mac,
    open_message,
    seal,
)
from anju.kernel.connectors.errors import (
    ConnectorDenied,
    ConnectorError,
    ConnectorGarbage,
    ConnectorOpen,
    ConnectorRefused,
    ConnectorTimeout,
)
from anju.kernel.errors import FieldError, Invalid
from anju.kernel.scope import Actor, system

Q = TypeVar("Q")
A = TypeVar("A")

CONNECTORS: dict[str, type[Connector[Any, Any]]] = {}
_MAX_TRY_LATER = 429


_SHAPES: dict[Any, TypeAdapter[Any]] = {}


def _shape(wanted: Any) -> TypeAdapter[Any]:
    """The validator of a type; building one is slow, so each is built once."""
    if wanted not in _SHAPES:
        _SHAPES[wanted] = TypeAdapter(wanted)
    return _SHAPES[wanted]


class Connector(Generic[Q, A]):
    """One outside interface.

    `interface` names it to the other side (`department.operation`); the address is the one configured for `key`, else
    the sandbox's. `timeout` is seconds for one try; a failed try is repeated up to `tries` times with growing pauses,
    always under the same id, so that the department does nothing twice and an answer that came late is found.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    department: ClassVar[str]
    interface: ClassVar[str]
    request_type: ClassVar[type[Any]]
    response_type: ClassVar[type[Any]]
    timeout: ClassVar[float] = 5.0
    tries: ClassVar[int] = 3
    backoff: ClassVar[float] = 0.3
    breaker: ClassVar[Breaker] = Breaker()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for base in getattr(cls, "__orig_bases__", ()):
            given = get_args(base)
            if len(given) == 2 and not any(isinstance(one, TypeVar) for one in given):
                cls.request_type, cls.response_type = given
        if "key" in cls.__dict__:
            if cls.key in CONNECTORS and CONNECTORS[cls.key].__qualname__ != cls.__qualname__:
                raise TypeError(f"connector {cls.key} is declared twice")
            CONNECTORS[cls.key] = cls

    @property
    def path(self) -> str:
        """The path under the sandbox's address."""
        return "/exchange/" + self.interface.replace(".", "/")

    @property
    def url(self) -> str:
        """Where the department is reached."""
        return str(settings.ANJU_CONNECTOR_URLS.get(self.key) or settings.SANDBOX_URL.rstrip("/") + self.path)

    def check(self, request: Q) -> Iterable[FieldError]:
        """What is wrong with a query's format; a query with faults is not sent (SH-027.4)."""
        return ()

    def call(self, request: Q, *, subject: str = "", actor: Actor | None = None, call_id: str | None = None) -> A:
        """Asks the department and gives its validated answer.

        `call_id` (at most 64 characters) makes the call repeatable: the same id and the same query, asked again after a
        time-out, find the answer that came late. A fresh question takes a fresh id. Raises Invalid for a query of wrong
        format, ConnectorTimeout, ConnectorRefused, ConnectorGarbage, ConnectorOpen; each call is logged.
        """
        run = _Call(self, call_id or uuid.uuid4().hex, subject, (actor or system()).ref)
        return run.ask(request)


@dataclasses.dataclass
class _Call(Generic[Q, A]):
    """One call on its way: its tries and its line in the log."""

    connector: Connector[Q, A]
    id: str
    subject: str
    actor: str
    tries: int = 0
    digest: str = ""

    def ask(self, request: Q) -> A:
        asked_at, started = clock.now(), time.monotonic()
        result, error = "ok", ""
        try:
            if faults := list(self.connector.check(request)):
                result, error = "invalid", "、".join(fault.path for fault in faults)
                raise Invalid(faults)
            return self._ask(request)
        except ConnectorError as failure:
            result, error = failure.result, failure.reason
            raise
        finally:
            took = int((time.monotonic() - started) * 1000)
            book.record(
                book.Entry(
                    self.connector.key, self.id, self.subject, self.actor, asked_at, took, result, self.tries, error,
                    self.digest,
                )
            )  # fmt: skip

    def _ask(self, request: Q) -> A:
        connector = self.connector
        try:
            key = exchange_key()
        except EnvelopeError as error:
            raise ConnectorDenied(connector.department, f"本系统{error}") from error
        content = orjson.dumps(_shape(connector.request_type).dump_python(request, mode="json"))
        self.digest = mac(key.signature, connector.interface.encode() + b"\n" + content).hex()[:32]
        while True:
            if (wait := book.admit(connector.key, connector.timeout + 5)) is not None:
                raise ConnectorOpen(connector.department, f"约 {wait} 秒后再试", retry_after=wait)
            self.tries += 1
            try:
                answer = self._try(key, content)
            except ConnectorRefused:
                book.succeeded(connector.key)  # it answered, and in time; what it answered is no fault of the line
                raise
            except ConnectorError as failure:
                opened = failure.line and book.failed(connector.key, connector.breaker, failure.reason)
                if opened or self.tries >= connector.tries:
                    raise
                time.sleep(connector.backoff * 2 ** (self.tries - 1) * random.uniform(0.75, 1.25))
            else:
                book.succeeded(connector.key)
                return answer

    def _try(self, key: ExchangeKey, content: bytes) -> A:
        connector = self.connector
        sealed = seal(key, "query", connector.interface, self.id, content)
        headers = {"Content-Type": "application/json", "X-Signature": sealed.signature}
        try:
            status, answered, body = wire.post(connector.url, sealed.body, headers, connector.timeout)
        except wire.WireTimeout as error:
            raise ConnectorTimeout(connector.department, f"超过 {connector.timeout:g} 秒") from error
        except wire.WireBroken as error:
            raise ConnectorTimeout(connector.department, "连接不上") from error
        except wire.TooLarge as error:
            raise ConnectorGarbage(connector.department, "应答过大") from error
        if status >= 500 or status == _MAX_TRY_LATER:
            raise ConnectorError(connector.department, f"对方返回 {status}")
        if status in (401, 403):
            raise ConnectorDenied(connector.department, _plain_reason(body, status))
        if status >= 400:
            raise ConnectorRefused(connector.department, _plain_reason(body, status))
        if status != 200:
            raise ConnectorGarbage(connector.department, f"对方返回 {status}")
        try:
            check_signature(key, body, answered.get("x-signature", ""))
            reply = self._open(key, body)
        except EnvelopeError as error:
            raise ConnectorGarbage(connector.department, str(error)) from error
        return self._read(reply)

    def _open(self, key: ExchangeKey, body: bytes) -> bytes:
        """The content of the answer; a department that sends it twice is taken at its word if both say the same."""
        contents = set()
        for line in body.split(b"\n"):
            if not line.strip():
                continue
            try:
                message = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise EnvelopeError("报文不完整") from error
            contents.add(open_message(key, "answer", self.connector.interface, self.id, message))
        if len(contents) != 1:
            raise EnvelopeError("同一查询收到不同的应答" if contents else "报文为空")
        return contents.pop()

    def _read(self, content: bytes) -> A:
        department = self.connector.department
        try:
            reply = orjson.loads(content)
            code, message, data = reply["code"], reply["message"], reply["data"]
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise ConnectorGarbage(department, "内容格式不符", line=False) from error
        if code != "ok":
            raise ConnectorRefused(department, str(message)[:200])
        try:
            answer: A = _shape(self.connector.response_type).validate_json(orjson.dumps(data), strict=True)
        except ValidationError as error:
            places = {".".join(str(part) for part in fault["loc"]) for fault in error.errors(include_input=False)}
            reason = f"内容格式不符（{'、'.join(sorted(places)[:5])}）"
            raise ConnectorGarbage(department, reason, line=False) from error
        return answer


def _plain_reason(body: bytes, status: int) -> str:
    """The reason in a refusal that came without envelope; it is shown as text only."""
    try:
        message = orjson.loads(body)["message"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return f"对方返回 {status}"
    return str(message)[:200]
