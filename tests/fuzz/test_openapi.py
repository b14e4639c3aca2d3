"""Generated requests to every operation of the running installation, as its own API document describes them.

Each is sent by everybody who gets into the operation of three: somebody who may do everything, a clerk, and a resident.
Whatever is sent, no answer is a server error, and every refusal has a code and a Chinese sentence.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle, islice
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
PARTS = 7
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


def own_session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass(frozen=True)
class Caller:
    """Somebody, and the rights that let him into operations."""

    name: str
    person: Person
    rights: set[str]
    session: requests.Session = field(default_factory=own_session)

    def send(self, case: Any) -> Any:
        """The answer to a generated request."""
        headers = {"X-Anju-Client": self.person.http.headers["X-Anju-Client"]}
        base, cookies = str(self.person.http.base_url), dict(self.person.http.cookies)
        return case.call(base_url=base, headers=headers, cookies=cookies, session=self.session)


@pytest.fixture(scope="module")
def callers(chief: Staff, clerk: Staff, resident: Resident) -> list[Caller]:
    return [
        Caller("chief", chief, {PUBLIC, SIGNED_IN, STAFF, *chief.me["rights"]}),
        Caller("clerk", clerk, {STAFF, *clerk.me["rights"]}),
        Caller("resident", resident, {PUBLIC, RESIDENT, SIGNED_IN}),
    ]


def reached(described: dict[str, Any], callers: list[Caller]) -> Iterator[tuple[Any, list[Caller]]]:
    """The operations that one of the callers gets into, each with those who do."""
    for found in schemathesis.openapi.from_dict(described).get_all_operations():
        each = found.ok()
        right = described["paths"][each.path][each.method.lower()]["x-right"]
        admitted = [caller for caller in callers if right in caller.rights]
        if admitted and not DISTURBING.search(each.path):
            yield each, admitted


def besiege(admitted: list[Caller], operation: Any) -> list[str]:
    """Sends what fits the document and what does not; gives the answers that are wrong, each with its request."""
    wrong: list[str] = []
    # who comes second finds what the first has made or taken away: each is the first every other time
    orders = cycle([admitted, admitted[::-1]])

    def send(case: Any) -> None:
        for name, value in (case.path_parameters or {}).items():
            if isinstance(value, int):
                # rows that are there, more often than not
                case.path_parameters[name] = abs(value) % 4 + 1
        for caller in next(orders):
            answer = caller.send(case)
            if found := fault(answer):
                asked = f"{operation.method.upper()} {answer.request.url} {str(case.body)[:300]}"
                wrong.append(f"{caller.name}: {asked}: {found}")

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


@pytest.mark.parametrize("number", range(PARTS))
def test_nothing_breaks_whoever_asks(described: dict[str, Any], callers: list[Caller], number: int) -> None:
    """Every so manieth of the operations, so that test processes can share them."""
    wrong: list[str] = []
    for operation, admitted in islice(reached(described, callers), number, None, PARTS):
        wrong += besiege(admitted, operation)
    assert not wrong, "\n".join(wrong)
