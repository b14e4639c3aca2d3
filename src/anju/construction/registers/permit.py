"""预售许可 as lists: applications, permits, and the units of permits (SH-170)."""

from __future__ import annotations

from django.db.models import Q

from anju.construction.models import Permit, PermitState, PermitUnit, PreSale
from anju.construction.registers.common import GROUP, MatterRegister, columns, detail
from anju.construction.registration import push_again
from anju.kernel.registers import (
    Action,
    Choice,
    Column,
    DateBetween,
    Link,
    Register,
    Related,
    Rights,
    Search,
    Section,
    declare,
)


@declare
class PreSaleRegister(MatterRegister[PreSale]):
    """Applications for pre-sale permits."""

    key, title, icon = "construction.pre_sales", "预售许可申请", "file-pen"
    model = PreSale
    rights = Rights("construction.permit")
    columns = columns(
        Column("reservation_no", width=140),
        Column("developer", width=220),
        Column("address", width=240),
        Column("floor_area", unit="㎡", width=130),
        Column("price", money=True, unit="元/㎡", width=120, hidden=True),
    )
    detail = detail("reservation_no", "developer", "address", "floor_area", "price")


@declare
class PermitRegister(Register[Permit]):
    """Pre-sale permits and how their registration stands."""

    key, title, unit, group, icon = "construction.permits", "预售许可证", "张", GROUP, "award"
    model = Permit
    empty = "预售许可审核通过后列在这里"
    rights = Rights("construction.permit")
    columns = (
        Column("number", frozen=True, width=220),
        Column("project_name", frozen=True, width=200),
        Column("state", dictionary="permit_state", width=110),
        Column("developer", width=220),
        Column("unit_count", unit="套", width=80),
        Column("floor_area", unit="㎡", width=130),
        Column("issued_on", width=120),
        Column("registered_at", width=150),
        Column("receipt", width=130),
        Column("case_number", width=180, hidden=True),
        Column("address", listed=False),
        Column("division", dictionary="division", width=110),
    )
    filters = (Choice("state", dictionary="permit_state"), DateBetween("issued_on"))
    search = Search(["number", "project_name", "developer"], "许可证号、项目、建设单位")
    order = "-id"
    can_create = can_change = can_delete = False
    heading = ("number", "project_name")
    open_names = True
    badges = ("state",)
    detail = (
        Section("许可证", ["number", "project_name", "developer", "address", "unit_count", "floor_area", "issued_on"]),
        Section("登记", ["registered_at", "receipt", "case_number", "division"]),
    )
    related = (Related("units", "房屋", "construction.permit_units", "permit"),)
    actions = (
        Action(
            "push", "再次推送", push_again, right="push", batch=True, when=Q(state=PermitState.ISSUED),
            confirm="把许可证和房屋清单再次推送给不动产登记系统？",
        ),
    )  # fmt: skip
    page = ("/cases/{}", "case_id")


@declare
class PermitUnitRegister(Register[PermitUnit]):
    """Units that permits let be sold, as surveyed and corrected."""

    key, title, unit, group, icon = "construction.permit_units", "预售房屋", "套", GROUP, "door-open"
    model = PermitUnit
    empty = "预售许可审核通过后，准予预售的房屋列在这里"
    rights = Rights("construction.permit")
    columns = (
        Column("unit_number", frozen=True, width=200),
        Column("permit.number", "许可证号", link=Link("construction.permits", "permit_id"), width=220),
        Column("location", width=280),
        Column("layout", width=110),
        Column("floor_area", unit="㎡", width=110),
        Column("planned_use", width=110),
    )
    filters = (Choice("permit", title="预售许可证", register="construction.permits"),)
    search = None
    order = "unit_number"
    can_create = can_change = can_delete = False
    heading = ("unit_number", "location")
    detail = (Section("房屋", ["unit_number", "permit.number", "location", "layout", "floor_area", "planned_use"]),)
