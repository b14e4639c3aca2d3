"""`anju captcha_answer ID`: what a captcha shows, for tests that sign in; needs the installation's own keys."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from anju.identity.models import Captcha
from anju.kernel.crypto import open_text


class Command(BaseCommand):
    """Decrypts a captcha's answer with the keyring; production refuses."""

    help = "读出验证码（仅测试、演示）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENV == "production":
            raise CommandError("生产环境不能读验证码")
        self.stdout.write(open_text(bytes(Captcha.objects.get(pk=options["id"]).answer)))
