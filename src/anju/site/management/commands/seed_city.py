"""`anju seed_city`: a whole city, for load and for a look at long lists."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from anju.kernel.errors import DomainError
from anju.site.demo import is_seeded, seed
from anju.site.full_city import CITY, FULL, grow

SIZES = {"full": FULL, "city": CITY}
COUNTED = {
    "units": "房源", "projects": "项目", "operators": "运营机构", "agencies": "街道受理机构", "accounts": "账号",
    "persons": "人员", "cases": "案件", "contracts": "合同", "years": "年",
}  # fmt: skip


class Command(BaseCommand):
    """Loads the demonstration if it is missing, then grows it; production refuses."""

    help = "载入全市规模的数据"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="city", help="city 为全市，full 只有房源和在办的规模")
        for name, what in COUNTED.items():
            parser.add_argument(f"--{name}", type=int, help=f"{what}数")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENV == "production":
            raise CommandError("生产环境不能载入虚构数据")
        began = time.monotonic()
        if not is_seeded():
            seed()
        usual = SIZES[options["size"]]
        size = replace(usual, **{name: options[name] for name in asdict(usual) if options[name] is not None})
        try:
            grow(size, lambda line: self.stdout.write(f"{time.monotonic() - began:6.1f} 秒  {line}"))
        except DomainError as refusal:
            raise CommandError(f"{refusal.message}。{refusal.advice}") from refusal
