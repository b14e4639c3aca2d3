"""`anju clock`: shows the demonstration's time and moves it forward."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from anju.kernel import clock
from anju.kernel.audit import record
from anju.kernel.calendar.services import move_clock, reset_clock
from anju.kernel.errors import DomainError
from anju.kernel.scope import system

_STEP = re.compile(r"\+(\d{1,5})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def target(wish: str, present: datetime) -> datetime:
    """The moment meant by `+3d`, `+12h`, `+30m` or a date (same time of day, in Shanghai). Raises ValueError."""
    if found := _STEP.fullmatch(wish):
        return present + timedelta(**{_UNITS[found[2]]: int(found[1])})
    local = present.astimezone(clock.SHANGHAI)
    return datetime.combine(date.fromisoformat(wish), local.timetz())


class Command(BaseCommand):
    """Moves the demonstration's clock forward, so that publicity ends and deadlines pass."""

    help = "查看或向前调整演示时间（正式环境不可用）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("to", nargs="?", help="+3d、+12h、+30m，或日期如 2026-12-01（当天的同一时刻）")
        parser.add_argument("--show", action="store_true", help="只显示现在的时间")
        parser.add_argument("--reset", action="store_true", help="回到真实时间")

    def handle(self, *args: Any, **options: Any) -> None:
        clock.forget_offset()
        try:
            if options["reset"]:
                reset_clock()
            elif options["to"] and not options["show"]:
                move_clock(target(options["to"], clock.now()))
        except DomainError as refusal:
            raise CommandError(f"{refusal.message}（{refusal.code}）{refusal.advice}") from refusal
        except (ValueError, OverflowError) as error:
            raise CommandError(f"看不懂“{options['to']}”：请写 +3d、+12h、+30m 或 2026-12-01 这样的日期") from error
        if options["reset"] or (options["to"] and not options["show"]):
            record(
                "act",
                actor=system(),
                subject="calendar.clock:1",
                title="调整演示时间",
                detail={"now": str(clock.now())},
            )
        local = clock.now().astimezone(clock.SHANGHAI)
        ahead = clock.offset()
        self.stdout.write(f"{local:%Y-%m-%d %H:%M:%S} 北京时间" + (f"（比真实时间快 {ahead}）" if ahead else ""))
