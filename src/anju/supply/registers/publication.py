"""Registers of what was done with units together: publications, opinions, splits and merges; to read only."""

from __future__ import annotations

from anju.kernel.registers import Choice, Column, DateBetween, Link, Register, Rights, Section, Text, declare
from anju.supply.models import Publication, Reshape, SupplyReview
from anju.supply.registers.hierarchy import GROUP

PROJECT = Column("project.name", "项目", link=Link("supply.projects", "project_id"), frozen=True, width=220)


@declare
class PublicationRegister(Register[Publication]):
    """Confirmations, publications, recoveries (SH-184.7-8, SH-187)."""

    key, title, unit, group, icon = "supply.publications", "发布记录", "次", GROUP, "send"
    model = Publication
    empty = "在“房源发布”里确认、发布、回退、回收房源后，记录列在这里"
    rights = Rights("supply.publication")
    columns = (
        PROJECT,
        Column("act", dictionary="publication_act", width=120),
        Column("units", unit="套", width=90),
        Column("rentable", unit="套", width=140),
        Column("at", width=160),
        Column("by_name", width=110),
        Column("note", width=260),
        Column("division", dictionary="division", width=110),
    )
    filters = (
        Choice("act", dictionary="publication_act"),
        Choice("division", dictionary="division", tree=True),
        Choice("project", register="supply.projects"),
        DateBetween("at"),
        Choice("project.programme", "保障类别", dictionary="programme", primary=False),
        Text("project.sector", "板块", exact=True, empty=True, primary=False),
        Choice("project.operator", "运营机构", register="supply.operators", primary=False),
    )
    order = "-at"
    can_create = can_change = can_delete = False
    heading = ("project.name", "at")
    badges = ("act",)
    detail = (Section("办理", ["project.name", "act", "units", "rentable", "at", "by_name", "note"]),)


@declare
class SupplyReviewRegister(Register[SupplyReview]):
    """The districts' opinions on supply data (SH-184.9)."""

    key, title, unit, group, icon = "supply.reviews", "供应信息审核", "次", GROUP, "clipboard-check"
    model = SupplyReview
    empty = "区级在“房源发布”里填写审核意见后列在这里"
    rights = Rights("supply.review")
    columns = (
        PROJECT,
        Column("result", dictionary="supply_review_result", width=150),
        Column("accuracy", width=280),
        Column("compliance", width=280),
        Column("units", unit="套", width=130),
        Column("at", width=160),
        Column("by_name", width=110),
        Column("division", dictionary="division", width=110),
    )
    filters = (
        Choice("result", dictionary="supply_review_result"),
        Choice("division", dictionary="division", tree=True),
        Choice("project", register="supply.projects"),
        DateBetween("at"),
    )
    order = "-at"
    can_create = can_change = can_delete = False
    heading = ("project.name", "at")
    badges = ("result",)
    detail = (Section("审核意见", ["project.name", "result", "accuracy", "compliance", "units", "at", "by_name"]),)


@declare
class ReshapeRegister(Register[Reshape]):
    """Units split and merged (SH-184.2-3)."""

    key, title, unit, group, icon = "supply.reshapes", "拆并记录", "次", GROUP, "git-branch"
    model = Reshape
    empty = "在“房源发布”里拆套、合并后列在这里"
    rights = Rights("supply.reshape")
    columns = (
        Column("kind", dictionary="reshape_kind", frozen=True, width=90),
        Column("building.estate.name", "小区", width=200),
        Column("building.name", "楼栋", width=100),
        Column("area_before", unit="㎡", width=120),
        Column("area_after", unit="㎡", width=120),
        Column("rent_before", money=True, unit="元/月", width=120),
        Column("rent_after", money=True, unit="元/月", width=120),
        Column("at", width=160),
        Column("by_name", width=110),
        Column("note", width=240),
        Column("division", dictionary="division", width=110),
    )
    filters = (
        Choice("kind", dictionary="reshape_kind"),
        Choice("division", dictionary="division", tree=True),
        DateBetween("at"),
    )
    order = "-at"
    can_create = can_change = can_delete = False
    heading = ("building.estate.name", "at")
    badges = ("kind",)
    detail = (
        Section("拆并", ["kind", "building.estate.name", "building.name", "at", "by_name", "note"]),
        Section("前后对照", ["area_before", "area_after", "rent_before", "rent_after"]),
    )
