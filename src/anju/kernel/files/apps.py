"""Django's handle on kernel.files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Registers the package with Django under the label files."""

    name = "anju.kernel.files"
    label = "files"
    verbose_name = "文件"
