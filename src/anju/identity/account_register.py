"""The register of accounts: issued, reset, locked, suspended, let back, each by whoever has them in his charge."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from anju.identity import locking, roles, second_factor
from anju.identity.accounts import name_person, reset_password
from anju.identity.increments import note_change
from anju.identity.models import Account, AccountState, Role
from anju.identity.passwords import make_password, one_time_password
from anju.kernel.crypto import mask_id_number, mask_phone
from anju.kernel.errors import DomainError
from anju.kernel.registers import Action, Choice, Column, Field, Register, Rights, Search, Section, declare
from anju.kernel.scope import Actor

GROUP = "配置"


def reset(actor: Actor, account: Account, values: dict[str, Any]) -> str:
    """Gives the account a one-time password, told once (PR-23 ruling)."""
    return f"{account.username} 的一次性密码：{reset_password(actor=actor, account_id=account.pk)}。只显示这一次，首次登录后须修改"


def reset_factor(actor: Actor, account: Account, values: dict[str, Any]) -> None:
    """Takes all second factors of somebody off who lost them (NF-05.1)."""
    second_factor.reset(actor, account)


def name_owner(actor: Actor, account: Account, values: dict[str, Any]) -> None:
    """Says whose account it is; one person has one in a unit (NF-05.1)."""
    name_person(actor=actor, account_id=account.pk, id_number=values["id_number"], phone=values["phone"])


def grant_role(actor: Actor, account: Account, values: dict[str, Any]) -> None:
    """Gives an account a role, to a last day where one is named; nobody gives himself one, or more than he holds."""
    roles.assign(actor, [account.pk], [Role.objects.get(key=values["role"]).pk], values["until"])


def revoke_role(actor: Actor, account: Account, values: dict[str, Any]) -> None:
    """Takes a role back; it counts from the next request."""
    roles.withdraw(actor, [account.pk], [Role.objects.get(key=values["role"]).pk])


def lock(actor: Actor, account: Account, values: dict[str, Any]) -> None:
    """Locks an account and ends its sessions at once (SH-221.1)."""
    if account.state == "suspended":
        raise DomainError("账号已停用，不需要再锁定", code="account.suspended", advice="要恢复使用请点“恢复”")
    locking.lock(actor, account.pk, values["reason"])


def suspend(actor: Actor, account: Account, values: dict[str, Any]) -> None:
    """Takes an account out of use and ends its sessions at once (SH-221.1)."""
    locking.suspend(actor, account.pk, values["reason"])


def restore(actor: Actor, account: Account, values: dict[str, Any]) -> None:
    """Lets a locked or suspended account be used again (SH-221.6)."""
    locking.restore(actor, account.pk, values["reason"])


ROLE = Field("role", "角色", "choice", required=True, dictionary="role")
UNTIL = Field("until", "有效至", "date", hint="不填为长期")
REASON = Field("reason", "原因", required=True, max_length=200, hint="至少 4 个字，写入审计记录")
OWNER = (
    Field("id_number", "证件号码", required=True, max_length=18, hint="身份证号，一人在一个单位只能有一个账号"),
    Field("phone", "手机", required=True, max_length=20),
)


@declare
class AccountRegister(Register[Account]):
    """Accounts of staff, issued here or on an approved application (PR-01.1). A fresh one needs its owner named and a
    password reset to be used."""

    key, title, unit, group, icon = "identity.accounts", "账号", "个", GROUP, "users"
    model = Account
    rights = Rights("identity.account")
    columns = (
        Column("username", frozen=True, width=140),
        Column("name", frozen=True, width=110),
        Column("organisation.name", "机构", width=220),
        Column("post", width=160),
        Column("state", dictionary="account_state", width=90),
        Column("state_reason", width=180),
        Column("last_signed_in_at", width=150),
        Column("state_at", width=150, hidden=True),
        Column("locked_until", width=150, hidden=True),
        Column("password_changed_at", width=150, hidden=True),
        Column("id_number", masked=mask_id_number, listed=False),
        Column("phone", masked=mask_phone, listed=False),
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
        Action("name_owner", "登记使用人", name_owner, fields=OWNER),
        Action("reset", "重置密码", reset, right="reset", confirm="重置后原密码和已登录的会话立即失效，确定重置吗？"),
        Action(
            "reset_second_factor",
            "重置第二因素",
            reset_factor,
            right="reset",
            confirm="原来的动态口令、通行密钥和恢复码都会失效，已登录的会话立即结束，确定重置吗？",
        ),
        Action("grant_role", "赋予角色", grant_role, right="assign", fields=(ROLE, UNTIL), batch=True),
        Action("revoke_role", "收回角色", revoke_role, right="assign", fields=(ROLE,), batch=True),
        Action(
            "lock",
            "锁定",
            lock,
            right="lock",
            fields=(REASON,),
            tone="danger",
            batch=True,
            confirm="锁定后立即退出登录，确定锁定吗？",
            when=Q(state=AccountState.ACTIVE),
        ),
        Action(
            "suspend",
            "停用",
            suspend,
            right="lock",
            fields=(REASON,),
            tone="danger",
            batch=True,
            confirm="停用后立即退出登录，确定停用吗？",
            when=~Q(state=AccountState.SUSPENDED),
        ),
        Action(
            "restore",
            "恢复",
            restore,
            right="lock",
            fields=(REASON,),
            batch=True,
            when=~Q(state=AccountState.ACTIVE) | Q(locked_until__isnull=False),
        ),
    )
    heading = ("name", "username")
    beside, open_names = "username", True
    subjects = ("identity.account", "staff")
    badges = ("state",)
    detail = (
        Section(
            "账号",
            [
                "username",
                "name",
                "organisation.name",
                "post",
                "state",
                "state_reason",
                "last_signed_in_at",
                "locked_until",
            ],
        ),
        Section("使用人", ["id_number", "phone", "password_changed_at"]),
    )

    def fill(self, row: Account, actor: Actor) -> None:
        row.org_path, row.division = row.organisation.path, row.organisation.division
        if not row.password:
            row.password, row.must_change_password = make_password(one_time_password()), True

    def after(self, row: Account, actor: Actor, action: str) -> None:
        if row.pk is not None:
            note_change("account", row.pk, action)
