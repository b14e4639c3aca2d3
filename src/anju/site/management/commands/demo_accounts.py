"""`anju demo_accounts`: whom one can sign in as in a demonstration."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from anju.site.demo import PASSWORD, PEOPLE
from anju.site.roles import ROLES


class Command(BaseCommand):
    """Lists one account a role; in production there are none."""

    help = "列出演示账号"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENV == "production":
            raise CommandError("生产环境没有演示账号")
        titles = {role.key: role.title for role in ROLES}
        seen: dict[str, dict[str, str]] = {}
        for person in PEOPLE:
            seen.setdefault(
                person.role,
                {"role": titles[person.role], "account": person.account, "password": PASSWORD, "name": person.name},
            )
        if options["json"]:
            self.stdout.write(json.dumps(list(seen.values()), ensure_ascii=False))
            return
        for row in seen.values():
            self.stdout.write(f"{row['role']}  {row['account']}  {row['password']}  {row['name']}")
