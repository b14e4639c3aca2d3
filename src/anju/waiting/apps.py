"""Django's handle on waiting."""

from django.apps import AppConfig


class WaitingConfig(AppConfig):
    """Registers the package with Django under the label waiting."""

    name = "anju.waiting"
    label = "waiting"
    verbose_name = "轮候配租"
