"""The database's own roles: who can append cannot change, and the public zone reaches no secret of the staff."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from anju.kernel.audit.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
APP, PUBLIC, SECRET = f"anju_app_{os.getpid()}", f"anju_public_{os.getpid()}", "probe-only"
ENTRY = (
    "INSERT INTO audit_auditentry (at, action, actor, actor_name, subject, title, detail, address, session, org_path,"
    " division) VALUES (now(), 'act', 'staff:1', '', '', '', '{}', '', 0, '/', '')"
)


@pytest.fixture
def roles() -> Iterator[None]:
    with connection.cursor() as cursor:
        for role in (APP, PUBLIC):
            cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{SECRET}'")
    call_command("database_roles", app=APP, public=PUBLIC, stdout=StringIO())
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE identity_session DISABLE ROW LEVEL SECURITY")
        for role in (APP, PUBLIC):
            cursor.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


def as_role(role: str) -> psycopg.Connection[Any]:
    told = connection.settings_dict
    return psycopg.connect(
        host=told["HOST"], port=told["PORT"], user=role, password=SECRET, dbname=told["NAME"], autocommit=True
    )


def denied(role: str, *statements: str) -> None:
    with as_role(role) as own:
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                own.execute(statement)


@pytest.mark.covers("NF-05.3")
def test_the_applications_role_appends_to_the_trail_and_nothing_else(roles: None) -> None:
    with as_role(APP) as own:
        own.execute(ENTRY)
        own.execute("SELECT count(*) FROM audit_auditentry")
        own.execute("UPDATE identity_organisation SET name = name")
    denied(
        APP,
        "UPDATE audit_auditentry SET title = 'x'",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
        "DELETE FROM audit_auditseal",
        "TRUNCATE audit_auditseal",
        "UPDATE audit_auditseal SET head = ''",
        "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
        "DROP TABLE audit_auditentry",
        "SET session_replication_role = replica",
    )
    assert AuditEntry.objects.filter(title="").count() == 1


@pytest.mark.covers("NF-04.5")
def test_the_public_zone_reaches_no_secret_of_the_staff(roles: None) -> None:
    session = (
        "INSERT INTO identity_session (digest, kind, account_id, created_at, last_seen_at, expires_at, address, agent,"
        " factor, demand) VALUES ('{digest}', '{kind}', 1, now(), now(), now(), '', '', 'password', '')"
    )
    with as_role(PUBLIC) as own:
        own.execute(ENTRY)
        own.execute(session.format(digest="a", kind="resident"))
        own.execute("SELECT id, name FROM identity_account")
        own.execute("SELECT * FROM citizen_resident")
    denied(
        PUBLIC,
        session.format(digest="b", kind="staff"),
        "SELECT password FROM identity_account",
        "UPDATE identity_account SET password = 'x'",
        "INSERT INTO identity_account_roles (account_id, role_id, granted_by) VALUES (1, 1, 'x')",
        "UPDATE identity_role SET rights = '{}'",
        "SELECT * FROM trust_usercertificate",
        "DELETE FROM trust_signedrow",
        "SELECT title FROM audit_auditentry",
        "DELETE FROM audit_auditentry",
        "SELECT audit_drop_archived(1)",
    )
    with connection.cursor() as cursor:
        cursor.execute(session.format(digest="c", kind="staff"))
    with as_role(PUBLIC) as own:
        assert own.execute("SELECT kind FROM identity_session").fetchall() == [("resident",)]
        assert own.execute("DELETE FROM identity_session WHERE kind = 'staff'").rowcount == 0
    with as_role(APP) as own:
        assert len(own.execute("SELECT kind FROM identity_session").fetchall()) == 2


def test_roles_that_cannot_be_limited_are_refused() -> None:
    with pytest.raises(CommandError, match="没有角色"):
        call_command("database_roles", app="nobody_here", stdout=StringIO())
    with pytest.raises(CommandError, match="超级用户"):
        call_command("database_roles", app=connection.settings_dict["USER"], stdout=StringIO())
    with pytest.raises(CommandError, match="不合规"):
        call_command("database_roles", app='x"; DROP', stdout=StringIO())
