"""Django's handle on kernel.rules."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    """Registers the package with Django under the label rules."""

    name = "anju.kernel.rules"
    label = "rules"
    verbose_name = "规则"
