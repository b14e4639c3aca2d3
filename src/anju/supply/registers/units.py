"""The registers of units, their rooms and beds (SH-183, SH-184, PR-05)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from anju.kernel.registers import (
    Action,
    Between,
    Choice,
    Column,
    DateBetween,
    Field,
    Guard,
    Link,
    Register,
    Related,
    Rights,
    Search,
    Section,
    Text,
    View,
    declare,
)
from anju.kernel.scope import Actor
from anju.supply import acts, facts, handing, imports, linking
from anju.supply.models import Bed, Room, System, Unit, UnitStatus
from anju.supply.moves import PUSHED, tell_outside
from anju.supply.registers.hierarchy import GROUP
from anju.supply.registers.talent import ATTRIBUTES
from anju.supply.talent import LOCKABLE
from anju.supply.words import WORDS

# for which units an act is offered; the act itself refuses the others
EMPTY = Q(status__in=[UnitStatus.VACANT, UnitStatus.UNCONFIRMED, UnitStatus.READY])
LOCKED = Q(status=UnitStatus.LOCKED, market_ends_on=None) & ~PUSHED


@declare
class UnitRegister(Register[Unit]):
    """Assisted units, one row a smallest unit that is let (SH-183, PR-05)."""

    key, title, unit, group, icon = "supply.units", "房源", "套", GROUP, "building-2"
    model = Unit
    extensible = True
    rights = Rights("supply.unit")
    columns = (
        Column("code", frozen=True, width=160),
        Column("address", frozen=True, width=240),
        Column("layout", dictionary="layout", width=100),
        Column("floor_area", unit="㎡", width=110),
        Column("rent", money=True, unit="元/月", width=110),
        Column("status", dictionary="unit_status", width=110),
        Column("channel", dictionary="supply_channel", width=110),
        Column("division", dictionary="division", width=100),
        Column("project.name", "项目", link=Link("supply.projects", "project_id"), width=200),
        Column("programme", dictionary="programme", width=140, hidden=True),
        Column("building.name", "楼栋", link=Link("supply.buildings", "building_id"), width=100, hidden=True),
        Column("floor", width=80, hidden=True),
        Column("room_no", width=90, hidden=True),
        Column("orientation", dictionary="orientation", width=90),
        Column("released_on", width=120),
        Column("public_code", width=120, hidden=True),
        Column("parent.code", "父房源", link=Link("supply.units", "parent_id"), width=160, hidden=True),
        Column("market_ends_on", width=140, hidden=True),
        Column("transferable", width=100, hidden=True),
        Column("occupant_name_masked", width=100, hidden=True),
        Column("lease_end", width=120, hidden=True),
        Column("status_note", listed=False),
        Column("status_since", listed=False),
        Column("updated_at", listed=False),
    )
    filters = (
        Choice("division", dictionary="division", tree=True),
        Choice("status", dictionary="unit_status"),
        Choice("layout", dictionary="layout"),
        Between("rent", unit="元/月"),
        Choice("programme", dictionary="programme"),
        Choice("project", register="supply.projects", primary=False),
        Choice("estate", register="supply.estates", primary=False),
        Choice("building", register="supply.buildings", primary=False),
        Choice("channel", dictionary="supply_channel", primary=False),
        Choice("orientation", dictionary="orientation", primary=False),
        Between("floor_area", unit="㎡", primary=False),
        Between("floor", primary=False),
        DateBetween("released_on", primary=False),
        DateBetween("lease_end", primary=False),
        Choice("transferable", options=[("true", "可调配"), ("false", "不可调配")], primary=False),
        Choice("parent", "父房源", register="supply.units", primary=False),
        Text("project.sector", "板块", exact=True, empty=True, primary=False),
        Choice("project.operator", "运营机构", register="supply.operators", primary=False),
        Text("code", "房源编码开头", primary=False),
    )
    search = Search(["code", "address"], "房源编码、坐落")
    order = "code"
    form = (
        Field("building", "楼栋", "row", required=True, register="supply.buildings", fixed=True),
        Field("code", "房源编码", required=True, max_length=40, fixed=True, example="JW01-03-1203"),
        Field("room_no", "室号", required=True, max_length=20, example="1203"),
        Field("floor", "楼层", "integer", required=True, min=-3, max=120, example="12"),
        Field("layout", "户型", "choice", required=True, dictionary="layout"),
        Field("floor_area", "建筑面积", "area", required=True, min=1, max=2000, hint="㎡"),
        Field("orientation", "朝向", "choice", dictionary="orientation"),
        Field("rent", "月租金", "money", required=True, min=0, max=999_999, hint="元/月"),
        Field("channel", "供应渠道", "choice", required=True, dictionary="supply_channel", default="online"),
        Field("released_on", "供应日期", "date"),
        Field("transferable", "调配属性", "boolean", default=False, hint="可调配给其他区使用"),
    )
    imports = (imports.SUPPLY, imports.UNITS, imports.RENTS)
    actions = (
        Action(
            "confirm",
            "确认房源",
            acts.confirm,
            right="confirm",
            tone="primary",
            batch=True,
            confirm="确认后房源等待发布",
            when=Q(status__in=[UnitStatus.UNCONFIRMED, UnitStatus.REPAIR]),
        ),
        Action(
            "publish",
            "发布",
            acts.publish,
            right="publish",
            batch=True,
            confirm="发布后房源可供应",
            when=Q(status=UnitStatus.READY),
        ),
        Action(
            "lock",
            "锁定",
            acts.lock,
            batch=True,
            right="lock",
            fields=(Field("note", "锁定原因", "textarea", required=True, max_length=200),),
            when=EMPTY | Q(status=UnitStatus.REPAIR),
        ),
        Action("unlock", "解锁", acts.unlock, batch=True, right="lock", when=LOCKED),
        Action(
            "repair",
            "转维修",
            acts.repair,
            batch=True,
            fields=(Field("note", "维修内容", "textarea", required=True, max_length=200),),
            when=EMPTY | LOCKED,
        ),
        Action(
            "market",
            "登记实心房",
            acts.occupy,
            batch=True,
            fields=(
                Field("ends_on", "市场化合同到期日", "date", required=True, hint="到期前不可租，到期的次日自动开放"),
            ),
            when=EMPTY | Q(status=UnitStatus.LOCKED) & ~PUSHED,
        ),
        Action(
            "nature",
            "性质转换",
            acts.change_nature,
            batch=True,
            right="nature",
            fields=(
                Field("old", "原性质", "choice", required=True, dictionary="unit_nature"),
                Field("to", "新性质", "choice", required=True, dictionary="unit_nature", hint="只限未供应的房源"),
            ),
            when=handing.UNSUPPLIED,
        ),
        Action(
            "reserve",
            "转入储备",
            acts.reserve,
            batch=True,
            right="reserve",
            fields=(Field("plan", "储备计划", "row", required=True, register="supply.reserve_plans"),),
            when=handing.UNSUPPLIED,
        ),
        Action(
            "release",
            "释放储备",
            acts.release,
            batch=True,
            right="reserve",
            confirm="释放后房源待发布，没有确认过的待确认",
            when=Q(status=UnitStatus.RESERVED),
        ),
        Action(
            "order",
            "列入调配单",
            acts.put_on_order,
            batch=True,
            right="order",
            fields=(Field("redistribution", "调配单", "row", required=True, register="supply.redistributions"),),
            when=handing.UNSUPPLIED & Q(transferable=True),
        ),
        Action(
            "assign",
            "移交使用",
            acts.assign,
            batch=True,
            right="assign",
            fields=(Field("system", "使用系统", "choice", required=True, dictionary="using_system"),),
            when=handing.UNSUPPLIED & Q(programme="resettlement"),
        ),
        Action(
            "take_back",
            "收回移交",
            acts.take_back,
            batch=True,
            right="assign",
            confirm="收回后房源待发布，没有确认过的待确认",
            when=Q(status=UnitStatus.ASSIGNED),
        ),
        Action(
            "talent",
            "标注人才房",
            acts.mark_for_talents,
            batch=True,
            right="talent",
            fields=(
                Field(
                    "batch", "人才批次", "row", required=True, register="supply.talent_batches", hint="须是本项目的批次"
                ),
                *ATTRIBUTES,
            ),
            when=LOCKABLE,
        ),
        Action(
            "channel",
            "调整供应渠道",
            acts.channel,
            batch=True,
            fields=(Field("channel", "供应渠道", "choice", required=True, dictionary="supply_channel"),),
        ),
    )
    views = (
        View("vacant_two", "两室可供应", {"layout": ["two_one", "two_two"], "status": ["vacant"]}),
        View("unconfirmed", "待确认", {"status": ["unconfirmed"]}),
        View("ready", "待发布", {"status": ["ready"]}),
        View("vacant", "已发布可供应", {"status": ["vacant"]}),
        View("leaving", "待退", {"status": ["leaving"]}),
        View("reserved", "储备", {"status": ["reserved"]}),
        View("assigned", "移交使用", {"status": ["assigned"]}),
    )
    heading = ("address", "code")
    open_names = True
    subject_words = dict(System.choices) | {"talent": "人才房源"}
    badges = ("status",)
    detail = (
        Section(
            "房屋", ["project.name", "programme", "layout", "floor_area", "orientation", "floor", "rent", "channel"]
        ),
        Section(
            "状态",
            [
                "status", "status_since", "status_note", "released_on", "market_ends_on", "occupant_name_masked",
                "lease_end",
            ],
        ),
        Section("一房一码", ["public_code", "parent.code", "transferable"]),
    )  # fmt: skip
    related = (
        Related("rooms", "房间", "supply.rooms", "unit"),
        Related("beds", "床位", "supply.beds", "room.unit"),
        Related("children", "子房源", "supply.units", "parent"),
    )
    words = WORDS
    guards = (Guard(acts.why_unit_stays, "supply.unit_in_use", "请先办理退租或移除其下的房间"),)

    def check(self, values: dict[str, Any], actor: Actor, old: Unit | None) -> None:
        linking.judge(values, old)
        if old is not None and facts.judge(old, values, actor):
            facts.unconfirm(old, actor)

    def after(self, row: Unit, actor: Actor, action: str) -> None:
        tell_outside()


@declare
class RoomRegister(Register[Room]):
    """Rooms of units."""

    key, title, unit, group, icon = "supply.rooms", "房间", "间", GROUP, "door-open"
    model = Room
    rights = Rights("supply.room")
    columns = (
        Column("number", frozen=True, width=110),
        Column("unit.code", "房源编码", link=Link("supply.units", "unit_id"), frozen=True, width=160),
        Column("unit.address", "坐落", width=260),
        Column("kind", width=100),
        Column("floor_area", unit="㎡", width=110),
        Column("division", dictionary="division", width=110),
        Column("updated_at", hidden=True, width=150),
    )
    filters = (
        Choice("division", dictionary="division", tree=True),
        Choice("unit", register="supply.units", primary=False),
    )
    search = Search(["number"], "房间号")
    order = "number"
    form = (
        Field("unit", "房源", "row", required=True, register="supply.units", hint="须是已登记的房源"),
        Field("number", "房间号", required=True, max_length=20, example="A"),
        Field("kind", "用途", max_length=20, default="卧室", example="卧室"),
        Field("floor_area", "使用面积", "area", min=1, max=500, example="12.50"),
    )
    heading = ("number", "unit.address")
    open_names = True
    detail = (Section("基本信息", ["unit.code", "unit.address", "kind", "floor_area", "division", "updated_at"]),)
    related = (Related("beds", "床位", "supply.beds", "room"),)
    guards = (Guard(acts.why_room_stays, "supply.room_in_use", "请先移除其中的床位"),)


@declare
class BedRegister(Register[Bed]):
    """Beds of rooms."""

    key, title, unit, group, icon = "supply.beds", "床位", "个", GROUP, "bed-single"
    model = Bed
    rights = Rights("supply.bed")
    columns = (
        Column("number", frozen=True, width=90),
        Column("room.number", "房间号", link=Link("supply.rooms", "room_id"), frozen=True, width=100),
        Column("room.unit.code", "房源编码", width=160),
        Column("room.unit.address", "坐落", width=260),
        Column("rent", money=True, unit="元/月", width=110),
        Column("usable", width=80),
        Column("division", dictionary="division", width=110),
        Column("updated_at", hidden=True, width=150),
    )
    filters = (
        Choice("division", dictionary="division", tree=True),
        Choice("room", register="supply.rooms", primary=False),
        Choice("room.unit", register="supply.units", primary=False),
        Choice("usable", options=[("true", "可用"), ("false", "停用")], primary=False),
    )
    search = Search(["number"], "床位号")
    order = "number"
    form = (
        Field("room", "房间", "row", required=True, register="supply.rooms", hint="须是已登记的房间"),
        Field("number", "床位号", required=True, max_length=10, example="1"),
        Field("rent", "床位月租金", "money", min=0, max=99_999, hint="按床位出租时填写", example="450.00"),
        Field("usable", "可用", "boolean", default=True),
    )
    heading = ("number", "room.unit.address")
    open_names = True
    detail = (
        Section(
            "基本信息",
            ["room.number", "room.unit.code", "room.unit.address", "rent", "usable", "division", "updated_at"],
        ),
    )
