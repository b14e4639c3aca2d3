"""Alarms of the running platform to those who look after it: once an hour for one cause, however often it happens."""

from __future__ import annotations

from django.db import transaction

from anju.kernel import clock
from anju.workspace.people import Place, holders
from anju.workspace.telling import tell

KEEPERS = "connectors.call.view"
AT_MOST = 50


def alarm(title: str, text: str, *, key: str, link: str = "/registers/connectors.calls") -> None:
    """Tells those who may read the log of interfaces."""
    hour = clock.now().strftime("%Y%m%d%H")
    with transaction.atomic():
        for person in holders(KEEPERS, Place("/", ""), limit=AT_MOST):
            tell(person.ref, "alarm", {"title": title, "text": text}, key=f"alarm:{key}:{hour}", link=link)
