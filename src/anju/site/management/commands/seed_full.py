"""`anju seed_full`: the city at its full size, for load and for a look at long lists."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from anju.kernel.errors import DomainError
from anju.site.demo import is_seeded, seed
from anju.site.full_city import Size, grow


class Command(BaseCommand):
    """Loads the demonstration if it is missing, then grows it; production refuses."""

    help = "载入全市规模的数据"

    def add_arguments(self, parser: CommandParser) -> None:
        usual = Size()
        for name, what in (
            ("units", "房源"), ("operators", "运营机构"), ("agencies", "街道受理机构"), ("accounts", "账号"), ("cases", "案件"),
        ):  # fmt: skip
            parser.add_argument(f"--{name}", type=int, default=getattr(usual, name), help=f"{what}数")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENV == "production":
            raise CommandError("生产环境不能载入虚构数据")
        began = time.monotonic()
        if not is_seeded():
            seed()
        size = Size(**{name: options[name] for name in ("units", "operators", "agencies", "accounts", "cases")})
        try:
            grow(size, lambda line: self.stdout.write(f"{time.monotonic() - began:6.1f} 秒  {line}"))
        except DomainError as refusal:
            raise CommandError(f"{refusal.message}。{refusal.advice}") from refusal
