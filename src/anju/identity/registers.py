"""Registers of identity: organisations here, the others each in a file of their own."""

from __future__ import annotations

from anju.identity.account_register import AccountRegister
from anju.identity.application_register import AccountApplicationRegister
from anju.identity.client_register import ClientRegister
from anju.identity.holdings import why_kept
from anju.identity.increments import note_change
from anju.identity.menu_registers import ApplicationRegister, FunctionRegister
from anju.identity.models import AccountClass, Organisation
from anju.identity.organisation_registers import OrganisationChangeRegister
from anju.identity.provider_register import ProviderRegister
from anju.identity.role_registers import GrantRegister, PostRegister, RoleRegister, SubstitutionRegister
from anju.kernel.registers import (
    Choice,
    Column,
    Field,
    Guard,
    Register,
    Related,
    Rights,
    Search,
    Section,
    declare,
)
from anju.kernel.registers.subjects import subject_kind
from anju.kernel.scope import Actor

GROUP = "配置"
__all__ = [
    "AccountApplicationRegister",
    "AccountRegister",
    "ApplicationRegister",
    "ClientRegister",
    "FunctionRegister",
    "GrantRegister",
    "OrganisationChangeRegister",
    "OrganisationRegister",
    "PostRegister",
    "ProviderRegister",
    "RoleRegister",
    "SubstitutionRegister",
]  # fmt: skip


subject_kind("identity.policy", "账号安全策略", words=lambda rest: "")
subject_kind("identity.openid", "单点登录签名密钥")
subject_kind("identity.account_flow", "账号审批流程", words=lambda rest: dict(AccountClass.choices).get(rest, rest))


@declare
class OrganisationRegister(Register[Organisation]):
    """The tree of organisations."""

    key, title, unit, group, icon = "identity.organisations", "组织机构", "个", GROUP, "network"
    model = Organisation
    rights = Rights("identity.organisation", path="path")
    columns = (
        Column("code", frozen=True, width=130),
        Column("name", frozen=True, width=240),
        Column("kind", dictionary="organisation_kind", width=120),
        Column("parent.name", "上级机构", width=200),
        Column("division", dictionary="division", width=110),
        Column("phone", width=140),
        Column("active", width=80),
    )
    filters = (Choice("kind", dictionary="organisation_kind"), Choice("division", dictionary="division", tree=True))
    search = Search(["code", "name"], "机构代码、名称")
    order = "code"
    form = (
        Field("code", "机构代码", required=True, max_length=30, fixed=True, example="JW-01"),
        Field("name", "机构名称", required=True, max_length=100),
        Field("kind", "类别", "choice", required=True, dictionary="organisation_kind"),
        Field("parent", "上级机构", "row", required=True, register="identity.organisations", fixed=True),
        Field("division", "行政区划", "choice", required=True, dictionary="division"),
        Field("phone", "电话", max_length=30, pattern=r"[0-9+\-() ]{5,30}", hint="数字和短横线"),
        Field("active", "启用", "boolean", default=True),
    )
    heading = ("name", "code")
    open_names = True
    subjects = ("identity.organisation",)
    badges = ("kind",)
    detail = (Section("基本信息", ["code", "name", "kind", "parent.name", "division", "phone", "active"]),)
    related = (Related("accounts", "账号", "identity.accounts", "organisation"),)
    guards = (Guard(why_kept, "organisation.in_use", "请先把这些移到其他机构；已发生业务的机构请改为停用"),)

    def after(self, row: Organisation, actor: Actor, action: str) -> None:
        path = f"{row.parent.path if row.parent else '/'}{row.pk}/"
        if row.path != path:
            Organisation.objects.filter(pk=row.pk).update(path=path)
            row.path = path
        if row.pk is not None:
            note_change("organisation", row.pk, action)
