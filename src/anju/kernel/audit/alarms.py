"""Alarms: something that must not be was found; it goes into the audit trail and to whoever listens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from anju.kernel.audit.services import record
from anju.kernel.scope import system

log = logging.getLogger("anju.alarm")
Listener = Callable[[str, str, Mapping[str, Any]], None]
_LISTENERS: list[Listener] = []


def on_alarm(listener: Listener) -> Listener:
    """Declares who is told of alarms: the code, the sentence, the details."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)
    return listener


def raise_alarm(code: str, told: str, *, subject: str = "", details: Mapping[str, Any] | None = None) -> None:
    """Records an alarm and tells the listeners, in the present transaction."""
    log.error("alarm %s: %s", code, told)
    known = dict(details or {})
    record("alarm", actor=system(), subject=subject or f"alarm:{code}", title=told, detail={"code": code, **known})
    for listener in _LISTENERS:
        listener(code, told, known)
