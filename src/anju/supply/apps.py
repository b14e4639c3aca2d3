"""Django's handle on supply."""

from django.apps import AppConfig


class SupplyConfig(AppConfig):
    """Registers the package with Django under the label supply."""

    name = "anju.supply"
    label = "supply"
    verbose_name = "房源供应"
