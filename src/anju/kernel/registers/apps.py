"""Django's handle on kernel.registers."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Registers the package with Django under the label registers."""

    name = "anju.kernel.registers"
    label = "registers"
    verbose_name = "登记册"
