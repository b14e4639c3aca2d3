"""The full city in miniature: what is copied past the triggers and services must agree with what they would have made."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet

from anju.identity.models import Account, Organisation
from anju.kernel import clock
from anju.kernel.cases.models import Case, CaseState
from anju.kernel.cases.page import page
from anju.kernel.numbering import next_number
from anju.kernel.processes.models import Instance, Token
from anju.kernel.scope import Actor, Reach
from anju.site.roles import ROLES

UNITS, CASES = 700, 120
SIZES = ["--units", str(UNITS), "--operators", "9", "--agencies", "3", "--accounts", "90", "--cases", str(CASES)]

pytestmark = pytest.mark.django_db


@pytest.fixture
def grown(db: None) -> None:
    call_command("seed_full", *SIZES, verbosity=0)


def ask(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def one(sql: str) -> Any:
    return ask(sql)[0][0]


def shape() -> set[tuple[Any, ...]]:
    """Constraints, indexes and triggers of all tables, as the database has them."""
    found = ask(
        """SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
           UNION ALL SELECT tablename::text, indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public'
           UNION ALL SELECT tgrelid::regclass::text, tgname::text, tgenabled::text FROM pg_trigger
            WHERE NOT tgisinternal"""
    )
    # read back from its own text, `= ANY` of literals is written with the casts inside the array
    return {(table, name, re.sub(r"::\w+( varying)?(\[\])?|[() ]", "", said)) for table, name, said in found}


def test_indexes_constraints_and_triggers_are_back(db: None) -> None:
    before = shape()
    call_command("seed_full", *SIZES, verbosity=0)
    assert shape() == before


def of_households() -> QuerySet[Case]:
    """The cases that the city was grown by; matters of offices are the demonstration's."""
    return Case.objects.filter(type_key="eligibility.public_rental")


def test_sizes(grown: None) -> None:
    assert one("SELECT count(*) FROM supply_unit WHERE code LIKE '__F%'") == UNITS
    assert Organisation.objects.filter(kind="operator").count() == 9
    assert Organisation.objects.filter(kind="street", name__endswith="住房保障受理中心").count() == 3
    assert one("SELECT count(*) FROM identity_account WHERE username LIKE 'u0%'") == 90
    assert of_households().count() == CASES


def test_units_are_as_their_triggers_would_have_filled_them(grown: None) -> None:
    columns = "estate_id, project_id, programme, org_path, division, address"
    before = ask(f"SELECT id, {columns} FROM supply_unit ORDER BY id")
    # touching the key makes the trigger read the parents anew
    ask("UPDATE supply_unit SET building_id = building_id RETURNING 1")
    assert ask(f"SELECT id, {columns} FROM supply_unit ORDER BY id") == before
    for table, key in (
        ("supply_project", "operator_id"),
        ("supply_estate", "project_id"),
        ("supply_building", "estate_id"),
    ):
        kept = ask(f"SELECT id, org_path, division FROM {table} ORDER BY id")
        ask(f"UPDATE {table} SET {key} = {key} RETURNING 1")
        assert ask(f"SELECT id, org_path, division FROM {table} ORDER BY id") == kept


def test_counts_of_units_agree(grown: None) -> None:
    counted = "SELECT project_id, status, {} FROM {} GROUP BY 1, 2 HAVING {} <> 0 ORDER BY 1, 2"
    live = "(SELECT * FROM supply_unit WHERE status NOT IN ('split', 'merged')) AS live"
    units = ask(counted.format("count(*), sum(floor_area), sum(rent)", live, "count(*)"))
    assert ask(counted.format("sum(units), sum(floor_area), sum(rent)", "supply_unitcount", "sum(units)")) == units


def test_next_rows_follow_on(grown: None) -> None:
    """Sequences and case numbers go on after what was copied."""
    for table in ("supply_unit", "cases_case", "processes_token", "identity_account", "cases_entry"):
        following = one(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))")
        assert following > one(f"SELECT max(id) FROM {table}")
    year = clock.today().year
    taken = set(Case.objects.values_list("number", flat=True))
    serial = next_number("public_rental_case", area="339901", year=year)
    assert f"GZ339901{year}{serial:06d}" not in taken
    assert serial == 1 or f"GZ339901{year}{serial - 1:06d}" in taken


def test_cases_stand_where_their_process_stands(grown: None) -> None:
    for case in of_households():
        instance = Instance.objects.get(pk=case.instance_id)
        waiting = list(Token.objects.filter(instance=instance, state="waiting"))
        assert instance.subject == case.subject
        if case.state == CaseState.OPEN:
            assert [token.node_id for token in waiting] == [case.node]
            assert instance.state == "open"
        else:
            assert waiting == []
            assert case.closed_at == instance.ended_at
            assert case.outcome == instance.end_outcome
    assert Case.objects.filter(state=CaseState.OPEN).exists()
    assert Case.objects.filter(state=CaseState.PASSED).exists()


def test_timers_of_publicity_lie_ahead(grown: None) -> None:
    assert not Token.objects.filter(state="waiting", kind="timer", due_at__lte=clock.now()).exists()


def test_two_people_where_two_are_meant(grown: None) -> None:
    """Nobody approved what he had reviewed himself."""
    same = """SELECT count(*) FROM processes_token a JOIN processes_token b USING (instance_id, actor_ref)
               WHERE a.node_id = 'first_review' AND b.node_id = 'first_approval' AND a.state = 'done' AND b.state = 'done'"""
    assert one(same) == 0


def test_case_page_reads_every_case(grown: None) -> None:
    """The page of a case, with sealed data, process, checks, materials and record, as a reviewer of the city sees it."""
    role = next(role for role in ROLES if role.key == "city_reviewer")
    actor = Actor("staff", 1, "高远", "gaoyuan", 1, "", "/", "339900", dict.fromkeys(role.rights, Reach.ALL))
    for case in of_households().order_by("id")[:40]:
        shown = page(case, actor)
        assert shown["household"]["name"] == case.household
        assert len(shown["materials"]) == 3
        assert shown["timeline"][-1]["action"] == "提交申请"
        done = Token.objects.filter(instance_id=case.instance_id, state="done", kind="user").count()
        assert len(shown["timeline"]) == 1 + done
        if len(shown["process"]["done"]) > 2:
            assert len(shown["checks"]) == 5
            assert shown["housing"]["passed"]


def test_staff_can_take_the_next_step(grown: None, client_as: Callable[[Actor], Any]) -> None:
    """A case of the full city goes on as any other does."""
    from anju.identity.sessions import staff_actor

    token = Token.objects.filter(state="waiting", node_id="second_review", claimed_by="").first()
    assert token is not None
    account = Account.objects.get(username="gaoyuan")
    actor = staff_actor(account.pk)
    assert actor is not None
    api = client_as(actor)
    case_id = int(token.subject.removeprefix("case:"))
    claimed = api.post(f"/cases/{case_id}/claim", {"task_id": token.pk})
    assert claimed.status_code == 200, claimed.json()
    body = {"task_id": token.pk, "version": claimed.json()["version"], "outcome": "pass", "opinion": "情况属实，同意"}
    moved = api.post(f"/cases/{case_id}/act", body)
    assert moved.status_code == 200, moved.json()
    assert moved.json()["node_title"] == "复审核定"


def test_what_nobody_said_of_an_account_can_be_read(grown: None) -> None:
    hired = Account.objects.filter(username__startswith="u0")
    assert hired.exists()
    assert {(each.phone, each.id_number) for each in hired} == {("", "")}


def test_a_second_time_is_refused(grown: None) -> None:
    with pytest.raises(CommandError, match="全市数据已在库中"):
        call_command("seed_full", *SIZES, verbosity=0)


def test_production_refuses(settings: Any) -> None:
    settings.ENV = "production"
    with pytest.raises(CommandError, match="生产环境"):
        call_command("seed_full", *SIZES, verbosity=0)
