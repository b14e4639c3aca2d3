"""Operations on the menu and on applications."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from anju.identity import applications, menus
from anju.identity.api.shapes import ChangedLine, Line, OfMenu, Order, Range
from anju.identity.models import Application, FunctionPoint, MenuItem, Organisation, Post, Role
from anju.identity.roles import of_everybody
from anju.kernel import audit
from anju.kernel.errors import FieldError, Invalid, NotFound
from anju.kernel.http import STAFF, Empty, Request, Routes
from anju.kernel.registers.changes import Stale
from anju.kernel.scope import Actor

routes = Routes("/identity", title="菜单与应用")
VIEW, CHANGE = "identity.menu.view", "identity.menu.change"
SEE, RANGE = "identity.app.view", "identity.app.change"


def line_of(actor: Actor, menu_id: int) -> MenuItem:
    """A line, locked, for somebody whose right reaches everywhere; else `NotFound`."""
    of_everybody(actor, CHANGE)
    found = MenuItem.objects.select_for_update().filter(pk=menu_id).first()
    if found is None:
        raise NotFound
    return found


@routes.read("/menus", right=VIEW, scope="none", summary="菜单树")
def tree(request: Request) -> dict[str, Any]:
    """The lines, and what they can be limited to."""
    return {
        "items": menus.tree(),
        "roles": list(Role.objects.order_by("key").values("id", "title")),
        "posts": list(Post.objects.order_by("org_path", "title").values("id", "title", "organisation__name")[:500]),
        "functions": list(FunctionPoint.objects.order_by("right").values("right", "title")),
    }


@routes.act("/menus", right=CHANGE, scope="reach all", summary="新增菜单")
def add(request: Request, body: Line) -> dict[str, Any]:
    of_everybody(request.actor, CHANGE)
    return menus.as_json(menus.add(request.actor, body.dict()))


@routes.act("/menus/order", right=CHANGE, scope="reach all", summary="调整菜单顺序")
def order(request: Request, body: Order) -> dict[str, Any]:
    of_everybody(request.actor, CHANGE)
    menus.order(request.actor, body.items)
    return {"ordered": len(body.items)}


@routes.put("/menus/{int:menu_id}", right=CHANGE, scope="reach all", summary="修改菜单")
def change(request: Request, menu_id: int, body: ChangedLine) -> dict[str, Any]:
    line = line_of(request.actor, menu_id)
    menus.change(request.actor, line, body.version, body.dict(exclude={"version"}))
    return menus.as_json(line)


@routes.remove("/menus/{int:menu_id}", right=CHANGE, scope="reach all", summary="删除菜单")
def remove(request: Request, menu_id: int, version: int) -> dict[str, Any]:
    menus.remove(request.actor, line_of(request.actor, menu_id), version)
    return {"id": menu_id}


@routes.read("/apps", right=STAFF, scope="self", summary="我可以打开的应用")
def mine(request: Request) -> dict[str, Any]:
    return {"rows": [asdict(each) for each in applications.applications_for(request.actor)]}


@routes.act("/apps/open/{key}", right=STAFF, scope="self", summary="打开应用")
def open_one(request: Request, key: str, body: Empty) -> dict[str, Any]:
    return asdict(applications.open_application(request.actor, key))


@routes.act("/apps/of-menu", right="identity.app.create", scope="reach all", summary="把菜单登记为应用")
def of_menu(request: Request, body: OfMenu) -> dict[str, Any]:
    of_everybody(request.actor, "identity.app.create")
    line = MenuItem.objects.filter(pk=body.menu).exclude(path="").first()
    if line is None:
        raise NotFound("没有这个菜单页面", code="menu.none")
    made = applications.from_menu(line, request.actor)
    audit.record("create", actor=request.actor, subject=f"identity.app:{made.pk}", title=f"登记应用{made.title}")
    return {"id": made.pk}


@routes.read("/apps/{int:app_id}/range", right=SEE, scope="reach all", summary="应用的使用范围")
def read_range(request: Request, app_id: int) -> dict[str, Any]:
    found = application_of(request.actor, app_id, SEE)
    return {
        "version": found.version, "title": applications.entrance(found).title, "rights": list(found.rights),
        "roles": sorted(found.roles.values_list("pk", flat=True)),
        "organisations": sorted(found.organisations.values_list("pk", flat=True)),
        "all_roles": list(Role.objects.order_by("key").values("id", "title")),
        "all_organisations": list(Organisation.objects.filter(active=True).order_by("path").values("id", "name", "path")),
        "all_rights": list(FunctionPoint.objects.filter(duty="").order_by("right").values("right", "title")),
    }  # fmt: skip


@routes.put("/apps/{int:app_id}/range", right=RANGE, scope="reach all", summary="设置应用的使用范围")
def write_range(request: Request, app_id: int, body: Range) -> dict[str, Any]:
    found = application_of(request.actor, app_id, RANGE)
    if found.version != body.version:
        raise Stale(details={"version": found.version, "mine": body.dict()})
    known = FunctionPoint.objects.filter(right__in=body.rights, duty="").count()
    errors = (
        []
        if known == len(set(body.rights))
        else [FieldError("rights", "unknown", "有不存在的权限，或属于三员管理的权限")]
    )
    for key, model in (("roles", Role), ("organisations", Organisation)):
        ids = {pk for pk in getattr(body, key) if abs(pk) < 2**63}
        if model.objects.filter(pk__in=ids).count() != len(set(getattr(body, key))):
            errors.append(FieldError(key, "unknown", "有已不存在的选项"))
    if errors:
        raise Invalid(errors)
    found.rights, found.version = sorted(set(body.rights)), found.version + 1
    found.save(update_fields=["rights", "version", "updated_at"])
    found.roles.set(body.roles)
    found.organisations.set(body.organisations)
    audit.record(
        "change", actor=request.actor, subject=f"identity.app:{found.pk}", title=f"设置应用{found.title}的使用范围",
        detail={"roles": body.roles, "organisations": body.organisations, "rights": body.rights},
    )  # fmt: skip
    return {"version": found.version}


def application_of(actor: Actor, app_id: int, right: str) -> Application:
    """An application for somebody whose right reaches everywhere; else `NotFound`."""
    of_everybody(actor, right)
    found = Application.objects.select_related("menu").filter(pk=app_id).first()
    if found is None:
        raise NotFound
    return found
