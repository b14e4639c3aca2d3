"""A city at work: its offices and staff by role, residents with sessions, and applications at any step of the way.

The fixture `town` gives a `Town`; a folder takes it by importing it in its conftest. Cases are filed through the
service that the wizard calls; every later step is a request of the right person, so that rights and scope count.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from django.db import transaction

from anju.eligibility.services import submit_application
from anju.households.synthetic import synthetic_id
from anju.identity.models import Account, Organisation, Role
from anju.identity.passwords import make_password
from anju.kernel import clock
from anju.kernel.cases.models import Case
from anju.kernel.files import store
from anju.kernel.processes.publishing import publish_all
from anju.kernel.scope import Actor
from anju.site.demo import PEOPLE, seed_offices, seed_roles
from tests.citizen.people import PASSWORD, picture
from tests.conftest import Api, signed_in
from tests.sandbox_fixture import Sandbox
from tests.support import pass_days, run_jobs

WAY = (
    "accept", "first_review", "first_approval", "publicity_entry", "publicity_result", "second_review", "second_approval",
    "online_publicity_entry", "online_publicity_result", "online_publicity_approval", "admission", "end",
)  # fmt: skip
WHO = {
    "accept": "fangting", "first_review": "zhoumin", "first_approval": "shenliqun", "publicity_entry": "zhoumin",
    "publicity_result": "zhoumin", "second_review": "gaoyuan", "second_approval": "helan",
    "online_publicity_entry": "gaoyuan", "online_publicity_result": "gaoyuan", "online_publicity_approval": "helan",
    "admission": "gaoyuan",
}  # fmt: skip
GOOD = {
    "accept": "accept", "publicity_entry": "publish", "online_publicity_entry": "publish",
    "publicity_result": "no_objection", "online_publicity_result": "no_objection", "admission": "admit",
}  # fmt: skip
REASON = "人均住房面积超过本市标准，无其他情形"


@cache
def hashed() -> str:
    """One hash for all passwords of a test run."""
    return make_password(PASSWORD)


def person(serial: int, *, housing: int = 0, marriage: int = 0, insurance: int = 0, year: int = 1988) -> str:
    """A synthetic number whose digits make the sandbox answer as wanted (see sandbox/people.py)."""
    return synthetic_id("339901", date(year, 1, 1) + timedelta(days=serial), housing * 100 + marriage * 10 + insurance)


@dataclass
class Household:
    """A resident with a session, and the numbers that lead to her."""

    name: str
    number: str
    phone: str
    actor: Actor
    api: Api


@dataclass
class Town:
    """The city under test."""

    residents: int = 0
    clients: dict[str, Api] = field(default_factory=dict)

    def __post_init__(self) -> None:
        publish_all()
        seed_roles()
        seed_offices()
        self.paper = store(
            picture(), name="p.jpg", mime="image/jpeg", actor=Actor(kind="system"), purpose="material"
        ).pk

    def account(self, name: str) -> Account:
        """The account of a person of the demonstration, made when first wanted."""
        found = Account.objects.filter(username=name).first()
        if found is not None:
            return found
        who = next(each for each in PEOPLE if each.account == name)
        office = Organisation.objects.get(code=who.organisation)
        made = Account.objects.create(
            username=name, name=who.name, organisation=office, password=hashed(), post=who.post, org_path=office.path,
            division=office.division,
        )  # fmt: skip
        made.roles.set(Role.objects.filter(key=who.role))
        return made

    def staff(self, name: str) -> Api:
        """A person of the demonstration at a browser."""
        if name not in self.clients:
            self.clients[name] = signed_in("staff", self.account(name).pk, "office")
        return self.clients[name]

    def actor(self, name: str) -> Actor:
        """A person of the demonstration as services know him."""
        from anju.identity.sessions import staff_actor

        found = staff_actor(self.account(name).pk)
        assert found is not None
        return found

    def second_clerk(self) -> Api:
        """A colleague of 方婷 at the same counter."""
        if not Account.objects.filter(username="fangting.two").exists():
            office = Organisation.objects.get(code="LZ-OP-01")
            made = Account.objects.create(
                username="fangting.two", name="钱进", organisation=office, password=hashed(), org_path=office.path,
                division=office.division,
            )  # fmt: skip
            made.roles.set(Role.objects.filter(key="operator_clerk"))
        return self.staff("fangting.two")

    def household(self, name: str = "周晓芳", number: str = "") -> Household:
        """A resident with an account of her own."""
        from anju.citizen.accounts import actor_of
        from anju.citizen.models import Resident
        from anju.kernel.crypto import blind, mask_phone

        self.residents += 1
        phone = f"139{self.residents:08d}"
        made = Resident.objects.create(
            phone=phone, phone_blind=blind(phone), phone_masked=mask_phone(phone), password=hashed(), city="339900",
            name=name,
        )  # fmt: skip
        api = signed_in("resident", made.pk, "citizen")
        return Household(name, number or person(self.residents), phone, actor_of(made), api)

    def apply(self, who: Household | None = None, **changes: Any) -> Case:
        """Files an application; `changes` go to `pages`."""
        who = who or self.household()
        with transaction.atomic():
            return submit_application(
                resident_id=who.actor.id, key=uuid.uuid4().hex, pages=pages(who, **changes), materials=self.materials(),
                source="citizen", actor=who.actor, phone=who.phone,
            )  # fmt: skip

    def materials(
        self, klasses: Iterable[str] = ("identity", "household_register", "marriage")
    ) -> list[dict[str, Any]]:
        """Files handed in, one a class."""
        return [{"klass": k, "file_id": self.paper, "name": f"{k}.jpg", "mime": "image/jpeg"} for k in klasses]

    def task(self, case: Case, who: str) -> dict[str, Any]:
        """The task of a case on a person's list."""
        rows = self.staff(who).get("/cases/todo", q=case.number).json()["rows"]
        assert rows, f"{case.number} is not on the list of {who}"
        return dict(rows[0])

    def take(self, case: Case, who: str = "") -> dict[str, Any]:
        """Claims the present task and gives the case's page."""
        case.refresh_from_db()
        who = who or WHO[case.node]
        answer = self.staff(who).post(f"/cases/{case.pk}/claim", {"task_id": self.task(case, who)["task_id"]})
        assert answer.status_code == 200, answer.content.decode()
        return dict(answer.json())

    def act(self, case: Case, outcome: str = "", who: str = "", **more: Any) -> Any:
        """Claims the present task, takes a step, and gives the answer."""
        page = self.take(case, who)
        node = page["task"]["node"]
        body = {
            "task_id": page["task"]["id"],
            "version": page["version"],
            "opinion": "情况属实",
            **step(node, outcome),
            **more,
        }
        return self.staff(who or WHO[node]).post(f"/cases/{case.pk}/act", body)

    def go(self, case: Case, node: str) -> Case:
        """Takes a case along the good way to a node, or to its end."""
        while True:
            run_jobs()
            case.refresh_from_db()
            if case.node == node or not case.is_open:
                return case
            if case.node.endswith("publicity_wait"):
                pass_days(8)
                continue
            answer = self.act(case)
            assert answer.status_code == 200, answer.content.decode()

    def certified(self, who: Household | None = None, priority_group: str = "none") -> Any:
        """A household with a certificate of today: the facts of the certificate."""
        from anju.eligibility.services import certificate_of

        who = who or self.household()
        case = self.go(self.apply(who), "admission")
        data = {"conditions": "local", "priority_group": priority_group}
        assert self.act(case, "admit", data=data).status_code == 200
        run_jobs()
        return certificate_of(who.actor.ref)


def pushed(sandbox: Sandbox, case: Case) -> list[dict[str, Any]]:
    """What the case store received about a case, oldest first."""
    received = [each["content"] for each in reversed(sandbox.received()["pushed"])]
    return [content for content in received if content["case_number"] == case.number]


def step(node: str, outcome: str = "") -> dict[str, Any]:
    """What a step at a node asks for: the good outcome unless another is named."""
    chosen = outcome or GOOD.get(node, "pass")
    today = clock.today()
    if chosen == "publish":
        period = {"starts_on": today, "ends_on": today + timedelta(days=7), "place": "澜州市住房保障中心网站"}
        return {"outcome": chosen, "data": period}
    if node.endswith("publicity_result"):
        return {"outcome": chosen, "data": {"finding": "公示期内无异议"}}
    if chosen == "admit":
        return {"outcome": chosen, "data": {"conditions": "local", "priority_group": "none"}}
    if chosen in {"fail", "refuse"}:
        return {"outcome": chosen, "reason_type": "housing", "reason": REASON}
    return {"outcome": chosen}


def member(name: str, number: str, relation: str = "self", **more: Any) -> dict[str, Any]:
    """A row of the form's household."""
    row = {
        "relation": relation,
        "name": name,
        "document_type": "id_card",
        "document_number": number,
        "marriage": "single",
    }
    return {**row, **more}


def pages(
    who: Household, *, division: str = "339901", members: list[dict[str, Any]] | None = None,
    homes: list[dict[str, Any]] | None = None, **form: Any,
) -> dict[str, Any]:  # fmt: skip
    """A whole application, filled in."""
    return {
        "place": {"division": division, "street": "文昌街道"},
        "notice": {"read": True},
        "commitment": {"agreed": True},
        "form": {
            "residence": "local", "address": "江湾区文昌路 86 弄 12 号 301 室", "phone": who.phone,
            "employment": "employed", "employer": "澜州市启衡机械厂", "income": "5200.00", **form,
        },
        "members": {"members": members or [member(who.name, who.number)]},
        "housing": {"situation": "rented", "rented_address": "文昌路 86 弄", "rent": "2300.00", "homes": homes or []},
        "property": {"assets": []},
    }  # fmt: skip


@pytest.fixture
def town(sandbox: Sandbox) -> Town:
    """The city of the demonstration, with the departments of the sandbox all well."""
    return Town()
