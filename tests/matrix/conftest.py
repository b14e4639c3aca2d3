"""The demonstration city, and every role of the product signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from anju.households.synthetic import synthetic_id
from anju.identity.models import Account, Organisation, Role
from anju.identity.services import make_account
from anju.kernel.scope import Reach
from anju.site.demo import seed
from anju.site.roles import ROLES
from tests.citizen.people import client_of, resident
from tests.conftest import Api, signed_in
from tests.matrix.operations import KEYWORDS, operations
from tests.matrix.world import World

Staff = Callable[..., Api]


class Undone(Exception):
    """What is done in the block is taken back."""


@pytest.fixture(scope="module")
def settled(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:  # fmt: skip
    """The seeded city with one household in 南屏区, made once for all tests of a file."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), suppress(Undone), transaction.atomic():
        # where every test has them
        for name in ("secrets", "files"):
            folder = tmp_path_factory.getbasetemp() / name
            folder.mkdir(exist_ok=True, mode=0o700)
            patch.setattr(settings, f"ANJU_{name.upper()}", folder)
        seed()
        yield World()
        raise Undone


@pytest.fixture
def world(settled: World, db: None) -> World:
    """The world; what a test does to it is taken back."""
    return settled


SEPARATION = (
    ("identity_role", "identity_role_duty"), ("identity_account_roles", "identity_accountrole_duty"),
)  # fmt: skip


@pytest.fixture
def staff_with(world: World) -> Iterator[Staff]:
    """Makes an account at 江湾's operator that holds the given rights, and signs it in.

    One that holds everything unites the three administrations, which the database forbids: for these tests it looks away.
    """
    with connection.cursor() as cursor:
        # what waits for the end of the transaction is checked now, else no table can be altered
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in SEPARATION:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")

    def make(*rights: str, reach: Reach = Reach.ORG_AND_BELOW, office: str = "LZ-OP-01") -> Api:
        name = f"made{Account.objects.count()}"
        Role.objects.create(key=name, title=name, reach=reach, rights=list(rights))
        account = make_account(
            username=name, name="测试员", organisation=Organisation.objects.get(code=office), roles=[name],
            password="Xy7!" * 4,
        )  # fmt: skip
        return signed_in("staff", account.pk, "office")

    yield make
    if not connection.in_atomic_block:
        # nothing is rolled back after this test, so the database looks again
        with connection.cursor() as cursor:
            for table, trigger in SEPARATION:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


@pytest.fixture
def somebody(world: World) -> Api:
    """A verified resident to whom nothing of the world belongs."""
    return client_of(resident("13911110003", verified=True, number=synthetic_id("339901", date(1965, 5, 5), 1)))


def every_right() -> list[str]:
    """All rights that an operation asks for or that a role holds."""
    asked = {each.right for each in operations()} - KEYWORDS - {""}
    return sorted(asked | {right for role in ROLES for right in role.rights})


def told(answer: Any) -> dict[str, Any]:
    """The content of an answer that is JSON, else nothing."""
    if not answer["Content-Type"].startswith("application/json"):
        return {}
    content = answer.json()
    return content if isinstance(content, dict) else {}
