"""Exchanges travel encrypted and signed; a connection without is refused on both sides."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import httpx
import pytest

from anju.kernel import clock
from anju.kernel.connectors import CONNECTORS, ConnectorError, ConnectorRefused
from anju.kernel.connectors.envelope import ExchangeKey, exchange_key, seal
from anju.kernel.connectors.models import ConnectorCall
from tests.sandbox_fixture import Sandbox

pytestmark = pytest.mark.django_db
NUMBER = "339901199003071236"


@pytest.mark.covers("SH-233.2", "SH-234.2")
@pytest.mark.parametrize(
    "interface", ["marriage/query", "case_store/push", "resettlement/query", "subject_database/push"]
)
def test_the_other_side_refuses_what_is_not_sealed(sandbox: Sandbox, interface: str) -> None:
    url = f"{sandbox.url}/exchange/{interface}"
    plain = json.dumps({"id_number": NUMBER}).encode()
    foreign = seal(ExchangeKey.from_hex("ff" * 16), "query", interface.replace("/", "."), "q-1", plain)
    honest = seal(exchange_key(), "query", interface.replace("/", "."), "q-2", plain)
    changed = bytearray(honest.body)
    changed[-30] ^= 1
    for body, signature in (
        (plain, ""),
        (plain, foreign.signature),
        (foreign.body, foreign.signature),
        (honest.body, "0" * 64),
        (bytes(changed), honest.signature),
    ):
        answer = httpx.post(url, content=body, headers={"X-Signature": signature}, trust_env=False)
        if answer.status_code == 404:
            pytest.skip("this department has another operation")
        assert answer.status_code in (400, 401)
        assert NUMBER.encode() not in answer.content


class PlainDepartment(BaseHTTPRequestHandler):
    """A stranger in a department's place, who answers in the clear, and keeps what he was sent."""

    seen: ClassVar[list[bytes]] = []
    body: ClassVar[bytes] = b'{"code": "ok", "message": "", "data": {}}'

    def do_POST(self) -> None:
        self.seen.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing."""


@dataclass
class Stranger:
    """Where he listens, and what he heard."""

    url: str
    seen: list[bytes]


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    server = HTTPServer(("127.0.0.1", 0), PlainDepartment)
    PlainDepartment.seen.clear()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Stranger(f"http://127.0.0.1:{server.server_port}", PlainDepartment.seen)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.covers("SH-233.2", "SH-234.2")
def test_we_refuse_an_answer_in_the_clear_and_send_nothing_readable(
    sandbox: Sandbox, stranger: Stranger, settings: Any
) -> None:
    connector, former = CONNECTORS["marriage"](), CONNECTORS["resettlement"]()
    settings.ANJU_CONNECTOR_URLS = {"marriage": stranger.url, "resettlement": stranger.url}
    about = {"name": "张三", "id_type": "id_card", "id_number": NUMBER, "as_of": clock.today()}
    for each in (connector, former):
        with pytest.raises(ConnectorError) as refusal:
            each.call(each.request_type(**about), subject="check:1", call_id=f"q-{each.key}")
        assert not isinstance(refusal.value, ConnectorRefused)
    assert len(stranger.seen) >= 2
    for body in stranger.seen:
        told = json.loads(body)
        assert set(told) == {"key_id", "nonce", "cipher", "at", "id"}
        assert NUMBER.encode() not in body
    assert not ConnectorCall.objects.filter(result="ok").exists()
