"""Who lives where and who applied when, over all the years of the city: arrays of numbers, from which rows are written.

The leases of each unit are told backwards from today; each has its household, which applied some months before it moved
in. What is left of the wanted cases are applications that came to nothing, wait in the queue, or are being decided.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from anju.site.demo import CITY, DISTRICTS
from anju.site.full_city import people
from anju.site.full_city.homes import LET, UNCONFIRMED, Stock
from anju.site.full_city.journeys import ENDED_AT, Ways
from anju.site.full_city.offices import Staff

YEAR = 365
TERMS = (YEAR, 2 * YEAR, 2 * YEAR, 2 * YEAR, 3 * YEAR)
RENEWED, REVIEWED_AGAIN, REFUSED_BEFORE = 0.4, 0.8, 0.55
# How many come in each month beside the others: few around the Spring Festival, many in spring and autumn.
SEASON = (0.9, 0.5, 1.3, 1.2, 1.1, 1.0, 0.9, 0.9, 1.3, 1.2, 1.0, 0.8)
# Shares of all cases, in thousands: being decided (and so many at most), in the queue, refused.
OPEN, MOST_OPEN, QUEUED, REFUSED = 120, 25_000, 15, 170
# The platform's own time: what is older was taken over from the earlier system.
OWN_DAYS = 2 * YEAR
MARGIN = 75
RENEWAL, EARLY, LIVE, LEAVES = 1, 2, 4, 8
APPROVED, WAITS, OPEN_AT = 0, 128, 64
HOURS = range(8, 22)
# Which of the ten ages were grown up so many years ago, and two more, because some are refused first.
FIT = [[place for place, age in enumerate(people.AGES) if age >= people.ADULT + 2 + years] for years in range(36)]


class Homes:
    """The households of a district: how many were taken of each age, and the office of each."""

    def __init__(self) -> None:
        self.taken = [0] * people.TEN
        self.office, self.seen = array("H"), array("H")
        self.certificate = array("I")

    def __len__(self) -> int:
        return len(self.office)

    def take(self, years: int, office: int, day: int) -> int:
        """The next household whose applicant was grown up so many years ago and two more."""
        place = min(FIT[min(years, len(FIT) - 1)], key=self.taken.__getitem__)
        home = self.taken[place] * people.TEN + place
        self.taken[place] += 1
        self.reach(home + 1)
        self.office[home], self.seen[home] = office, day
        return home

    def reach(self, homes: int) -> None:
        """Makes room for so many households, in whole tens."""
        missing = -(-homes // people.TEN) * people.TEN - len(self.office)
        if missing > 0:
            for column in (self.office, self.seen, self.certificate):
                column.frombytes(bytes(missing * column.itemsize))

    def saw(self, home: int, day: int) -> None:
        """The household was met as early as this day."""
        self.seen[home] = min(self.seen[home], day)


@dataclass
class Leases:
    """Contracts in the order of their units, the latest first; days counted from the plan's first."""

    unit: array[int] = field(default_factory=lambda: array("I"))
    start: array[int] = field(default_factory=lambda: array("H"))
    end: array[int] = field(default_factory=lambda: array("H"))
    ended: array[int] = field(default_factory=lambda: array("H"))
    home: array[int] = field(default_factory=lambda: array("I"))
    flags: array[int] = field(default_factory=lambda: array("B"))

    def __len__(self) -> int:
        return len(self.unit)


class Plan:
    """The whole plan. Days are counted from `first`, an ordinal; a case is one number, see `case`."""

    def __init__(self, stock: Stock, staff: Staff, ways: Ways, today: int, years: int) -> None:
        self.stock, self.staff, self.ways, self.years = stock, staff, ways, years
        self.first, self.last = today - years * YEAR - 500, years * YEAR + 500
        self.divisions = [int(division) for division, _, _ in DISTRICTS]
        self.offices = [staff.operators[division] for division, _, _ in DISTRICTS]
        self.number_of = {office.path: at for offices in self.offices for at, office in enumerate(offices)}
        self.place_of = {division: at for at, division in enumerate(self.divisions)}
        self.homes = [Homes() for _ in self.divisions]
        self.leases = Leases()
        self.random = Random(f"{CITY} plan")
        self.cases = array("Q")
        self.busy = [SEASON[self.month(day)] for day in range(self.last + 1)]
        self.own = self.last - OWN_DAYS
        self.whole = -(-ways.starts[-1] // 24) + 1

    def month(self, day: int) -> int:
        """The month of a day, from 0."""
        return min(11, int((self.first + day) % people.YEAR / people.YEAR * 12))

    def district(self, unit: int) -> int:
        """The place of a unit's district among the districts."""
        return self.place_of[int(self.stock.block_of(unit).office.division)]

    def pick(self, low: int, high: int) -> int:
        """A day from `low` to `high`, more often a busy one."""
        one = self.random.randint(low, max(low, high))
        other = self.random.randint(low, max(low, high))
        low_one, busy_one = sorted((one, other), key=self.busy.__getitem__)
        return busy_one if self.random.random() < 0.8 else low_one

    def take(self, at: int, day: int, office: int | None = None) -> int:
        """A household of the district that could apply on the day; of any of the district's offices if none is said."""
        if office is None:
            office = self.random.randrange(len(self.offices[at]))
        return self.homes[at].take((self.last - day) // YEAR + 1, office, max(1, day))

    # ---- leases

    def lease(self, contracts: int) -> None:
        """Tells the leases of every unit; `contracts` in all, or those in force where that is more.

        Each unit has of the former ones what its years of supply and chance give it.
        """
        stock, random = self.stock, self.random
        live = sum(1 for state in stock.state if state <= 1)
        former = max(0, contracts - live)
        weights = array("d")
        for unit, state in enumerate(stock.state):
            known = 0.0 if state == UNCONFIRMED else self.last - self.supplied(unit)
            weights.append(known * (0.5 + random.random()))
        total, reached, given = sum(weights) or 1.0, 0.0, 0
        for unit in range(len(stock)):
            reached += weights[unit]
            upto = int(former * reached / total)
            self.told_backwards(unit, upto - given)
            given = upto

    def supplied(self, unit: int) -> int:
        """The day on which the unit was supplied."""
        return self.stock.block_of(unit).supplied.toordinal() - self.first

    def told_backwards(self, unit: int, former: int) -> None:
        """The leases of one unit: the one in force, if any, and so many former ones before it."""
        random, supplied = self.random, self.supplied(unit)
        at, office = self.district(unit), self.number_of[self.stock.block_of(unit).office.path]
        state = self.stock.state[unit]
        # units that stand empty do so since some weeks, a few for years
        since = min(int(5 + 800 * random.random() ** 3), (self.last - supplied) // 3)
        home, before = -1, self.last - since
        again = 0
        if state <= 1:
            term = random.choice(TERMS)
            lived = random.randint(5 if state == LET else 150, term - 5)
            start = max(self.last - lived, min(supplied + 12 + 45 * former, self.last - 3))
            again, home = self.tenancy(at, start, office, former)
            flags = (LIVE if state == LET else LIVE | LEAVES) | (RENEWAL if again else 0)
            self.add(unit, start, start + term - 1, 0, home, flags)
            before = start - 1
        for left in range(former, 0, -1):
            same = again > 0
            if not same:
                before -= random.randint(10, 60)
            room = (before - supplied - 5) // left
            term = min(random.choice(TERMS), max(room - 40, 20))
            ended, start = before, before - term + 1
            if same:
                again -= 1
            else:
                again, home = self.tenancy(at, start, office, left - 1)
            early = EARLY if not same and random.random() < 0.15 else 0
            self.add(unit, start, ended + (90 if early else 0), ended, home, early | (RENEWAL if again else 0))
            before = start - 1

    def tenancy(self, at: int, day: int, office: int, left: int) -> tuple[int, int]:
        """How many earlier leases of the unit a household's latest, begun on a day, continues; and the household."""
        again = 0
        while again < left and self.random.random() < RENEWED:
            again += 1
        return again, self.take(at, day - again * max(TERMS), office)

    def add(self, unit: int, start: int, end: int, ended: int, home: int, flags: int) -> None:
        leases = self.leases
        for column, value in (
            (leases.unit, unit), (leases.start, start), (leases.end, end), (leases.ended, ended), (leases.home, home),
            (leases.flags, flags),
        ):  # fmt: skip
            column.append(value)
        self.homes[self.district(unit)].saw(home, start)

    # ---- cases

    def apply(self, cases: int) -> None:
        """Tells so many cases and puts them in the order of their submission."""
        opened = min(MOST_OPEN, cases * OPEN // 1000)
        queued, refused = cases * QUEUED // 1000, cases * REFUSED // 1000
        found = sorted(self.of_tenants(), reverse=True)[: cases - opened - queued - refused]
        lapsed = cases - opened - queued - refused - len(found)
        told = [self.case(*self.unpacked(each), APPROVED) for each in found]
        again = [each for each in found if self.random.random() < REFUSED_BEFORE]
        self.random.shuffle(again)
        told += self.refused(refused, again)
        del found, again
        for _ in range(queued):
            told.append(self.fresh(self.last - 620, self.last - self.whole - 5, APPROVED | WAITS))
        for _ in range(lapsed):
            told.append(self.fresh(500, self.last - MARGIN, APPROVED))
        told += [self.under_way() for _ in range(opened)]
        told.sort()
        self.cases = array("Q", told)

    def of_tenants(self) -> Iterator[int]:
        """Day, district and household of each approved application behind a lease, as one number.

        A renewal has its own where the household was reviewed again; in the platform's own time a household has one
        only, because a certificate lasts as long.
        """
        leases, random = self.leases, self.random
        own, lately = False, (-1, -1)
        for place in range(len(leases)):
            home, at = leases.home[place], self.district(leases.unit[place])
            if (at, home) != lately:
                own, lately = False, (at, home)
            if leases.flags[place] & RENEWAL and random.random() > REVIEWED_AGAIN:
                continue
            wait = 90 if leases.flags[place] & RENEWAL else 0
            start = leases.start[place]
            day = start - wait if wait else self.pick(start - self.whole - 200, start - self.whole - 3)
            if day >= self.own:
                if own:
                    continue
                own = True
            yield day << 40 | at << 36 | home

    def unpacked(self, told: int) -> tuple[int, int, int]:
        return told >> 40, told >> 36 & 15, told & 0xFFFFFFFFF

    def refused(self, wanted: int, later: list[int]) -> Iterator[int]:
        """Cases that were refused: of households that came again later, then of others."""
        for each in later[: wanted // 2]:
            day, at, home = self.unpacked(each)
            wanted -= 1
            yield self.case(max(1, day - self.random.randint(110, 330)), at, home, self.failure())
        for _ in range(wanted):
            yield self.fresh(500, self.last - MARGIN, self.failure())

    def failure(self) -> int:
        return 1 + self.random.randrange(len(ENDED_AT))

    def fresh(self, low: int, high: int, kind: int) -> int:
        """A case of a household that appears nowhere else."""
        day, at = self.pick(low, high), self.anywhere()
        return self.case(day, at, self.take(at, day), kind)

    def anywhere(self) -> int:
        """A district, the large ones more often."""
        return self.district(self.random.randrange(len(self.stock)))

    def under_way(self) -> int:
        """A case that is being decided, at a step where many or few wait."""
        at = self.anywhere()
        place, ago = self.ways.open_one(self.random)
        day, hour = divmod(self.last * 24 - ago, 24)
        return self.packed(day * 24 + hour, at, self.take(at, day), OPEN_AT + place)

    def case(self, day: int, at: int, home: int, kind: int) -> int:
        """A case as one number that sorts by its hour."""
        hour = day * 24 + self.random.choice(HOURS)
        self.homes[at].saw(home, day)
        return self.packed(hour, at, home, kind)

    @staticmethod
    def packed(hour: int, at: int, home: int, kind: int) -> int:
        return hour << 44 | at << 40 | home << 8 | kind

    def told(self, place: int) -> tuple[int, int, int, int]:
        """Hour since the plan's first day, district, household and kind of a case."""
        case = self.cases[place]
        return case >> 44, case >> 40 & 15, case >> 8 & 0xFFFFFFFF, case & 255

    # ---- the rest

    def settle(self, persons: int) -> int:
        """Adds households that have no case and no contract until there are so many persons; says how many there are."""
        share = max(0, persons - self.persons()) // len(self.homes) + 1
        for at, homes in enumerate(self.homes):
            goal = people.people_before(len(homes)) + share
            while people.people_before(len(homes)) < goal:
                homes.reach(len(homes) + people.TEN)
            for home, day in enumerate(homes.seen):
                if not day:
                    homes.seen[home] = 1 + people.mixed(at, home, 9) % (self.last - 1)
                    homes.office[home] = people.mixed(at, home, 5) % len(self.offices[at])
        return self.persons()

    def persons(self) -> int:
        """How many people all households have."""
        return sum(people.people_before(len(homes)) for homes in self.homes)
