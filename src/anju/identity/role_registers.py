"""Registers of roles, of posts, and of what one organisation granted another."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from anju.identity import roles
from anju.identity.grants import revoke
from anju.identity.held import held_roles
from anju.identity.increments import note_change
from anju.identity.models import AccountPost, AccountRole, Grant, Post, Role, Substitution
from anju.identity.passing import ToHimself
from anju.identity.substitutions import approve, end
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
from anju.kernel.scope import Actor, Reach

GROUP = "权限"
ACCOUNT = Field("account", "账号", "row", required=True, register="identity.accounts")
UNTIL = Field("until", "有效至", "date", hint="不填为长期")
KEY = Field(
    "key",
    "标识",
    required=True,
    max_length=60,
    pattern=r"[a-z][a-z0-9_]{1,59}",
    hint="小写字母、数字、下划线",
    fixed=True,
)


def held(role: Role) -> str:
    """Why a role cannot be deleted (SH-226.1)."""
    people, posts = AccountRole.objects.filter(role=role).count(), role.posts.count()
    if people or posts:
        return f"{role.title}还有 {people} 个账号、{posts} 个岗位在使用，不能删除"
    return ""


def copy(actor: Actor, role: Role, values: dict[str, Any]) -> str:
    """A new role that gives the same (SH-226.3)."""
    made = roles.copy_role(role, values["key"], values["title"], actor)
    return f"已复制为“{made.title}”，请到它的权限页调整"


@declare
class RoleRegister(Register[Role]):
    """Roles are the whole city's: who may see the list sees all of it, who changes one must reach everywhere."""

    key, title, unit, group, icon = "identity.roles", "角色", "个", GROUP, "user-cog"
    model = Role
    rights = Rights("identity.role")
    columns = (
        Column("key", frozen=True, width=180),
        Column("title", frozen=True, width=180),
        Column("reach", dictionary="reach", width=150),
        Column("duty", dictionary="duty", width=110),
        Column("note", width=300),
        Column("updated_at", width=150, hidden=True),
    )
    filters = (Choice("reach", dictionary="reach"), Choice("duty", dictionary="duty"))
    search = Search(["key", "title"], "标识、名称")
    order = "key"
    form = (
        KEY,
        Field("title", "名称", required=True, max_length=60),
        Field("reach", "数据范围", "choice", required=True, dictionary="reach_of_scale", hint="指定机构和单项范围在权限页设置"),
        Field("note", "说明", "textarea", max_length=200),
    )  # fmt: skip
    guards = (Guard(held, "role.held", "请先收回后再删除"),)
    actions = (
        Action(
            "copy", "复制", copy, right="create", fields=(KEY, Field("title", "名称", required=True, max_length=60))
        ),
    )
    heading = ("title", "key")
    open_names = True
    subjects = ("identity.role",)
    badges = ("duty",)
    detail = (Section("角色", ["key", "title", "reach", "duty", "note", "updated_at"]),)

    def within(self, rows: QuerySet[Role], actor: Actor, right: str) -> QuerySet[Role]:
        reach = actor.reach(right)
        if reach is None:
            return rows.none()
        return rows if reach is Reach.ALL or right == self.rights.of("view") else rows.none()

    def check(self, values: dict[str, Any], actor: Actor, old: Role | None) -> None:
        if old is not None and "reach" in values and old.pk in held_roles(actor.id):
            raise ToHimself("不能修改自己持有的角色")

    def after(self, row: Role, actor: Actor, action: str) -> None:
        if row.pk is not None:
            note_change("role", row.pk, action)


def stood_on(post: Post) -> str:
    """Why a post cannot be deleted."""
    people = AccountPost.objects.filter(post=post).count()
    return f"{post.title}上还有 {people} 个账号，不能删除" if people else ""


def bind(actor: Actor, post: Post, values: dict[str, Any]) -> None:
    """Puts an account on the post (SH-226.6)."""
    roles.bind(actor, post, values["account"].pk, values["until"])


def unbind(actor: Actor, post: Post, values: dict[str, Any]) -> None:
    """Takes an account off the post."""
    roles.unbind(actor, post, values["account"].pk)


@declare
class PostRegister(Register[Post]):
    """Posts along the organisation structure (SH-226.4)."""

    key, title, unit, group, icon = "identity.posts", "岗位", "个", GROUP, "briefcase"
    model = Post
    rights = Rights("identity.post")
    columns = (
        Column("title", frozen=True, width=180),
        Column("organisation.name", "机构", width=240),
        Column("division", dictionary="division", width=110),
        Column("duty", dictionary="duty", width=110),
        Column("note", width=300),
    )
    filters = (
        Choice("organisation", register="identity.organisations"),
        Choice("division", dictionary="division", tree=True),
    )
    search = Search(["title"], "岗位名称")
    order = "-id"
    form = (
        Field("organisation", "机构", "row", required=True, register="identity.organisations", fixed=True),
        Field("title", "岗位", required=True, max_length=60),
        Field("note", "岗位职责", "textarea", max_length=300),
    )
    guards = (Guard(stood_on, "post.held", "请先让他们离岗"),)
    actions = (
        Action("bind", "安排上岗", bind, fields=(ACCOUNT, UNTIL)),
        Action("unbind", "离岗", unbind, fields=(ACCOUNT,)),
    )
    heading = ("title", "organisation.name")
    open_names = True
    subjects = ("identity.post",)
    badges = ("duty",)
    detail = (Section("岗位", ["title", "organisation.name", "division", "duty", "note"]),)

    def fill(self, row: Post, actor: Actor) -> None:
        row.org_path, row.division = row.organisation.path, row.organisation.division
        row.reach = row.reach or Reach.ORG

    def after(self, row: Post, actor: Actor, action: str) -> None:
        if row.pk is not None:
            note_change("post", row.pk, action)


def take_back(actor: Actor, grant: Grant, values: dict[str, Any]) -> None:
    """Revokes a grant; everything below it ends with it at the next request (SH-227.5)."""
    revoke(actor, grant, values["reason"])


@declare
class GrantRegister(Register[Grant]):
    """What superior organisations granted those below (SH-227)."""

    key, title, unit, group, icon = "identity.grants", "分级授权", "项", GROUP, "git-branch"
    model = Grant
    rights = Rights("identity.grant")
    columns = (
        Column("title", frozen=True, width=200),
        Column("giver.name", "授权机构", width=200),
        Column("organisation.name", "被授权机构", width=220),
        Column("reach", "最大数据范围", dictionary="reach", width=140),
        Column("starts_on", width=110),
        Column("ends_on", width=110),
        Column("revoked_at", width=150),
        Column("reason", width=200, hidden=True),
    )
    filters = (
        Choice("organisation", register="identity.organisations"),
        Choice("reach", dictionary="reach"),
        Choice("source", "依据的授权", register="identity.grants", primary=False),
    )
    search = Search(["title"], "授权事项")
    order = "-id"
    can_create = can_change = can_delete = False
    actions = (
        Action(
            "revoke",
            "收回",
            take_back,
            tone="danger",
            fields=(Field("reason", "原因", required=True, max_length=200),),
            confirm="收回后，这个机构及以下依据它的权限立即失效，确定收回吗？",
            batch=True,
            when=Q(revoked_at=None),
        ),
    )
    heading = ("title", "organisation.name")
    open_names = True
    subjects = ("identity.grant",)
    related = (Related("below", "依据本授权的下级授权", "identity.grants", "source"),)
    detail = (
        Section(
            "授权", ["title", "giver.name", "organisation.name", "reach", "starts_on", "ends_on", "revoked_at", "reason"]
        ),
    )  # fmt: skip


def agree(actor: Actor, row: Substitution, values: dict[str, Any]) -> None:
    """Lets the substitution begin on its first day; nobody agrees to his own."""
    approve(actor, row)


def finish(actor: Actor, row: Substitution, values: dict[str, Any]) -> None:
    """Ends it before its last day."""
    end(actor, row)


@declare
class SubstitutionRegister(Register[Substitution]):
    """Who stands in for whom, from when to when."""

    key, title, unit, group, icon = "identity.substitutions", "代班", "项", GROUP, "user-check"
    model = Substitution
    rights = Rights("identity.substitution")
    columns = (
        Column("absent.name", "被代班人", frozen=True, width=120),
        Column("substitute.name", "代班人", frozen=True, width=120),
        Column("starts_on", width=110),
        Column("ends_on", width=110),
        Column("reason", width=240),
        Column("approved_name", width=110),
        Column("approved_at", width=150),
        Column("ended_at", width=150),
        Column("acting", width=90),
    )
    filters = (Choice("absent", "被代班人", register="identity.accounts"),)
    order = "-id"
    can_create = can_change = can_delete = False
    actions = (
        Action(
            "approve", "批准", agree, right="approve", confirm="批准后，代班人可以用被代班人的权限办理。确定批准吗？",
            when=Q(approved_at=None, ended_at=None),
        ),
        Action("end", "提前结束", finish, right="approve", tone="danger", when=Q(ended_at=None)),
    )  # fmt: skip
    heading = ("absent.name", "substitute.name")
    subjects = ("identity.substitution",)
    detail = (
        Section(
            "代班",
            ["absent.name", "substitute.name", "starts_on", "ends_on", "reason", "approved_name", "approved_at", "ended_at"],
        ),
    )  # fmt: skip
