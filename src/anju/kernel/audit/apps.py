"""Django's handle on kernel.audit."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    """Registers the package with Django under the label audit."""

    name = "anju.kernel.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        post_migrate.connect(_follow_lineage, sender=self)


def _follow_lineage(*, using: str, **told: Any) -> None:
    from django.db import connections

    from anju.kernel.audit.sealing import follow_lineage

    # migrations may have gone back to before the table
    if "audit_lineage" in connections[using].introspection.table_names():
        follow_lineage()
