"""房源, 房间 and 床位: what is let, its state, and what must never be.

The table forbids impossible states: a held unit says for what, a let one says by whom, a vacant one belongs to nobody.
`org_path`, `division`, `programme`, `estate`, `project` and `address` come from the building by trigger (migrations
0002 and 0005), unless the unit was redistributed (`lent_path`, `lent_division`) or changed its nature (`own_programme`).

A unit is set up, confirmed, published, and from then on vacant until somebody takes it. One that is split (拆套) stays
as the parent of its parts, and one that was merged (合并) as what it was; neither is counted any more.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from anju.kernel.base import Owned
from anju.kernel.http import explain
from anju.kernel.registers import search_index
from anju.kernel.scope.branches import branch_indexes
from anju.supply.models.project import Building, Estate, Project


class UnitStatus(models.TextChoices):
    """States of a unit; titles and tones for people stand in the dictionary unit_status."""

    UNCONFIRMED = "unconfirmed", "待确认"
    READY = "ready", "待发布"
    VACANT = "vacant", "可供应"
    HELD = "held", "已定待签"
    LET = "let", "在租"
    LEAVING = "leaving", "待退"
    REPAIR = "repair", "维修中"
    LOCKED = "locked", "锁定"
    RESERVED = "reserved", "储备"
    ASSIGNED = "assigned", "移交使用"
    SPLIT = "split", "已拆套"
    MERGED = "merged", "已合并"


OCCUPIED = [UnitStatus.LET, UnitStatus.LEAVING]
ON_OFFER = [UnitStatus.VACANT, UnitStatus.HELD, *OCCUPIED]
GONE = [UnitStatus.SPLIT, UnitStatus.MERGED]
NATURES = ["public_rental", "affordable_rental", "low_rent", "shared_ownership", "resettlement"]
IDLE = [UnitStatus.UNCONFIRMED, UnitStatus.READY, UnitStatus.REPAIR, UnitStatus.LOCKED]


class Unit(Owned):
    """The smallest thing that is let as a whole."""

    building = models.ForeignKey(Building, models.PROTECT, verbose_name="楼栋", related_name="+", db_index=False)
    estate = models.ForeignKey(
        Estate, models.PROTECT, verbose_name="小区", related_name="+", editable=False, db_index=False
    )
    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name="项目", related_name="+", editable=False, db_index=False
    )
    programme = models.CharField("保障类别", max_length=32, editable=False, default="")
    code = models.CharField("房源编码", max_length=40)
    public_code = models.CharField("房源码", max_length=10, null=True, editable=False)
    room_no = models.CharField("室号", max_length=20)
    floor = models.SmallIntegerField("楼层")
    address = models.CharField("坐落", max_length=260, editable=False, default="")
    layout = models.CharField("户型", max_length=32)
    floor_area = models.DecimalField("建筑面积", max_digits=8, decimal_places=2)
    orientation = models.CharField("朝向", max_length=16, default="", blank=True)
    rent = models.DecimalField("月租金", max_digits=10, decimal_places=2)
    channel = models.CharField("供应渠道", max_length=16, default="online")
    released_on = models.DateField("供应日期", null=True, blank=True)
    confirmed = models.BooleanField("已确认", default=False, db_default=True, editable=False)
    published = models.BooleanField("已发布", default=False, db_default=True, editable=False)
    market_ends_on = models.DateField("市场化合同到期日", null=True, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="父房源", related_name="children", null=True, blank=True, editable=False,
        db_index=False, db_constraint=False,
    )  # fmt: skip
    transferable = models.BooleanField("调配属性", default=False, db_default=False)
    lent_path = models.CharField("调入机构", max_length=200, default="", db_default="", editable=False)
    lent_division = models.CharField("调入区划", max_length=6, default="", db_default="", editable=False)
    own_programme = models.CharField("转换后类别", max_length=32, default="", db_default="", editable=False)

    status = models.CharField("状态", max_length=16, default=UnitStatus.UNCONFIRMED)
    status_since = models.DateField("状态起始日", null=True, blank=True)
    status_note = models.CharField("状态说明", max_length=200, default="", blank=True)
    held_for = models.CharField("保留给", max_length=64, default="", blank=True)
    contract_id = models.BigIntegerField("合同", null=True, blank=True)
    occupant_name_masked = models.CharField("承租人", max_length=50, default="", blank=True)
    lease_end = models.DateField("合同到期日", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="supply_unit_code"),
            models.UniqueConstraint(fields=["public_code"], name="supply_unit_public_code"),
            models.UniqueConstraint(fields=["building", "room_no"], name="supply_unit_room_no"),
            models.UniqueConstraint(
                fields=["contract_id"], condition=Q(contract_id__isnull=False), name="supply_unit_contract"
            ),
            models.CheckConstraint(condition=Q(floor_area__gt=0), name="supply_unit_floor_area"),
            models.CheckConstraint(condition=Q(rent__gte=0), name="supply_unit_rent"),
            models.CheckConstraint(condition=Q(status__in=UnitStatus.values), name="supply_unit_status"),
            models.CheckConstraint(
                condition=(Q(status=UnitStatus.HELD) & ~Q(held_for="")) | (~Q(status=UnitStatus.HELD) & Q(held_for="")),
                name="supply_unit_held",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=OCCUPIED) & ~Q(occupant_name_masked=""))
                | (
                    ~Q(status__in=OCCUPIED)
                    & Q(occupant_name_masked="", contract_id__isnull=True, lease_end__isnull=True)
                ),
                name="supply_unit_occupied",
            ),
            models.CheckConstraint(
                condition=(Q(published=False) | Q(confirmed=True))
                & (~Q(status__in=ON_OFFER) | Q(published=True))
                & (~Q(status=UnitStatus.READY) | Q(confirmed=True, published=False)),
                name="supply_unit_published",
            ),
            models.CheckConstraint(condition=~Q(channel=""), name="supply_unit_channel"),
            models.CheckConstraint(
                condition=Q(market_ends_on__isnull=True) | Q(status=UnitStatus.LOCKED), name="supply_unit_market"
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="supply_unit_own_parent"),
            models.CheckConstraint(
                condition=Q(lent_path="", lent_division="") | (~Q(lent_path="") & ~Q(lent_division="")),
                name="supply_unit_lent",
            ),
            models.CheckConstraint(condition=Q(own_programme__in=["", *NATURES]), name="supply_unit_nature"),
        ]
        indexes = [
            models.Index(fields=["building", "floor", "room_no"], name="supply_unit_board"),
            models.Index(fields=["project", "code"], name="supply_unit_by_project"),
            models.Index(fields=["estate", "code"], name="supply_unit_by_estate"),
            models.Index(fields=["layout", "orientation", "code"], name="supply_unit_by_layout"),
            models.Index(fields=["division", "code"], name="supply_unit_by_division"),
            models.Index(fields=["status", "code"], name="supply_unit_by_status"),
            models.Index(fields=["rent", "id"], name="supply_unit_by_rent"),
            models.Index(fields=["floor_area", "id"], name="supply_unit_by_area"),
            models.Index(fields=["released_on", "id"], name="supply_unit_by_release"),
            models.Index(fields=["id"], condition=Q(public_code__isnull=True), name="supply_unit_without_code"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="supply_unit_of_parent"),
            models.Index(fields=["code"], condition=Q(transferable=True), name="supply_unit_transferable"),
            models.Index(
                fields=["market_ends_on"], condition=Q(market_ends_on__isnull=False), name="supply_unit_market_end"
            ),
            models.Index(OpClass(F("org_path"), "varchar_pattern_ops"), F("code"), name="supply_unit_by_org"),
            *branch_indexes("supply_unit", "code", "id"),
            search_index("supply_unit_search", "code", "address"),
        ]

    def __str__(self) -> str:
        return self.code


class Room(Owned):
    """A room of a unit, where rooms are let or counted one by one."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="房源", related_name="+", db_index=False)
    number = models.CharField("房间号", max_length=20)
    kind = models.CharField("用途", max_length=20, default="卧室", blank=True)
    floor_area = models.DecimalField("使用面积", max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="supply_room_number"),
            models.CheckConstraint(condition=Q(floor_area__gt=0), name="supply_room_floor_area"),
        ]
        indexes = [models.Index(fields=["number", "id"], name="supply_room_by_number")]

    def __str__(self) -> str:
        return self.number


class Bed(Owned):
    """A bed (床位) of a room, where beds are let or counted one by one, as in dormitories (SH-006.3)."""

    room = models.ForeignKey(Room, models.PROTECT, verbose_name="房间", related_name="+", db_index=False)
    number = models.CharField("床位号", max_length=10)
    rent = models.DecimalField("床位月租金", max_digits=10, decimal_places=2, null=True, blank=True)
    usable = models.BooleanField("可用", default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "number"], name="supply_bed_number"),
            models.CheckConstraint(condition=Q(rent__gte=0), name="supply_bed_rent"),
        ]
        indexes = [models.Index(fields=["number", "id"], name="supply_bed_by_number")]

    def __str__(self) -> str:
        return self.number


explain("supply_unit_code", "supply.unit_code_taken", "已有相同编码的房源", "请核对房源编码", "code")
explain("supply_unit_room_no", "supply.room_no_taken", "该楼栋已有相同室号的房源", "请核对室号", "room_no")
explain("supply_unit_contract", "supply.contract_has_unit", "该合同已对应另一套房源", "请核对合同")
explain("supply_unit_floor_area", "supply.floor_area", "建筑面积应大于 0", "请核对面积", "floor_area")
explain("supply_unit_rent", "supply.rent_negative", "租金不能为负数", "请核对租金", "rent")
explain("supply_unit_status", "supply.status_unknown", "没有这种房源状态", "请从列表中选择", "status")
explain("supply_unit_held", "supply.held_without_reason", "已定待签的房源须说明为谁保留", "请从选房或合同办理")
explain(
    "supply_unit_occupied",
    "supply.occupant_mismatch",
    "在租房源须有承租人，空置房源不得有承租人",
    "请从合同办理入住或退租",
)
explain(
    "supply_unit_published",
    "supply.not_published",
    "房源须先确认、再发布，才能供应",
    "请在“房源发布”中办理",
)
explain("supply_unit_public_code", "supply.public_code_taken", "房源码重复", "请重试")
explain("supply_unit_channel", "supply.channel_missing", "每套房源都要有供应渠道", "请选择供应渠道", "channel")
explain(
    "supply_unit_market",
    "supply.market_contract",
    "市场化合同没有到期，房源不能供应",
    "合同到期的次日会自动开放",
)
explain("supply_unit_nature", "supply.nature_unknown", "政策不允许转换为这种性质", "请从列表中选择", "to")
explain("supply_unit_nature_used", "supply.nature_used", "已供应或使用的房源不能转换性质", "请先回退发布或办理退租")
explain("supply_unit_own_parent", "supply.split_parent", "房源不能是自己的父房源", "请核对拆套关系")
explain("supply_unit_lent", "supply.lent_halfway", "调入的机构和区划须同时登记", "请从调配单办理")
explain("supply_unit_family", "supply.split_parent", "子房源只能属于同一楼栋里已拆套的房源", "请从“拆套”办理")
explain("supply_unit_split_kept", "supply.split_parts_left", "还有子房源的房源不能恢复", "请先合并全部子房源")
explain("supply_room_number", "supply.room_taken", "该房源下已有相同房间号", "请核对房间号", "number")
explain("supply_room_floor_area", "supply.floor_area", "使用面积应大于 0", "请核对面积", "floor_area")
explain("supply_bed_number", "supply.bed_taken", "该房间已有相同床位号", "请核对床位号", "number")
explain("supply_bed_rent", "supply.rent_negative", "租金不能为负数", "请核对租金", "rent")
