"""Django's handle on kernel.cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the package with Django under the label cases."""

    name = "anju.kernel.cases"
    label = "cases"
    verbose_name = "案件"
