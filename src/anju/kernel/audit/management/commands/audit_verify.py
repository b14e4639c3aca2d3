"""`anju audit_verify`: the same as `anju audit verify`, for schedulers that want one word."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Verifies the audit trail; ends with an error naming the first wrong entry."""

    help = "核验审计记录"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 给出核验结果")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("audit", "verify", json=options["json"], stdout=self.stdout, stderr=self.stderr)
