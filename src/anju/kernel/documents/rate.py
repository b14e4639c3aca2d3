"""How often one address may ask a public question: enough for people, too little for machines."""

from __future__ import annotations

import threading
import time

from anju.kernel.errors import TooMany

_lock = threading.Lock()


class Limit:
    """At most `most` questions a minute from one address, counted in each web process."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._minute = -1
        self._asked: dict[str, int] = {}

    def count(self, address: str) -> None:
        """Counts a question. Raises `TooMany`."""
        minute, second = divmod(int(time.monotonic()), 60)
        with _lock:
            if minute != self._minute:
                self._minute, self._asked = minute, {}
            self._asked[address] = self._asked.get(address, 0) + 1
            if self._asked[address] > self.most:
                raise TooMany(details={"retry_after": 60 - second})
