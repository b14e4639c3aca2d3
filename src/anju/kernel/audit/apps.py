"""Django's handle on kernel.audit."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the package with Django under the label audit."""

    name = "anju.kernel.audit"
    label = "audit"
    verbose_name = "审计"
