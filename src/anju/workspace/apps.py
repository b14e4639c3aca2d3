"""Django's handle on workspace."""

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    """Registers the package with Django under the label workspace."""

    name = "anju.workspace"
    label = "workspace"
    verbose_name = "工作台与消息"
