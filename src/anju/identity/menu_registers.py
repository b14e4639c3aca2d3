"""Registers of function points and of applications."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from anju.identity.applications import into_menu
from anju.identity.models import AppClient, Application, ApplicationState, FunctionPoint, Grant, MenuItem, Post, Role
from anju.identity.openid.clients import end_logins
from anju.kernel.errors import Conflict, DomainError
from anju.kernel.registers import Action, Choice, Column, Field, Guard, Register, Rights, Search, Section, declare
from anju.kernel.registers.subjects import subject_kind
from anju.kernel.scope import Actor, Reach

GROUP = "权限"


def everywhere(rows: QuerySet[Any], actor: Actor, right: str, view: str) -> QuerySet[Any]:
    """What is the whole city's: seen by all who may look, changed by those who reach everywhere."""
    reach = actor.reach(right)
    if reach is None:
        return rows.none()
    return rows if reach is Reach.ALL or right == view else rows.none()


def given(point: FunctionPoint) -> str:
    """Why a function point cannot be deleted."""
    if point.shipped:
        return f"“{point.title}”随产品提供，不能删除"
    holders = [
        *Role.objects.filter(rights__contains=[point.right]).values_list("title", flat=True),
        *Post.objects.filter(rights__contains=[point.right]).values_list("title", flat=True),
        *Grant.objects.filter(rights__contains=[point.right], revoked_at=None).values_list("title", flat=True),
    ]
    return f"{'、'.join(holders[:5])}还在使用这项权限，不能删除" if holders else ""


subject_kind(
    "identity.menu", "菜单", name="title", page="/identity/menus",
    rows=lambda actor: MenuItem.objects.all() if actor.may("identity.menu.view") else MenuItem.objects.none(),
    every=MenuItem.objects.all,
)  # fmt: skip


@declare
class FunctionRegister(Register[FunctionPoint]):
    """Function points: those of the product, and those of other systems that ask here who may what (SH-225.2)."""

    key, title, unit, group, icon = "identity.functions", "功能点", "个", GROUP, "toggle-right"
    model = FunctionPoint
    rights = Rights("identity.function")
    columns = (
        Column("right", frozen=True, width=260),
        Column("title", frozen=True, width=220),
        Column("group", width=140),
        Column("kind", dictionary="function_kind", width=90),
        Column("menu.title", "所属菜单", width=140),
        Column("duty", dictionary="duty", width=110),
        Column("shipped", width=110),
    )
    filters = (Choice("kind", dictionary="function_kind"), Choice("duty", dictionary="duty"))
    search = Search(["right", "title", "group"], "权限标识、名称、分组")
    order = "right"
    form = (
        Field(
            "right", "权限标识", required=True, max_length=100, fixed=True, example="loan.case.approve",
            pattern=r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", hint="小写字母、数字、下划线，用点分段，例如 loan.case.approve",
        ),
        Field("title", "名称", required=True, max_length=100),
        Field("group", "分组", required=True, max_length=60),
        Field("kind", "类别", "choice", required=True, dictionary="function_kind"),
    )  # fmt: skip
    guards = (Guard(given, "function.held", "请先从角色、岗位和授权中去掉"),)
    heading = ("title", "right")
    open_names = True
    badges = ("kind",)
    detail = (Section("功能点", ["right", "title", "group", "kind", "menu.title", "duty", "shipped"]),)

    def within(self, rows: QuerySet[FunctionPoint], actor: Actor, right: str) -> QuerySet[FunctionPoint]:
        return everywhere(rows, actor, right, self.rights.of("view"))


def publish(actor: Actor, row: Application, values: dict[str, Any]) -> None:
    """Puts an application into service, or back into service (SH-224.1)."""
    if not (row.menu or row).path:
        raise DomainError("还没有填写地址，不能发布", code="application.no_path", advice="请先填写地址")
    turn(row, ApplicationState.PUBLISHED)


def suspend(actor: Actor, row: Application, values: dict[str, Any]) -> None:
    """Takes an application out of service; nobody can open it any more (SH-224.2)."""
    turn(row, ApplicationState.SUSPENDED)
    end_logins(list(AppClient.objects.filter(application=row).values_list("pk", flat=True)))


def turn(row: Application, state: ApplicationState) -> None:
    """Another state than the present one."""
    if row.state == state:
        raise Conflict(f"应用已经是“{state.label}”", code="application.state", advice="请刷新后再看")
    Application.objects.filter(pk=row.pk).update(state=state, version=row.version + 1)


def take_up(actor: Actor, row: Application, values: dict[str, Any]) -> None:
    """Takes the application up into the menu; from then on both share their data (SH-002.2)."""
    if row.menu_id:
        raise Conflict("这个应用已在菜单中", code="application.in_menu", advice="请到菜单页调整")
    into_menu(row, None, actor)


@declare
class ApplicationRegister(Register[Application]):
    """Applications of the housing systems (SH-224.1)."""

    key, title, unit, group, icon = "identity.apps", "应用", "个", GROUP, "layout-grid"
    model = Application
    rights = Rights("identity.app")
    columns = (
        Column("key", frozen=True, width=150),
        Column("title", frozen=True, width=160),
        Column("state", dictionary="application_state", width=100),
        Column("system", width=140),
        Column("release", width=80),
        Column("path", width=240),
        Column("position", width=80),
        Column("menu.title", "共用菜单", width=140),
        Column("summary", width=240, hidden=True),
        Column("icon", listed=False),
    )
    filters = (Choice("state", dictionary="application_state"),)
    search = Search(["key", "title", "system"], "标识、名称、系统")
    order = "position"
    form = (
        Field(
            "key", "标识", required=True, max_length=60, pattern=r"[a-z][a-z0-9_-]{1,59}", hint="小写字母、数字、横线",
            fixed=True,
        ),
        Field("title", "名称", required=True, max_length=60),
        Field("icon", "图标", "choice", dictionary="menu_icon", default="app-window"),
        Field("path", "地址", max_length=300, pattern=r"(/|https?://)\S*", hint="以 / 或 http 开头"),
        Field("summary", "说明", "textarea", max_length=200),
        Field("system", "所属系统", max_length=60),
        Field("release", "版本", max_length=20, default="1.0"),
        Field("position", "顺序", "integer", min=0, max=100000, default=0),
    )  # fmt: skip
    actions = (
        Action(
            "publish",
            "发布",
            publish,
            confirm="发布后，范围内的人员即可打开，确定发布吗？",
            when=~Q(state=ApplicationState.PUBLISHED),
        ),
        Action(
            "suspend",
            "停用",
            suspend,
            tone="danger",
            confirm="停用后立即不能打开，它所用的权限同时停用。确定停用吗？",
            when=~Q(state=ApplicationState.SUSPENDED),
        ),
        Action("into_menu", "纳入菜单", take_up, when=Q(menu=None)),
    )
    heading = ("title", "key")
    open_names = True
    subjects = ("identity.app",)
    badges = ("state",)
    detail = (
        Section(
            "应用", ["key", "title", "state", "system", "release", "path", "icon", "position", "menu.title", "summary"]
        ),
    )

    def within(self, rows: QuerySet[Application], actor: Actor, right: str) -> QuerySet[Application]:
        return everywhere(rows, actor, right, self.rights.of("view"))

    def fill(self, row: Application, actor: Actor) -> None:
        row.icon = row.icon or "app-window"
