"""A load generator that takes little from the machine it measures: one process, plain sockets, kept connections.

A generator written with an HTTP library would use as much processor as the server on a machine of two cores; this one
sends bytes that were made beforehand and reads no more of an answer than where it ends.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
PATIENCE = 60.0


@dataclass(frozen=True)
class Target:
    """An address and what every request to it carries."""

    host: str
    port: int
    headers: Mapping[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, body: bytes = b"") -> bytes:
        """The bytes of a request."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", "Accept: application/json"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if method != "GET":
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def get(self, path: str) -> bytes:
        return self.request("GET", path)


@dataclass
class Outcome:
    """What came of a load: seconds of each answer, how long it all took, how many were refused, and the first body.

    `places` says of each answer which of the requests it belongs to.
    """

    seconds: list[float] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    took: float = 0.0
    refused: int = 0
    first: bytes = b""
    size: int = 0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.took if self.took else 0.0


class Unanswered(RuntimeError):
    """The server closed a connection, or did not answer in time."""


class Line:
    """One kept connection with at most one request under way."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self.parts: list[bytes] = []
        self.held = 0
        self.wanted: int | None = None
        self.status = 0
        self.place = 0

    def ask(self, request: bytes, place: int = 0) -> None:
        self.parts, self.held, self.wanted, self.place = [], 0, None, place
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> bool:
        """Takes what has arrived; whether the answer is whole."""
        portion = self.socket.recv(1 << 18)
        if not portion:
            raise Unanswered("the server closed the connection")
        self.parts.append(portion)
        self.held += len(portion)
        if self.wanted is None:
            head = b"".join(self.parts)
            self.parts = [head]
            end = head.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.status = int(head[9:12])
            if length := LENGTH.search(head, 0, end):
                self.wanted = end + 4 + int(length.group(1))
            elif CHUNKED.search(head, 0, end):
                self.wanted = -1
            else:
                self.wanted = end + 4
        if self.wanted == -1:
            return b"".join(self.parts[-2:]).endswith(b"0\r\n\r\n")
        return self.held >= self.wanted

    def answer(self) -> bytes:
        """The answer with its head."""
        return b"".join(self.parts)


def load(
    target: Target | Sequence[Target], requests: Sequence[bytes], *, in_flight: int, count: int, once: bool = False
) -> Outcome:
    """Sends `count` requests, `in_flight` at a time, each connection its next one as soon as the last is answered.

    The requests are taken round and round; `once` sends each only once. Raises `Unanswered`.
    """
    targets = [target] if isinstance(target, Target) else list(target)
    count = min(count, len(requests)) if once else count
    ahead = cycle(enumerate(requests))
    outcome = Outcome()
    selector = selectors.DefaultSelector()
    lines = [Line((t.host, t.port)) for t in (targets[i % len(targets)] for i in range(min(in_flight, count)))]
    sent = 0
    began = time.perf_counter()
    for line in lines:
        place, request = next(ahead)
        line.ask(request, place)
        sent += 1
        selector.register(line.socket, selectors.EVENT_READ, line)
    while len(outcome.seconds) < count:
        ready = selector.select(PATIENCE)
        if not ready:
            raise Unanswered(f"no answer for {PATIENCE:.0f} seconds")
        for key, _ in ready:
            line = key.data
            if not line.read():
                continue
            outcome.seconds.append(time.perf_counter() - line.began)
            outcome.places.append(line.place)
            if not 200 <= line.status < 300:
                outcome.refused += 1
            if not outcome.first:
                outcome.first, outcome.size = line.answer(), line.held
            if sent < count:
                place, request = next(ahead)
                line.ask(request, place)
                sent += 1
    outcome.took = time.perf_counter() - began
    for line in lines:
        selector.unregister(line.socket)
        line.socket.close()
    selector.close()
    return outcome
