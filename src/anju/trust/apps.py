"""Django's handle on trust."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Registers the package with Django under the label trust."""

    name = "anju.trust"
    label = "trust"
    verbose_name = "密码与印章"
