"""Alarms of the running platform to those who look after it: once an hour for one cause, however often it happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from anju.kernel import audit, clock
from anju.workspace.people import Place, holders
from anju.workspace.telling import tell

KEEPERS = "connectors.call.view"
SECURITY = "trust.integrity.check"
"""Whose duty it is that nothing was changed behind the platform's back: the security administrator's."""
AT_MOST = 50


def alarm(title: str, text: str, *, key: str, link: str = "/registers/connectors.calls") -> None:
    """Tells those who may read the log of interfaces."""
    _tell_all(KEEPERS, title, text, key=key, link=link)


@audit.on_alarm
def tell_security(code: str, told: str, details: Mapping[str, Any]) -> None:
    """What was found wrong with the audit trail, a row, a device or a program reaches the security administrator."""
    text = f"{told}。请尽快核查；经过记在审计记录里，可请审计员查阅。"
    _tell_all(SECURITY, told[:80], text, key=code, link="/trust/integrity")


def _tell_all(right: str, title: str, text: str, *, key: str, link: str) -> None:
    hour = clock.now().strftime("%Y%m%d%H")
    with transaction.atomic():
        for person in holders(right, Place("/", ""), limit=AT_MOST):
            tell(person.ref, "alarm", {"title": title, "text": text}, key=f"alarm:{key}:{hour}", link=link)
