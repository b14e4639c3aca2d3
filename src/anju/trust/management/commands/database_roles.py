"""`anju database_roles`: the database's own roles for the staff zone and the public zone (NF-05.3, NF-04.5)."""

from __future__ import annotations

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from psycopg import sql

NAME = re.compile(r"[a-z][a-z0-9_]{1,50}")
APPEND_ONLY = ("audit_auditentry", "audit_auditseal")
# What the public zone's own sign-in and pages read of the staff's tables: names of offices and people, no secret.
READ_IN_PUBLIC = {
    "identity_organisation": None,
    "identity_account": ("id", "name", "must_change_password", "password_changed_at"),
    "identity_securitypolicy": None,
}
STAFF_ONLY = ("identity_", "trust_", "gateway_", "audit_")


class Command(BaseCommand):
    """Run by the owner of the tables, after each migrate; the processes then sign in as the roles made here.

    The role of the staff zone may append to the audit trail and not change, delete or truncate it. The role of the
    public zone also sees no secret of the staff, holds only sessions of residents, and writes the trail without reading
    it. With one role for everything the triggers hold against mistakes and injected statements, not against its owner.
    """

    help = "设置数据库角色：工作人员区（审计只增）和公众区（不能触及工作人员账号、权限和密钥数据）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--app", required=True, help="工作人员区进程使用的数据库角色（须已建立）")
        parser.add_argument("--public", default="", help="公众区进程使用的数据库角色（须已建立）")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        roles = [role for role in (options["app"], options["public"]) if role]
        for role in roles:
            if not NAME.fullmatch(role):
                raise CommandError(f"角色名不合规：{role}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolname, rolsuper FROM pg_roles WHERE rolname = ANY(%s)", [roles])
            found = dict(cursor.fetchall())
            if missing := [role for role in roles if role not in found]:
                raise CommandError(f"数据库中没有角色：{'、'.join(missing)}（请先 CREATE ROLE … LOGIN）")
            if strong := [role for role in roles if found[role]]:
                raise CommandError(f"角色是超级用户，任何限制对它都不起作用：{'、'.join(strong)}")
        self._grant(options["app"])
        self._run("ALTER TABLE identity_session ENABLE ROW LEVEL SECURITY")
        self._policy("app_sessions", options["app"], "true")
        if options["public"]:
            self._grant(options["public"])
            self._narrow(options["public"])
            self._policy("public_sessions", options["public"], "kind = 'resident'")
        self.stdout.write(f"已设置：{'、'.join(roles)}")

    def _grant(self, role: str) -> None:
        self._run("GRANT USAGE ON SCHEMA public TO {}", role)
        self._run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}", role)
        self._run("GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {}", role)
        self._run("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}", role)
        for table in APPEND_ONLY:
            self._run(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {{}}", role)
        self._run("GRANT UPDATE (archived_at, archive_id) ON audit_auditseal TO {}", role)

    def _narrow(self, role: str) -> None:
        for table in connection.introspection.table_names():
            if table.startswith(STAFF_ONLY) and table != "identity_session":
                self._run(f"REVOKE ALL ON {table} FROM {{}}", role)
        for table, columns in READ_IN_PUBLIC.items():
            chosen = f"({', '.join(columns)})" if columns else ""
            self._run(f"GRANT SELECT {chosen} ON {table} TO {{}}", role)
        self._run("REVOKE EXECUTE ON FUNCTION audit_drop_archived(bigint) FROM PUBLIC, {}", role)
        self._run("GRANT INSERT ON audit_auditentry TO {}", role)
        # what an insert gives back
        self._run("GRANT SELECT (id, xact) ON audit_auditentry TO {}", role)
        self._run("GRANT SELECT ON audit_lineage TO {}", role)

    def _policy(self, name: str, role: str, condition: str) -> None:
        self._run(f"DROP POLICY IF EXISTS {name} ON identity_session")
        self._run(
            f"CREATE POLICY {name} ON identity_session TO {{}} USING ({condition}) WITH CHECK ({condition})", role
        )

    @staticmethod
    def _run(statement: str, *roles: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, roles)))
