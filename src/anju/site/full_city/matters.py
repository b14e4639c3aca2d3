"""Cases of the full city: everything that lists and the case page read, on the published process.

Cases and their people are copied; tokens, record, checks, materials and publicity follow from the case's journey and
are made in the database from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import orjson
from django.db import connection

from anju.eligibility.cases import PUBLIC_RENTAL
from anju.eligibility.connectors import (
    MarriageCheck,
    PublicHousingCheck,
    RealEstateCheck,
    ResettlementCheck,
    SocialInsuranceCheck,
)
from anju.kernel import clock
from anju.kernel.connectors.base import Connector
from anju.kernel.crypto import blind, mask_id_number, mask_name, seal_text
from anju.kernel.files import store
from anju.kernel.forms import load
from anju.kernel.numbering import format_number
from anju.kernel.processes.locks import graph_of
from anju.kernel.processes.publishing import current
from anju.kernel.scope import system
from anju.site.demo import CITY, DISTRICTS
from anju.site.full_city import expanding, people
from anju.site.full_city.journeys import ROLES, Journey, Ways, due_of
from anju.site.full_city.loading import Sheet, first_free_id, temporary, text
from anju.site.full_city.offices import Office, Staff

CASES_AT_ONCE = 20_000
APPLICANT = "resident:{}"
FIRST_APPLICANT = 1_000_000_000
REASON = "家庭人均住房面积超过本市公共租赁住房准入标准"
ASKED: tuple[type[Connector[Any, Any]], ...] = (
    RealEstateCheck,
    PublicHousingCheck,
    ResettlementCheck,
    MarriageCheck,
    SocialInsuranceCheck,
)
NONE_FOUND = '[{"label":"住房套数","declared":"0 套","found":"0 套","matches":true}]'
FACTS = {
    "real_estate": NONE_FOUND,
    "public_housing": NONE_FOUND,
    "resettlement": NONE_FOUND,
    "marriage": '[{"label":"婚姻状况","declared":"与申报一致","found":"与申报一致","matches":true}]',
    "social_insurance": '[{"label":"近 12 个月缴费","declared":"","found":"12 个月","matches":true}]',
}
KNOWN: dict[str, Any] = {key: {"dwellings": []} for key in ("real_estate", "public_housing", "resettlement")}
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\n"
    b"IDATx\x9cc\xf8\x0f\x00\x01\x01\x01\x00\x1b\xb6\xeeV\x00\x00\x00\x00IEND\xaeB`\x82"
)
PLAN = """
    case_id bigint, instance_id bigint, code text, name text, members int, applicant text, masked_name text,
    masked_id text, org_path text, division text, submitted timestamptz, last int, "end" text, closed timestamptz,
    first_token bigint, first_entry bigint, staff int[], claimed boolean
"""
COUNTER = """
    INSERT INTO numbering_counter (kind, area, year, last) VALUES (%s, %s, %s, %s)
    ON CONFLICT (kind, area, year) DO UPDATE SET last = greatest(numbering_counter.last, excluded.last)
"""


def make(cases: int, staff: Staff, say: Callable[[str], None]) -> None:
    """Adds so many cases, in the hands of the operators of all districts."""
    definition = current(PUBLIC_RENTAL.process)
    ways = Ways(graph_of(definition.pk))
    writer = Writer(staff, ways)
    for number in range(cases):
        writer.add(number)
        if number % CASES_AT_ONCE == CASES_AT_ONCE - 1:
            writer.write()
    writer.write()
    write_counters(writer.numbers)
    say(f"案件 {cases} 件")
    temporary("full_plan", PLAN, writer.plans)
    ways.write_steps()
    temporary("full_staff", "id int, ref text, name text, office text", [
        (number, member.ref, member.name, member.organisation) for number, member in enumerate(staff.members)
    ])  # fmt: skip
    temporary("full_check", "key text, title text, source text, place int, facts bytea", [
        (each.key, each.title, each.department, place, seal_text(FACTS[each.key])) for place, each in enumerate(ASKED)
    ])  # fmt: skip
    temporary("full_material", "klass text, file_id bigint, name text, mime text", [
        (klass.key, file.pk, file.name, file.mime) for klass, file in proofs()
    ])  # fmt: skip
    say(f"流程环节 {expanding.expand(definition.pk, ways.place['checks'])} 个，以及记录、核查、材料、公示")


def proofs() -> list[tuple[Any, Any]]:
    """One stored picture for each class of required materials; all cases show the same."""
    found = []
    for klass in [each for each in PUBLIC_RENTAL.materials if each.required]:
        name, by = f"{klass.title}.png", system()
        found.append((klass, store(PICTURE, name=name, mime="image/png", actor=by, purpose="material", owner="full")))
    return found


def last_numbers() -> dict[tuple[str, int], int]:
    """The last case number given in each district and year."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT area, year, last FROM numbering_counter WHERE kind = %s", [PUBLIC_RENTAL.numbering])
        return defaultdict(int, {(area, year): last for area, year, last in cursor.fetchall()})


def write_counters(numbers: dict[tuple[str, int], int]) -> None:
    """Lets the next real case take the next number."""
    with connection.cursor() as cursor:
        for (area, year), last in numbers.items():
            cursor.execute(COUNTER, [PUBLIC_RENTAL.numbering, area, year, last])


class Writer:
    """Writes cases and their people, and notes the plan from which the rest is expanded."""

    def __init__(self, staff: Staff, ways: Ways) -> None:
        self.random = Random(f"{CITY} cases")
        self.staff, self.ways = staff, ways
        self.numbers = last_numbers()
        self.people: dict[str, int] = defaultdict(int)
        self.plans: list[list[Any]] = []
        self.due: dict[date, date] = {}
        self.case = Sheet(
            "cases.Case", "id", "number", "title", "household", "household_size", "state", "outcome", "fail_type",
            "fail_reason", "node", "node_title", "instance_id", "sealed_data", "facts", "applicant_ref", "applicant_key",
            "phone", "request_key", "submitted_at", "due_on", "closed_at", "org_path", "division", "created_at",
            "version", type_key=PUBLIC_RENTAL.key, form_key=PUBLIC_RENTAL.form, source="app",
            form_version=load(PUBLIC_RENTAL.form).version, updated_at=clock.now(),
        )  # fmt: skip
        self.party = Sheet(
            "cases.Party", "id", "case", "person_key", "name", "relation", "open", type_key=PUBLIC_RENTAL.key
        )
        self.case_id, self.instance_id = first_free_id("cases.Case"), first_free_id("processes.Instance")
        self.party_id = first_free_id("cases.Party")
        self.token_id, self.entry_id = first_free_id("processes.Token"), first_free_id("cases.Entry")

    def write(self) -> None:
        """Copies what was added so far."""
        self.case.write()
        self.party.write()

    def add(self, number: int) -> None:
        """One case."""
        division, district, _ = DISTRICTS[number % len(DISTRICTS)]
        offices = self.staff.operators[division]
        # the demonstration's own operator stands first and has its share twice over
        operator = offices[self.random.randrange(len(offices) + 1) % len(offices)]
        journey = self.ways.journey(self.random)
        day = clock.local_date(journey.submitted)
        self.numbers[division, day.year] += 1
        serial = self.numbers[division, day.year]
        code = format_number(PUBLIC_RENTAL.number, division=division, year=day.year, serial=serial)
        members = self.household(division)
        self.add_case(number, journey, code, members, operator, district, day)
        name, id_number = members[0]["name"], members[0]["document_number"]
        self.plans.append([
            self.case_id, self.instance_id, code, name, len(members), APPLICANT.format(FIRST_APPLICANT + number),
            mask_name(name), mask_id_number(id_number), operator.path, operator.division, journey.submitted,
            journey.last, journey.end, journey.closed, self.token_id, self.entry_id,
            [self.staff.who(self.random, role, operator) for role in ROLES], self.random.random() < 0.3,
        ])  # fmt: skip
        self.case_id, self.instance_id = self.case_id + 1, self.instance_id + 1
        self.token_id, self.entry_id = self.token_id + journey.last + 1, self.entry_id + journey.entries

    def household(self, division: str) -> list[dict[str, Any]]:
        """One to three people; the applicant first."""
        members = []
        for relation in ("self", "spouse", "parent")[: self.random.choice((1, 1, 2, 2, 2, 3))]:
            self.people[division] += 1
            members.append({
                "relation": relation, "name": people.name(self.random), "document_type": "id_card",
                "document_number": people.identity(division, self.people[division]), "marriage": "single",
            })  # fmt: skip
        if len(members) > 1:
            members[0]["marriage"] = members[1]["marriage"] = "married"
        return members

    def add_case(
        self, number: int, journey: Journey, code: str, members: list[dict[str, Any]], operator: Office, district: str,
        day: date,
    ) -> None:  # fmt: skip
        """The case's own row and its people."""
        name, phone, submitted = members[0]["name"], people.phone(number), journey.submitted.isoformat()
        keys = [text(blind(member["document_number"])) for member in members]
        failed = journey.end not in {"", "approved"}
        node = None if journey.end else self.ways.path[journey.last]
        declared = pages(members, operator, district, phone)
        self.case.add(
            str(self.case_id), code, f"{name} 公租房申请", name, str(len(members)),
            PUBLIC_RENTAL.closing[journey.end] if journey.end else "open", journey.end, "housing" if failed else "",
            REASON if failed else "", node.id if node else "", node.title if node else "", str(self.instance_id),
            text(seal_text(orjson.dumps(declared).decode())), ANSWERED if journey.last > self.ways.place["checks"] else "{}",
            APPLICANT.format(FIRST_APPLICANT + number), keys[0], text(seal_text(phone)), f"full-{number}", submitted,
            due_of(day, PUBLIC_RENTAL.days, self.due).isoformat(), text(journey.closed), operator.path,
            operator.division, submitted, str(journey.entries),
        )  # fmt: skip
        for member, key in zip(members, keys, strict=True):
            self.party.add(
                str(self.party_id), str(self.case_id), key, member["name"], member["relation"], text(not journey.end)
            )
            self.party_id += 1


ANSWERED = text(KNOWN)


def pages(members: list[dict[str, Any]], operator: Office, district: str, phone: str) -> dict[str, Any]:
    """What was declared, page by page, as the application form has it."""
    return {
        "place": {"division": operator.division, "street": "文昌街道"},
        "notice": {"read": True},
        "commitment": {"agreed": True},
        "form": {
            "residence": "local", "address": f"{district}文昌路 86 弄 12 号 301 室", "phone": phone,
            "employment": "employed", "employer": "澜州市启衡机械厂", "income": "5200.00",
        },
        "members": {"members": members},
        "housing": {"situation": "rented", "rented_address": "文昌路 86 弄", "rent": "2300.00", "homes": []},
        "property": {"assets": []},
    }  # fmt: skip
