"""Django's handle on kernel.jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers the package with Django under the label jobs."""

    name = "anju.kernel.jobs"
    label = "jobs"
    verbose_name = "任务"
