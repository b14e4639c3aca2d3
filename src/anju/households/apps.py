"""Django's handle on households."""

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    """Registers the package with Django under the label households."""

    name = "anju.households"
    label = "households"
    verbose_name = "家庭与人员"
