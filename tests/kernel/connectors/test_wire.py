"""What the client endures from the other end: drips, floods and redirections."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from anju.kernel.connectors import wire


class Nasty(BaseHTTPRequestHandler):
    """Answers by path: a drip that never ends, a flood, a redirection."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302 if self.path == "/elsewhere" else 200)
        if self.path == "/elsewhere":
            self.send_header("Location", "/flood")
            self.send_header("Content-Length", "0")
        self.end_headers()
        try:
            for _ in range(200):
                if self.path == "/drip":
                    self.wfile.write(b" ")
                    time.sleep(0.05)
                elif self.path == "/flood":
                    self.wfile.write(b" " * 100_000)
        except OSError:
            pass

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def nasty() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Nasty)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_drip_ends_in_time(nasty: str) -> None:
    started = time.monotonic()
    with pytest.raises(wire.WireTimeout):
        wire.post(f"{nasty}/drip", b"{}", {}, 0.5)
    assert time.monotonic() - started < 2


def test_a_flood_is_cut_off(nasty: str) -> None:
    with pytest.raises(wire.TooLarge):
        wire.post(f"{nasty}/flood", b"{}", {}, 10)


def test_a_redirection_is_not_followed(nasty: str) -> None:
    assert wire.post(f"{nasty}/elsewhere", b"{}", {}, 5)[0] == 302


def test_an_impossible_address_is_a_broken_wire() -> None:
    with pytest.raises(wire.WireBroken):
        wire.post("http://[", b"{}", {}, 1)
