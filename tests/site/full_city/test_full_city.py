"""A whole city in miniature: what is copied past the triggers and services must agree with what they would have made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import QuerySet

from anju.identity.models import Account, Organisation
from anju.identity.sessions import staff_actor
from anju.kernel import clock
from anju.kernel.cases.models import Case, CaseState
from anju.kernel.cases.page import page
from anju.kernel.crypto import blind, open_text
from anju.kernel.numbering import next_number
from anju.kernel.processes.models import Instance, Token
from anju.kernel.scope import Actor, Reach
from anju.site.consistency import disagreements
from anju.site.demo import seed
from anju.site.full_city import matters, registry, tenancies, working
from anju.site.roles import ROLES
from anju.workspace.finished import count_finished
from bench import asked

UNITS, PERSONS, CASES, CONTRACTS = 800, 5_000, 1_400, 1_600
SIZES = [
    "--units", str(UNITS), "--projects", "40", "--operators", "9", "--agencies", "3", "--accounts", "90", "--persons",
    str(PERSONS), "--cases", str(CASES), "--contracts", str(CONTRACTS),
]  # fmt: skip
PORTIONS = (
    (registry, "HOMES_AT_ONCE"), (matters, "CASES_AT_ONCE"), (tenancies, "AT_ONCE"), (tenancies, "UNITS_AT_ONCE"),
)  # fmt: skip


class Undone(Exception):
    """What is done in the block is taken back."""


@dataclass(frozen=True)
class Grown:
    """What the tests compare with: the shape of the database before, and what another process gave the first time."""

    shape: set[tuple[Any, ...]]
    faults: list[str]
    content: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def grown(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Grown]:  # fmt: skip
    """The city, grown once for all tests here, each of which undoes what it changes.

    It is grown twice: first by this process alone and taken back, then as always.
    """
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), suppress(Undone), transaction.atomic():
        base = tmp_path_factory.getbasetemp()
        for name in ("secrets", "files"):
            (base / name).mkdir(exist_ok=True, mode=0o700)
            patch.setattr(settings, f"ANJU_{name.upper()}", base / name)
        # portions so small that several processes have some
        for module, name in PORTIONS:
            patch.setattr(module, name, 500)
        seed()
        # an installation that has run for a while has counted the days that are over
        count_finished()
        before, content = shape(), {}
        with suppress(Undone), transaction.atomic(), pytest.MonkeyPatch.context() as alone:
            alone.setattr(working, "FEW", 1_000_000)
            call_command("seed_city", *SIZES, verbosity=0)
            content = grown_rows()
            raise Undone
        call_command("seed_city", *SIZES, verbosity=0)
        yield Grown(before, [str(each) for each in disagreements()], content)
        raise Undone


@pytest.fixture(autouse=True)
def undone(grown: Grown, db: None) -> None:
    """Each test has the city, in a savepoint of its own."""


def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
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


def grown_rows() -> dict[str, list[tuple[Any, ...]]]:
    """What was grown, sealed bytes and moments of writing apart."""
    return {
        "persons": ask("SELECT id, number_blind, name, birth_on, created_at FROM households_person ORDER BY id"),
        "cases": ask(
            "SELECT id, number, household, state, node, facts, submitted_at, closed_at, org_path FROM cases_case ORDER BY id"
        ),
        "contracts": ask(
            "SELECT id, number, certificate_no, tenant_key, starts_on, ended_on, rent FROM tenancy_contract ORDER BY id"
        ),
        "units": ask("SELECT code, status, contract_id, lease_end, occupant_name_masked FROM supply_unit ORDER BY code"),
        "tokens": ask("SELECT id, node_id, state, actor_ref, entered_at, left_at FROM processes_token ORDER BY id"),
        "queue": ask("SELECT certificate_no, household, priority, layouts, registered_at FROM waiting_entry ORDER BY id"),
    }  # fmt: skip


def of_households() -> QuerySet[Case]:
    """The cases that the city was grown by; matters of offices are the demonstration's."""
    return Case.objects.filter(type_key="eligibility.public_rental", request_key__startswith="full-")


def reviewer() -> Actor:
    role = next(role for role in ROLES if role.key == "city_reviewer")
    return Actor("staff", 1, "高远", "gaoyuan", 1, "", "/", "339900", dict.fromkeys(role.rights, Reach.ALL))


def test_indexes_constraints_and_triggers_are_back(grown: Grown) -> None:
    assert shape() == grown.shape


def test_sizes() -> None:
    assert one("SELECT count(*) FROM supply_unit WHERE code LIKE '__F%'") == UNITS
    assert one("SELECT count(*) FROM supply_project WHERE code LIKE '__F%'") == 40
    assert Organisation.objects.filter(kind="operator").count() == 9
    assert Organisation.objects.filter(kind="street", name__endswith="住房保障受理中心").count() == 3
    assert one("SELECT count(*) FROM identity_account WHERE username LIKE 'u0%'") == 90
    assert of_households().count() == CASES
    assert one("SELECT count(*) FROM tenancy_contract") == CONTRACTS
    assert PERSONS <= one("SELECT count(*) FROM households_person") < PERSONS * 1.1


def test_the_books_agree(grown: Grown) -> None:
    assert grown.faults == []


def test_units_are_as_their_triggers_would_have_filled_them() -> None:
    columns = "estate_id, project_id, programme, org_path, division, address, public_code"
    before = ask(f"SELECT id, {columns} FROM supply_unit ORDER BY id")
    # touching the key makes the trigger read the parents anew
    ask("UPDATE supply_unit SET building_id = building_id RETURNING 1")
    assert ask(f"SELECT id, {columns} FROM supply_unit ORDER BY id") == before
    assert all(row[-1] for row in before)
    for table, key in (
        ("supply_project", "operator_id"),
        ("supply_estate", "project_id"),
        ("supply_building", "estate_id"),
    ):
        kept = ask(f"SELECT id, org_path, division FROM {table} ORDER BY id")
        ask(f"UPDATE {table} SET {key} = {key} RETURNING 1")
        assert ask(f"SELECT id, org_path, division FROM {table} ORDER BY id") == kept


def test_counts_of_units_agree() -> None:
    """With the units now, with what can be let, and with what was counted at the end of yesterday."""
    counted = "SELECT project_id, status, {} FROM {} GROUP BY 1, 2 HAVING {} <> 0 ORDER BY 1, 2"
    live = "(SELECT * FROM supply_unit WHERE status NOT IN ('split', 'merged')) AS live"
    units = ask(counted.format("count(*), sum(floor_area), sum(rent)", live, "count(*)"))
    assert ask(counted.format("sum(units), sum(floor_area), sum(rent)", "supply_unitcount", "sum(units)")) == units
    lettable = """SELECT project_id, layout, count(*) FROM supply_unit WHERE status = 'vacant' AND code LIKE '__F%'
                   GROUP BY 1, 2 ORDER BY 1, 2"""
    assert ask(lettable) == ask(
        """SELECT project_id, layout, units FROM supply_rentable JOIN supply_project AS project ON project.id = project_id
            WHERE project.code LIKE '__F%%' AND units > 0 ORDER BY 1, 2"""
    )
    days = ask('SELECT "on", sum(units) FROM supply_daycount GROUP BY 1 ORDER BY 1 DESC')
    assert len(days) >= 30
    assert days[0][1] == UNITS


def test_steps_of_days_that_were_counted_before_are_counted() -> None:
    steps = one("SELECT count(*) FROM processes_token WHERE kind = 'user' AND state = 'done'")
    for _ in range(2):
        assert one("SELECT sum(tasks) FROM workspace_finishedtask WHERE id NOT LIKE 'task:%'") == steps
        count_finished()


def test_next_rows_follow_on() -> None:
    """Sequences and numbers go on after what was copied."""
    for table in (
        "supply_unit", "cases_case", "processes_token", "identity_account", "cases_entry", "tenancy_contract",
        "households_person", "eligibility_certificate",
    ):  # fmt: skip
        following = one(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))")
        assert following > one(f"SELECT max(id) FROM {table}")
    year = clock.today().year
    for kind, prefix, table in (
        ("public_rental_case", "GZ", "cases_case"),
        ("contract", "HT", "tenancy_contract"),
        ("public_rental_certificate", "ZR", "eligibility_certificate"),
    ):
        taken = {number for (number,) in ask(f"SELECT number FROM {table}")}
        serial = next_number(kind, area="339901", year=year)
        assert f"{prefix}339901{year}{serial:06d}" not in taken
        assert f"{prefix}339901{year}{serial - 1:06d}" in taken


def test_cases_stand_where_their_process_stands() -> None:
    for case in of_households().filter(instance_id__isnull=False).order_by("-id")[:100]:
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
    assert not Token.objects.filter(state="waiting", kind="timer", due_at__lte=clock.now()).exists()


def test_two_people_where_two_are_meant() -> None:
    """Nobody approved what he had reviewed himself."""
    same = """SELECT count(*) FROM processes_token a JOIN processes_token b USING (instance_id, actor_ref)
               WHERE a.node_id = 'first_review' AND b.node_id = 'first_approval' AND a.state = 'done' AND b.state = 'done'"""
    assert one(same) == 0


def test_case_page_reads_every_case() -> None:
    """The page of a case, with sealed data, process, checks, materials and record, as a reviewer of the city sees it."""
    actor = reviewer()
    for case in of_households().filter(instance_id__isnull=False).order_by("id")[:40]:
        shown = page(case, actor)
        assert shown["household"]["name"] == case.household
        assert len(shown["materials"]) == 3
        assert shown["timeline"][-1]["action"] == "提交申请"
        done = Token.objects.filter(instance_id=case.instance_id, state="done", kind="user").count()
        assert len(shown["timeline"]) == 1 + done
        if len(shown["process"]["done"]) > 2:
            assert len(shown["checks"]) == 5
            assert shown["housing"]["passed"]


def test_cases_of_the_earlier_system_are_closed_and_say_so(client_as: Callable[[Actor], Any]) -> None:
    """Their page shows what was declared and how it ended; there is no process, and no step can be taken."""
    former = of_households().filter(instance_id__isnull=True)
    assert 0 < former.count() < CASES
    assert not former.filter(state__in=[CaseState.OPEN, CaseState.SUPPLEMENT]).exists()
    actor = staff_actor(Account.objects.get(username="gaoyuan").pk)
    assert actor is not None
    case, api = former.order_by("id")[0], client_as(actor)
    shown = api.get(f"/cases/{case.pk}").json()
    assert shown["steps"] == []
    assert shown["process"] == {"key": "", "version": 0, "active": [], "done": []}
    assert [line["action"] for line in shown["timeline"]] == ["由原系统迁入", "提交申请"]
    assert api.post(f"/cases/{case.pk}/claim", {"task_id": 1}).status_code == 404


def test_staff_can_take_the_next_step(client_as: Callable[[Actor], Any]) -> None:
    """A case of the city goes on as any other does."""
    token = Token.objects.filter(state="waiting", node_id="second_review", claimed_by="").first()
    assert token is not None
    actor = staff_actor(Account.objects.get(username="gaoyuan").pk)
    assert actor is not None
    api = client_as(actor)
    case_id = int(token.subject.removeprefix("case:"))
    claimed = api.post(f"/cases/{case_id}/claim", {"task_id": token.pk})
    assert claimed.status_code == 200, claimed.json()
    body = {"task_id": token.pk, "version": claimed.json()["version"], "outcome": "pass", "opinion": "情况属实，同意"}
    moved = api.post(f"/cases/{case_id}/act", body)
    assert moved.status_code == 200, moved.json()
    assert moved.json()["node_title"] == "复审核定"


def test_parties_and_tenants_are_registered_persons() -> None:
    """With the very same number under seal, name and index; nobody applies or rents before being grown up."""
    parties = ask(
        """SELECT party.name, person.name, person.document_number, party.person_key, party.relation,
                  person.birth_on <= (matter.submitted_at - interval '18 years')::date
             FROM cases_party AS party JOIN cases_case AS matter ON matter.id = party.case_id
             JOIN households_person AS person ON person.number_blind = party.person_key
            WHERE matter.request_key LIKE 'full-%%' ORDER BY party.id"""
    )
    assert {row[4] for row in parties} == {"self", "spouse", "child", "parent"}
    for written, known, sealed, key, relation, grown_up in parties[:: len(parties) // 60]:
        assert written == known
        assert blind(open_text(bytes(sealed))) == bytes(key)
        assert relation != "self" or grown_up
    assert all(row[5] for row in parties if row[4] == "self")
    tenants = """SELECT count(*) FROM tenancy_contract AS contract JOIN households_person AS person
                     ON person.number_blind = contract.tenant_key AND person.name = contract.tenant_name
                    AND person.document_number = contract.tenant_number
                  WHERE person.birth_on <= contract.starts_on - interval '18 years'"""
    assert one(tenants) == CONTRACTS


def test_contracts_follow_one_another_on_their_units() -> None:
    """Never two at a time, dearer from year to year; the one in force is what the unit says."""
    overlapping = """SELECT count(*) FROM tenancy_contract AS a JOIN tenancy_contract AS b
                         ON a.unit_id = b.unit_id AND a.id < b.id AND daterange(a.starts_on, coalesce(a.ended_on, a.ends_on), '[]')
                         && daterange(b.starts_on, coalesce(b.ended_on, b.ends_on), '[]')"""
    assert one(overlapping) == 0
    assert one("SELECT count(*) FROM tenancy_contract WHERE ends_on <= starts_on OR ended_on > current_date") == 0
    let = "unit.status IN ('let', 'leaving') AND unit.code LIKE '__F%'"
    assert one(f"SELECT count(*) FROM supply_unit AS unit WHERE {let} AND contract_id IS NULL") == 0
    rents = f"""SELECT count(*) FROM supply_unit AS unit JOIN tenancy_contract AS contract ON contract.id = contract_id
                 WHERE {let} AND (contract.rent <> unit.rent OR contract.address <> unit.address)"""
    assert one(rents) == 0
    (oldest, newest), *_ = ask(
        """SELECT avg(contract.rent / unit.rent) FILTER (WHERE contract.starts_on < current_date - 2000),
                  avg(contract.rent / unit.rent) FILTER (WHERE contract.starts_on > current_date - 400)
             FROM tenancy_contract AS contract JOIN supply_unit AS unit ON unit.id = contract.unit_id"""
    )
    assert oldest < 0.9 < newest


def test_proportions_are_like_life() -> None:
    (opened, refused, former), *_ = ask(
        """SELECT count(*) FILTER (WHERE state = 'open'), count(*) FILTER (WHERE state IN ('failed', 'refused')),
                  count(*) FILTER (WHERE instance_id IS NULL) FROM cases_case WHERE request_key LIKE 'full-%'"""
    )
    assert 0.08 < opened / CASES < 0.16
    assert 0.12 < refused / CASES < 0.22
    assert former
    let = one("SELECT count(*) FROM supply_unit WHERE status IN ('let', 'leaving') AND code LIKE '__F%'")
    assert 0.66 < let / UNITS < 0.78
    by_district = dict(ask("SELECT division, count(*) FROM supply_unit WHERE code LIKE '__F%%' GROUP BY 1"))
    assert by_district["339901"] > by_district["339904"]
    assert one("SELECT count(*) FROM waiting_entry WHERE state = 'waiting'") == CASES * 15 // 1000
    again = one(
        """SELECT count(*) FROM (SELECT applicant_key FROM cases_case WHERE request_key LIKE 'full-%'
                                  GROUP BY 1 HAVING bool_or(state = 'failed') AND bool_or(state = 'passed')) AS twice"""
    )
    assert again > CASES / 50


def test_the_same_sizes_give_the_same_city(grown: Grown) -> None:
    """However many processes wrote it."""
    now = grown_rows()
    for kind, rows in grown.content.items():
        assert rows, kind
        assert now[kind] == rows, kind


def test_everything_that_is_measured_is_answered(client_as: Callable[[Actor], Any]) -> None:
    """The pages that `./dev bench` asks for, as the people it asks for."""
    keeper, reviewer_ = (staff_actor(Account.objects.get(username=name).pk) for name in ("guanli", "gaoyuan"))
    assert keeper is not None
    assert reviewer_ is not None
    of_reviewer = [
        *asked.lists(reviewer_), *asked.other_lists(reviewer_), *asked.reports(reviewer_), asked.boards(reviewer_),
        asked.charts(reviewer_), asked.case_pages(reviewer_, 5), asked.count_by_district(reviewer_),
    ]  # fmt: skip
    assert len([each for each in of_reviewer if each.key.startswith("report_")]) >= 3
    for actor, measured in ((reviewer_, of_reviewer), (keeper, asked.lists_of_persons(keeper))):
        api = client_as(actor)
        for each in measured:
            assert each.paths, each.key
            for path in each.paths:
                assert api.get(path).status_code == 200, path
            for function in each.functions:
                function()


def test_what_nobody_said_of_an_account_can_be_read() -> None:
    hired = Account.objects.filter(username__startswith="u0")
    assert hired.exists()
    assert {(each.phone, each.id_number) for each in hired} == {("", "")}


def test_a_second_time_is_refused() -> None:
    with pytest.raises(CommandError, match="全市数据已在库中"):
        call_command("seed_city", *SIZES, verbosity=0)


def test_production_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ENV", "production")
    with pytest.raises(CommandError, match="生产环境"):
        call_command("seed_city", *SIZES, verbosity=0)
