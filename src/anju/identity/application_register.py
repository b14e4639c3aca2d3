"""The register of account applications: who asked for which account at which unit, and how it ended."""

from __future__ import annotations

from anju.identity.models import AccountApplication
from anju.kernel.crypto import mask_id_number, mask_phone
from anju.kernel.registers import Choice, Column, Link, Register, Rights, Search, Section, View, declare


@declare
class AccountApplicationRegister(Register[AccountApplication]):
    """Account applications (账号申请); they are decided at their cases (SH-219, SH-220)."""

    key, title, unit, group, icon = "identity.applications", "账号申请", "份", "配置", "user-plus"
    model = AccountApplication
    rights = Rights("identity.application")
    columns = (
        Column("number", frozen=True, width=190, link=Link("cases.cases", "case_id")),
        Column("name", frozen=True, width=100),
        Column("klass", dictionary="account_class", width=190),
        Column("organisation.name", "单位", width=220),
        Column("username", width=130),
        Column("post", width=140),
        Column("state", dictionary="account_application_state", width=100),
        Column("remark", width=220),
        Column("created_at", "申请时间", width=150),
        Column("case_id", listed=False),
        Column("id_number", masked=mask_id_number, listed=False),
        Column("phone", masked=mask_phone, listed=False),
        Column("division", dictionary="division", width=110, hidden=True),
    )
    filters = (
        Choice("state", dictionary="account_application_state"),
        Choice("klass", dictionary="account_class"),
        Choice("organisation", register="identity.organisations"),
        Choice("division", dictionary="division", tree=True, primary=False),
    )
    views = (View("waiting", "待审批", {"state": ["open", "correction"]}),)
    search = Search(["number", "name", "username"], "编号、姓名、账号")
    order = "-created_at"
    can_create = can_change = can_delete = False
    heading = ("name", "number")
    badges = ("state",)
    detail = (
        Section("申请", ["number", "klass", "organisation.name", "username", "post", "state", "remark", "created_at"]),
        Section("申请人", ["name", "id_number", "phone"]),
    )
