"""Django's handle on construction."""

from django.apps import AppConfig


class ConstructionConfig(AppConfig):
    """Registers the package with Django under the label construction."""

    name = "anju.construction"
    label = "construction"
    verbose_name = "项目建设"
