"""How many households wait for each project: asked of whoever keeps the queue, which stands beside this context."""

from __future__ import annotations

from collections.abc import Callable

Counter = Callable[[], dict[int, int]]
_COUNTERS: list[Counter] = []


def counts_waiting(counter: Counter) -> Counter:
    """Declares who counts waiting households by the project that they wish for; `waiting` does."""
    _COUNTERS[:] = [counter]
    return counter


def waiting_by_project() -> dict[int, int]:
    """Households in the queue that wish for each project; projects that nobody names are left out."""
    return _COUNTERS[0]() if _COUNTERS else {}
