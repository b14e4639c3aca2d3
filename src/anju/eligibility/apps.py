"""Django's handle on eligibility."""

from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    """Registers the package with Django under the label eligibility."""

    name = "anju.eligibility"
    label = "eligibility"
    verbose_name = "资格审核"
