"""Django's handle on kernel.processes."""

from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """Registers the package with Django under the label processes."""

    name = "anju.kernel.processes"
    label = "processes"
    verbose_name = "流程"
