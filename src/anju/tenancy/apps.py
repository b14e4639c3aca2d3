"""Django's handle on tenancy."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Registers the package with Django under the label tenancy."""

    name = "anju.tenancy"
    label = "tenancy"
    verbose_name = "租赁使用"
