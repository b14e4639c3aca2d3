"""`anju audit verify|seal|accept`: the audit trail from the command line."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from anju.kernel.audit import record
from anju.kernel.audit.jobs import check
from anju.kernel.audit.sealing import accept_end, seal
from anju.kernel.scope import system


class Command(BaseCommand):
    """Verifies the trail and names what is wrong, seals at once, or accepts the end of a restored trail."""

    help = "审计记录：verify 核验并指出第一条被改动、删除的记录；seal 立即封存；accept 恢复备份后认可链末端"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["verify", "seal", "accept"])
        parser.add_argument("--json", action="store_true", help="以 JSON 给出核验结果")
        parser.add_argument("--reason", default="", help="accept 的原因，记入审计")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["act"]:
            case "verify":
                self._verify(as_json=options["json"])
            case "seal":
                self.stdout.write(f"封存 {seal()} 条")
            case "accept":
                self._accept(options["reason"].strip())

    def _verify(self, *, as_json: bool) -> None:
        report = check(system("命令行核验"))
        seconds = max((report.finished_at - report.started_at).total_seconds(), 0.001)
        if as_json:
            told = asdict(report) | {"rate": round(report.entries / seconds)}
            self.stdout.write(json.dumps(told, ensure_ascii=False, default=str))
        else:
            self.stdout.write(
                f"核验 {report.entries} 条、{report.seals} 个封印，用时 {seconds:.1f} 秒"
                f"（每秒 {report.entries / seconds:,.0f} 条）；已归档 {report.archived} 条，未封存 {report.unsealed} 条"
            )
        if report.findings:
            raise CommandError("\n".join(each.told for each in report.findings))
        if not as_json:
            self.stdout.write("审计链完整")

    def _accept(self, reason: str) -> None:
        if len(reason) < 5:
            raise CommandError("请用 --reason 写明原因（至少 5 个字），它会记入审计")
        with transaction.atomic():
            number = accept_end()
            record("act", actor=system("命令行"), subject="audit.trail", title=f"认可审计链末端：{reason}"[:300])
        self.stdout.write(f"已认可链末端为第 {number} 号封印")
