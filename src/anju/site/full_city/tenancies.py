"""Contracts and units of the full city: who rented what, from when to when, at which rent.

Contracts are in the order of their first day, as their numbers are; those signed before the platform's own time have a
number of the earlier system. A unit's own columns, its contract in force and its occupancy say the same.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from datetime import date, timedelta

from django.db import connection

from anju.kernel import clock
from anju.kernel.crypto import mask_name
from anju.kernel.numbering import format_number
from anju.site.demo import DISTRICTS
from anju.site.full_city import people
from anju.site.full_city.homes import LEAVING, LET, NOTES, STATES, UNCONFIRMED, VACANT, money, room_of, whole_projects
from anju.site.full_city.loading import Numbers, Sheet, fill, first_free_id, text
from anju.site.full_city.matters import Matters
from anju.site.full_city.planning import EARLY, LEAVES, LIVE, RENEWAL, Plan
from anju.site.full_city.registry import Registry
from anju.site.full_city.working import spread

AT_ONCE, UNITS_AT_ONCE = 4000, 4000
MODES = ("monthly",) * 7 + ("quarterly",) * 2 + ("half_yearly",)
# A year ago a square metre cost so much less, in thousandths.
CHEAPER, CHEAPEST = 25, 0.6
MOST_OCCUPANTS = 3
FILED = 88
WHOLE = "HT{division}{year}{serial:06d}", "BA{division}{year}{serial:06d}"
FORMER = "YH{division}{year}{serial:06d}", "YB{division}{year}{serial:06d}"
REASONS = {
    "": ("",), "expiry": ("到期不再续租",), "early": ("购房后腾退", "工作调动离开本市", "家庭人口变化，另行申请")
}  # fmt: skip
# The ends of so many months and the last days are kept, as the nightly job would have left them.
MONTHS, DAYS = 24, 8


class Tenancies:
    """Writes contracts with occupants and occupancies, and the units with their counts of earlier days."""

    def __init__(self, plan: Plan, registry: Registry, matters: Matters) -> None:
        self.plan, self.registry, self.matters = plan, registry, matters
        self.stock, self.leases = plan.stock, plan.leases
        # each lease by the day it begins; the place in this order gives a contract its id and number
        self.order = array("I", sorted(range(len(self.leases)), key=self.leases.start.__getitem__))
        self.first_id = first_free_id("tenancy.Contract")
        self.serial, self.filing = array("I"), array("I")
        self.numbers, self.filings = Numbers("contract"), Numbers("filing")
        self.of_unit = array("I", bytes(4 * len(self.stock)))
        self.count()
        stamp = clock.now()
        self.contract = Sheet(
            "tenancy.Contract", "id", "number", "certificate_id", "certificate_no", "unit_id", "unit_code", "address",
            "project_name", "floor_area", "tenant_ref", "tenant_name", "tenant_gender", "tenant_number", "tenant_key",
            "phone", "attribute", "rent_mode", "starts_on", "ends_on", "rent", "deposit", "state", "sent_at", "signed_at",
            "signed_way", "effective_at", "filed_at", "filing_no", "leaving_kind", "leaving_on", "leaving_reason",
            "terminated_at", "ended_on", "org_path", "division", "created_at", updated_at=stamp,
        )  # fmt: skip
        self.occupancy = Sheet(
            "supply.Occupancy", "id", "unit", "contract_id", "who", "starts_on", "ended_on", "lease_end", "rent"
        )
        self.occupant = Sheet(
            "tenancy.Occupant",
            "id",
            "contract",
            "name",
            "number",
            "number_key",
            "phone",
            "relation",
            kind="co_resident",
        )
        self.first_occupancy = first_free_id("supply.Occupancy")
        self.first_occupant = first_free_id("tenancy.Occupant")
        self.unit = Sheet(
            "supply.Unit", "id", "building", "estate", "project", "programme", "code", "room_no", "floor", "address",
            "layout", "floor_area", "orientation", "rent", "status", "status_since", "status_note", "released_on",
            "contract_id", "occupant_name_masked", "lease_end", "org_path", "division", "confirmed", "published",
            left=["public_code"], created_at=stamp, updated_at=stamp,
        )  # fmt: skip
        self.kept = Sheet(
            "supply.DayCount", "on", "project", "status", "programme", "division", "layout", "units", "floor_area", "rent",
            "org_path", left=["id"],
        )  # fmt: skip
        self.days = self.days_kept()
        self.portions = whole_projects(self.stock, UNITS_AT_ONCE)
        self.first_lease = self.lease_of_units()

    def count(self) -> None:
        """Numbers all contracts in their order, and notes each unit's contract in force."""
        former: dict[tuple[int, int], int] = defaultdict(int)
        for rank, place in enumerate(self.order):
            start, unit = self.leases.start[place], self.leases.unit[place]
            at, year = self.plan.district(unit), date.fromordinal(self.plan.first + start).year
            filed = self.is_filed(place)
            if start < self.plan.own:
                former[at, year] += 1
                self.serial.append(former[at, year])
                self.filing.append(former[at, year] if filed else 0)
            else:
                area = DISTRICTS[at][0]
                self.serial.append(self.numbers.next(area, year))
                self.filing.append(self.filings.next(area, year) if filed else 0)
            if self.leases.flags[place] & LIVE:
                self.of_unit[unit] = rank + 1

    def is_filed(self, place: int) -> bool:
        """Whether a contract was filed; of those in force some are not yet."""
        old = self.plan.last - self.leases.start[place] > 60
        return not self.leases.flags[place] & LIVE or (old and people.mixed(place, 23) % 100 < FILED)

    def lease_of_units(self) -> array[int]:
        """The place of each unit's latest lease, and one more at the end; those of a unit follow one another."""
        found, at = array("I"), 0
        for unit in range(len(self.stock)):
            found.append(at)
            while at < len(self.leases) and self.leases.unit[at] == unit:
                at += 1
        found.append(at)
        return found

    def days_kept(self) -> list[int]:
        """The days whose counts are kept."""
        today = date.fromordinal(self.plan.first + self.plan.last)
        first, ends = today.replace(day=1), set()
        for _ in range(MONTHS):
            ends.add(first - timedelta(days=1))
            first = (first - timedelta(days=1)).replace(day=1)
        ends |= {today - timedelta(days=back) for back in range(1, DAYS + 1)}
        return sorted(day.toordinal() - self.plan.first for day in ends)

    def write(self) -> None:
        """Writes contracts, then units."""
        sheets = (self.contract, self.occupancy, self.occupant)
        for made in spread(self.portion, -(-len(self.order) // AT_ONCE)):
            for sheet, content in zip(sheets, made, strict=True):
                sheet.pour(content)
        self.numbers.write()
        self.filings.write()
        self.happen()
        with connection.cursor() as cursor:
            # the trigger that gives a unit its code is put aside with the others
            cursor.execute(
                "ALTER TABLE supply_unit ALTER public_code SET DEFAULT supply_public_code(nextval('supply_public_code'))"
            )
            for unit, kept in spread(self.units, len(self.portions)):
                self.unit.pour(unit)
                self.kept.pour(kept)
            cursor.execute("ALTER TABLE supply_unit ALTER public_code DROP DEFAULT")

    def happen(self) -> None:
        """The nodes of each contract's flow chart."""
        source = f"FROM tenancy_contract AS contract WHERE id >= {self.first_id} AND contract.{{0}} IS NOT NULL"
        for node, moment, said in (
            ("signed", "signed_at", "CASE signed_way WHEN 'online' THEN '线上签约' ELSE '线下签约' END"),
            ("filed", "filed_at", "'备案号 ' || filing_no"),
            ("leaving", "sent_at", "leaving_reason"),
            ("terminated", "terminated_at", "CASE leaving_kind WHEN 'early' THEN '提前退租' ELSE '到期退租' END"),
        ):
            where = source.format(moment) + (" AND state = 'leaving'" if node == "leaving" else "")
            at = "least(now(), signed_at + interval '30 days')" if node == "leaving" else moment
            fill(
                "tenancy.Happening", where,
                {
                    "id": f"{first_free_id('tenancy.Happening') - 1} + row_number() OVER ()", "contract": "id", "at": at,
                    "text": said,
                },
                node=node, actor_ref="system:0", actor_name="系统",
            )  # fmt: skip

    # ---- contracts

    def portion(self, number: int) -> list[bytes]:
        """The rows of one portion of contracts."""
        first = number * AT_ONCE
        for rank in range(first, min(first + AT_ONCE, len(self.order))):
            self.add(rank)
        return [self.contract.take(), self.occupancy.take(), self.occupant.take()]

    def rent_of(self, unit: int, start: int, live: bool) -> int:
        """The rent of a lease in hundredths: the unit's own today, less for each year before."""
        block = self.stock.block_of(unit)
        rent = room_of(block, unit - block.first).rent
        if live:
            return rent
        years = (self.plan.last - start) // people.YEAR
        return int(rent * max(CHEAPEST, 1 - CHEAPER / 1000 * years)) // 100 * 100

    def add(self, rank: int) -> None:
        """One contract with its occupancy and its co-residents."""
        plan, leases, place = self.plan, self.leases, self.order[rank]
        unit, home, flags = leases.unit[place], leases.home[place], leases.flags[place]
        start, end, ended = leases.start[place], leases.end[place], leases.ended[place]
        block, at = self.stock.block_of(unit), plan.district(unit)
        room, live, own = room_of(block, unit - block.first), bool(flags & LIVE), start >= plan.own
        rent, division = self.rent_of(unit, start, live), block.office.division
        holder, person = self.registry.members(at, home), self.registry.person_place(at, home)
        tenant, starts_on = holder[0], date.fromordinal(plan.first + start)
        pattern, filing = WHOLE if own else FORMER
        year, contract = starts_on.year, str(self.first_id + rank)
        number = format_number(pattern, division=division, year=year, serial=self.serial[rank])
        certificate, certificate_no = self.certificate(at, home, starts_on)
        signed = starts_on - timedelta(days=1 + rank % 9)
        moment = f"{signed} {9 + rank % 8:02d}:{rank % 60:02d}:00+08"
        filed, filing_no = "\\N", ""
        if self.filing[rank]:
            filed = f"{min(signed + timedelta(days=12), self.day(plan.last - 1))} 10:{rank % 60:02d}:00+08"
            filing_no = format_number(filing, division=division, year=year, serial=self.filing[rank])
        state = "terminated" if not live else "leaving" if flags & LEAVES else "filed" if filing_no else "effective"
        sooner = flags & EARLY or (live and end > plan.last + 60)
        kind = "" if state in {"filed", "effective"} else "early" if sooner else "expiry"
        ends_on = self.day(end)
        left = min(self.day(plan.last + 1 + rank % 25), ends_on) if live else self.day(ended)
        phone = self.registry.phone_of(at, home)
        self.contract.add(
            contract, number, certificate, certificate_no, str(self.stock.first_id + unit), room.code, room.address,
            block.project, money(room.area), self.registry.ref(at, home), tenant.name, "男" if tenant.male else "女",
            self.registry.number.hexadecimal(person), self.registry.key.hexadecimal(person), phone,
            "renewal" if flags & RENEWAL else "new", MODES[rank % len(MODES)], text(starts_on), text(ends_on), money(rent),
            money(rent), state, moment if own else "\\N", moment, "online" if own and rank % 3 else "offline", moment, filed,
            filing_no, kind, text(left) if kind else "\\N", REASONS[kind][rank % len(REASONS[kind])],
            "\\N" if live else f"{left} 15:{rank % 60:02d}:00+08", "\\N" if live else text(left), block.office.path, division,
            moment,
        )  # fmt: skip
        self.occupancy.add(
            str(self.first_occupancy + rank), str(self.stock.first_id + unit), contract, mask_name(tenant.name),
            text(starts_on), "\\N" if live else text(left + timedelta(days=1)), text(ends_on), money(rent),
        )  # fmt: skip
        if live:
            for place, human in people.present(holder, plan.first + plan.last)[1:]:
                self.occupant.add(
                    str(self.first_occupant + rank * MOST_OCCUPANTS + place - 1), contract, human.name,
                    self.registry.number.hexadecimal(person + place), self.registry.key.hexadecimal(person + place), phone,
                    human.relation,
                )  # fmt: skip

    def day(self, day: int) -> date:
        return date.fromordinal(self.plan.first + day)

    def certificate(self, at: int, home: int, starts_on: date) -> tuple[str, str]:
        """Id and number of the certificate with which a household signed; contracts taken over have none."""
        if not (case := self.plan.homes[at].certificate[home]):
            return "\\N", ""
        granted = self.matters.certificate(case - 1)
        return (str(granted.id), granted.number) if granted.day <= starts_on else ("\\N", "")

    # ---- units

    def units(self, number: int) -> list[bytes]:
        """The units of some projects, and what was counted of them at the end of earlier days."""
        counts: dict[tuple[int, int, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        start, end = self.portions[number]
        for block in self.stock.blocks[start:end]:
            for place in range(block.rooms):
                self.add_unit(block.first + place, counts)
        blocks = {block.project_id: block for block in self.stock.blocks[start:end]}
        for (day, project, state, layout), (units, area, rent) in sorted(counts.items()):
            block = blocks[project]
            self.kept.add(
                text(self.day(day)), str(project), state, block.programme, block.office.division, layout, str(units),
                money(area), money(rent), block.office.path,
            )  # fmt: skip
        return [self.unit.take(), self.kept.take()]

    def add_unit(self, unit: int, counts: dict[tuple[int, int, str, str], list[int]]) -> None:
        """One unit."""
        block, state, leases = self.stock.block_of(unit), self.stock.state[unit], self.leases
        room = room_of(block, unit - block.first)
        told = range(self.first_lease[unit], self.first_lease[unit + 1])
        supplied = block.supplied.toordinal() - self.plan.first
        released = min([supplied, *(leases.start[place] - 3 for place in told)])
        since, contract, who, end = "\\N", "\\N", "", "\\N"
        day = released
        if state <= LEAVING:
            latest = told[0]
            day, home = leases.start[latest], leases.home[latest]
            contract = str(self.first_id + self.of_unit[unit] - 1)
            who = mask_name(people.applicant_name(self.plan.divisions[self.plan.district(unit)], home))
            end = text(self.day(leases.end[latest]))
        elif told:
            day = leases.ended[told[0]] + 1
        if state != UNCONFIRMED:
            since = text(self.day(day))
        known = text(state != UNCONFIRMED)
        self.unit.add(
            str(self.stock.first_id + unit), str(block.id), str(block.estate_id), str(block.project_id), block.programme,
            room.code, room.number, str(room.floor), room.address, room.layout, money(room.area), room.orientation,
            money(room.rent), STATES[state], since, NOTES[state], "\\N" if state == UNCONFIRMED else text(self.day(released)),
            contract, who, end, block.office.path, block.office.division, known, known,
        )  # fmt: skip
        for kept, was in zip(self.days, self.states_on(told, state, day, released), strict=True):
            if was:
                held = counts[kept, block.project_id, was, room.layout]
                held[0], held[1], held[2] = held[0] + 1, held[1] + room.area, held[2] + room.rent

    def states_on(self, told: range, state: int, since: int, released: int) -> list[str]:
        """A unit's state at the end of each day that is kept; empty before there was one."""
        leases, found = self.leases, []
        for day in self.days:
            if state == UNCONFIRMED or (day >= since and state != LEAVING):
                was = STATES[state]
            elif day < released:
                was = ""
            elif any(
                leases.start[place] <= day and (not leases.ended[place] or day <= leases.ended[place]) for place in told
            ):
                was = STATES[LET] if state != LEAVING or day < self.plan.last - 20 else STATES[LEAVING]
            else:
                was = STATES[VACANT]
            found.append(was)
        return found
