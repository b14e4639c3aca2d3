"""Registers of identity: organisations and accounts."""

from __future__ import annotations

from typing import Any

from anju.identity.holdings import why_kept
from anju.identity.models import Account, AccountState, Organisation, Role
from anju.identity.passwords import make_password, one_time_password
from anju.identity.services import reset_password
from anju.identity.sessions import end_all
from anju.kernel.errors import DomainError
from anju.kernel.registers import (
    Action,
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
from anju.kernel.scope import Actor

GROUP = "配置"


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
    badges = ("kind",)
    detail = (Section("基本信息", ["code", "name", "kind", "parent.name", "division", "phone", "active"]),)
    related = (Related("accounts", "账号", "identity.accounts", "organisation"),)
    guards = (Guard(why_kept, "organisation.in_use", "请先把这些移到其他机构；已发生业务的机构请改为停用"),)

    def after(self, row: Organisation, actor: Actor, action: str) -> None:
        path = f"{row.parent.path if row.parent else '/'}{row.pk}/"
        if row.path != path:
            Organisation.objects.filter(pk=row.pk).update(path=path)
            row.path = path


def suspend(actor: Actor, account: Account, values: dict[str, Any]) -> None:
    """Suspends an account and ends its sessions at once."""
    if account.pk == actor.id:
        raise DomainError("不能停用自己的账号", code="account.self", advice="请由另一位管理员操作")
    Account.objects.filter(pk=account.pk).update(state=AccountState.SUSPENDED)
    end_all("staff", account.pk)


def reset(actor: Actor, account: Account, values: dict[str, Any]) -> str:
    """Gives the account a one-time password, told once (PR-23 ruling)."""
    return f"{account.username} 的一次性密码：{reset_password(actor=actor, account_id=account.pk)}。只显示这一次，首次登录后须修改"


def grant_role(actor: Actor, account: Account, values: dict[str, Any]) -> None:
    """Gives an account a role; nobody gives himself one."""
    if account.pk == actor.id:
        raise DomainError("不能给自己赋予角色", code="account.self", advice="请由另一位管理员操作")
    account.roles.add(Role.objects.get(key=values["role"]))


def revoke_role(actor: Actor, account: Account, values: dict[str, Any]) -> None:
    """Takes a role back; it counts from the next request."""
    account.roles.remove(Role.objects.get(key=values["role"]))


def resume(actor: Actor, account: Account, values: dict[str, Any]) -> None:
    """Lets a suspended or locked account be used again."""
    Account.objects.filter(pk=account.pk).update(state=AccountState.ACTIVE, failures=0, locked_until=None)


ROLE = Field("role", "角色", "choice", required=True, dictionary="role")


@declare
class AccountRegister(Register[Account]):
    """Accounts of staff, issued here and nowhere else (PR-01.1). A fresh one needs a password reset to be used."""

    key, title, unit, group, icon = "identity.accounts", "账号", "个", GROUP, "users"
    model = Account
    rights = Rights("identity.account")
    columns = (
        Column("username", frozen=True, width=140),
        Column("name", frozen=True, width=110),
        Column("organisation.name", "机构", width=220),
        Column("post", width=160),
        Column("state", dictionary="account_state", width=90),
        Column("last_signed_in_at", width=150),
        Column("locked_until", width=150, hidden=True),
        Column("division", dictionary="division", width=110, hidden=True),
    )
    filters = (
        Choice("state", dictionary="account_state"),
        Choice("organisation", register="identity.organisations"),
        Choice("division", dictionary="division", tree=True, primary=False),
    )
    search = Search(["username", "name"], "账号、姓名")
    order = "username"
    form = (
        Field(
            "username",
            "账号",
            required=True,
            max_length=60,
            pattern=r"[a-z][a-z0-9._-]{2,59}",
            hint="小写字母开头",
            fixed=True,
        ),
        Field("name", "姓名", required=True, max_length=60),
        Field("organisation", "机构", "row", required=True, register="identity.organisations"),
        Field("post", "岗位", max_length=60),
    )
    can_delete = False
    actions = (
        Action("reset", "重置密码", reset, right="reset", confirm="重置后原密码和已登录的会话立即失效，确定重置吗？"),
        Action("grant_role", "赋予角色", grant_role, fields=(ROLE,)),
        Action("revoke_role", "收回角色", revoke_role, fields=(ROLE,)),
        Action("suspend", "停用", suspend, tone="danger", confirm="停用后立即退出登录，确定停用吗？"),
        Action("resume", "恢复", resume),
    )
    heading = ("name", "username")
    badges = ("state",)
    detail = (
        Section(
            "账号", ["username", "name", "organisation.name", "post", "state", "last_signed_in_at", "locked_until"]
        ),
    )

    def fill(self, row: Account, actor: Actor) -> None:
        row.org_path, row.division = row.organisation.path, row.organisation.division
        if not row.password:
            row.password, row.must_change_password = make_password(one_time_password()), True
