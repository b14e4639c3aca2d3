"""Every operation that exists: is it declared, and does it let in exactly those whom its declaration names?"""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import transaction

from anju.kernel.http import DECLARED, PUBLIC, RESIDENT, SIGNED_IN, STAFF
from anju.site.roles import ROLES
from tests.conftest import Api
from tests.matrix.conftest import Staff, told
from tests.matrix.operations import KEYWORDS, PLACE, Operation, call, mounted, operations
from tests.matrix.world import World

OPERATIONS = operations()
GUARDED = [each for each in OPERATIONS if each.right != PUBLIC]
OF_STAFF = [each for each in GUARDED if each.right not in {RESIDENT, SIGNED_IN}]


def undone(api: Api, operation: Operation, world: World) -> tuple[int, dict[str, object]]:
    """Status and content of a call whose effect is taken back."""
    with transaction.atomic():
        answer = call(api, operation, world.named(operation))
        content = told(answer)
        transaction.set_rollback(True)
    return answer.status_code, content


@pytest.mark.covers("NF-05.2")
def test_every_operation_declares_its_right_its_scope_and_its_name() -> None:
    silent = [str(each) for each in OPERATIONS if not (each.right and each.scope and each.summary)]
    assert not silent


def test_everything_mounted_is_in_the_document_and_declared_once() -> None:
    declared = Counter((each.method, PLACE.sub(r"{\2}", each.path)) for each in DECLARED)
    assert [key for key, times in declared.items() if times > 1] == []
    assert set(mounted()) == set(declared)
    assert {(each.method.upper(), each.path) for each in OPERATIONS} == set(declared)


@pytest.mark.covers("PR-01.1", "NF-05.2")
def test_nobody_gets_in_without_signing_in(world: World, anonymous: Api) -> None:
    wrong = {}
    for each in GUARDED:
        status, content = undone(anonymous, each, world)
        if (status, content.get("code")) != (401, "auth.required"):
            wrong[str(each)] = status
    assert wrong == {}


def test_a_resident_reaches_no_operation_of_the_office(world: World, somebody: Api) -> None:
    wrong = {}
    for each in OF_STAFF:
        status, content = undone(somebody, each, world)
        if (status, content.get("code")) != (403, "auth.forbidden"):
            wrong[str(each)] = status
    assert wrong == {}


@pytest.mark.covers("NF-05.2")
def test_staff_without_a_right_reach_nothing(world: World, staff_with: Staff) -> None:
    """Operations open to all staff show definitions and one's own; a row or a list of an office needs a right."""
    api, wrong = staff_with(), {}
    for each in GUARDED:
        status, content = undone(api, each, world)
        if each.right not in {STAFF, SIGNED_IN}:
            fits = (status, content.get("code")) == (403, "auth.forbidden")
        elif any(place.endswith("_id") for place in each.places):
            fits = status in {403, 404}
        else:
            fits = status < 500 and not (each.scope == "org_path" and content.get("rows"))
        if not fits:
            wrong[str(each)] = status
    assert wrong == {}


@pytest.mark.covers("NF-05.2")
def test_each_role_is_let_in_exactly_where_it_holds_the_right(world: World, staff_with: Staff) -> None:
    wrong = {}
    for role in ROLES:
        api = staff_with(*role.rights, reach=role.reach)
        for each in OPERATIONS:
            if each.right in KEYWORDS - {RESIDENT}:
                continue
            status, content = undone(api, each, world)
            refused = (status, content.get("code")) == (403, "auth.forbidden")
            named = content.get("details") == {"right": each.right}
            # a command may ask a department, and none is running here
            broken = status >= 500 and content.get("code") not in {"connector.timeout", "connector.open"}
            if broken or refused is not (each.right not in role.rights) or (refused and not named):
                wrong[role.key, str(each)] = (status, content.get("code"))
    assert wrong == {}
