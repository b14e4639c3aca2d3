"""Django's handle on the site: loads every block's and context's declarations once the models are there."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps

ROOMS = (
    "holdings",
    "handlers",
    "events",
    "jobs",
    "cases",
    "registers",
    "reports",
    "connectors",
    "documents",
    "cards",
    "api",
)


@contextmanager
def loading() -> Iterator[None]:
    """Loads what stays as long as the process: nothing of it is garbage, so the collector neither looks on nor ever again.

    It would look through all that is there some hundred times, a fifth of the time that loading takes.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


class SiteConfig(AppConfig):
    """Imports the rooms of every package, so that what they declare is registered before the first request."""

    name = "anju.site"
    label = "site"

    @loading()
    def ready(self) -> None:
        for app in apps.get_app_configs():
            if not app.name.startswith("anju.") or app.name == "anju.site":
                continue
            for room in ROOMS:
                if find_spec(f"{app.name}.{room}"):
                    import_module(f"{app.name}.{room}")
        import_module("anju.site.menu")
        import_module("anju.site.functions")
