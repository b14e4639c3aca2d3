"""Rights on both sides: none is asked for that nobody can hold, none is held that nothing asks for."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import anju
from anju.kernel.http import DECLARED
from anju.kernel.processes.models import Definition
from anju.kernel.processes.publishing import publish_all
from anju.kernel.registers.register import REGISTERS
from anju.kernel.reports.declaration import REPORTS
from anju.site.menu import MENU
from anju.site.roles import ROLES
from tests.matrix.operations import KEYWORDS

HELD = {right for role in ROLES for right in role.rights}
ASKED = {each.right for each in DECLARED} - KEYWORDS
# All staff may read definitions, since cases show theirs; the menu leads those there who look after them.
FOR_THE_MENU = {"definitions.view"}
SHAPE = re.compile(r"[a-z_]+(\.[a-z_]+)+")


def of_processes() -> set[str]:
    """The rights that the user tasks of the published processes ask for."""
    publish_all()
    nodes = [node for each in Definition.objects.all() for node in each.graph["nodes"]]
    return {node["right"] for node in nodes if node.get("right")}


def in_the_program() -> set[str]:
    """Every word in the program, besides the roles, that has the shape of a right."""
    root = Path(anju.__file__).parent
    return {
        node.value
        for file in root.rglob("*.py")
        if file != root / "site" / "roles.py"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SHAPE.fullmatch(node.value)
    }


def test_every_right_that_an_operation_asks_for_is_held_by_a_role() -> None:
    assert set() == ASKED - HELD


def test_every_right_of_menu_registers_and_reports_is_held_by_a_role() -> None:
    pages = {item.right for group in MENU for item in group.items}
    views = {register.rights.of("view") for register in REGISTERS.values()}
    figures = {report.dataset.right for report in REPORTS.values()}
    assert (pages | views | figures) - HELD == set()


@pytest.mark.django_db
def test_the_menu_asks_for_rights_that_the_pages_ask_for() -> None:
    """A right of the menu alone would show a page that refuses, or hide one that is open."""
    pages = {item.right for group in MENU for item in group.items}
    assert pages - ASKED - of_processes() == FOR_THE_MENU


def test_every_register_in_the_menu_exists() -> None:
    shown = {
        item.path.removeprefix("/registers/") for group in MENU for item in group.items if "/registers/" in item.path
    }
    assert shown - set(REGISTERS) == set()


@pytest.mark.django_db
def test_every_right_of_a_process_step_is_held_by_a_role() -> None:
    assert of_processes()
    assert of_processes() - HELD == set()


@pytest.mark.django_db
def test_every_right_that_a_role_lists_is_asked_for_somewhere() -> None:
    assert HELD - ASKED - of_processes() - in_the_program() == set()


@pytest.mark.django_db
def test_two_people_are_needed_where_two_are_meant() -> None:
    """No shipped role holds both a review and the approval of it."""
    pairs = [
        ("first_review", "first_approval"), ("second_review", "second_approval"),
        ("online_publicity", "online_publicity_approval"), ("accept", "admission"),
    ]  # fmt: skip
    for role in ROLES:
        for first, second in pairs:
            both = {f"cases.public_rental.{first}", f"cases.public_rental.{second}"}
            assert not both <= set(role.rights), (role.key, both)
