"""The last two years of the demonstration's homes: supplied building by building, let, vacated, let again.

Every act is done at its date, with the clock standing there, and the nightly count of units is kept as the worker would
have kept it; so reports by month, lives of units and the record of publications tell one and the same past.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from anju.kernel import clock
from anju.kernel.calendar import is_working_day
from anju.kernel.events import publish
from anju.kernel.registers.models import RegisterHistory
from anju.kernel.scope import system
from anju.supply import moves, publishing
from anju.supply.models import OCCUPIED, Occupancy, Project, PublicationAct, Unit, UnitStatus

# How many months ago each building of a project was supplied, in the order of the seed.
OPENED = {
    "JW01": (26, 18, 10), "JW02": (14, 7), "NP01": (26, 23, 16, 12), "NP02": (17, 7), "WC01": (26, 20, 15, 10),
    "WC02": (24,), "YX01": (22, 13), "YX02": (11,),
}  # fmt: skip
# What was taken back and published again later: months ago, project, units, months away, the act, why.
TAKEN_BACK = (
    (16, "JW01", 6, 2, PublicationAct.WITHDRAW, "外墙渗水，统一修缮"),
    (13, "NP01", 4, 1, PublicationAct.WITHDRAW, "更换入户门"),
    (12, "JW01", 4, 1, PublicationAct.WITHDRAW, "租金标准调整"),
    (11, "WC01", 5, 2, PublicationAct.RECOVER, "面积复测"),
    (9, "JW02", 3, 1, PublicationAct.RECOVER, "户型登记有误，重新核对"),
    (6, "YX01", 3, 2, PublicationAct.RECOVER, "产权核对"),
    (5, "JW01", 5, 1, PublicationAct.WITHDRAW, "电梯大修"),
    (4, "NP01", 5, 1, PublicationAct.WITHDRAW, "外墙修缮"),
    (3, "JW02", 2, 1, PublicationAct.WITHDRAW, "卫生间防水整改"),
    (3, "WC01", 2, 1, PublicationAct.WITHDRAW, "卫生间防水整改"),
)
# A building's units are registered so many days before its supply.
SET_UP = 24
YEAR, LONGEST = 365, 3
TERMS = (YEAR, YEAR, 2 * YEAR, 260)
DAILY = 62
"""How many days back the counts of each day are kept, before that those of the ends of months."""
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "敏平华勇宇磊洋艳芳静强军杰娟涛明超霞兰英"
Act = Callable[[], None]


@dataclass(frozen=True)
class Stay:
    """One household's time in a unit; `ended` is None for who lives there now."""

    unit: Unit
    who: str
    start: date
    ended: date | None
    lease_end: date


def opening(months: int, today: date) -> date:
    """The tenth of a month so many months ago, when a building was supplied."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, 10)


def lead_to(planned: Sequence[tuple[date, Sequence[Unit]]]) -> None:
    """Does what led to the planned states of units, those of a building with the day of its supply; to be called once.

    The last office day before today is the last on which anything happened.
    """
    Past(planned).happen()


def set_up(units: Sequence[Unit]) -> None:
    """Registers the units of a building as they were before anything happened to them."""
    made = Unit.objects.bulk_create(
        Unit(
            building=unit.building, code=unit.code, room_no=unit.room_no, floor=unit.floor, layout=unit.layout,
            floor_area=unit.floor_area, orientation=unit.orientation, rent=unit.rent, channel=unit.channel,
            released_on=unit.released_on, status=UnitStatus.UNCONFIRMED,
        )
        for unit in units
    )  # fmt: skip
    for unit, row in zip(units, made, strict=True):
        unit.pk = row.pk


class Past:
    """What happened on which day, first planned for all units, then done day by day."""

    def __init__(self, planned: Sequence[tuple[date, Sequence[Unit]]]) -> None:
        self.today, self.random, self.actor = clock.today(), Random("澜州 past"), system()
        self.first = min(day for day, _ in planned) - timedelta(days=SET_UP)
        every = (self.first + timedelta(days=n) for n in range((self.today - self.first).days))
        self.office = [day for day in every if day.weekday() == 1 and is_working_day(day)]
        self.acts: dict[date, list[tuple[int, Act]]] = defaultdict(list)
        self.starts: dict[date, list[Stay]] = defaultdict(list)
        self.ends: dict[date, list[Stay]] = defaultdict(list)
        for day, units in planned:
            self.supply(day, units)
            for unit in units:
                self.live(unit, self.on(day))
        self.take_back()

    # ---- planned

    def on(self, day: date) -> date:
        """The office day on or after a day; the last one there was for what would lie after it."""
        return self.office[min(bisect_left(self.office, day), len(self.office) - 1)]

    def plan(self, day: date, order: int, act: Act) -> None:
        """Puts an act on its day; those of smaller order come first."""
        self.acts[self.on(day)].append((order, act))

    def supply(self, day: date, units: Sequence[Unit]) -> None:
        """A building is set up, confirmed, published; what the plan leaves unconfirmed never was."""
        building = units[0].building
        project, known = building.estate.project_id, [unit for unit in units if unit.status != UnitStatus.UNCONFIRMED]
        confirm, offer = PublicationAct.CONFIRM, PublicationAct.PUBLISH
        self.plan(day - timedelta(days=SET_UP), 0, lambda: set_up(units))
        self.plan(day - timedelta(days=10), 1, lambda: self.act(project, confirm, known, f"{building.name}核对"))
        self.plan(day, 2, lambda: self.act(project, offer, known, f"{building.name}供应"))

    def act(self, project: int, act: PublicationAct, units: Iterable[Unit], note: str) -> None:
        """One act of publication on some units of a project."""
        publishing.act(actor=self.actor, project_id=project, act=act, unit_ids=[unit.pk for unit in units], note=note)

    def live(self, unit: Unit, opened: date) -> None:
        """Who lived in a unit, from today backwards to its supply, and what became of it at last."""
        random = self.random
        if unit.status == UnitStatus.UNCONFIRMED:
            return
        if unit.status == UnitStatus.LOCKED:
            self.plan(opened + timedelta(days=7), 4, self.change(unit, "锁定", UnitStatus.LOCKED))
            return
        free = self.on(self.today)
        if unit.status in OCCUPIED and unit.lease_end:
            years = random.choice([n for n in (1, 2, LONGEST) if self.since(unit.lease_end, n) < self.today])
            since = self.since(unit.lease_end, years)
            free = self.stay(unit, opened, unit.occupant_name_masked, since, lease_end=unit.lease_end)
        elif random.random() < 0.7:
            left = free - timedelta(days=random.randint(14, 600))
            free = self.stay(unit, opened, self.name(), left - timedelta(days=random.choice(TERMS)), left)
        while (free - opened).days > 200 and random.random() < 0.9:
            left = free - timedelta(days=random.randint(14, 60))
            free = self.stay(unit, opened, self.name(), left - timedelta(days=random.choice(TERMS)), left)
        if unit.status == UnitStatus.LEAVING:
            day = self.today - timedelta(days=random.randint(3, 20))
            self.plan(day, 4, self.change(unit, "登记退租申请", UnitStatus.LEAVING))
        elif unit.status == UnitStatus.REPAIR:
            day = self.today - timedelta(days=random.randint(1, 12))
            self.plan(day, 4, self.change(unit, "转维修", UnitStatus.REPAIR))

    def since(self, lease_end: date, years: int) -> date:
        return lease_end - timedelta(days=years * YEAR)

    def stay(
        self, unit: Unit, opened: date, who: str, start: date, ended: date | None = None, lease_end: date | None = None
    ) -> date:
        """Plans one stay, begun after the supply of the unit; gives the day on which it began."""
        if start < opened + timedelta(days=7):
            start = opened + timedelta(days=7 + int(min(self.random.expovariate(1 / 30), 120)))
        begun, over = self.on(start), ended and self.on(ended)
        if over and over <= begun:
            return begun
        one = Stay(unit, who, begun, over, lease_end or begun + timedelta(days=YEAR))
        self.starts[begun].append(one)
        if over:
            self.ends[over].append(one)
        return begun

    def name(self) -> str:
        return f"{self.random.choice(SURNAMES)}*{self.random.choice(GIVEN)}"

    def change(self, unit: Unit, action: str, status: UnitStatus) -> Act:
        """One unit gets its planned state, with the words that go with it."""

        def change() -> None:
            note = unit.status_note
            moves.move(unit.pk, actor=self.actor, action=action, when=~moves.PUSHED, status=status, status_note=note)

        return change

    def take_back(self) -> None:
        """Some vacant units are taken from the offer and come back some months later."""
        for months, code, size, away, act, why in TAKEN_BACK:
            self.plan(opening(months, self.today) + timedelta(days=5), 5, self.taking(code, size, away, act, why))

    def taking(self, code: str, size: int, away: int, act: PublicationAct, why: str) -> Act:
        """The act that takes units back which nobody moves into meanwhile, and plans how they return."""

        def take() -> None:
            day, project = clock.today(), Project.objects.get(code=code)
            until = self.on(day + timedelta(days=30 * away))
            soon = {one.unit.pk for start, stays in self.starts.items() if day <= start <= until for one in stays}
            vacant = (
                Unit.objects.filter(project=project, status=UnitStatus.VACANT).exclude(pk__in=soon).order_by("code")
            )
            units = list(vacant[:size])
            if not units:
                return
            self.act(project.pk, act, units, why)
            if act == PublicationAct.RECOVER:
                confirm = PublicationAct.CONFIRM
                self.plan(until - timedelta(days=7), 1, lambda: self.act(project.pk, confirm, units, "复核后确认"))
            self.plan(until, 2, lambda: self.act(project.pk, PublicationAct.PUBLISH, units, "重新供应"))

        return take

    # ---- done

    def happen(self) -> None:
        """Goes through the days: what was planned is done at ten, and past midnight the day's counts are kept."""
        from anju.supply.jobs import keep_day_counts

        for n in range((self.today - self.first).days):
            day, following = (self.first + timedelta(days=n + later) for later in (0, 1))
            with clock.standing(clock.start_of(day) + timedelta(hours=10)):
                for _, act in sorted(self.acts.get(day, ()), key=lambda one: one[0]):
                    act()
                self.vacate(self.ends.get(day, ()))
                self.let(self.starts.get(day, ()))
            if following.day == 1 or (self.today - day).days <= DAILY:
                with clock.standing(clock.start_of(following) + timedelta(minutes=20)):
                    keep_day_counts()

    def vacate(self, stays: Sequence[Stay]) -> None:
        """Tenants leave, as `services.vacate_unit` has it."""
        if not stays:
            return
        moves.move_all(
            Unit.objects.all(), actor=self.actor, action="退租腾空", when=~moves.PUSHED, ticked=[one.unit.pk for one in stays],
            changes={"status": UnitStatus.VACANT, "occupant_name_masked": "", "lease_end": None},
            refusal=moves.UnitTaken(),
        )  # fmt: skip
        Occupancy.objects.filter(unit__in=[one.unit.pk for one in stays], ended_on=None).update(ended_on=clock.today())

    def let(self, stays: Sequence[Stay]) -> None:
        """Tenants move in, as `services.let_unit` has it, many of one day in a handful of statements."""
        if not stays:
            return
        now, day, fields = clock.now(), clock.today(), ("status", "occupant_name_masked", "lease_end")
        units = Unit.objects.in_bulk([one.unit.pk for one in stays])
        lines = []
        for one in stays:
            unit = units[one.unit.pk]
            new: dict[str, Any] = dict(zip(fields, (UnitStatus.LET, one.who, one.lease_end), strict=True))
            old = {key: getattr(unit, key) for key in fields}
            lines.append(moves.line(unit.pk, old, new, actor=self.actor, action="签约入住", at=now))
            for key, value in new.items():
                setattr(unit, key, value)
            unit.status_since, unit.version = day, unit.version + 1
        Unit.objects.bulk_update(units.values(), [*fields, "status_since", "version"])
        RegisterHistory.objects.bulk_create(lines)
        Occupancy.objects.bulk_create(
            Occupancy(unit_id=one.unit.pk, who=one.who, starts_on=day, lease_end=one.lease_end, rent=one.unit.rent)
            for one in stays
        )
        publish("supply.units_moved", unit_ids=list(units), action="签约入住", status=UnitStatus.LET)
