"""Who asks is found by one statement while nobody's rights change, and anew at the request after any change."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from anju.identity.models import Account, Application, Role
from anju.kernel import clock
from anju.kernel.scope import Actor
from tests.conftest import Api


def state() -> str:
    """The state of rights as this transaction sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(number::text, ' ' ORDER BY shard) FROM identity_rightsstate")
        return str(cursor.fetchone()[0])


def held(desk: Api) -> set[str]:
    """The rights that the desk is told."""
    return set(desk.get("/identity/me").json()["rights"])


@pytest.mark.django_db
def test_a_second_request_finds_who_asks_by_one_statement(staff: Any, client_as: Any) -> None:
    desk = client_as(staff("supply.operator.view"))
    desk.get("/registers/supply.operators/rows")
    with CaptureQueriesContext(connection) as asked:
        assert desk.get("/registers/supply.operators/rows").status_code == 200
    first, second = (each["sql"] for each in asked)
    assert first.startswith("SELECT * FROM identity_live(")
    assert "supply_operator" in second


@pytest.mark.django_db
@pytest.mark.covers("PR-22.1")
def test_every_way_to_change_rights_is_seen_at_the_next_request(staff: Any, client_as: Any) -> None:
    actor: Actor = staff("supply.unit.view", "cases.case.view")
    desk = client_as(actor)
    assert held(desk) == {"supply.unit.view", "cases.case.view"}
    role = Role.objects.get(key="test1")
    Role.objects.filter(pk=role.pk).update(rights=["supply.unit.view"])
    assert held(desk) == {"supply.unit.view"}
    Application.objects.create(key="units", title="房源", rights=["supply.unit.view"], state="suspended")
    assert held(desk) == set()
    Application.objects.filter(key="units").update(state="published")
    assert held(desk) == {"supply.unit.view"}
    Account.objects.get(pk=actor.id).roles.clear()
    assert held(desk) == set()
    Account.objects.filter(pk=actor.id).update(state="suspended")
    assert desk.get("/identity/me").status_code == 401


@pytest.mark.django_db
def test_a_change_that_was_rolled_back_leaves_nothing_behind(staff: Any, client_as: Any) -> None:
    desk = client_as(staff("supply.unit.view"))
    assert held(desk) == {"supply.unit.view"}
    for rights in (["documents.view"], ["reports.view"]):
        with transaction.atomic():
            Role.objects.filter(key="test1").update(rights=rights)
            assert held(desk) == set(rights)
            transaction.set_rollback(True)
        assert held(desk) == {"supply.unit.view"}


@pytest.mark.django_db
def test_what_signing_in_writes_on_an_account_changes_nobodys_rights(staff: Any) -> None:
    actor = staff("supply.unit.view")
    before = state()
    Account.objects.filter(pk=actor.id).update(failures=2, last_signed_in_at=clock.now(), locked_until=None)
    assert state() == before
    Account.objects.filter(pk=actor.id).update(name="何平")
    assert state() != before


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_do_not_wait_for_one_another(staff: Any) -> None:
    staff("supply.unit.view")
    staff("documents.view")
    before, told = state(), connection.settings_dict
    other = psycopg.connect(
        host=told["HOST"], port=told["PORT"], user=told["USER"], password=told["PASSWORD"], dbname=told["NAME"],
        options="-c lock_timeout=2s",
    )  # fmt: skip
    with other, transaction.atomic():
        Role.objects.filter(key="test1").update(rights=["reports.view"])
        other.execute("UPDATE identity_role SET rights = ARRAY['x'] WHERE key = 'test2'")
        other.commit()
    # each took a row of its own
    changed = [new for old, new in zip(before.split(), state().split(), strict=True) if old != new]
    assert len(changed) == 2
