"""Django's handle on kernel.documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the package with Django under the label documents."""

    name = "anju.kernel.documents"
    label = "documents"
    verbose_name = "文书"
