"""Projects, estates, buildings and units of the full city, with what triggers would have filled written along.

Units are planned first, as a state a unit in an array; the leases (`leases`) say who lives where, and only then are they
written, with their contract in them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, pairwise
from random import Random
from typing import Any

from django.db import connection

from anju.kernel import clock
from anju.kernel.registers import sort_key
from anju.site.demo import CITY, DISTRICTS
from anju.site.full_city.loading import Sheet, first_free_id, text
from anju.site.full_city.offices import Office, Staff
from anju.supply.seed import LAYOUTS

PLACES = (
    "江湾",
    "滨江",
    "文昌",
    "书院",
    "屏山",
    "云溪",
    "南岸",
    "北辰",
    "东风",
    "西园",
    "凤凰",
    "龙泉",
    "清河",
    "白鹭",
)
ENDINGS = ("家园", "新苑", "佳苑", "公寓", "新城", "花园", "里", "雅居")
PROGRAMMES = ("public_rental", "public_rental", "public_rental", "affordable_rental", "affordable_rental", "low_rent")
FLOORS, WIDTHS = (6, 11, 11, 14, 18, 24), (4, 6, 6, 8)
# How large one project is beside another, ten by ten; the eighth of each ten is one of a thousand units and more.
SHARES = (3, 2, 1, 3, 1, 2, 4, 8, 1, 2)
MIDDLES = {
    "339901": (118.115, 26.655),
    "339902": (118.05, 26.585),
    "339903": (118.063, 26.643),
    "339904": (117.96, 26.70),
}
LET, LEAVING, VACANT, REPAIR, LOCKED, UNCONFIRMED = range(6)
STATES = ("let", "leaving", "vacant", "repair", "locked", "unconfirmed")
NOTES = ("", "待查房", "", "卫生间渗水", "物业用房", "")


@dataclass(frozen=True)
class Block:
    """A building on its way to its units; `first` is the place of its first unit, `supplied` the day of its supply."""

    id: int
    estate_id: int
    project_id: int
    office: Office
    programme: str
    code: str
    project: str
    where: str
    rent: float
    width: int
    first: int
    rooms: int
    supplied: date


@dataclass(frozen=True)
class Room:
    """What a unit's place in its building says of it. `area` and `rent` are in hundredths."""

    number: str
    floor: int
    code: str
    address: str
    layout: str
    area: int
    orientation: str
    rent: int


@dataclass
class Stock:
    """All new units: their buildings, the building of each (`block`) and its state, an index into `STATES`."""

    blocks: list[Block]
    block: array[int]
    state: array[int]
    first_id: int
    projects: int = 0
    estates: int = 0

    def __len__(self) -> int:
        return len(self.block)

    def block_of(self, unit: int) -> Block:
        return self.blocks[self.block[unit]]

    def occupied(self, unit: int) -> bool:
        return self.state[unit] <= LEAVING


def room_of(block: Block, place: int) -> Room:
    """The unit at a place of its building, counted from its first."""
    floor, side = place // block.width + 1, place % block.width
    layout, area, orientation = LAYOUTS[side % len(LAYOUTS)]
    number = f"{floor}{side + 1:02d}"
    return Room(
        number, floor, f"{block.code}-{int(number):04d}", f"{block.where} {number}室", layout, int(area * 100),
        orientation, round(float(area) * block.rent * 100),
    )  # fmt: skip


def money(hundredths: int) -> str:
    """Hundredths as a number with two places."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def plan(units: int, projects: int, years: int, staff: Staff) -> Stock:
    """So many units in so many projects of all operators; writes projects, estates and buildings, not yet the units."""
    stock = Stock([], array("I"), array("B"), first_free_id("supply.Unit"))
    random = Random(f"{CITY} units")
    for block in blocks(units, projects, years, staff, stock):
        stock.blocks.append(block)
        for place in range(block.rooms):
            stock.block.append(len(stock.blocks) - 1)
            stock.state.append(state(random, place < block.width))
    return stock


def state(random: Random, ground: bool) -> int:
    """A unit's state in the proportions of the demonstration."""
    chance = random.random()
    if ground and chance < 0.02:
        return LOCKED
    if chance < 0.72:
        return LEAVING if chance < 0.03 else LET
    if chance > 0.985:
        return REPAIR
    return UNCONFIRMED if chance > 0.95 else VACANT


def quotas(units: int, projects: int) -> list[int]:
    """How many units each project has."""
    sums = [0]
    for number in range(projects):
        sums.append(sums[-1] + SHARES[number % len(SHARES)])
    ends = [units * each // sums[-1] for each in sums]
    return [after - before for before, after in pairwise(ends)]


def blocks(units: int, projects: int, years: int, staff: Staff, stock: Stock) -> Iterator[Block]:
    """Buildings until their units suffice; their projects and estates are written when all are known."""
    random = Random(f"{CITY} buildings")
    today = clock.today()
    stamps: dict[str, Any] = {"created_at": clock.now(), "updated_at": clock.now()}
    project = Sheet(
        "supply.Project", "id", "code", "name", "name_pinyin", "programme", "operator", "street", "address", "supply_on",
        "rent_standard", "sector", "longitude", "latitude", "org_path", "division", **stamps,
    )  # fmt: skip
    estate = Sheet(
        "supply.Estate", "id", "project", "name", "name_pinyin", "address", "property_company", "org_path", "division",
        **stamps,
    )  # fmt: skip
    building = Sheet(
        "supply.Building", "id", "estate", "project", "name", "floors", "has_lift", "completed_on", "org_path",
        "division", **stamps,
    )  # fmt: skip
    project_id, estate_id = first_free_id("supply.Project"), first_free_id("supply.Estate")
    building_id = first_free_id("supply.Building")
    prefix = {division: code for division, _, code in DISTRICTS}
    districts = {division: name for division, name, _ in DISTRICTS}
    running = [office for offices in staff.operators.values() for office in offices if office.operator_id]
    first = 0
    for number, (office, quota) in enumerate(zip(cycle(running), quotas(units, projects), strict=False), start=1):
        code = f"{prefix[office.division]}F{number:04d}"
        place, programme = PLACES[number % len(PLACES)], PROGRAMMES[number % len(PROGRAMMES)]
        name, rent = f"{place}{ENDINGS[number // 14 % 8]}{number}期", 18.0 + number % 21
        address = f"{districts[office.division]}{place}路 {number} 弄"
        supplied = today - timedelta(days=100 + random.randrange(365 * years - 100))
        east, north = where(random, office.division)
        project.add(
            str(project_id), code, name, sort_key(name), programme, str(office.operator_id), f"{place}街道", address,
            text(supplied), f"{rent:.2f}", f"{place}板块", east, north, office.path, office.division,
        )  # fmt: skip
        sides = 1 + (number % 2 and quota > 1)
        for side in range(sides):
            estate_name = f"{name}{'东西'[side]}区" if sides > 1 else name
            estate.add(
                str(estate_id), str(project_id), estate_name, sort_key(estate_name), address, "和顺物业服务有限公司",
                office.path, office.division,
            )  # fmt: skip
            wanted, block = (quota + side) // sides, 0
            while wanted > 0:
                block += 1
                floors, width = random.choice(FLOORS), random.choice(WIDTHS)
                rooms = min(floors * width, wanted)
                building.add(
                    str(building_id), str(estate_id), str(project_id), f"{block}号楼", str(floors), text(floors > 6),
                    text(supplied - timedelta(days=60)), office.path, office.division,
                )  # fmt: skip
                yield Block(
                    building_id, estate_id, project_id, office, programme, f"{code}-{'AB'[side]}{block:02d}", name,
                    f"{estate_name} {block}号楼", rent, width, first, rooms, supplied,
                )  # fmt: skip
                wanted, first, building_id = wanted - rooms, first + rooms, building_id + 1
            estate_id, stock.estates = estate_id + 1, stock.estates + 1
        project_id, stock.projects = project_id + 1, stock.projects + 1
    for sheet in (project, estate, building):
        sheet.write()


def where(random: Random, division: str) -> tuple[str, str]:
    """A place in the district, longitude and latitude."""
    east, north = MIDDLES[division]
    return f"{random.gauss(east, 0.02):.6f}", f"{random.gauss(north, 0.015):.6f}"


def whole_projects(stock: Stock, units: int) -> Sequence[tuple[int, int]]:
    """The buildings in portions of about so many units that divide no project."""
    portions, start, held = [], 0, 0
    for at, block in enumerate(stock.blocks):
        if held >= units and block.project_id != stock.blocks[at - 1].project_id:
            portions.append((start, at))
            start, held = at, 0
        held += block.rooms
    return [*portions, (start, len(stock.blocks))]


COUNTS = """
    INSERT INTO supply_unitcount (project_id, status, programme, division, layout, org_path, units, floor_area, rent)
    SELECT project_id, status, programme, division, layout, org_path, count(*), sum(floor_area), sum(rent) FROM supply_unit
     WHERE id >= %(first)s GROUP BY 1, 2, 3, 4, 5, 6
"""
RENTABLE = """
    INSERT INTO supply_rentable (project_id, layout, units)
    SELECT project_id, layout, count(*) FILTER (WHERE status = 'vacant') FROM supply_unit
     WHERE id >= %(first)s GROUP BY 1, 2
"""
PUBLISHED = """
    INSERT INTO supply_publication (project_id, act, units, rentable, at, by_name, note, org_path, division, extra,
                                    created_at, created_by, updated_at, version)
    SELECT project.id, act.key, stock.units, CASE act.key WHEN 'publish' THEN stock.units ELSE 0 END, day.at, '系统', '',
           project.org_path, project.division, '{}', day.at, 'system:0', day.at, 1
      FROM (SELECT project_id, count(*) AS units FROM supply_unit WHERE id >= %(first)s AND confirmed GROUP BY 1) AS stock
      JOIN supply_project AS project ON project.id = stock.project_id
     CROSS JOIN (VALUES ('confirm', 40), ('publish', 30)) AS act (key, days)
     CROSS JOIN LATERAL (
           SELECT (project.supply_on - act.days + time '09:30') AT TIME ZONE 'Asia/Shanghai' AS at) AS day
     ORDER BY day.at, project.id
"""


def write_counts(stock: Stock) -> None:
    """The counts of units, what can be let, and the publication of each project, as acts would have left them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL anju.folding = 'on'")  # what can be let is written beside, not by trigger
        for statement in (COUNTS, RENTABLE, PUBLISHED):
            cursor.execute(statement, {"first": stock.first_id})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL anju.folding = 'off'")
