"""`anju sign_rights`: signs who holds what as it stands."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from anju.kernel import audit
from anju.kernel.scope import system
from anju.trust.rights import sign_all


class Command(BaseCommand):
    """For the day signing is switched on, and after somebody looked at what was changed past the platform."""

    help = "为现有账号、角色、授权重新签名（启用权限签名时，或安全管理员核查平台外改动之后）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", required=True, help="原因，记入审计")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if len(options["reason"].strip()) < 5:
            raise CommandError("请写明原因（至少 5 个字），它会记入审计")
        signed = sign_all()
        audit.record(
            "act", actor=system("命令行"), subject="trust.rights", title=f"重新签名权限数据：{options['reason']}"[:300],
            detail={"rows": signed},
        )  # fmt: skip
        self.stdout.write(f"已签名 {signed} 行")
