"""Django's handle on kernel.connectors."""

from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    """Registers the package with Django under the label connectors."""

    name = "anju.kernel.connectors"
    label = "connectors"
    verbose_name = "接口"
