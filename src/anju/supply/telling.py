"""What names a message to another system, so that a repeat of it is known as one."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from anju.kernel.http.json import default


def digest(told: Any) -> str:
    """The same content (a dataclass) has the same id."""
    return hashlib.sha256(orjson.dumps(told, default=default)).hexdigest()[:36]
