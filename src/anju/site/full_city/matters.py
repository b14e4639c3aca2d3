"""Cases of the full city: everything that lists and the case page read, in the order of their submission.

Those of the platform's own time went through the published process: what follows from the way of each is expanded from
it in the database (`expanding`). Older ones were taken over from the earlier system, closed: they have what was declared,
who applied and how it ended, no process, and a number of that system.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import orjson

from anju.eligibility.application import FORM
from anju.eligibility.cases import PUBLIC_RENTAL
from anju.kernel import clock
from anju.kernel.crypto import mask_id_number, mask_name, seal_text
from anju.kernel.forms import load
from anju.kernel.numbering import format_number
from anju.site.demo import CITY, DISTRICTS
from anju.site.full_city import people
from anju.site.full_city.journeys import ROLES, Journey, Ways, due_of
from anju.site.full_city.loading import Numbers, Sheet, first_free_id, temporary, text
from anju.site.full_city.offices import Office
from anju.site.full_city.people import Human
from anju.site.full_city.planning import OPEN_AT, WAITS, Plan
from anju.site.full_city.queueing import Granted, Queue
from anju.site.full_city.registry import Registry
from anju.site.full_city.working import spread
from anju.site.full_city.written import Written

CASES_AT_ONCE = 4000
FORMER = "YX{division}{year}{serial:06d}"
REASON = "家庭人均住房面积超过本市公共租赁住房准入标准"
KNOWN: dict[str, Any] = {key: {"dwellings": []} for key in ("real_estate", "public_housing", "resettlement")}
STREETS = ("文昌街道", "江湾街道", "南屏街道", "书院街道", "滨江街道", "屏山镇", "云溪镇")
WORK = ("employed", "employed", "employed", "self_employed", "flexible")
PENSION = {True: 60, False: 55}
PLAN = """
    case_id bigint, instance_id bigint, code text, name text, members int, applicant text, masked_name text,
    masked_id text, org_path text, division text, submitted timestamptz, last int, "end" text, closed timestamptz,
    first_token bigint, first_entry bigint, staff int[], claimed boolean
"""
# Ids of what a case has several of lie so far apart.
MOST_MEMBERS = 4
CERTIFICATE = "ZR{division}{year}{serial:06d}"


class Matters:
    """Writes cases, their people, certificates and places in the queue, and the plan that `expanding` reads."""

    def __init__(self, plan: Plan, registry: Registry, ways: Ways) -> None:
        self.plan, self.registry, self.ways = plan, registry, ways
        self.midnight = clock.start_of(date.fromordinal(plan.first))
        self.own = next((at for at in range(len(plan.cases)) if plan.told(at)[0] >= plan.own * 24), len(plan.cases))
        self.serial, self.certified = array("I"), array("I")
        self.numbers, self.certificates = Numbers(PUBLIC_RENTAL.numbering), Numbers("public_rental_certificate")
        self.due = self.deadlines()
        self.case = Sheet(
            "cases.Case", "id", "number", "title", "household", "household_size", "state", "outcome", "fail_type",
            "fail_reason", "node", "node_title", "source", "instance_id", "sealed_data", "facts", "applicant_ref",
            "applicant_key", "phone", "request_key", "submitted_at", "due_on", "closed_at", "org_path", "division",
            "created_at", "version", type_key=PUBLIC_RENTAL.key, form_key=FORM, form_version=load(FORM).version,
            updated_at=clock.now(),
        )  # fmt: skip
        self.party = Sheet(
            "cases.Party", "id", "case", "person_key", "name", "relation", "open", type_key=PUBLIC_RENTAL.key
        )
        self.snapshot = Sheet("households.HouseholdSnapshot", "id", "subject", "taken_on", "recorded_at", edition=1)
        self.member = Sheet(
            "households.SnapshotMember", "id", "snapshot", "person", "position", "relation", "name", "sealed_details"
        )
        self.queue = Queue(plan, registry)
        self.sheets = (self.case, self.party, self.snapshot, self.member, *self.queue.sheets)
        self.first_id, self.first_party = first_free_id("cases.Case"), first_free_id("cases.Party")
        self.first_instance = first_free_id("processes.Instance")
        self.first_token, self.first_entry = first_free_id("processes.Token"), first_free_id("cases.Entry")
        self.first_snapshot = first_free_id("households.HouseholdSnapshot")
        self.first_member = first_free_id("households.SnapshotMember")
        self.nothing = text(seal_text("{}"))
        self.random, self.plans = Random(), list[str]()
        self.count()

    def deadlines(self) -> dict[date, date]:
        """The day by which a case of each day is to be decided."""
        found: dict[date, date] = {}
        for day in range(self.plan.last + 1):
            due_of(date.fromordinal(self.plan.first + day), PUBLIC_RENTAL.days, found)
        return found

    def count(self) -> None:
        """Numbers all cases and certificates, in the order of their days; notes each household's certificate."""
        former: dict[tuple[int, int], int] = defaultdict(int)
        granted = 0
        for place in range(len(self.plan.cases)):
            hour, at, home, kind = self.plan.told(place)
            year = self.year(hour // 24)
            if place < self.own:
                former[at, year] += 1
                self.serial.append(former[at, year])
                self.certified.append(0)
                continue
            self.serial.append(self.numbers.next(DISTRICTS[at][0], year))
            if kind & ~WAITS:
                self.certified.append(0)
                continue
            granted += 1
            closed = self.year((hour + self.ways.starts[-1]) // 24)
            self.certified.append(self.certificates.next(DISTRICTS[at][0], closed))
            self.plan.homes[at].certificate[home] = place + 1

    def year(self, day: int) -> int:
        return date.fromordinal(self.plan.first + day).year

    def write(self) -> None:
        """Writes all cases and the plan for what follows from them."""
        portions = -(-len(self.plan.cases) // CASES_AT_ONCE)
        with temporary("full_plan", PLAN) as pour:
            for planned, *made in spread(self.portion, portions):
                pour(planned)
                for sheet, content in zip(self.sheets, made, strict=True):
                    sheet.pour(content)
        self.numbers.write()
        self.certificates.write()

    def portion(self, number: int) -> list[bytes]:
        """The rows of one portion of cases."""
        self.random = Random(f"{CITY} cases {number}")
        first = number * CASES_AT_ONCE
        for place in range(first, min(first + CASES_AT_ONCE, len(self.plan.cases))):
            self.add(place)
        plans, self.plans = "".join(self.plans).encode(), []
        return [plans, *(sheet.take() for sheet in self.sheets)]

    def journey(self, submitted: datetime, kind: int) -> Journey:
        """The way of a case of a kind."""
        kind &= ~WAITS
        if kind >= OPEN_AT:
            return self.ways.at(submitted, kind - OPEN_AT, "")
        if kind:
            return self.ways.at(submitted, *self.ways.refused_at[kind - 1])
        return self.ways.at(submitted, len(self.ways.path) - 1, "approved")

    def add(self, place: int) -> None:
        """One case: its own row and its people, and what belongs to its time."""
        hour, at, home, kind = self.plan.told(place)
        division, district, _ = DISTRICTS[at]
        office = self.plan.offices[at][self.plan.homes[at].office[home]]
        submitted = self.midnight + timedelta(hours=hour, minutes=people.mixed(place) % 60 if place < self.own else 0)
        day = clock.local_date(submitted)
        household = people.present(self.registry.members(at, home), day.toordinal())
        journey, own = self.journey(submitted, kind), place >= self.own
        pattern = PUBLIC_RENTAL.number if own else FORMER
        code = format_number(pattern, division=division, year=day.year, serial=self.serial[place])
        declared = pages(household, office, district, people.phone(self.registry.before_homes[at] + home), day, own)
        case = Written(self.first_id + place, code, at, home, office, submitted, day, household, journey, own)
        self.add_case(case, place, declared)
        self.add_people(case)
        if not own:
            return
        self.add_plan(case, place)
        self.add_snapshot(case, place)
        if journey.end == "approved":
            self.queue.add(case, self.certificate(place), declared["members"]["members"], bool(kind & WAITS))

    def certificate(self, place: int) -> Granted:
        """The certificate of an approved case of the platform's own time: its id, number and first day."""
        hour, at, _, _ = self.plan.told(place)
        day = clock.local_date(self.midnight + timedelta(hours=hour + self.ways.starts[-1]))
        number = format_number(CERTIFICATE, division=DISTRICTS[at][0], year=day.year, serial=self.certified[place])
        return Granted(self.queue.first_id + place - self.own, number, day)

    def add_case(self, case: Written, place: int, declared: dict[str, Any]) -> None:
        """The case's own row."""
        journey, own, name = case.journey, case.own, case.household[0][1].name
        failed = journey.end not in {"", "approved"}
        node = None if journey.end else self.ways.path[journey.last]
        submitted, applicant = text(case.submitted), self.registry.person_place(case.at, case.home)
        chance = people.mixed(place, 2) % 10
        source = "app" if chance < (7 if own else 1) else "desktop" if chance < (9 if own else 2) else "desk"
        known = own and journey.last > self.ways.place["checks"]
        self.case.add(
            str(case.id), case.code, f"{name} 公租房申请", name, str(len(case.household)),
            PUBLIC_RENTAL.closing[journey.end] if journey.end else "open", journey.end, "housing" if failed else "",
            REASON if failed else "", node.id if node else "", node.title if node else "", source,
            str(self.first_instance + place) if own else "\\N", text(seal_text(orjson.dumps(declared).decode())),
            ANSWERED if known else "{}", self.registry.ref(case.at, case.home),
            self.registry.key.hexadecimal(applicant), self.registry.phone_of(case.at, case.home), f"full-{place}",
            submitted, text(self.due[case.day]), text(journey.closed), case.office.path, case.office.division,
            submitted, str(journey.entries) if own else "1",
        )  # fmt: skip

    def add_people(self, case: Written) -> None:
        """The people of the case."""
        applicant = self.registry.person_place(case.at, case.home)
        for at, human in case.household:
            self.party.add(
                str(self.first_party + (case.id - self.first_id) * MOST_MEMBERS + at), str(case.id),
                self.registry.key.hexadecimal(applicant + at), human.name, human.relation, text(not case.journey.end),
            )  # fmt: skip

    def add_snapshot(self, case: Written, place: int) -> None:
        """The household as it stood on the day of the application."""
        snapshot, applicant = self.first_snapshot + place - self.own, self.registry.person_place(case.at, case.home)
        self.snapshot.add(str(snapshot), f"case:{case.id}", text(case.day), text(case.submitted))
        for position, (at, human) in enumerate(case.household):
            self.member.add(
                str(self.first_member + (place - self.own) * MOST_MEMBERS + at), str(snapshot),
                str(self.registry.first_id + applicant + at), str(position), human.relation, human.name, self.nothing,
            )  # fmt: skip

    def add_plan(self, case: Written, place: int) -> None:
        """The plan of a case from which the rest of it is expanded."""
        journey, (_, applicant), at = case.journey, case.household[0], place - self.own
        steps = len(self.ways.path)
        staff = [self.plan.staff.who(self.random, role, case.office) for role in ROLES]
        row = [
            case.id, self.first_instance + place, case.code, applicant.name, len(case.household),
            self.registry.ref(case.at, case.home), mask_name(applicant.name), mask_id_number(applicant.number),
            case.office.path, case.office.division, case.submitted, journey.last, journey.end, journey.closed,
            self.first_token + at * steps, self.first_entry + at * (steps + 1), staff, self.random.random() < 0.3,
        ]  # fmt: skip
        self.plans.append("\t".join(map(text, row)) + "\n")


def pages(
    household: list[tuple[int, Human]], office: Office, district: str, phone: str, day: date, whole: bool
) -> dict[str, Any]:  # fmt: skip
    """What was declared, page by page, as the application form has it; of a case taken over the main pages only."""
    (_, applicant), chance = household[0], people.mixed(household[0][1].born, day.toordinal())
    age = (day.toordinal() - applicant.born) / people.YEAR
    working = age < PENSION[applicant.male]
    lane, door = 20 + chance % 180, 100 * (1 + chance % 17) + 1 + chance % 6
    declared: dict[str, Any] = {
        "place": {"division": office.division, "street": STREETS[chance % len(STREETS)]},
        "form": {
            "residence": "local", "address": f"{district}文昌路 {lane} 弄 {1 + chance % 30} 号 {door} 室", "phone": phone,
            "employment": WORK[chance % len(WORK)] if working else "retired", "income": f"{2800 + chance % 4700}.00",
        },
        "members": {"members": [member(human, household, day) for _, human in household]},
    }  # fmt: skip
    if whole:
        declared |= {
            "notice": {"read": True}, "commitment": {"agreed": True},
            "housing": {
                "situation": "rented", "rented_address": f"文昌路 {lane} 弄", "rent": f"{1200 + chance % 1900}.00", "homes": []
            },
            "property": {"assets": []},
        }  # fmt: skip
        if working:
            declared["form"]["employer"] = "澜州市启衡机械厂"
    return declared


def member(human: Human, household: list[tuple[int, Human]], day: date) -> dict[str, Any]:
    """A member as declared."""
    couple = any(other.relation == "spouse" for _, other in household) and human.relation in {"self", "spouse"}
    old = (day.toordinal() - human.born) / people.YEAR
    return {
        "relation": human.relation, "name": human.name, "document_type": "id_card", "document_number": human.number,
        "marriage": "married" if couple else "widowed" if old > 65 else "divorced" if old > 38 else "single",
    }  # fmt: skip


ANSWERED = text(KNOWN)
