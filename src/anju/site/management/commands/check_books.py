"""`anju check_books`: whether the tables of all parts agree with each other."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from anju.site.consistency import RULES, disagreements, unsettled


class Command(BaseCommand):
    """Asks every rule of consistency; names what breaks one and ends with an error then."""

    help = "核对账目：各部分的记录是否互相一致"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--settle", type=float, default=0, help="先等后台任务做完，最多这么多秒")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        end = time.monotonic() + options["settle"]
        while time.monotonic() < end and unsettled():
            time.sleep(0.5)
        found = disagreements()
        if options["json"]:
            told = [{"rule": each.rule.key, "count": each.count, "rows": list(each.rows)} for each in found]
            self.stdout.write(
                json.dumps({"rules": len(RULES), "broken": told, "unsettled": unsettled()}, ensure_ascii=False)
            )
        elif not found:
            self.stdout.write(f"{len(RULES)} 项核对全部一致")
        if found:
            raise CommandError("\n".join(str(each) for each in found))
