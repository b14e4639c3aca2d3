"""The supply of the demonstration city 澜州市: deterministic, invented, like life."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from anju.identity.models import Organisation
from anju.kernel import clock
from anju.kernel.registers import sort_key
from anju.supply import seed_past
from anju.supply.models import Bed, Building, Estate, Operator, Project, Room, Unit, UnitStatus

OPERATORS = (
    (
        "LZ-OP-01",
        "澜州安居住房租赁有限公司",
        "91339900MA2K1AB01X",
        "339901",
        "江湾路 18 号",
        "沈立群",
        "0599-6201 8801",
    ),
    (
        "LZ-OP-02",
        "南屏惠民公共住房运营有限公司",
        "91339900MA2K1AB02Y",
        "339902",
        "南屏大道 206 号",
        "陆晓岚",
        "0599-6201 8802",
    ),
    (
        "LZ-OP-03",
        "文昌和居资产管理有限公司",
        "91339900MA2K1AB03A",
        "339903",
        "文昌中路 77 号",
        "韩知远",
        "0599-6201 8803",
    ),
    ("LZ-OP-04", "云溪县保障房运营中心", "12339904MB1K2AB04C", "339904", "溪口路 5 号", "叶怀瑾", "0599-6201 8804"),
)
# code, name, programme, division, street, operator, rent standard, estates: name, address, buildings: name, floors,
# units a floor
PROJECTS: tuple[tuple[Any, ...], ...] = (
    ("JW01", "江湾家园", "public_rental", "339901", "江湾镇", 0, "26.00",
     [("江湾家园", "江湾路 366 弄", [("1号楼", 12, 8), ("2号楼", 12, 6), ("3号楼", 11, 6)])]),
    ("JW02", "江湾新城人才公寓", "affordable_rental", "339901", "新城街道", 0, "38.00",
     [("江湾新城", "滨江大道 1200 号", [("1号楼", 14, 4), ("2号楼", 14, 4)])]),
    ("NP01", "南屏里二期", "public_rental", "339902", "南屏街道", 1, "24.00",
     [("南屏里二期", "南屏大道 518 号", [("1号楼", 11, 4), ("2号楼", 11, 4), ("3号楼", 11, 4), ("5号楼", 6, 6)])]),
    ("NP02", "屏山青年公寓", "affordable_rental", "339902", "屏山镇", 1, "33.00",
     [("屏山青年公寓", "屏山路 9 号", [("A座", 10, 6), ("B座", 10, 4)])]),
    ("WC01", "文昌新苑", "public_rental", "339903", "文昌街道", 2, "25.00",
     [("文昌新苑东区", "文昌中路 300 弄", [("1号楼", 11, 4), ("2号楼", 11, 4)]),
      ("文昌新苑西区", "文昌中路 301 弄", [("1号楼", 6, 6), ("2号楼", 6, 6)])]),
    ("WC02", "书院里", "low_rent", "339903", "书院街道", 2, "8.00",
     [("书院里", "书院巷 40 号", [("1号楼", 6, 6)])]),
    ("YX01", "云溪佳苑", "public_rental", "339904", "云溪镇", 3, "18.00",
     [("云溪佳苑", "溪口路 88 号", [("1号楼", 6, 4), ("2号楼", 6, 4)])]),
    ("YX02", "云溪蓝领公寓", "affordable_rental", "339904", "开发区", 3, "20.00",
     [("云溪蓝领公寓", "工业大道 16 号", [("1号楼", 5, 8)])]),
)  # fmt: skip
LAYOUTS = (
    ("one_one", Decimal("46.35"), "southeast"),
    ("studio", Decimal("38.72"), "south"),
    ("studio", Decimal("38.72"), "south"),
    ("two_one", Decimal("64.90"), "south_north"),
    ("two_one", Decimal("62.18"), "south"),
    ("studio", Decimal("36.40"), "north"),
    ("studio", Decimal("36.40"), "north"),
    ("three_one", Decimal("78.23"), "southwest"),
)
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
)
GIVEN = "敏平华勇宇磊洋艳芳静强军杰娟涛明超霞兰英丽玲梅琴云飞鹏健"


def seed_supply(*, org_paths: Mapping[str, str] | None = None, past: bool = False) -> dict[str, list[int]]:
    """Makes the demonstration's operators, projects, buildings, units and rooms once; run again, it changes nothing.

    `org_paths` maps an operator's code to the path of its organisation, so that its clerks reach its rows. With `past`
    units come to their state by acts of the last two years (`seed_past`). Returns the ids by kind: operators, projects,
    buildings, units.
    """
    if not Operator.objects.filter(code=OPERATORS[0][0]).exists():
        _make(dict(org_paths or {}), past)
    return {
        "operators": list(Operator.objects.order_by("code").values_list("id", flat=True)),
        "projects": list(Project.objects.order_by("code").values_list("id", flat=True)),
        "buildings": list(Building.objects.order_by("id").values_list("id", flat=True)),
        "units": list(Unit.objects.order_by("code").values_list("id", flat=True)),
    }


def _make(org_paths: dict[str, str], past: bool) -> None:
    random = Random(339900)
    today = clock.today()
    operators = [
        Operator.objects.create(
            code=code, name=name, name_pinyin=sort_key(name), credit_code=credit, division=division, address=address,
            contact=contact, phone=phone, org_path=org_paths.get(code, f"/1/{number}/"),
            organisation=Organisation.objects.filter(path=org_paths.get(code, "")).first(),
        )
        for number, (code, name, credit, division, address, contact, phone) in enumerate(OPERATORS, start=2)
    ]  # fmt: skip
    planned: list[tuple[date, list[Unit]]] = []
    for code, name, programme, division, street, operator, standard, estates in PROJECTS:
        opened = iter(seed_past.OPENED[code])
        project = Project.objects.create(
            code=code,
            name=name,
            name_pinyin=sort_key(name),
            programme=programme,
            division=division,
            street=street,
            operator=operators[operator],
            address=estates[0][1],
            supply_on=seed_past.opening(seed_past.OPENED[code][0], today),
            rent_standard=Decimal(standard),
        )
        for position, (estate_name, address, buildings) in enumerate(estates):
            estate = Estate.objects.create(
                project=project, name=estate_name, name_pinyin=sort_key(estate_name), address=address,
                property_company="和顺物业服务有限公司",
            )  # fmt: skip
            for number, (building_name, floors, width) in enumerate(buildings, start=1):
                released = seed_past.opening(next(opened), today)
                building = Building.objects.create(
                    estate=estate,
                    name=building_name,
                    floors=floors,
                    has_lift=floors > 6,
                    completed_on=released - timedelta(days=63),
                )
                mark = f"{code}-{chr(65 + position) if len(estates) > 1 else ''}{number:02d}"
                units = [
                    _unit(random, building, mark, floor, room, Decimal(standard), today, released)
                    for floor in range(1, floors + 1)
                    for room in range(1, width + 1)
                ]
                planned.append((released, units))
    if past:
        seed_past.lead_to(planned)
    else:
        Unit.objects.bulk_create(unit for _, units in planned for unit in units)
    shared = Unit.objects.filter(project__code="YX02", floor=2).order_by("code")
    rooms = Room.objects.bulk_create(
        Room(unit=unit, number=number, floor_area=Decimal("14.50")) for unit in shared for number in ("A", "B")
    )
    Bed.objects.bulk_create(
        Bed(room=room, number=number, rent=Decimal("420.00")) for room in rooms for number in ("1", "2")
    )


def _unit(
    random: Random, building: Building, mark: str, floor: int, room: int, standard: Decimal, today: date, released: date
) -> Unit:
    layout, area, orientation = LAYOUTS[(room - 1) % len(LAYOUTS)]
    room_no = f"{floor}{room:02d}"
    unit = Unit(
        building=building,
        code=f"{mark}-{int(room_no):04d}",
        room_no=room_no,
        floor=floor,
        layout=layout,
        floor_area=area,
        orientation=orientation,
        rent=(area * standard).quantize(Decimal("0.01")),
        channel="online",
        released_on=released,
        status=UnitStatus.VACANT,
        status_since=released,
    )
    chance = random.random()
    if floor == 1 and chance < 0.2:
        unit.status, unit.status_note = UnitStatus.LOCKED, random.choice(["物业用房", "样板间", "权属核查"])
    elif chance < 0.72:
        unit.status = UnitStatus.LET if chance > 0.03 else UnitStatus.LEAVING
        unit.status_note = "" if chance > 0.03 else "待查房"
        unit.occupant_name_masked = f"{random.choice(SURNAMES)}*{random.choice(GIVEN)}"
        unit.lease_end = today + timedelta(days=random.randint(5, 1000))
    elif chance > 0.985:
        unit.status, unit.status_note = UnitStatus.REPAIR, random.choice(["门锁", "卫生间渗水", "墙面翻新"])
    elif chance > 0.95:
        unit.status, unit.status_since, unit.released_on = UnitStatus.UNCONFIRMED, None, None
    return unit
