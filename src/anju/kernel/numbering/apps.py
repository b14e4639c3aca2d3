"""Django's handle on kernel.numbering."""

from django.apps import AppConfig


class NumberingConfig(AppConfig):
    """Registers the package with Django under the label numbering."""

    name = "anju.kernel.numbering"
    label = "numbering"
    verbose_name = "编号"
