"""The audit trail is written with the act, and nothing can change it afterwards."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory

from anju.kernel.audit import record
from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor, system

pytestmark = pytest.mark.django_db

CLERK = Actor(kind="staff", id=12, name="周敏", org_path="/1/4/", division="339901", session_id=7)


def test_an_entry_tells_who_what_when_and_from_where() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    entry = record("read_personal", actor=CLERK, subject="households.person:3", title="身份证号", request=request)
    entry.refresh_from_db()
    told = (entry.actor, entry.actor_name, entry.address, entry.session, entry.org_path, entry.division)
    assert told == ("staff:12", "周敏", "192.0.2.7", 7, "/1/4/", "339901")
    assert record("act", actor=system()).org_path == "/"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditentry SET title = 'x'", "DELETE FROM audit_auditentry", "UPDATE audit_auditentry SET id = id"],
)
def test_the_database_refuses_to_change_it(statement: str) -> None:
    entry = record("sign_in", actor=CLERK, title="登录")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).delete()
    entry.refresh_from_db()
    assert entry.title == "登录"


def test_what_is_undone_leaves_no_entry() -> None:
    try:
        with transaction.atomic():
            record("change", actor=CLERK, subject="supply.unit:12")
            raise ValueError
    except ValueError:
        pass
    assert not AuditEntry.objects.exists()


def test_overlong_texts_are_cut_not_refused() -> None:
    assert len(record("act", actor=CLERK, subject="x" * 500, title="文" * 900).title) == 300
