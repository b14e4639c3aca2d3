"""`anju serve`: the web processes."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from anju.site.contexts import UnknownContext, chosen


class Command(BaseCommand):
    """Replaces itself by the web server, so that signals reach it directly."""

    help = "启动网页服务"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认 127.0.0.1）")
        parser.add_argument("--port", type=int, default=settings.PORT, help="端口（默认 ANJU_PORT）")
        parser.add_argument(
            "--workers", type=int, default=int(os.environ.get("ANJU_WEB_PROCESSES", "2")), help="应答进程数（默认 2）"
        )
        parser.add_argument(
            "--contexts",
            default=settings.ANJU_CONTEXTS,
            help="只提供这些上下文的接口和页面，逗号分隔，如 citizen（公众区）或 eligibility,waiting；"
            f"默认 all。可选：{'、'.join(settings.CONTEXTS)}。内核和基础部分总在；其余地址答 404",
        )
        parser.add_argument(
            "--drain", type=float, default=float(os.environ.get("ANJU_DRAIN_SECONDS", "0")),
            help="收到 SIGTERM 后先让 /readyz 答 503、照常服务这么多秒再退出，供负载均衡摘除（默认 0）",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            contexts = chosen(options["contexts"])
        except UnknownContext as error:
            raise CommandError(str(error)) from error
        os.environ["ANJU_CONTEXTS"] = ",".join(sorted(contexts))
        command = [
            sys.executable, "-m", "anju.site.web", "--host", options["host"], "--port", str(options["port"]),
            "--workers", str(options["workers"]), "--drain", str(options["drain"]),
        ]  # fmt: skip
        os.execv(sys.executable, command)
