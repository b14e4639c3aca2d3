"""Making text for COPY in several processes, while this one hands it to the database."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

# Below this many portions another process is not worth its start.
FEW = 3
_make: Callable[[int], list[bytes]] | None = None


def spread(make: Callable[[int], list[bytes]], portions: int, processes: int | None = None) -> Iterator[list[bytes]]:
    """What `make` gives for each portion, in order; each portion only depends on its number.

    The processes are forks, so that they see the plan as it is here; they must not touch the database. No more is made
    ahead than two portions a process.
    """
    count = min(4, os.cpu_count() or 1) if processes is None else processes
    if count < 2 or portions < FEW:
        yield from map(make, range(portions))
        return
    global _make
    _make = make
    with ProcessPoolExecutor(count, mp_context=get_context("fork")) as pool:
        numbers = iter(range(portions))
        ahead: deque[Future[list[bytes]]] = deque(pool.submit(_portion, each) for each in islice(numbers, 2 * count))
        while ahead:
            made = ahead.popleft().result()
            if (following := next(numbers, None)) is not None:
                ahead.append(pool.submit(_portion, following))
            yield made


def _portion(number: int) -> list[bytes]:
    """One portion, in a process of the pool."""
    assert _make is not None
    return _make(number)
