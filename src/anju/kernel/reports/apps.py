"""Django's handle on kernel.reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Registers the package with Django under the label reports."""

    name = "anju.kernel.reports"
    label = "reports"
    verbose_name = "报表"
