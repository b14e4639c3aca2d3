"""Field rights over all registers: what a role hides or masks is found nowhere, what it only shows cannot be changed.

The registers are found by themselves. Each of their fields is hidden, masked and shown in turn, and looked for where a
value could come out or go in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from anju.identity.models import Account, Role
from anju.identity.permissions import staff_actor
from anju.kernel.cases.masking import closed
from anju.kernel.cases.masking import limited as limited_form
from anju.kernel.errors import DomainError
from anju.kernel.forms import load
from anju.kernel.registers import REGISTERS, Column
from anju.kernel.registers.changes import clean
from anju.kernel.registers.exporting import start_export
from anju.kernel.registers.importing.checking import not_to_be_filled
from anju.kernel.registers.limited import limited
from anju.kernel.registers.lists import Reader
from anju.kernel.registers.register import Register
from anju.kernel.reports.declaration import REPORTS
from anju.kernel.reports.tables import names, seen
from anju.kernel.scope import Actor, Reach
from anju.kernel.scope.fields import COVER
from tests.conftest import Api, signed_in
from tests.matrix.world import World

WITH_COLUMNS = sorted(key for key, register in REGISTERS.items() if register.columns)
WANTED = {"filters": {}, "q": "", "sort": "", "limit": None, "format": "csv"}


def actor_with(register: Register[Any], field: str, level: str) -> Actor:
    base = register.rights.base
    rights = [register.rights.of(verb) for verb in ("view", "create", "change", "export", "import", "reveal")]
    return Actor(
        kind="staff", id=1, org_path="/1/", grants=dict.fromkeys(rights, Reach.ALL), fields={base: {field: level}}
    )


def fields_of(register: Register[Any]) -> list[Column]:
    """The columns that a role may limit: all but the number by which a row is named in addresses."""
    return [column for column in register.columns if column.key != "id"]


@pytest.mark.parametrize("key", WITH_COLUMNS)
def test_a_hidden_field_is_in_no_list_no_panel_no_filter_no_search_no_form_and_no_export(key: str, db: None) -> None:
    register = REGISTERS[key]
    for column in fields_of(register):
        actor = actor_with(register, column.key, "hidden")
        less = limited(register, actor)
        assert column.key not in [each.key for each in less.columns]
        assert all(column.key not in section.keys for section in less.detail)
        assert column.key not in {*less.heading, *less.badges, *less.filter_of, less.order.removeprefix("-")}
        assert less.search is None or column.key not in less.search.fields
        assert column.key not in [item.key for item in less.form]
        assert less.sort(column.key) is None
        assert column.key not in Reader(less, less.columns).keys
        with pytest.raises(DomainError):
            start_export(less, actor, WANTED | {"columns": [column.key]})
        with pytest.raises(DomainError):
            clean(less, {column.key: None}, actor, new=False)


@pytest.mark.parametrize("key", WITH_COLUMNS)
def test_a_masked_field_is_covered_and_can_be_neither_found_by_nor_revealed_nor_changed(key: str, db: None) -> None:
    register = REGISTERS[key]
    for column in fields_of(register):
        less = limited(register, actor_with(register, column.key, "masked"))
        reader = Reader(less, [less.own[column.key]])
        place = reader.keys.index(column.key, len(reader.keys) - 1)
        assert place in dict(reader.readers)
        assert less.own[column.key].masked is not None
        assert column.masked or less.own[column.key].masked("13900001234") == COVER  # type: ignore[misc]
        assert column.key in less.barred
        assert column.key not in less.filter_of
        assert less.sort(column.key) is None
        assert less.search is None or column.key not in less.search.fields
        assert column.key not in [item.key for item in less.form]


@pytest.mark.parametrize("key", sorted(key for key, register in REGISTERS.items() if register.form or register.imports))
def test_a_shown_field_is_not_changed_by_form_or_import(key: str, db: None) -> None:
    register = REGISTERS[key]
    for item in register.form:
        actor = actor_with(register, item.key, "shown")
        less = limited(register, actor)
        assert item.key not in [each.key for each in less.form]
        with pytest.raises(DomainError):
            clean(less, {item.key: None}, actor, new=False)
    for declared in register.imports:
        for level in declared.levels:
            for column, sheet in level.values.items():
                barred = actor_with(REGISTERS[level.register], column, "shown")
                assert sheet in not_to_be_filled(register, declared, barred)
        assert not_to_be_filled(register, declared, Actor(kind="staff", id=1)) == []


def test_a_report_counts_neither_by_nor_over_a_hidden_field() -> None:
    assert REPORTS
    for report in REPORTS.values():
        base = report.dataset.right.rpartition(".")[0]
        for dimension in report.dataset.dimensions:
            actor = Actor(kind="staff", id=1, fields={base: {dimension.path.replace("__", "."): "hidden"}})
            assert dimension.key not in [each.key for each in seen(report.dataset, actor).dimensions]
        for measure in report.dataset.measures:
            for path in names(getattr(measure, "of", F("id"))) if hasattr(measure, "of") else []:
                actor = Actor(kind="staff", id=1, fields={base: {path.partition("__")[0]: "hidden"}})
                assert measure.key not in [each.key for each in seen(report.dataset, actor).measures]


def limits(world: World, base: str, fields: dict[str, str], *rights: str) -> Api:
    """Somebody of 南屏's operator whose only role limits fields."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE identity_role DISABLE TRIGGER identity_role_duty")
    role = Role.objects.create(key="limits", title="限", reach=Reach.ALL, rights=list(rights), fields={base: fields})
    account = Account.objects.create(
        username="limits",
        name="限",
        organisation=world.office,
        password="!",
        org_path=world.office.path,
        division="339902",
    )
    account.roles.add(role)
    return signed_in("staff", account.pk, "office")


VIEWED = sorted(key for key, register in REGISTERS.items() if register.columns)


def test_over_the_api_no_register_gives_away_what_a_role_hides(world: World) -> None:
    """Every register of which the world has a row: its page, its list, its panel and its history."""
    looked = 0
    for key in VIEWED:
        register, row_id = REGISTERS[key], world.rows.get(key)
        if row_id is None:
            continue
        hidden = [column.key for column in fields_of(register)]
        Account.objects.filter(username="limits").delete()
        Role.objects.filter(key="limits").delete()
        api = limits(world, register.rights.base, dict.fromkeys(hidden, "hidden"), register.rights.of("view"))
        described = api.get(f"/registers/{key}")
        listed = api.get(f"/registers/{key}/rows")
        read = api.get(f"/registers/{key}/rows/{row_id}")
        assert (described.status_code, listed.status_code, read.status_code) == (200, 200, 200), key
        assert not {column["key"] for column in described.json()["columns"]} & set(hidden), key
        for row in listed.json()["rows"]:
            assert set(row) & set(hidden) == set(), key
        assert read.json()["values"].keys() & set(hidden) == set(), key
        assert read.json()["title"] == "", key
        told = api.get(f"/registers/{key}/rows/{row_id}/history")
        assert all(not change["changes"] for change in told.json()["rows"]), key
        sorted_ = api.get(f"/registers/{key}/rows", sort=register.order)
        assert sorted_.status_code in {200, 422}, key
        looked += 1
    assert looked > 10


def test_a_case_page_hides_and_covers_what_a_role_says() -> None:
    schema = load("eligibility/public_rental_application")
    section = next(
        each for each in schema.sections if any(f.type in {"text", "phone", "id_number"} for f in each.fields)
    )
    field = next(each for each in section.fields if each.type in {"text", "phone", "id_number"})
    path, data = f"{section.key}.{field.key}", {section.key: {field.key: "机密"}}
    shown, told = limited_form(schema.as_json(), data, {path: "masked"})
    assert told == {section.key: {field.key: COVER}}
    shown, told = limited_form(schema.as_json(), data, {path: "hidden"})
    assert told == {section.key: {}}
    fields = next(each["fields"] for each in shown["sections"] if each["key"] == section.key)
    assert field.key not in [each["key"] for each in fields]
    assert "机密" not in json.dumps(told, ensure_ascii=False)
    assert closed({path: "masked"}, path)
    assert not closed({path: "shown"}, path)


def test_the_widest_of_what_somebodys_roles_say_of_a_field_counts(staff: Callable[..., Actor]) -> None:
    """A role that opens the register without a word opens it fully; one that opens another register says nothing."""
    account = Account.objects.get(pk=staff().id)
    strict = Role.objects.create(
        key="strict",
        title="严",
        reach=Reach.ORG,
        rights=["supply.unit.view"],
        fields={"supply.unit": {"rent": "hidden"}},
    )
    account.roles.set([strict])

    def level() -> dict[str, str]:
        found = staff_actor(account.pk)
        assert found is not None
        return dict(found.fields.get("supply.unit", {}))

    assert level() == {"rent": "hidden"}
    account.roles.add(Role.objects.create(key="elsewhere", title="别处", reach=Reach.ORG, rights=["supply.room.view"]))
    assert level() == {"rent": "hidden"}
    account.roles.add(
        Role.objects.create(
            key="mild",
            title="宽",
            reach=Reach.ORG,
            rights=["supply.unit.view"],
            fields={"supply.unit": {"rent": "shown"}},
        )
    )
    assert level() == {"rent": "shown"}
    account.roles.add(Role.objects.create(key="full", title="全", reach=Reach.ORG, rights=["supply.unit.view"]))
    assert level() == {}
