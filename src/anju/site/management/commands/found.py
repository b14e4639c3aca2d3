"""`anju found`: what a city's own installation begins with, and what it runs again after an upgrade."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from anju.identity.models import Account, Organisation
from anju.identity.passwords import one_time_password
from anju.identity.services import make_account, make_organisation
from anju.kernel.processes.publishing import publish_all
from anju.site.demo import seed_roles


class Command(BaseCommand):
    """Publishes the processes and adds missing roles; in an empty database also the city's office and its administrators.

    There are three, for system, security and audit, since nobody may unite these. Their passwords are shown once and
    must be changed at the first sign-in.
    """

    help = "建立本市安装：发布流程、补齐角色；空库时建立市级机构和系统、安全、审计三个管理员"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--account", default="admin", help="首个管理员的账号")
        parser.add_argument("--name", default="系统管理员", help="首个管理员的姓名")
        parser.add_argument("--security", default="security", help="安全管理员的账号")
        parser.add_argument("--auditor", default="auditor", help="审计员的账号")
        parser.add_argument("--office", default="", help="市级机构名称，默认为“城市名 + 住房保障中心”")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        publish_all()
        seed_roles()
        if Account.objects.exists():
            self.stdout.write("流程已发布，角色已补齐；账号没有改动")
            return
        city = settings.ANJU_CITY
        office = Organisation.objects.filter(code=city["code"]).first() or make_organisation(
            name=options["office"] or f"{city['name']}住房保障中心",
            kind="city",
            code=city["code"],
            division=city["code"],
        )
        self.stdout.write(f"{office.name}已建立，三员分立，各有一个账号。一次性密码只显示这一次，登录后须修改：")
        for username, name, role in (
            (options["account"], options["name"], "administrator"),
            (options["security"], "安全管理员", "security_administrator"),
            (options["auditor"], "审计员", "auditor"),
        ):
            password = one_time_password()
            account = make_account(
                username=username, name=name, organisation=office, roles=[role], password=password, post=name
            )
            account.must_change_password = True
            account.save(update_fields=["must_change_password"])
            self.stdout.write(f"{name} {username}，一次性密码 {password}（只显示这一次）")
