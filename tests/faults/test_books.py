"""The rules of consistency bite: a seeded city breaks none, and each kind of damage is named by its rule."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from anju.site.consistency import RULES, disagreements
from anju.site.demo import seed
from tests.matrix.world import World

CASE = "(SELECT id FROM cases_case ORDER BY id DESC LIMIT 1)"
UNIT = "(SELECT id FROM supply_unit WHERE status = 'vacant' ORDER BY id LIMIT 1)"
DAMAGE = {
    "case.instance": f"UPDATE processes_instance SET state = 'ended' WHERE subject = 'case:' || {CASE}",
    "case.subject": f"UPDATE processes_instance SET subject = 'case:0' WHERE subject = 'case:' || {CASE}",
    "instance.token": f"UPDATE processes_token SET state = 'done' WHERE subject = 'case:' || {CASE}",
    "case.parties": "INSERT INTO cases_party (case_id, type_key, person_key, name, relation, open)"
    f" VALUES ({CASE}, 'x', '\\x01', '王', 'self', false)",
    "case.publicity": f"UPDATE cases_case SET state = 'failed', closed_at = now() WHERE id = {CASE}",
    "check.asked": "UPDATE cases_check SET state = 'running'",
    "contract.unit": "UPDATE tenancy_contract SET state = 'effective', effective_at = now()",
    "unit.contract": "UPDATE supply_unit SET status = 'let', occupant_name_masked = '王*', contract_id = 999999"
    f" WHERE id = {UNIT}",
    "unit.lease": "UPDATE supply_unit SET status = 'let', occupant_name_masked = '赵*', lease_end = '2020-01-01',"
    f" contract_id = (SELECT id FROM tenancy_contract ORDER BY id LIMIT 1) WHERE id = {UNIT}",
    "contract.tenant": "UPDATE tenancy_contract SET tenant_key = '\\x01'",
    "case.persons": "INSERT INTO cases_party (case_id, type_key, person_key, name, relation, open)"
    f" VALUES ({CASE}, 'eligibility.public_rental', '\\x01', '王', 'self', true)",
    "waiting.certificate": "UPDATE waiting_entry SET certificate_id = 999999",
    "occupancy.contract": "INSERT INTO supply_occupancy (unit_id, contract_id, who, starts_on, rent)"
    f" SELECT {UNIT}, min(id), '王*', '2020-01-01', 1 FROM tenancy_contract",
    "unit.counts": "UPDATE supply_unitcount SET units = units + 1",
    "task.folds": "INSERT INTO workspace_finishedyear (done_on, person_ref, person_name, source, step, org_path, division,"
    " tasks, hours, timed, on_time) VALUES ('2020-01-01', 'x', '', '', '', '/', '', 1, 1, 0, 0)",
    "choice.entry": "UPDATE waiting_entry SET state = 'chosen'",
    "unit.held": f"UPDATE supply_unit SET status = 'held', held_for = 'certificate:999' WHERE id = {UNIT}",
    "number.public_rental_case": "INSERT INTO numbering_counter (kind, area, year, last)"
    " VALUES ('public_rental_case', '339902', 2026, 2)",
    "number.batch": "INSERT INTO numbering_counter (kind, area, year, last) VALUES ('batch', '339904', 2026, 1)",
    "event.delivered": "DELETE FROM procrastinate_jobs WHERE task_name = 'events.deliver'",
    "import.figures": "UPDATE registers_import SET state = 'done', total = 3",
}  # fmt: skip

# Rows that the matrix's world makes by hand, past the acts that would keep the books.
HAND_MADE = {"case.certificate", "contract.held", "job.queued", "document.made"}


def broken() -> dict[str, int]:
    return {each.rule.key: each.count for each in disagreements()}


@pytest.mark.django_db
def test_the_books_of_a_seeded_city_agree() -> None:
    seed()
    assert disagreements() == []
    call_command("check_books")


@pytest.mark.django_db
def test_each_kind_of_damage_is_named_by_its_rule() -> None:
    seed()
    World()
    before, silent = broken(), []
    assert set(before) >= HAND_MADE
    for rule, damage in DAMAGE.items():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(damage)
            if broken().get(rule, 0) <= before.get(rule, 0):
                silent.append(rule)
            transaction.set_rollback(True)
    assert not silent, silent


@pytest.mark.django_db
def test_the_command_fails_and_names_what_is_wrong() -> None:
    seed()
    with connection.cursor() as cursor:
        cursor.execute(DAMAGE["unit.held"])
    with pytest.raises(CommandError, match=r"unit\.held"):
        call_command("check_books")


def test_rules_have_different_names() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES)
    assert set(DAMAGE) | HAND_MADE <= {rule.key for rule in RULES}
