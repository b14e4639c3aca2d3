"""Django's handle on kernel.events."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Registers the package with Django under the label events."""

    name = "anju.kernel.events"
    label = "events"
    verbose_name = "事件"
