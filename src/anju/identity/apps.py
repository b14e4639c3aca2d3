"""Django's handle on identity."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Registers the package with Django under the label identity."""

    name = "anju.identity"
    label = "identity"
    verbose_name = "身份与权限"
