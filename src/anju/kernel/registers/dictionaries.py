"""Dictionary entries in the two forms that registers need, remembered for a moment."""

from __future__ import annotations

import time

from anju.kernel.forms import dictionary

_SECONDS = 2.0
_known: dict[str, tuple[float, dict[str, str], dict[str, str]]] = {}


def titles(key: str) -> dict[str, str]:
    """Code to title, in the order of the dictionary."""
    return _both(key)[1]


def codes_by_title(key: str) -> dict[str, str]:
    """Title to code."""
    return _both(key)[2]


def _both(key: str) -> tuple[float, dict[str, str], dict[str, str]]:
    known = _known.get(key)
    if known is None or time.monotonic() - known[0] > _SECONDS:
        by_code = {entry.code: entry.title for entry in dictionary(key)}
        known = (time.monotonic(), by_code, {title: code for code, title in by_code.items()})
        _known[key] = known
    return known
