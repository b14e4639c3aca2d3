"""Django's handle on gateway."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GatewayConfig(AppConfig):
    """Registers the package with Django under the label gateway; the catalogue follows the program at each migration."""

    name = "anju.gateway"
    label = "gateway"
    verbose_name = "服务网关"

    def ready(self) -> None:
        post_migrate.connect(follow_the_program, sender=self, dispatch_uid="gateway.catalogue")


def follow_the_program(using: str, plan: Any = None, **_: Any) -> None:
    """Enters new operations into the catalogue, as soon as its tables are whole."""
    from anju.gateway.catalogue import refresh, tables_are_there

    if tables_are_there():
        refresh()
