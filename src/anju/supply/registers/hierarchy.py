"""Registers of what units belong to: operators, projects, estates, buildings (PR-04, PR-05)."""

from __future__ import annotations

from typing import Any

from anju.kernel.errors import FieldError, Invalid
from anju.kernel.registers import (
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
    declare,
    sort_key,
)
from anju.kernel.scope import Actor
from anju.supply import acts, imports, information
from anju.supply.models import Building, Estate, Operator, Project

GROUP = "房源管理"


@declare
class OperatorRegister(Register[Operator]):
    """Operating companies."""

    key, title, unit, group, icon = "supply.operators", "运营机构", "家", GROUP, "briefcase-business"
    model = Operator
    rights = Rights("supply.operator")
    columns = (
        Column("code", frozen=True, width=130),
        Column("name", frozen=True, width=240, sort="name_pinyin"),
        Column("credit_code", width=190),
        Column("organisation.name", "对应组织", width=200),
        Column("contact", width=100),
        Column("phone", width=140),
        Column("division", "所在地", dictionary="division", width=110),
        Column("address", width=240, hidden=True),
        Column("updated_at", hidden=True, width=150),
    )
    filters = (Choice("division", dictionary="division", tree=True), Text("contact", primary=False))
    search = Search(["code", "name", "name_pinyin"], "机构编码、名称")
    order = "code"
    form = (
        Field("code", "机构编码", required=True, max_length=32, fixed=True, example="OP-001"),
        Field("name", "机构名称", required=True, max_length=100, example="江湾住房租赁有限公司"),
        Field(
            "credit_code",
            "统一社会信用代码",
            max_length=18,
            pattern=r"[0-9A-HJ-NPQRTUWXY]{18}",
            hint="18 位数字或大写字母",
        ),
        Field("contact", "联系人", max_length=50),
        Field("phone", "联系电话", max_length=30, pattern=r"[0-9+\-() ]{5,30}", hint="数字和短横线"),
        Field("division", "所在地", "choice", required=True, dictionary="division"),
        Field(
            "organisation", "对应组织", "row", register="identity.organisations", hint="该组织的人员可见其项目和房源"
        ),
        Field("address", "地址"),
    )
    imports = (imports.OPERATORS,)
    heading = ("name", "code")
    open_names = True
    detail = (
        Section(
            "基本信息",
            ["code", "credit_code", "organisation.name", "contact", "phone", "division", "address", "updated_at"],
        ),
    )
    related = (Related("projects", "项目", "supply.projects", "operator"),)
    guards = (Guard(acts.projects_of_operator, "supply.operator_in_use", "请先把项目转给其他机构"),)

    def fill(self, row: Operator, actor: Actor) -> None:
        row.name_pinyin = sort_key(row.name)
        if row.organisation is not None:
            row.org_path = row.organisation.path


@declare
class ProjectRegister(Register[Project]):
    """Projects, each of one programme and under one district (PR-04)."""

    key, title, unit, group, icon = "supply.projects", "项目", "个", GROUP, "folder-kanban"
    model = Project
    extensible = True
    rights = Rights("supply.project")
    columns = (
        Column("code", frozen=True, width=120),
        Column("name", frozen=True, width=220, sort="name_pinyin"),
        Column("programme", dictionary="programme", width=140),
        Column("division", dictionary="division", width=110),
        Column("street", width=120),
        Column("operator.name", "运营机构", link=Link("supply.operators", "operator_id"), width=220),
        Column("rent_standard", money=True, unit="元/㎡·月", width=130),
        Column("supply_on", width=120),
        Column("sector", width=120, hidden=True),
        Column("longitude", width=110, hidden=True),
        Column("latitude", width=110, hidden=True),
        Column("address", width=240, hidden=True),
        Column("updated_at", hidden=True, width=150),
    )
    filters = (
        Choice("division", dictionary="division", tree=True),
        Choice("programme", dictionary="programme"),
        Choice("operator", register="supply.operators"),
        Text("street", primary=False),
        DateBetween("supply_on", primary=False),
    )
    search = Search(["code", "name", "name_pinyin", "address"], "项目编码、名称、地址")
    order = "code"
    form = (
        Field("code", "项目编码", required=True, max_length=32, fixed=True, example="JW01"),
        Field("name", "项目名称", required=True, max_length=100, example="江湾家园"),
        Field("programme", "保障类别", "choice", required=True, dictionary="programme", example="公共租赁住房"),
        Field("division", "行政区划", "choice", required=True, dictionary="division", example="江湾区"),
        Field(
            "operator",
            "运营机构",
            "row",
            required=True,
            register="supply.operators",
            hint="填运营机构编码",
            example="OP-001",
        ),
        Field("street", "街道（镇）", max_length=50, example="江湾镇"),
        Field("address", "地址", example="江湾路 88 号"),
        Field("supply_on", "供应日期", "date", example="2026-12-01"),
        Field("rent_standard", "租金标准", "money", min=0, max=9999, hint="元/㎡·月", example="38.00"),
        Field("sector", "板块", max_length=50, example="江湾新城"),
        Field("longitude", "经度", "number", min=-180, max=180, places=6, hint="地图上的位置", example="118.082100"),
        Field("latitude", "纬度", "number", min=-90, max=90, places=6, example="26.632100"),
    )
    imports = (imports.PROJECTS,)
    heading = ("name", "code")
    open_names = True
    badges = ("programme",)
    detail = (
        Section("基本信息", ["code", "programme", "division", "street", "address", "operator.name"]),
        Section("供应", ["supply_on", "rent_standard", "sector", "longitude", "latitude", "updated_at"]),
    )
    related = (
        Related("estates", "小区", "supply.estates", "project"),
        Related("buildings", "楼栋", "supply.buildings", "project"),
        Related("units", "房源", "supply.units", "project"),
    )
    guards = (Guard(acts.contents_of_project, "supply.project_in_use", "请先移除或转移其下的小区和楼栋"),)

    def fill(self, row: Project, actor: Actor) -> None:
        row.name_pinyin = sort_key(row.name)

    def check(self, values: dict[str, Any], actor: Actor, old: Project | None) -> None:
        division = values.get("division") or ""
        if division.endswith("00"):
            raise Invalid([FieldError("division", "supply.district_needed", "项目应归属到区县，不能只到城市")])

    def after(self, row: Project, actor: Actor, action: str) -> None:
        if action != "delete":
            information.project_changed(row)


@declare
class EstateRegister(Register[Estate]):
    """Residential estates (PR-05.3)."""

    key, title, unit, group, icon = "supply.estates", "小区", "个", GROUP, "trees"
    model = Estate
    extensible = True
    rights = Rights("supply.estate")
    columns = (
        Column("name", frozen=True, width=220, sort="name_pinyin"),
        Column("project.code", "项目编码", width=110),
        Column("project.name", "所属项目", link=Link("supply.projects", "project_id"), width=220),
        Column("division", dictionary="division", width=110),
        Column("address", width=260),
        Column("property_company", width=200),
        Column("updated_at", hidden=True, width=150),
    )
    filters = (Choice("division", dictionary="division", tree=True), Choice("project", register="supply.projects"))
    search = Search(["name", "name_pinyin", "address"], "小区名称、地址")
    order = "name"
    form = (
        Field(
            "project",
            "项目编码",
            "row",
            required=True,
            register="supply.projects",
            hint="须是已登记的项目",
            example="JW01",
        ),
        Field("name", "小区名称", required=True, max_length=100, example="江湾家园一期"),
        Field("address", "地址", example="江湾路 88 号"),
        Field("property_company", "物业公司", max_length=100, example="和顺物业"),
    )
    imports = (imports.ESTATES,)
    heading = ("name", "project.name")
    open_names = True
    detail = (Section("基本信息", ["project.name", "division", "address", "property_company", "updated_at"]),)
    related = (
        Related("buildings", "楼栋", "supply.buildings", "estate"),
        Related("units", "房源", "supply.units", "estate"),
    )
    guards = (Guard(acts.buildings_of_estate, "supply.estate_in_use", "请先移除其下的楼栋"),)

    def fill(self, row: Estate, actor: Actor) -> None:
        row.name_pinyin = sort_key(row.name)


@declare
class BuildingRegister(Register[Building]):
    """Buildings of estates."""

    key, title, unit, group, icon = "supply.buildings", "楼栋", "栋", GROUP, "building"
    model = Building
    rights = Rights("supply.building")
    columns = (
        Column("name", frozen=True, width=120),
        Column("estate.name", "小区", link=Link("supply.estates", "estate_id"), frozen=True, width=200),
        Column("project.name", "所属项目", link=Link("supply.projects", "project_id"), width=200),
        Column("division", dictionary="division", width=110),
        Column("floors", width=90),
        Column("has_lift", width=90),
        Column("completed_on", width=120),
        Column("updated_at", hidden=True, width=150),
    )
    filters = (
        Choice("division", dictionary="division", tree=True),
        Choice("project", register="supply.projects"),
        Choice("estate", register="supply.estates"),
        Between("floors", primary=False),
    )
    search = Search(["name"], "楼栋")
    order = "name"
    form = (
        Field("estate", "小区", "row", required=True, register="supply.estates", hint="须是已登记的小区"),
        Field("name", "楼栋", required=True, max_length=50, example="3号楼"),
        Field("floors", "地上层数", "integer", required=True, min=1, max=120, example="12"),
        Field("has_lift", "有电梯", "boolean", default=True, example="是"),
        Field("completed_on", "竣工日期", "date", example="2024-06-30"),
    )
    heading = ("name", "estate.name")
    open_names = True
    detail = (
        Section(
            "基本信息", ["estate.name", "project.name", "division", "floors", "has_lift", "completed_on", "updated_at"]
        ),
    )
    related = (Related("units", "房源", "supply.units", "building"),)
    guards = (Guard(acts.units_of_building, "supply.building_in_use", "请先移除其下的房源"),)
