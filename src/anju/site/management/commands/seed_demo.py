"""`anju seed_demo`: the demonstration city, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from anju.kernel.processes.publishing import publish_all
from anju.site.demo import is_seeded, seed


class Command(BaseCommand):
    """Loads the demonstration into an empty database; a second run only publishes changed processes.

    Production refuses: the demonstration's passwords are known to everybody.
    """

    help = "载入演示城市"

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENV == "production":
            raise CommandError("生产环境不能载入演示数据，请运行 anju found")
        if is_seeded():
            publish_all()
            self.stdout.write("演示数据已在库中")
            return
        seed(past=True)
        self.stdout.write("演示城市已载入：澜州市")
