"""The wire: one HTTP client a process, and a reading of the answer that ends in time and stays small."""

from __future__ import annotations

import os
import threading
import time

import httpx

LARGEST_ANSWER = 4_000_000
_lock = threading.Lock()
_client: tuple[int, httpx.Client] | None = None


class WireTimeout(Exception):
    """No answer within the time."""


class WireBroken(Exception):
    """No connection, or it broke before the answer was whole."""


class TooLarge(Exception):
    """More came than any honest answer has."""


def client() -> httpx.Client:
    """This process's client; a forked child makes its own, sockets cannot be shared."""
    global _client
    with _lock:
        if _client is None or _client[0] != os.getpid():
            # a proxy named in the environment is meant for the machine's own errands and must not see these queries
            _client = (
                os.getpid(),
                httpx.Client(
                    trust_env=False,
                    follow_redirects=False,
                    limits=httpx.Limits(max_connections=64, keepalive_expiry=20),
                ),
            )
        return _client[1]


def post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int, httpx.Headers, bytes]:
    """Sends a body and reads the whole answer within `timeout` seconds, however slowly it drips.

    WireTimeout, WireBroken or TooLarge when that fails.
    """
    ends = time.monotonic() + timeout
    try:
        with client().stream("POST", url, content=body, headers=headers, timeout=timeout) as answer:
            parts, size = [], 0
            for part in answer.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > LARGEST_ANSWER:
                    raise TooLarge
                if time.monotonic() > ends:
                    raise WireTimeout
            return answer.status_code, answer.headers, b"".join(parts)
    except httpx.TimeoutException as error:
        raise WireTimeout from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise WireBroken(type(error).__name__) from error
