"""Django's handle on trust."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrustConfig(AppConfig):
    """Registers the package with Django under the label trust."""

    name = "anju.trust"
    label = "trust"
    verbose_name = "密码与印章"

    def ready(self) -> None:
        post_migrate.connect(_ensure_rules, sender=self)


def _ensure_rules(*, using: str, **told: Any) -> None:
    from django.db import connections

    from anju.trust.retention import ensure_rules

    # migrations may have gone back to before the table
    if "trust_retentionrule" in connections[using].introspection.table_names():
        ensure_rules()
