"""Django's handle on citizen."""

from django.apps import AppConfig


class CitizenConfig(AppConfig):
    """Registers the package with Django under the label citizen."""

    name = "anju.citizen"
    label = "citizen"
    verbose_name = "公众端"
