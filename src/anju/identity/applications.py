"""Which applications of the housing systems somebody may open; the list is kept in one register (SH-224)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from anju.identity.held import held_roles, who
from anju.identity.models import Application, ApplicationState, MenuItem
from anju.kernel import audit
from anju.kernel.errors import Forbidden, NotFound
from anju.kernel.scope import Actor


@dataclass(frozen=True)
class Entrance:
    """An application as the application centre shows it."""

    id: int
    key: str
    title: str
    icon: str
    path: str
    summary: str
    system: str
    state: str
    position: int


class Suspended(Forbidden):
    """The application is out of service (SH-224.2)."""

    code, message, advice = "application.suspended", "这个应用已停用", "恢复使用后才能打开，请联系系统管理员"


class OutOfRange(Forbidden):
    """The person is not among those for whom the application is (SH-224.3)."""

    code, message, advice = "application.out_of_range", "你不在这个应用的使用范围内", "请向本单位管理员申请"


def in_range(actor: Actor) -> QuerySet[Application]:
    """The applications for whose range the actor is, whatever their state."""
    for_roles = Application.roles.through.objects.filter(application=OuterRef("pk"))
    for_offices = Application.organisations.through.objects.filter(application=OuterRef("pk"))
    above = [int(part) for part in actor.org_path.strip("/").split("/") if part]
    return Application.objects.filter(
        Q(~Exists(for_roles)) | Q(Exists(for_roles.filter(role__in=held_roles(who(actor))))),
        Q(~Exists(for_offices)) | Q(Exists(for_offices.filter(organisation__in=above))),
    )


def permitted_by_menu(actor: Actor, applications: Iterable[Application]) -> list[Application]:
    """Those whose menu line, where they have one, asks for no right that the actor lacks."""
    return [each for each in applications if not each.menu or not each.menu.right or actor.may(each.menu.right)]


def applications_for(actor: Actor) -> list[Entrance]:
    """The published applications that the actor may open, in their order (SH-002.6, SH-224.3)."""
    found = in_range(actor).filter(state=ApplicationState.PUBLISHED).select_related("menu").order_by("position", "id")
    return [entrance(each) for each in permitted_by_menu(actor, found)]


def open_application(actor: Actor, key: str) -> Entrance:
    """The entrance of an application, for somebody who may go in; who opened it is on record.

    Raises `NotFound` for one that is not published, `Suspended`, `OutOfRange`.
    """
    found = Application.objects.select_related("menu").filter(key=key).first()
    if found is None or found.state == ApplicationState.REGISTERED:
        raise NotFound("没有这个应用")
    if not in_range(actor).filter(pk=found.pk).exists() or not permitted_by_menu(actor, [found]):
        raise OutOfRange(details={"application": key})
    if found.state == ApplicationState.SUSPENDED:
        raise Suspended(details={"application": key})
    audit.record("act", actor=actor, subject=f"identity.app:{found.pk}", title=f"打开应用{found.title}")
    return entrance(found)


def entrance(application: Application) -> Entrance:
    """An application with the title, icon and address of its menu line where it has one (SH-002.2)."""
    shown: Any = application.menu or application
    return Entrance(
        application.pk, application.key, shown.title, shown.icon, shown.path, application.summary, application.system,
        application.state, application.position,
    )  # fmt: skip


def from_menu(item: MenuItem, actor: Actor) -> Application:
    """Registers a page of the menu as an application; its title, icon and address stay the menu's (SH-002.2)."""
    return Application.objects.create(
        key=item.key, title=item.title, icon=item.icon, path=item.path, menu=item, created_by=actor.ref
    )


def into_menu(application: Application, parent: MenuItem | None, actor: Actor) -> MenuItem:
    """Takes an application up into the menu, without entering its data again (SH-002.2)."""
    item = MenuItem.objects.create(
        key=f"app.{application.key}", title=application.title, icon=application.icon, path=application.path,
        parent=parent, position=application.position, created_by=actor.ref,
    )  # fmt: skip
    item.roles.set(application.roles.all())
    Application.objects.filter(pk=application.pk).update(menu=item)
    return item
