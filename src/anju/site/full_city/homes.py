"""Projects, estates, buildings and units of the full city, with what triggers would have filled written along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random

from django.db import connection

from anju.kernel import clock
from anju.kernel.registers import sort_key
from anju.site.demo import CITY, DISTRICTS
from anju.site.full_city.loading import Sheet, first_free_id, text
from anju.site.full_city.offices import Office, Staff
from anju.supply.seed import GIVEN, LAYOUTS, SURNAMES

PLACES = [
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
]
ENDINGS = ("家园", "新苑", "佳苑", "公寓", "新城", "花园", "里", "雅居")
PROGRAMMES = ("public_rental", "public_rental", "public_rental", "affordable_rental", "affordable_rental", "low_rent")
FLOORS, WIDTHS = (6, 11, 11, 14, 18, 24), (4, 6, 6, 8)
UNITS_AT_ONCE = 50_000
COUNTS = """
    INSERT INTO supply_unitcount (project_id, status, programme, division, layout, units, floor_area, rent)
    SELECT project_id, status, programme, division, layout, count(*), sum(floor_area), sum(rent) FROM supply_unit
     WHERE id >= %s GROUP BY 1, 2, 3, 4, 5
"""


@dataclass
class Made:
    """How many there are."""

    projects: int = 0
    estates: int = 0
    buildings: int = 0
    units: int = 0


@dataclass(frozen=True)
class Block:
    """A building on its way to its units."""

    id: int
    estate_id: int
    project_id: int
    office: Office
    programme: str
    code: str
    where: str
    rent: float
    floors: int
    width: int


def make(units: int, staff: Staff) -> Made:
    """Adds so many units, in buildings, estates and projects of all operators."""
    made = Made()
    unit = Sheet(
        "supply.Unit", "id", "building", "estate", "project", "programme", "code", "room_no", "floor", "address",
        "layout", "floor_area", "orientation", "rent", "status", "status_since", "status_note", "released_on",
        "occupant_name_masked", "lease_end", "org_path", "division", "confirmed", "published",
        created_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    random = Random(f"{CITY} units")
    first = unit_id = first_free_id("supply.Unit")
    names = [f"{random.choice(SURNAMES)}*{random.choice(GIVEN)}" for _ in range(997)]
    ends = [text(clock.today() + timedelta(days=day)) for day in range(5, 1000)]
    wanted = units
    for block in blocks(units, staff, made):
        for room in range(min(block.floors * block.width, wanted)):
            floor, number = room // block.width + 1, room % block.width + 1
            layout, area, orientation = LAYOUTS[(number - 1) % len(LAYOUTS)]
            status, since, note, released, occupant, end = state(random, floor, names, ends)
            room_no = f"{floor}{number:02d}"
            unit.add(
                str(unit_id), str(block.id), str(block.estate_id), str(block.project_id), block.programme,
                f"{block.code}-{int(room_no):04d}", room_no, str(floor), f"{block.where} {room_no}室", layout, str(area),
                orientation, f"{float(area) * block.rent:.2f}", status, since, note, released, occupant, end,
                block.office.path, block.office.division, *[text(status != "unconfirmed")] * 2,
            )  # fmt: skip
            unit_id += 1
        wanted -= min(block.floors * block.width, wanted)
        if len(unit.lines) > UNITS_AT_ONCE:
            unit.write()
    unit.write()
    made.units = unit_id - first
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL anju.folding = 'on'")  # what can be let is counted when a project is first touched
        cursor.execute(COUNTS, [first])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL anju.folding = 'off'")
    return made


def state(random: Random, floor: int, names: list[str], ends: list[str]) -> tuple[str, str, str, str, str, str]:
    """Status, its day and note, day of release, tenant and end of lease, in the proportions of the demonstration."""
    chance = random.random()
    if floor == 1 and chance < 0.02:
        return "locked", "2024-09-01", "物业用房", "2024-09-01", "", "\\N"
    if chance < 0.72:
        tenant, end = names[int(chance * 1e6) % len(names)], ends[int(chance * 1e7) % len(ends)]
        if chance < 0.03:
            return "leaving", "2024-09-01", "待查房", "2024-09-01", tenant, end
        return "let", "2024-09-01", "", "2024-09-01", tenant, end
    if chance > 0.985:
        return "repair", "2024-09-01", "卫生间渗水", "2024-09-01", "", "\\N"
    if chance > 0.95:
        return "unconfirmed", "\\N", "", "\\N", "", "\\N"
    return "vacant", "2024-09-01", "", f"2024-{int(chance * 1e4) % 12 + 1:02d}-01", "", "\\N"


def blocks(units: int, staff: Staff, made: Made) -> Iterator[Block]:
    """Buildings until their units suffice; their projects and estates are written when all are known."""
    random = Random(f"{CITY} buildings")
    today = clock.today()
    stamps = {"created_at": clock.now(), "updated_at": clock.now()}
    project = Sheet(
        "supply.Project", "id", "code", "name", "name_pinyin", "programme", "operator", "street", "address", "supply_on",
        "rent_standard", "org_path", "division", **stamps,
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
    for number, office in enumerate(cycle(running), start=1):
        if units <= 0:
            break
        code = f"{prefix[office.division]}F{number:04d}"
        place, programme = PLACES[number % len(PLACES)], PROGRAMMES[number % len(PROGRAMMES)]
        name, rent = f"{place}{ENDINGS[number // 14 % 8]}{number}期", 18.0 + number % 21
        address = f"{districts[office.division]}{place}路 {number} 弄"
        project.add(
            str(project_id), code, name, sort_key(name), programme, str(office.operator_id), f"{place}街道", address,
            text(date(2018 + number % 7, 1 + number % 12, 1)), f"{rent:.2f}", office.path, office.division,
        )  # fmt: skip
        for side in range(1 + number % 2):
            estate_name = f"{name}{'东西'[side]}区" if number % 2 else name
            estate.add(
                str(estate_id), str(project_id), estate_name, sort_key(estate_name), address, "和顺物业服务有限公司",
                office.path, office.division,
            )  # fmt: skip
            for block in range(1, 4 + number % 5):
                if units <= 0:
                    break
                floors, width = random.choice(FLOORS), random.choice(WIDTHS)
                building.add(
                    str(building_id), str(estate_id), str(project_id), f"{block}号楼", str(floors), text(floors > 6),
                    text(today.replace(day=1) - timedelta(days=365 * (1 + number % 9))), office.path, office.division,
                )  # fmt: skip
                yield Block(
                    building_id, estate_id, project_id, office, programme, f"{code}-{'AB'[side]}{block:02d}",
                    f"{estate_name} {block}号楼", rent, floors, width,
                )  # fmt: skip
                units -= floors * width
                building_id, made.buildings = building_id + 1, made.buildings + 1
            estate_id, made.estates = estate_id + 1, made.estates + 1
        project_id, made.projects = project_id + 1, made.projects + 1
    for sheet in (project, estate, building):
        sheet.write()
