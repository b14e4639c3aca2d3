"""Registers of the set-up of units: batches, and the merged list of what the survey and the company told (SH-183)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anju.kernel import clock
from anju.kernel.errors import Conflict, FieldError, Invalid
from anju.kernel.numbering import format_number, next_number
from anju.kernel.registers import (
    Action,
    Choice,
    Column,
    Derivation,
    Examination,
    Field,
    Guard,
    Import,
    Level,
    Link,
    Register,
    Related,
    Rights,
    Search,
    Section,
    View,
    declare,
)
from anju.kernel.registers.importing.row import Row
from anju.kernel.registers.subjects import subject_kind
from anju.kernel.scope import Actor
from anju.supply import linking, setup
from anju.supply.models import SetupBatch, SetupState, SetupUnit
from anju.supply.registers.hierarchy import GROUP
from anju.supply.surveys import Measured, area_tolerance, contradictions

subject_kind("survey", "测绘成果")


def fetch(actor: Actor, batch: SetupBatch, values: dict[str, Any]) -> str:
    """Register act."""
    setup.ask_survey(actor=actor, batch=batch)
    return "已开始读取成果数据，稍后刷新查看房源清单"


def review(actor: Actor, batch: SetupBatch, values: dict[str, Any]) -> str:
    """Register act."""
    return setup.review(actor=actor, batch=batch)


def declare_units(actor: Actor, batch: SetupBatch, values: dict[str, Any]) -> str:
    """Register act."""
    return setup.declare(actor=actor, batch=batch, rows=values["units"])


@declare
class SetupRegister(Register[SetupBatch]):
    """Batches of set-up."""

    key, title, unit, group, icon = "supply.setups", "房源搭建", "批", GROUP, "boxes"
    model = SetupBatch
    rights = Rights("supply.setup")
    columns = (
        Column("number", frozen=True, width=170),
        Column("project.name", "项目", link=Link("supply.projects", "project_id"), width=220),
        Column("estate", width=180),
        Column("survey_number", width=150),
        Column("fetched_at", width=150),
        Column("trouble", width=220),
        Column("reviewed_at", width=150),
        Column("reviewed_by", width=110),
        Column("division", dictionary="division", width=110),
    )
    filters = (
        Choice("division", dictionary="division", tree=True),
        Choice("project", register="supply.projects"),
    )
    search = Search(["number", "estate", "survey_number"], "批次号、小区、测绘项目号")
    order = "-number"
    form = (
        Field("project", "项目", "row", required=True, register="supply.projects", fixed=True),
        Field("estate", "小区名称", required=True, max_length=100, hint="成果数据里的楼栋归入这个小区"),
        Field("survey_number", "测绘项目号", max_length=40, hint="从成果系统读取时填写"),
    )
    actions = (
        Action("fetch", "读取成果数据", fetch),
        Action(
            "declare", "填写房源", declare_units, form="supply/setup_units",
            confirm="填写或按楼层生成这一批次的房源，放入清单后一起审核",
        ),
        Action(
            "review", "审核", review, right="review", tone="primary",
            confirm="校验通过的入库为待确认房源，未通过的写明原因",
        ),
    )  # fmt: skip
    heading = ("number", "project.name")
    open_names = True
    detail = (
        Section("搭建", ["number", "project.name", "estate", "survey_number", "fetched_at", "trouble"]),
        Section("审核", ["reviewed_at", "reviewed_by"]),
    )
    related = (Related("units", "房源清单", "supply.setup_units", "batch"),)
    guards = (
        Guard(
            lambda batch: f"批次{batch.number}已有 {n} 套房源，不能删除" if (n := batch.units.count()) else "",
            "supply.setup_in_use",
        ),
    )

    def fill(self, row: SetupBatch, actor: Actor) -> None:
        row.org_path, row.division = row.project.org_path, row.project.division
        if not row.number:
            year = clock.today().year
            serial = next_number("setup", area=row.division, year=year)
            row.number = format_number(
                "DJ{division}{year}{serial:04d}", division=row.division, year=year, serial=serial
            )


def from_the_company(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
    """Marks a row as told by the company's table."""
    values["from_company"] = True


def admitted(rows: Sequence[Row], actor: Actor) -> None:
    """Refuses the rows of rooms that are in the register already."""
    batches = {row.values["batch"] for row in rows}
    there = SetupUnit.objects.filter(batch__in=batches, state=SetupState.ADMITTED)
    known = set(there.values_list("batch_id", "estate", "building", "room_no"))
    for row in rows:
        if tuple(row.values[key] for key in ("batch", "estate", "building", "room_no")) in known:
            row.wrong("room_no", "supply.setup_admitted", "这套房源已入库，请在“房源”登记册里修改")


TABLE = Import(
    "table",
    "自搭楼盘表格",
    fields=(
        Field(
            "batch",
            "搭建批次号",
            "row",
            required=True,
            register="supply.setups",
            by="number",
            example="DJ33990120260001",
        ),
        Field("estate", "小区名称", required=True, max_length=100, example="江湾家园"),
        Field("building", "楼栋", required=True, max_length=50, example="3号楼"),
        Field("room_no", "室号", required=True, max_length=20, example="1203"),
        Field("floors", "地上层数", "integer", example="12"),
        Field("floor", "楼层", "integer", example="12"),
        Field("layout", "户型", "choice", dictionary="layout", example="两室一厅"),
        Field("floor_area", "建筑面积", "area", example="62.18"),
        Field("orientation", "朝向", "choice", dictionary="orientation", example="南"),
        Field("rent", "月租金", "money", hint="空着时按项目租金标准计算", example="1920.00"),
    ),
    derived=(Field("from_company", "企业表格", "boolean"),),
    derive=(Derivation((), from_the_company),),
    examine=(Examination(("batch", "estate", "building", "room_no"), admitted),),
    identify="room_no",
    levels=(
        Level(
            "unit",
            "搭建房源",
            SetupUnit,
            "supply.setup_units",
            match=["batch", "estate", "building", "room_no"],
            named="room_no",
            values={
                "batch": "batch",
                "estate": "estate",
                "building": "building",
                "room_no": "room_no",
                "floors": "floors",
                "floor": "floor",
                "layout": "layout",
                "floor_area": "floor_area",
                "orientation": "orientation",
                "rent": "rent",
                "from_company": "from_company",
            },
        ),
    ),
    notes=(
        "同一批次里相同楼栋、室号的房屋只列一次：与成果数据合并，不会重复。面积、租金等在审核时校验，与测绘成果的楼层、户型或面积不符的不入库。",
    ),
)


@declare
class SetupUnitRegister(Register[SetupUnit]):
    """The units of set-up batches, from both ways, each once; with the attributes that the city added to units."""

    key, title, unit, group, icon = "supply.setup_units", "搭建房源清单", "套", GROUP, "list-checks"
    model = SetupUnit
    empty = "在“房源搭建”里读取成果数据或填写房源，也可以在这里导入自搭楼盘表格"
    extensible, attributes_of = True, "supply.units"
    rights = Rights("supply.setup", path="batch__org_path", division="batch__division")
    columns = (
        Column("batch.number", "搭建批次号", width=170, frozen=True),
        Column("estate", width=160),
        Column("building", width=90),
        Column("room_no", width=90),
        Column("floor", width=80),
        Column("floors", width=90),
        Column("layout", dictionary="layout", width=100),
        Column("floor_area", unit="㎡", width=110),
        Column("rent", money=True, unit="元/月", width=110),
        Column("surveyed", width=90),
        Column("from_company", width=90),
        Column("state", dictionary="setup_state", width=100),
        Column("problems", width=320),
        Column("unit.code", "房源编码", link=Link("supply.units", "unit_id"), width=160),
        Column("measured_area", unit="㎡", width=110, hidden=True),
        Column("measured_layout", dictionary="layout", width=100, hidden=True),
        Column("measured_floor", width=90, hidden=True),
        Column("planned_use", width=100, hidden=True),
        Column("location", width=260, hidden=True),
    )
    filters = (
        Choice("batch", register="supply.setups"),
        Choice("state", dictionary="setup_state"),
        Choice("surveyed", options=[("true", "是"), ("false", "否")], primary=False),
        Choice("from_company", options=[("true", "是"), ("false", "否")], primary=False),
    )
    search = Search(["room_no", "building"], "室号、楼栋")
    order = "room_no"
    can_create = False
    form = (
        Field("floors", "地上层数", "integer"),
        Field("floor", "楼层", "integer"),
        Field("layout", "户型", "choice", dictionary="layout"),
        Field("floor_area", "建筑面积", "area", hint="㎡"),
        Field("orientation", "朝向", "choice", dictionary="orientation"),
        Field("rent", "月租金", "money", hint="元/月"),
    )
    imports = (TABLE,)
    views = (View("refused", "未通过", {"state": ["refused"]}), View("staged", "待审核", {"state": ["staged"]}))
    heading = ("room_no", "batch.number")
    badges = ("state",)
    detail = (
        Section("房屋", ["estate", "building", "room_no", "floor", "floors", "layout", "floor_area", "rent"]),
        Section("来源", ["surveyed", "from_company"]),
        Section("测绘成果", ["measured_area", "measured_layout", "measured_floor", "planned_use", "location"]),
        Section("审核", ["state", "problems", "unit.code"]),
    )
    guards = (Guard(lambda row: "已入库的房源不能从清单移除" if row.unit_id else "", "supply.setup_admitted"),)

    def check(self, values: dict[str, Any], actor: Actor, old: SetupUnit | None) -> None:
        if old is not None and old.unit_id is not None:
            raise Conflict("这套房源已入库", code="supply.setup_admitted", advice="请在“房源”登记册里修改")
        if old is not None:
            told = {key: values.get(key, getattr(old, key)) for key in ("floor", "layout", "floor_area")}
            allowed = area_tolerance("linking", on=clock.today(), division=old.division)
            wrong = [
                FieldError(field, linking.CONTRADICTED, sentence)
                for field, sentence in contradictions(old.room_no, Measured(**told), linking.measured(old), allowed)
                if field in values
            ]
            if wrong:
                raise Invalid(wrong)
