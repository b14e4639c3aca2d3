"""Generated requests to every operation of the running installation, as its own API document describes them.

As somebody who may do everything, as a clerk, and as a resident: whatever is sent, no answer is a server error, and
every refusal has a code and a Chinese sentence.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from anju.kernel.http import PUBLIC, RESIDENT, SIGNED_IN, STAFF
from tests.journeys.people import STAFF_PASSWORD, Person, Resident, Staff, manage
from tests.journeys.test_whole_way import fresh_resident

pytestmark = [pytest.mark.installation, pytest.mark.timeout(900)]
# of each operation; more of them in a run that has the night
EXAMPLES = int(os.environ.get("ANJU_FUZZ_EXAMPLES", "3"))
SESSION = requests.Session()
SESSION.trust_env = False
CHINESE = re.compile(r"[一-鿿]")
# What would sign the caller out, or lock out those who test after him.
DISTURBING = re.compile(r"/(sign-out|reset-password|password|actions/(suspend|reset|revoke_role))$")
EVERYTHING = """
from anju.identity.models import Account, Organisation, Role
from anju.identity.services import make_account
from django.db import connection, transaction
import json
# Nobody may unite the three administrations; somebody who reaches every operation must, so the database looks away here.
# Two test processes may want him at once; the second finds him.
rights = json.loads('%s')
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("SELECT pg_advisory_xact_lock(1)")
    if not Role.objects.filter(key="everything", rights=rights).exists():
        cursor.execute("ALTER TABLE identity_role DISABLE TRIGGER identity_role_duty")
        cursor.execute("ALTER TABLE identity_account_roles DISABLE TRIGGER identity_accountrole_duty")
        Role.objects.update_or_create(key="everything", defaults={"title": "全部权限", "reach": "all", "rights": rights})
        if not Account.objects.filter(username="everything").exists():
            make_account(username="everything", name="全权", organisation=Organisation.objects.get(parent=None),
                         roles=["everything"], password="%s")
"""


def document() -> dict[str, Any]:
    """The API document as the installation gives it."""
    told: dict[str, Any] = Person("citizen").get("/openapi.json")
    return told


DOCUMENT: dict[str, Any] = {}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    DOCUMENT.update(document())
    return DOCUMENT


@pytest.fixture(scope="module")
def chief(described: dict[str, Any]) -> Staff:
    """Somebody who holds every right that an operation declares, everywhere."""
    rights = {each["x-right"] for methods in described["paths"].values() for each in methods.values()}
    listed = json.dumps(sorted(rights - {PUBLIC, RESIDENT, SIGNED_IN, STAFF}))
    manage("shell", "-v", "0", "-c", EVERYTHING % (listed, STAFF_PASSWORD))
    return Staff("everything")


@pytest.fixture(scope="module")
def clerk() -> Staff:
    return Staff("fangting")


@pytest.fixture(scope="module")
def resident() -> Resident:
    person = fresh_resident(7)
    person.register()
    person.verify_by_bank()
    return person


def reached(described: dict[str, Any], rights: set[str]) -> Iterator[Any]:
    """The operations that somebody with these rights gets into."""
    for found in schemathesis.openapi.from_dict(described).get_all_operations():
        each = found.ok()
        declared = described["paths"][each.path][each.method.lower()]
        if declared["x-right"] in rights and not DISTURBING.search(each.path):
            yield each


def part(described: dict[str, Any], rights: set[str], number: int, parts: int) -> list[Any]:
    """Every so manieth of the operations, so that test processes can share them."""
    return list(islice(reached(described, rights), number, None, parts))


def besiege(person: Person, operation: Any) -> list[str]:
    """Sends what fits the document and what does not; gives the answers that are wrong, each with its request."""
    wrong: list[str] = []
    base, cookies = str(person.http.base_url), dict(person.http.cookies)
    headers = {"X-Anju-Client": person.http.headers["X-Anju-Client"]}

    def send(case: Any) -> None:
        for name, value in (case.path_parameters or {}).items():
            if isinstance(value, int):
                # rows that are there, more often than not
                case.path_parameters[name] = abs(value) % 4 + 1
        answer = case.call(base_url=base, headers=headers, cookies=cookies, session=SESSION)
        if found := fault(answer):
            wrong.append(f"{operation.method.upper()} {answer.request.url} {str(case.body)[:300]}: {found}")

    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        # where no request can be wrong, because nothing is asked for, there is nothing to send
        with suppress(Unsatisfiable):
            settings(
                max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )(given(operation.as_strategy(generation_mode=mode))(send))()  # fmt: skip
    return wrong


def fault(answer: Any) -> str | None:
    """What is wrong with an answer."""
    if answer.status_code < 400:
        return None
    try:
        told = answer.json()
    except ValueError:
        return f"{answer.status_code}, no JSON: {answer.text[:200]}"
    shaped = {"code", "message", "advice", "field", "details"} <= set(told) and CHINESE.search(told["message"])
    # a department or a paper that is not ready says so with 503
    expected = answer.status_code < 500 or answer.status_code == 503
    return None if expected and shaped else f"{answer.status_code}: {answer.text[:300]}"


@pytest.mark.parametrize("number", range(4))
def test_nothing_breaks_for_somebody_who_may_do_everything(
    described: dict[str, Any], chief: Staff, number: int
) -> None:
    rights = {PUBLIC, SIGNED_IN, STAFF, *chief.me["rights"]}
    wrong = [found for each in part(described, rights, number, 4) for found in besiege(chief, each)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("number", range(2))
def test_nothing_breaks_for_a_clerk(described: dict[str, Any], clerk: Staff, number: int) -> None:
    rights = {STAFF, *clerk.me["rights"]}
    wrong = [found for each in part(described, rights, number, 2) for found in besiege(clerk, each)]
    assert not wrong, "\n".join(wrong)


def test_nothing_breaks_for_a_resident(described: dict[str, Any], resident: Resident) -> None:
    wrong = [found for each in reached(described, {PUBLIC, RESIDENT, SIGNED_IN}) for found in besiege(resident, each)]
    assert not wrong, "\n".join(wrong)
