"""Django's handle on kernel.forms."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Registers the package with Django under the label forms."""

    name = "anju.kernel.forms"
    label = "forms"
    verbose_name = "表单"
