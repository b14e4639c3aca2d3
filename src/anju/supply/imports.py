"""The spreadsheets of supply: operators, projects, estates, changes of units, and the hierarchy in one (PR-05.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from anju.kernel.registers import Derivation, Examination, Field, Import, Level, RowWrong, sort_key
from anju.supply import facts, linking
from anju.supply.models import Bed, Building, Estate, Operator, Project, Room, Unit

PINYIN = Field("name_pinyin", "拼音", max_length=400)
ESTATE_PINYIN = Field("estate_pinyin", "拼音", max_length=400)
CONFIRMED = "已确认、未发布的房源改了户型、建筑面积或月租金，回到待确认；已发布的由有“确认房源”权限的人员修改。"
_DIGITS = "〇一二三四五六七八九"
_NUMERAL = re.compile("[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]")
_PIECE = re.compile("[0-9A-Za-z]+|[一-鿿]+")
_KIND_OF_BUILDING = re.compile(r"(号楼|号|栋|幢|座|楼)$")
_FLOOR = re.compile(r"^(B?)(\d{1,2})\d{2}$", re.IGNORECASE)


def name_order(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """The key by which the name sorts."""
    values["name_pinyin"] = sort_key(str(values["name"]))


def district_needed(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """A project belongs to a district, never to the city as a whole (PR-04.1)."""
    if str(values["division"]).endswith("00"):
        raise RowWrong("division", "district_needed", "项目应归属到区县，不能只到城市")


def both_needed(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """A place has two numbers."""
    for key, other, title in (("longitude", "latitude", "经度"), ("latitude", "longitude", "纬度")):
        if values[key] is None and values[other] is not None:
            raise RowWrong(key, "required", f"必填：经度和纬度要一起填，缺少{title}")


def estate_order(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """The key by which the estate's name sorts."""
    values["estate_pinyin"] = sort_key(str(values["estate"]))


def room_needed(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """What is said of a unit, a room or a bed needs the unit's room number."""
    said = ("layout", "floor_area", "rent", "room", "bed", "code")
    if values["room_no"] is None and any(cells.get(key) not in (None, "") for key in said):
        raise RowWrong("room_no", "required", "必填：有房源或房间的内容，却没有室号")


def above_needed(key: str, above: str, title: str) -> Derivation:
    """A bed needs its room, and a bed's rent its bed."""

    def needed(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
        if values["room_no"] is not None and values[key] is not None and values[above] is None:
            raise RowWrong(above, "required", f"必填：有床位内容的行要填{title}")

    return Derivation(("room_no", key, above), needed)


def of_unit(key: str, title: str) -> Derivation:
    """What every unit says of itself."""

    def needed(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
        if values["room_no"] is not None and values[key] is None:
            raise RowWrong(key, "required", f"必填：有室号的行要填{title}")

    return Derivation(("room_no", key), needed)


def floor_of(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """The floor from the room number, where the sheet leaves it empty."""
    if values["room_no"] is not None and values["floor"] is None:
        found = _FLOOR.match(str(values["room_no"]))
        if found is None:
            raise RowWrong("floor", "required", "必填：从室号看不出楼层")
        values["floor"] = int(found[2]) * (-1 if found[1] else 1)


def floor_exists(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """No unit stands above its building."""
    if values["room_no"] is not None and int(values["floor"]) > int(values["floors"]):
        raise RowWrong("floor", "too_large", f"楼层 {values['floor']} 高于楼栋的地上层数 {values['floors']}")


def code_and_channel(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """The code from project, building and room, and the usual channel, where the sheet leaves them empty."""
    if values["room_no"] is None:
        return
    if values["code"] is None:
        names = (str(values[key]) for key in ("estate", "building", "room_no"))
        values["code"] = unit_code(as_text(cells["project"]), *names)
    values["channel"] = values["channel"] or "online"


SUPPLY_CHECKS = (
    Derivation(("estate",), estate_order),
    Derivation(("room_no",), room_needed),
    above_needed("bed", "room", "房间号"),
    above_needed("bed_rent", "bed", "床位号"),
    of_unit("layout", "户型"),
    of_unit("floor_area", "建筑面积"),
    of_unit("rent", "月租金"),
    Derivation(("room_no", "floor"), floor_of),
    Derivation(("room_no", "floor", "floors"), floor_exists),
    Derivation(("project", "estate", "building", "room_no", "code", "channel"), code_and_channel),
)


def unit_code(project: str, estate: str, building: str, room_no: str) -> str:
    """The code of a unit that came without one, from where it stands."""
    number = mark_of(_KIND_OF_BUILDING.sub("", building)) or building
    return f"{project}-{mark_of(estate)}{number.zfill(2)}-{room_no}"[:40]


def as_text(cell: Any) -> str:
    """A code as it was typed; spreadsheets turn one of digits only into a number."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def mark_of(name: str) -> str:
    """Initials and whole numbers of a name, so that equal numbers of two estates or buildings give different codes.

    Of a long name the end, in which neighbours differ: 三期 and 四期 are 3Q and 4Q, 10 期 is 10Q, 东 1 号 is D1H.
    """
    from pypinyin import Style, lazy_pinyin

    plain = _NUMERAL.sub(lambda found: str(numeral(found[0])), name)
    pieces = (
        [piece] if piece.isascii() else lazy_pinyin(piece, style=Style.FIRST_LETTER) for piece in _PIECE.findall(plain)
    )
    return "".join(letter for piece in pieces for letter in piece)[-8:].upper()


def numeral(word: str) -> int:
    """A Chinese numeral below a hundred: 三, 十, 十二, 二十, 二十一."""
    tens, ten, ones = word.rpartition("十")
    return (_DIGITS.index(tens) if tens else 1) * 10 * bool(ten) + (_DIGITS.index(ones) if ones else 0)


OPERATORS = Import(
    "operators",
    "运营机构",
    fields=(
        Field("code", "机构编码", required=True, max_length=32, example="OP-001"),
        Field("name", "机构名称", required=True, max_length=100, example="江湾住房租赁有限公司"),
        Field("credit_code", "统一社会信用代码", max_length=18, pattern=r"[0-9A-HJ-NPQRTUWXY]{18}", hint="18 位"),
        Field("contact", "联系人", max_length=50),
        Field("phone", "联系电话", max_length=30),
        Field("division", "所在地", "choice", required=True, dictionary="division", example="江湾区"),
        Field("address", "地址"),
    ),
    derived=(PINYIN,),
    derive=(Derivation(("name",), name_order),),
    identify="code",
    levels=(
        Level(
            "operator",
            "运营机构",
            Operator,
            "supply.operators",
            match=["code"],
            values={
                "code": "code",
                "name": "name",
                "name_pinyin": "name_pinyin",
                "credit_code": "credit_code",
                "contact": "contact",
                "phone": "phone",
                "division": "division",
                "address": "address",
            },
        ),
    ),
    notes=("编码已登记的机构会被更新，空着的格不改变原内容。",),
)

PROJECTS = Import(
    "projects",
    "项目",
    fields=(
        Field("code", "项目编码", required=True, max_length=32, example="JW01"),
        Field("name", "项目名称", required=True, max_length=100, example="江湾家园"),
        Field("programme", "保障类别", "choice", required=True, dictionary="programme", example="公共租赁住房"),
        Field("division", "行政区划", "choice", required=True, dictionary="division", example="江湾区"),
        Field("operator", "运营机构编码", "row", required=True, register="supply.operators", example="OP-001"),
        Field("street", "街道（镇）", max_length=50, example="江湾镇"),
        Field("address", "地址", example="江湾路 88 号"),
        Field("supply_on", "供应日期", "date", example="2026-12-01"),
        Field("rent_standard", "租金标准", "money", min=0, max=9999, hint="元/㎡·月", example="38.00"),
        Field("sector", "板块", max_length=50, example="江湾新城"),
        Field("longitude", "经度", "number", min=-180, max=180, places=6, hint="和纬度一起填", example="118.082100"),
        Field("latitude", "纬度", "number", min=-90, max=90, places=6, example="26.632100"),
    ),
    derived=(PINYIN,),
    derive=(
        Derivation(("division",), district_needed),
        Derivation(("longitude", "latitude"), both_needed),
        Derivation(("name",), name_order),
    ),
    identify="code",
    levels=(
        Level(
            "project",
            "项目",
            Project,
            "supply.projects",
            match=["code"],
            values={
                "code": "code",
                "name": "name",
                "name_pinyin": "name_pinyin",
                "programme": "programme",
                "division": "division",
                "operator": "operator",
                "street": "street",
                "address": "address",
                "supply_on": "supply_on",
                "rent_standard": "rent_standard",
                "sector": "sector",
                "longitude": "longitude",
                "latitude": "latitude",
            },
        ),
    ),
    notes=("编码已登记的项目会被更新，空着的格不改变原内容。",),
)

ESTATES = Import(
    "estates",
    "小区",
    fields=(
        Field("project", "项目编码", "row", required=True, register="supply.projects", example="JW01"),
        Field("name", "小区名称", required=True, max_length=100, example="江湾家园一期"),
        Field("address", "地址", example="江湾路 88 号"),
        Field("property_company", "物业公司", max_length=100, example="和顺物业"),
    ),
    derived=(PINYIN,),
    derive=(Derivation(("name",), name_order),),
    identify="name",
    levels=(
        Level(
            "estate",
            "小区",
            Estate,
            "supply.estates",
            match=["project", "name"],
            values={
                "project": "project",
                "name": "name",
                "name_pinyin": "name_pinyin",
                "address": "address",
                "property_company": "property_company",
            },
        ),
    ),
    notes=("同一项目下同名的小区会被更新。",),
)

SUPPLY = Import(
    "supply",
    "小区楼栋房源房间",
    fields=(
        Field("project", "项目编码", "row", required=True, register="supply.projects", example="JW01"),
        Field("estate", "小区名称", required=True, max_length=100, example="江湾家园一期"),
        Field("building", "楼栋", required=True, max_length=50, example="3号楼"),
        Field("floors", "地上层数", "integer", required=True, min=1, max=120, example="12"),
        Field("room_no", "室号", max_length=20, example="1203"),
        Field("code", "房源编码", max_length=40, hint="空着时按项目、楼栋、室号生成", example="JW01-03-1203"),
        Field("floor", "楼层", "integer", min=-3, max=120, hint="空着时取自室号", example="12"),
        Field("layout", "户型", "choice", dictionary="layout", hint="有室号的行必填", example="两室一厅"),
        Field("floor_area", "建筑面积", "area", min=1, max=2000, hint="有室号的行必填", example="62.18"),
        Field("orientation", "朝向", "choice", dictionary="orientation", example="南"),
        Field("rent", "月租金", "money", min=0, max=999_999, hint="有室号的行必填", example="1920.00"),
        Field(
            "channel", "供应渠道", "choice", dictionary="supply_channel", hint="空着时为线上申请", example="线上申请"
        ),
        Field("released_on", "供应日期", "date", example="2026-12-01"),
        Field("room", "房间号", max_length=20, hint="按间登记时填，一间一行", example="A"),
        Field("room_area", "房间使用面积", "area", min=1, max=500, example="12.50"),
        Field("bed", "床位号", max_length=10, hint="按床位登记时填，一床一行", example="1"),
        Field("bed_rent", "床位月租金", "money", min=0, max=99_999, example="450.00"),
    ),
    derived=(ESTATE_PINYIN,),
    derive=SUPPLY_CHECKS,
    identify="code",
    levels=(
        Level(
            "estate",
            "小区",
            Estate,
            "supply.estates",
            match=["project", "name"],
            existing="refuse",
            values={
                "project": "project",
                "name": "estate",
                "name_pinyin": "estate_pinyin",
            },
        ),
        Level(
            "building",
            "楼栋",
            Building,
            "supply.buildings",
            match=["estate", "name"],
            existing="refuse",
            parents={"estate": "estate"},
            values={"name": "building", "floors": "floors"},
        ),
        Level(
            "unit",
            "房源",
            Unit,
            "supply.units",
            match=["building", "room_no"],
            unique=["code"],
            existing="refuse",
            parents={"building": "building"},
            values={
                "room_no": "room_no",
                "code": "code",
                "floor": "floor",
                "layout": "layout",
                "floor_area": "floor_area",
                "orientation": "orientation",
                "rent": "rent",
                "channel": "channel",
                "released_on": "released_on",
            },
        ),
        Level(
            "room",
            "房间",
            Room,
            "supply.rooms",
            match=["unit", "number"],
            existing="refuse",
            parents={"unit": "unit"},
            values={"number": "room", "floor_area": "room_area"},
        ),
        Level(
            "bed",
            "床位",
            Bed,
            "supply.beds",
            match=["room", "number"],
            existing="refuse",
            parents={"room": "room"},
            values={"number": "bed", "rent": "bed_rent"},
        ),
    ),
    examine=(
        Examination(("project", "estate", "building", "room_no", "floor", "layout", "floor_area"), linking.examine),
    ),
    notes=(
        "一行一套房源；按间登记的一间一行，按床位登记的一床一行，上级各列每行都填。小区、楼栋不存在时一并建立，项目须先登记。",
        "已登记的房源、房间或床位不会被覆盖，该行不导入并写明原因；新房源的状态为“待确认”。",
    ),
)

UNITS = Import(
    "units",
    "已有房源变更",
    fields=(
        Field("unit", "房源编码", "row", required=True, register="supply.units", example="JW01-03-1203"),
        Field("layout", "户型", "choice", dictionary="layout", example="两室一厅"),
        Field("floor_area", "建筑面积", "area", min=1, max=2000, example="62.18"),
        Field("orientation", "朝向", "choice", dictionary="orientation", example="南"),
        Field("rent", "月租金", "money", min=0, max=999_999, example="1920.00"),
        Field("channel", "供应渠道", "choice", dictionary="supply_channel", example="线上申请"),
        Field("released_on", "供应日期", "date", example="2026-12-01"),
    ),
    identify="unit",
    levels=(
        Level(
            "unit",
            "房源",
            Unit,
            "supply.units",
            match=["id"],
            values={
                "id": "unit",
                "layout": "layout",
                "floor_area": "floor_area",
                "orientation": "orientation",
                "rent": "rent",
                "channel": "channel",
                "released_on": "released_on",
            },
        ),
    ),
    examine=(
        Examination(("unit",), facts.examine, again=True),
        Examination(("unit", "layout", "floor_area"), linking.examine_changes),
    ),
    notes=("只改已登记的房源，空着的格不改变原内容。", CONFIRMED),
)

RENTS = Import(
    "rents",
    "租金",
    fields=(
        Field("unit", "房源编码", "row", required=True, register="supply.units", example="JW01-03-1203"),
        Field("rent", "月租金", "money", required=True, min=0, max=999_999, hint="元/月", example="1920.00"),
    ),
    identify="unit",
    levels=(
        Level("unit", "房源", Unit, "supply.units", match=["id"], values={"id": "unit", "rent": "rent"}),
    ),
    examine=(Examination(("unit",), facts.examine, again=True),),
    notes=("只改已登记房源的月租金，已签合同的租金不变。", CONFIRMED),
)  # fmt: skip
