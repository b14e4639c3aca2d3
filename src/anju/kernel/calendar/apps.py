"""Django's handle on kernel.calendar."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """Registers the package with Django under the label calendar."""

    name = "anju.kernel.calendar"
    label = "calendar"
    verbose_name = "工作日历"
