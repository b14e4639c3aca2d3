"""A row of another office, resident or colleague: whoever names its id hears that there is none, and nothing changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from anju.kernel.forms import load
from anju.kernel.forms.schema import Field as FormField
from anju.kernel.http import PUBLIC, RESIDENT, SIGNED_IN
from anju.kernel.registers import Action, Field
from anju.kernel.registers.dictionaries import titles
from anju.kernel.registers.register import REGISTERS
from anju.kernel.scope import Reach
from tests.conftest import Api
from tests.matrix.conftest import Staff, every_right, told
from tests.matrix.operations import Operation, call, example, operations
from tests.matrix.world import World

# Definitions and days have keys in their addresses, not rows of an office.
NO_ROW = {"day", "key", "version", "code", "page", "card", "type_key", "section", "field"}
WITH_ROW = [each for each in operations() if each.right != PUBLIC and set(each.places) - NO_ROW]
OF_STAFF = [each for each in WITH_ROW if each.right != RESIDENT]
OF_RESIDENTS = [each for each in WITH_ROW if each.right in {RESIDENT, SIGNED_IN}]
# Cities, calls of departments, roles, function points and applications belong to no office.
OF_NOBODY = {
    "citizen.cities", "connectors.calls", "identity.providers", "identity.roles", "identity.functions", "identity.apps",
    "identity.clients",
}  # fmt: skip
ACTIONS = [each for each in operations() if "/actions/" in each.path and each.register not in OF_NOBODY]
# A batch is announced in public; who was not called to it is told so.
NOT_CALLED = {"/citizen/batches/{batch_id}/choose": 409, "/citizen/batches/{batch_id}/request": 409}
NARROW = [Reach.DIVISION, Reach.ORG_AND_BELOW, Reach.ORG, Reach.OWN]
# Who was refused is on the record; that is no change of the row.
BESIDE = {"audit_auditentry", "identity_session"}


def books() -> dict[str, Any]:
    """Count and digest of every table: two are equal only if no row was added, changed or removed."""
    # models of other tests have no table here
    there = set(connection.introspection.table_names()) - BESIDE
    names = sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed and model._meta.app_label != "procrastinate" and model._meta.db_table in there
    )
    sums = ", ".join(
        f"(SELECT count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {name} AS t)" for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sums}")
        return dict(zip(names, cursor.fetchone(), strict=True))


def touched() -> int:
    """How many rows this transaction has written to so far, in all tables, also where it was taken back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"
            " WHERE relname <> ALL(%s)",
            [sorted(BESIDE)],
        )
        return int(cursor.fetchone()[0])


class Strict:
    """Calls and notices changes: the digests are taken again only when something was written."""

    def __init__(self) -> None:
        self.before, self.written = books(), touched()

    def status(self, api: Api, operation: Operation, ids: Mapping[str, Any], body: Any = None) -> tuple[int, bool]:
        """Status, and whether a table is another than before."""
        with transaction.atomic():
            answer = call(api, operation, ids, body)
            changed = touched() != self.written and books() != self.before
            transaction.set_rollback(True)
        self.written = touched()
        return answer.status_code, changed


def bodies(operation: Operation, world: World) -> Any:
    """A body that would succeed for the row's own office: the present task, version and unit."""
    if operation.body is None or operation.form:
        return None
    body = example(operation.body)
    known = {"task_id": world.task_id, "unit_id": world.unit.pk, "version": world.case.version}
    return body | {key: value for key, value in known.items() if key in body}


def test_every_row_in_an_address_has_an_example_in_the_world(world: World) -> None:
    """A new operation whose row the world does not know would otherwise pass by asking for a row that is not there."""
    lacking = {
        f"{each}: {place}"
        for each in WITH_ROW
        for place in each.places
        if place not in NO_ROW and not world.named(each).get(place) and each.register not in OF_NOBODY
    }
    assert lacking == set()


@pytest.mark.covers("NF-05.2")
def test_another_offices_row_is_not_there(world: World, staff_with: Staff) -> None:
    """All rights, but at 江湾's operator: every id of 南屏's is unknown, whatever the reach short of all."""
    wrong = {}
    for reach in NARROW:
        api = staff_with(*every_right(), reach=reach)
        strict = Strict()
        for each in OF_STAFF:
            if each.register in OF_NOBODY:
                continue
            status, changed = strict.status(api, each, world.named(each), bodies(each, world))
            if status != 404 or changed:
                wrong[reach, str(each)] = (status, changed)
    assert wrong == {}


def action_of(operation: Operation) -> Action:
    """The declaration behind an operation on chosen rows."""
    return REGISTERS[operation.register].action_of[operation.path.rpartition("/")[2]]


def by_form(action: Action) -> dict[str, Any]:
    """Answers that the form of an act accepts: of a table one row."""
    asked = load(action.form).sections[0].fields if action.form else ()
    return {
        part.key: [{column.key: word(column) for column in part.fields if column.required is True}]
        if part.type == "group"
        else word(part)
        for part in asked
    }


def word(field: Field | FormField) -> str:
    """A value that a field of an act accepts."""
    if field.type in {"boolean", "date", "integer"}:
        return {"boolean": "否", "date": "2100-01-01", "integer": "1"}[field.type]
    return next(iter(titles(field.dictionary))) if field.dictionary else "试一试"


@pytest.mark.covers("NF-05.2")
def test_an_act_on_another_offices_rows_is_refused(world: World, staff_with: Staff) -> None:
    wrong = {}
    for reach in NARROW:
        api = staff_with(*every_right(), reach=reach)
        strict = Strict()
        for each in ACTIONS:
            values = {
                field.key: world.rows[field.register or ""] if field.type == "row" else word(field)
                for field in action_of(each).fields
            } | by_form(action_of(each))
            status, changed = strict.status(api, each, {}, {"ids": [world.rows[each.register]], "values": values})
            if status != 404 or changed:
                wrong[reach, str(each)] = (status, changed)
    assert wrong == {}


def test_another_residents_row_is_not_there(world: World, somebody: Api) -> None:
    strict, wrong = Strict(), {}
    for each in OF_RESIDENTS:
        status, changed = strict.status(somebody, each, world.named(each), bodies(each, world))
        if status != NOT_CALLED.get(each.path, 404) or changed:
            wrong[str(each)] = (status, changed)
    assert wrong == {}


def test_rows_named_in_a_body_are_not_there_either(world: World, staff_with: Staff) -> None:
    """Units and certificates of another district cannot be brought into one's own batch, contract or queue."""
    api, strict = staff_with(*every_right()), Strict()
    certificate, unit = world.certificate.number, world.unit.pk
    period = {"starts_on": "2026-12-01", "ends_on": "2028-11-30"}
    wanted = {
        "/tenancy/certificates/lookup": ({"certificate_no": certificate}, 404),
        "/tenancy/contracts": (
            {"certificate_no": certificate, "unit_id": unit, **period, "rent": "1", "deposit": "1"}, 404,
        ),
        "/waiting/entries": ({"certificate_no": certificate}, 404),
        "/waiting/batches": ({"title": "批次", "unit_ids": [unit], "quotas": {world.unit.layout: 1}, **period}, 422),
    }  # fmt: skip
    found = {each.path: each for each in operations() if each.method == "post" and each.path in wanted}
    for path, (body, status) in wanted.items():
        assert strict.status(api, found[path], {}, body) == (status, False), path


def test_lists_and_exports_show_nothing_of_another_office(world: World, staff_with: Staff) -> None:
    api = staff_with(*every_right())
    for each in operations():
        if each.method == "get" and each.path.endswith("/rows") and each.register and each.register not in OF_NOBODY:
            rows = told(call(api, each)).get("rows", [])
            assert world.rows.get(each.register) not in [row["id"] for row in rows], str(each)
