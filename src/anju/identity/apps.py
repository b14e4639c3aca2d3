"""Django's handle on identity."""

from typing import Any

from django.apps import AppConfig
from django.db import connection, transaction
from django.db.models.signals import post_migrate


class IdentityConfig(AppConfig):
    """Registers the package with Django under the label identity."""

    name = "anju.identity"
    label = "identity"
    verbose_name = "身份与权限"

    def ready(self) -> None:
        post_migrate.connect(bring_in, sender=self)


def bring_in(**_: Any) -> None:
    """After each upgrade: the menu's new lines and the new function points become rows, new rights of roles are offered."""
    from anju.identity import functions, menu, shipped

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regprocedure('identity_actor(bigint, date)') IS NOT NULL"
            " AND to_regclass('identity_shippedright') IS NOT NULL"
        )
        if not cursor.fetchone()[0]:
            return
    with transaction.atomic():
        menu.sync()
        functions.sync()
        shipped.sync()
