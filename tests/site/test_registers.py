"""What registers offer to narrow them by, they take: every view, and every choice of every filter."""

from __future__ import annotations

import pytest

from anju.kernel.connectors import CONNECTORS
from anju.kernel.registers.describe import describe
from anju.kernel.registers.dictionaries import titles
from anju.kernel.registers.filters import Choice
from anju.kernel.registers.lists import Query, narrowed, page
from anju.kernel.registers.register import REGISTERS
from anju.kernel.scope import system

ME = system()


@pytest.mark.django_db
def test_every_view_opens() -> None:
    opened = 0
    for register in REGISTERS.values():
        for view in register.views:
            assert page(register, ME, Query(view.filters, sort=view.sort))["rows"] == [], f"{register.key} {view.key}"
            opened += 1
    assert opened > 30


@pytest.mark.django_db
def test_every_choice_of_a_filter_is_taken() -> None:
    taken = 0
    for register in REGISTERS.values():
        for item in register.filters:
            if not isinstance(item, Choice) or item.register:
                continue
            given = item.options() if callable(item.options) else item.options
            codes = [code for code, _ in given] if given is not None else list(titles(item.dictionary or ""))[:3]
            for code in codes:
                assert narrowed(register, register.rows(ME), Query({item.key: [code]}), ME).query, (
                    f"{register.key} {item.key}"
                )
                taken += 1
    assert taken > 100


def test_supplys_lists_to_which_nobody_adds_say_where_their_rows_come_from() -> None:
    silent = [
        register.key
        for register in REGISTERS.values()
        if register.key.startswith(("supply.", "construction.")) and not register.can_create and not register.empty
    ]
    assert silent == []


@pytest.mark.django_db
def test_related_rows_do_not_repeat_in_every_line_what_the_page_is_about() -> None:
    told = {
        (register.key, related["key"]): related["same"]
        for register in REGISTERS.values()
        for related in describe(register, ME)["related"]
    }
    assert told["supply.projects", "units"] == ["project.name"]
    assert told["supply.projects", "estates"] == ["project.code", "project.name"]
    assert told["construction.projects", "archive"] == ["project_name"]
    assert told["construction.permits", "units"] == ["permit.number"]


def test_the_log_of_interfaces_says_them_in_words() -> None:
    calls = REGISTERS["connectors.calls"]
    assert titles(calls.own["connector"].dictionary or "")["task_fetch"] == "任务获取（协同办公系统）"
    assert set(titles("connector")) == set(CONNECTORS)
