"""Who holds what is signed: a permission changed past the platform is found, told, and not honoured."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from anju.identity import remembered
from anju.identity.models import Account, Role
from anju.identity.services import make_account
from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor
from anju.trust import guarding, rights
from anju.trust.models import SignedRow
from tests.conftest import Api

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _signed(settings: Any) -> Iterator[None]:
    settings.ANJU_SIGNED_RIGHTS = True
    guarding._good.clear()
    guarding._told.clear()
    rights._known.clear()
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trust_touched")


@pytest.fixture
def clerk(staff: Any) -> Actor:
    actor: Actor = staff("cases.case.view", "documents.view", name="周敏")
    return actor


@pytest.fixture
def desk(clerk: Actor, client_as: Any) -> Api:
    api: Api = client_as(clerk)
    assert api.get("/identity/me").status_code == 200
    return api


def past_the_platform(statement: str, *values: Any) -> None:
    """What somebody does who has the database's password but not the platform."""
    told = connection.settings_dict
    with psycopg.connect(
        host=told["HOST"], port=told["PORT"], user=told["USER"], password=told["PASSWORD"], dbname=told["NAME"]
    ) as own:
        own.execute(statement, values)


def not_honoured(desk: Api, told: str) -> None:
    answer = desk.get("/identity/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.required")
    alarm = AuditEntry.objects.filter(action="alarm", detail__code="rights.tampered").order_by("-id").first()
    assert alarm is not None
    assert told in alarm.title


ATTACKS = {
    "a right added to the role": (
        "UPDATE identity_role SET rights = rights || ARRAY['identity.account.reset']::varchar[] WHERE key = 'test1'",
        "角色权限",
    ),
    "a wider reach": (
        "UPDATE identity_role SET reaches = '{\"cases.case.view\": \"all\"}' WHERE key = 'test1'",
        "角色权限",
    ),
    "another role": (
        "INSERT INTO identity_account_roles (account_id, role_id, granted_by)"
        " SELECT a.id, r.id, 'system:0' FROM identity_account a, identity_role r"
        " WHERE a.username = 'test1' AND r.key = 'strong'",
        "账号角色",
    ),
    "a role prolonged": ("UPDATE identity_account_roles SET until = '2099-01-01'", "账号角色"),
    "another password": ("UPDATE identity_account SET password = 'argon2$x' WHERE username = 'test1'", "鉴别数据"),
    "another office": ("UPDATE identity_organisation SET path = '/1/' || path", "机构"),
}


@pytest.mark.covers("SH-233.5", "SH-234.5", "SH-233.7")
@pytest.mark.parametrize("attack", list(ATTACKS))
def test_a_permission_changed_past_the_platform_is_not_honoured(desk: Api, clerk: Actor, attack: str) -> None:
    Role.objects.create(key="strong", title="强", reach="all", rights=["identity.account.reset"])
    assert desk.get("/identity/me").status_code == 200
    statement, told = ATTACKS[attack]
    past_the_platform(statement)
    not_honoured(desk, told)
    assert any(told in fault for fault in rights.faults())


@pytest.mark.covers("SH-233.5")
def test_a_hidden_change_is_found_within_the_minute(desk: Api, clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    past_the_platform(
        "SET session_replication_role = replica; UPDATE identity_role SET rights = ARRAY['x'] WHERE key = 'test1'"
    )
    for module in (guarding, remembered):
        monkeypatch.setattr(module, "AGAIN_SECONDS", 0.0)
    not_honoured(desk, "角色权限")


def test_a_removed_role_is_missed(desk: Api, clerk: Actor) -> None:
    past_the_platform("DELETE FROM identity_account_roles")
    not_honoured(desk, "被删除")


def test_a_signature_of_somebody_else_is_none(desk: Api, clerk: Actor, settings: Any, tmp_path: Any) -> None:
    past_the_platform("UPDATE identity_role SET rights = ARRAY['x'] WHERE key = 'test1'")
    ours, settings.ANJU_SECRETS = settings.ANJU_SECRETS, tmp_path / "theirs"
    role = Role.objects.get(key="test1")
    rights.sign_rows([("identity_role", role.pk)])
    settings.ANJU_SECRETS = ours
    rights._known.clear()
    not_honoured(desk, "不是平台所签")


@pytest.mark.covers("SH-233.5", "SH-234.5")
def test_what_the_platform_changes_is_signed_and_honoured_at_once(desk: Api, clerk: Actor, city: Any) -> None:
    role = Role.objects.get(key="test1")
    role.rights = [*role.rights, "reports.view"]
    role.save()
    assert "reports.view" in desk.get("/identity/me").json()["rights"]
    Role.objects.filter(key="test1").update(rights=["reports.view"])
    assert set(desk.get("/identity/me").json()["rights"]) == {"reports.view"}
    Role.objects.create(key="more", title="更多", reach="all", rights=["documents.view"])
    Account.objects.get(pk=clerk.id).roles.add(Role.objects.get(key="more"))
    assert "documents.view" in desk.get("/identity/me").json()["rights"]
    Account.objects.get(pk=clerk.id).roles.set([])
    assert desk.get("/identity/me").json()["rights"] == {}
    assert list(rights.faults()) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trust_touched")
        assert cursor.fetchone()[0] == 0


def test_one_tampered_account_does_not_stop_the_others(desk: Api, clerk: Actor, staff: Any, client_as: Any) -> None:
    other = client_as(staff("cases.case.view", name="何平"))
    past_the_platform("UPDATE identity_account SET password = 'x' WHERE id = %s", clerk.id)
    not_honoured(desk, "鉴别数据")
    assert other.get("/identity/me").status_code == 200


def test_after_a_look_the_rows_are_signed_anew(desk: Api, clerk: Actor) -> None:
    past_the_platform("UPDATE identity_role SET rights = ARRAY['reports.view'] WHERE key = 'test1'")
    not_honoured(desk, "角色权限")
    call_command("sign_rights", reason="核查后确认为误操作", stdout=StringIO())
    assert set(desk.get("/identity/me").json()["rights"]) == {"reports.view"}
    assert AuditEntry.objects.filter(subject="trust.rights", title__contains="核查后").exists()


@pytest.mark.covers("SH-234.5")
def test_accounts_taken_over_from_a_former_system_are_signed_as_they_come(city: Any, client_as: Any) -> None:
    former = make_account(username="former1", name="原系统用户", organisation=city, roles=[], password="Former-2026-x")
    assert SignedRow.objects.filter(table="identity_account", row=former.pk, account=former.pk).exists()
    past_the_platform("UPDATE identity_account SET state = 'active', password = 'y' WHERE id = %s", former.pk)
    assert rights.account_faults(former.pk)


def test_the_check_is_remembered(desk: Api, clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    real = guarding.account_faults
    monkeypatch.setattr(guarding, "account_faults", lambda account: looked.append(account) or real(account))
    for _ in range(5):
        assert desk.get("/identity/me").status_code == 200
    assert looked == []
    Role.objects.create(key="another", title="另", reach="all", rights=[])
    assert desk.get("/identity/me").status_code == 200
    assert looked == [clerk.id]
