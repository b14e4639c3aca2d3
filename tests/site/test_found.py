"""A city's own installation: founded once, never with the demonstration's passwords."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from anju.identity.models import Account, Organisation, Role
from anju.identity.passwords import check_password
from anju.kernel.processes.publishing import current
from anju.site.roles import ROLES

pytestmark = pytest.mark.django_db


def found(**options: str) -> str:
    out = io.StringIO()
    call_command("found", stdout=out, **options)
    return out.getvalue()


def test_an_empty_database_gets_office_roles_processes_and_three_administrators(settings: Any) -> None:
    settings.ANJU_CITY = {"code": "330100", "name": "杭州市"}
    said = found(account="chief")
    office, account = Organisation.objects.get(), Account.objects.get(username="chief")
    assert (office.name, office.division, office.path) == ("杭州市住房保障中心", "330100", f"/{office.pk}/")
    assert [role.key for role in account.roles.all()] == ["administrator"]
    assert {(each.username, role.key) for each in Account.objects.all() for role in each.roles.all()} == {
        ("chief", "administrator"), ("security", "security_administrator"), ("auditor", "auditor"),
    }  # fmt: skip
    assert all(each.must_change_password for each in Account.objects.all())
    shown = re.search(r"一次性密码 (\S+?)（", said)
    assert shown is not None
    assert check_password(shown[1], account.password)
    assert Role.objects.count() == len(ROLES)
    assert current("public_rental").version == 1


def test_run_again_it_changes_no_account(settings: Any) -> None:
    found()
    before = list(Account.objects.values())
    assert "账号没有改动" in found(account="another")
    assert list(Account.objects.values()) == before


def test_production_takes_no_demonstration(settings: Any) -> None:
    settings.ENV = "production"
    with pytest.raises(CommandError, match="anju found"):
        call_command("seed_demo")
    assert not Account.objects.exists()
