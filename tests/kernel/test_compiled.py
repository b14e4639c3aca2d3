"""Queries compiled once give what the query set gives, with other values, locks and deferred fields kept."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from anju.identity.models import Organisation, Role
from anju.identity.services import make_organisation
from anju.kernel import clock
from anju.kernel.audit import record
from anju.kernel.audit.models import AuditEntry
from anju.kernel.compiled import Compiled, added, insertion, read_ahead
from anju.kernel.events.models import StoredEvent
from anju.kernel.scope import system


@pytest.fixture
def offices(db: None) -> list[Organisation]:
    return [make_organisation(name=f"机构{n}", kind="operator", code=f"C{n}", division="339901") for n in range(4)]


def test_the_same_rows_for_whatever_ids(offices: list[Organisation]) -> None:
    pair = Compiled(
        lambda first, last: Organisation.objects.filter(
            Q(pk=last) | Q(kind="operator"), Q(pk__lte=last), pk__gte=first
        ).order_by("-pk")
    )
    ids = [office.pk for office in offices]
    assert [row.pk for row in pair(ids[0], ids[2])] == ids[2::-1]
    assert [row.pk for row in pair(ids[1], ids[1])] == [ids[1]]
    assert pair(ids[3], ids[0]) == []


def test_what_is_read_ahead_answers_whoever_asks_within_the_block(offices: list[Organisation]) -> None:
    one = Compiled(lambda pk: Organisation.objects.filter(pk=pk))
    later = Compiled(lambda pk: Organisation.objects.filter(pk__gt=pk).order_by("pk"))
    first, *others = (office.pk for office in offices)
    with read_ahead((one, (first,)), (later, (first,))):
        assert one(first) == [offices[0]]
        assert [row.pk for row in later(first)] == others
        with CaptureQueriesContext(connection) as sent:
            assert one(first)[0] is one(first)[0]
            assert one.one(others[0]) == offices[1]
        assert len(sent) == 1
    assert one(first)[0] is not one(first)[0]


def test_locks_and_deferred_fields_are_kept(offices: list[Organisation]) -> None:
    locked = Compiled(lambda pk: Organisation.objects.filter(pk=pk).defer("name").select_for_update())
    with transaction.atomic(), CaptureQueriesContext(connection) as sent:
        (row,) = locked(offices[0].pk)
        assert row.get_deferred_fields() == {"name"}
        assert row.name == "机构0"
    assert sent.captured_queries[0]["sql"].endswith("FOR UPDATE")


def test_an_id_that_the_statement_does_not_hold_is_refused(offices: list[Organisation]) -> None:
    with pytest.raises(ValueError, match="has no place"):
        Compiled(lambda pk, other: Organisation.objects.filter(pk=pk))(1, 2)


@pytest.mark.django_db
def test_a_row_is_added_as_saving_would_add_it() -> None:
    moment = clock.now()
    first = added(StoredEvent(name="test.added", payload={"a": [1, None]}, created_at=moment))
    second = StoredEvent.objects.create(name="test.added", payload={"a": [1, None]}, created_at=moment)
    stored = list(StoredEvent.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk").values())
    assert [row.pop("id") for row in stored] == [first.pk, second.pk]
    for row in stored:
        row.pop("created_at")
    assert stored[0] == stored[1]
    first.refresh_from_db()
    assert first.payload == {"a": [1, None]}


def test_a_model_with_more_than_plain_places_is_refused() -> None:
    with pytest.raises(ValueError, match="Role"):
        insertion(Role)


@pytest.mark.django_db
def test_what_the_database_fills_in_is_left_to_it() -> None:
    entry = record("act", actor=system(), subject="test:1", detail={"field": "a"})
    kept = AuditEntry.objects.get(pk=entry.pk)
    assert (kept.detail, kept.org_path) == ({"field": "a"}, "/")
    assert kept.xact > 0
