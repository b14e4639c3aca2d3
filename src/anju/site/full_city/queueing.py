"""Certificates of the cases that the platform approved, and the households that wait with one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import orjson

from anju.eligibility.certificates import last_day
from anju.kernel import clock
from anju.kernel.crypto import seal_text
from anju.site.demo import DISTRICTS
from anju.site.full_city import people
from anju.site.full_city.loading import Sheet, first_free_id, text
from anju.site.full_city.planning import Plan
from anju.site.full_city.registry import Registry
from anju.site.full_city.written import Written
from anju.waiting.queue import priority_of

# Of a hundred households so many belong to each group that goes first.
GROUPS = (("disabled", 2), ("martyr", 1), ("low_income", 5), ("elderly", 4), ("many_children", 3))
CONDITIONS = ("local", "local", "local", "resident", "newcomer")
LAYOUTS_FOR = {1: ["studio", "one_one"], 2: ["one_one", "two_one"], 3: ["two_one"], 4: ["two_one", "three_one"]}


class Granted(NamedTuple):
    """A certificate's id, number and first day."""

    id: int
    number: str
    day: date


class Queue:
    """Rows of certificates and of the queue."""

    def __init__(self, plan: Plan, registry: Registry) -> None:
        self.plan, self.registry = plan, registry
        self.first_id = first_free_id("eligibility.Certificate")
        self.first_entry, self.first_move = first_free_id("waiting.Entry"), first_free_id("waiting.Move")
        self.certificate = Sheet(
            "eligibility.Certificate", "id", "number", "case_id", "case_number", "holder_ref", "holder_name",
            "holder_gender", "holder_number", "holder_key", "phone", "household_size", "sealed_members", "priority_group",
            "conditions", "accepted_at", "valid_from", "valid_until", "org_path", "division", "created_at", "updated_at",
        )  # fmt: skip
        self.entry = Sheet(
            "waiting.Entry", "id", "certificate_id", "certificate_no", "certified_on", "valid_until", "accepted_at",
            "case_number", "holder_ref", "household", "household_size", "priority", "priority_group", "divisions",
            "project_ids", "layouts", "registered_at", "org_path", "division", "created_at", "updated_at", "created_by",
        )  # fmt: skip
        self.move = Sheet("waiting.Move", "id", "entry", "at", cause="登记轮候")
        self.sheets = (self.certificate, self.entry, self.move)
        # the day's first moment is asked for here: other processes do not ask the database for the clock
        self.latest = clock.start_of(clock.today()) - timedelta(minutes=1)
        self.accepted = plan.ways.starts[plan.ways.place["accept"] + 1]
        self.groups = [group for group, share in GROUPS for _ in range(share)]
        self.priority = {
            (group, division): str(priority_of(group, division))
            for group in ("", *{group for group, _ in GROUPS})
            for division, _, _ in DISTRICTS
        }

    def add(self, case: Written, granted: Granted, members: list[dict[str, Any]], waits: bool) -> None:
        """The certificate of a case, and its household's place in the queue when it `waits`."""
        (_, holder), place = case.household[0], self.registry.person_place(case.at, case.home)
        chance = people.mixed(case.at, case.home, 17) % 100
        group = self.groups[chance] if chance < len(self.groups) else ""
        accepted, size = text(case.submitted + timedelta(hours=self.accepted)), len(case.household)
        until, ref, division = last_day(granted.day), self.registry.ref(case.at, case.home), case.office.division
        stamp = text(case.journey.closed)
        self.certificate.add(
            str(granted.id), granted.number, str(case.id), case.code, ref, holder.name, "男" if holder.male else "女",
            self.registry.number.hexadecimal(place), self.registry.key.hexadecimal(place),
            self.registry.phone_of(case.at, case.home), str(size), text(seal_text(orjson.dumps(members).decode())), group,
            CONDITIONS[chance % len(CONDITIONS)], accepted, text(granted.day), text(until), case.office.path, division,
            stamp, stamp,
        )  # fmt: skip
        if not waits:
            return
        registered = text(min(clock.start_of(granted.day) + timedelta(hours=34 + chance), self.latest))
        entry = str(self.first_entry + granted.id - self.first_id)
        wishes = orjson.dumps(LAYOUTS_FOR[size] if chance % 3 else []).decode()
        self.entry.add(
            entry, str(granted.id), granted.number, text(granted.day), text(until), accepted, case.code, ref,
            holder.name, str(size), self.priority[group, division], group, f'["{division}"]', "[]", wishes, registered,
            case.office.path, division, registered, registered, ref,
        )  # fmt: skip
        self.move.add(str(self.first_move + granted.id - self.first_id), entry, registered)
