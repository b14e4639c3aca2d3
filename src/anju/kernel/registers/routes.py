"""The operations of one register, each with its literal address, right and scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Query as Asked
from ninja import Schema
from pydantic import Field as Constraint

from anju.kernel import audit
from anju.kernel.http import Empty, Request, Routes
from anju.kernel.http.json import dumps
from anju.kernel.registers import changes, history, rows, views
from anju.kernel.registers.describe import describe
from anju.kernel.registers.exporting import start_export
from anju.kernel.registers.importing import routes as import_routes
from anju.kernel.registers.limited import limited
from anju.kernel.registers.lists import Query, page
from anju.kernel.registers.register import Action, Command, Register

ROUTES: list[Routes] = []
# up to a hundred ids of rows, divided by commas
IDS = r"^(\d{1,18}(,\d{1,18}){0,99})?$"


class Values(Schema):
    """A new row."""

    values: dict[str, Any]


class Change(Schema):
    """A change of a row as it was read in `version`; `note` goes into the history."""

    version: int
    values: dict[str, Any]
    note: str = ""


class Reveal(Schema):
    """Which masked field, and why."""

    field: str
    reason: str


class Act(Schema):
    """The rows to act on, and what the act asks for."""

    ids: list[int] = Constraint(max_length=changes.MAX_BATCH)
    values: dict[str, Any] = {}


class Export(Schema):
    """Which rows and columns to export, in which form."""

    filters: dict[str, list[str] | str] = {}
    q: str = ""
    sort: str = ""
    columns: list[str] = []
    limit: int | None = Constraint(None, ge=1, le=1_000_000)
    format: Literal["xlsx", "csv"] = "xlsx"


class Options(Schema):
    """Which rows to choose from: those that a text finds, or those of some ids."""

    q: str = ""
    ids: str = Constraint("", pattern=IDS)


class SavedView(Schema):
    """A named set of filters, sort and columns."""

    title: str = Constraint(min_length=1, max_length=40)
    filters: dict[str, list[str] | str] = {}
    q: str = ""
    sort: str = ""
    columns: list[str] = []


def answer(content: Any) -> HttpResponse:
    """JSON as it is, without another pass through schemas."""
    return HttpResponse(dumps(content), content_type="application/json; charset=utf-8")


def routes_of(register: Register[Any]) -> Routes:
    """Builds the operations of a register and puts them into service."""
    routes = Routes(f"/registers/{register.key}", title=register.title)
    scope = register.rights.path
    may = register.rights.of

    def named(name: str) -> dict[str, Any]:
        return {
            "operation_id": f"{register.key.replace('.', '_')}_{name}",
            "summary": f"{register.title}：{SUMMARY[name]}",
        }

    @routes.read("", right=may("view"), scope="none", **named("declaration"))
    def declaration(request: Request) -> HttpResponse:
        return answer(describe(limited(register, request.actor), request.actor))

    @routes.read("/rows", right=may("view"), scope=scope, **named("list"))
    def list_rows(request: Request, limit: int = 50, cursor: str = "", sort: str = "", q: str = "") -> HttpResponse:
        asked = Query.read(request.GET)
        return answer(
            page(limited(register, request.actor), request.actor, Query(asked.filters, q.strip(), sort, cursor, limit))
        )

    @routes.read("/rows/{int:row_id}", right=may("view"), scope=scope, **named("read"))
    def read_row(request: Request, row_id: int) -> HttpResponse:
        return answer(rows.read(limited(register, request.actor), row_id, request.actor))

    @routes.read("/rows/{int:row_id}/history", right=may("view"), scope=scope, **named("history"))
    def read_history(request: Request, row_id: int, cursor: int | None = None) -> HttpResponse:
        seen = limited(register, request.actor)
        rows.read(seen, row_id, request.actor)
        return answer(history.read(seen, row_id, cursor))

    @routes.read("/options", right=may("view"), scope=scope, **named("options"))
    def list_options(request: Request, asked: Asked[Options]) -> HttpResponse:
        chosen = [int(each) for each in asked.ids.split(",") if each]
        return answer(rows.options(limited(register, request.actor), asked.q, request.actor, chosen))

    if register.form and register.can_create:

        @routes.act("/rows", right=may("create"), scope=scope, **named("create"))
        def create_row(request: Request, body: Values) -> HttpResponse:
            seen = limited(register, request.actor)
            row = changes.create(seen, body.values, request.actor)
            return answer(rows.written(seen, row.pk, request.actor))

    if register.form and register.can_change:

        @routes.change("/rows/{int:row_id}", right=may("change"), scope=scope, **named("change"))
        def change_row(request: Request, row_id: int, body: Change) -> HttpResponse:
            seen = limited(register, request.actor)
            changes.change(seen, row_id, body.version, body.values, request.actor, body.note)
            return answer(rows.written(seen, row_id, request.actor))

    if register.can_delete:

        @routes.remove("/rows/{int:row_id}", right=may("delete"), scope=scope, **named("delete"))
        def delete_row(request: Request, row_id: int, version: int) -> HttpResponse:
            changes.delete(register, row_id, version, request.actor)
            return answer({"id": row_id})

    if any(column.masked for column in register.columns):

        @routes.act("/rows/{int:row_id}/reveal", right=may("reveal"), scope=scope, **named("reveal"))
        def reveal_field(request: Request, row_id: int, body: Reveal) -> HttpResponse:
            return answer(
                {"value": rows.reveal(limited(register, request.actor), row_id, body.field, body.reason, request.actor)}
            )

    for action in register.actions:
        routes.act(
            f"/actions/{action.key}",
            right=may(action.right),
            scope=scope,
            operation_id=f"{register.key.replace('.', '_')}_act_{action.key}",
            summary=f"{register.title}：{action.title}",
        )(acting(register, action))

    for command in register.commands:
        routes.act(
            f"/commands/{command.key}",
            right=may(command.right),
            scope="none",
            atomic=False,
            operation_id=f"{register.key.replace('.', '_')}_command_{command.key}",
            summary=f"{register.title}：{command.title}",
        )(commanding(register, command))

    if register.exports:

        @routes.act("/exports", right=may("export"), scope=scope, **named("export"))
        def export_rows(request: Request, body: Export) -> dict[str, Any]:
            return start_export(limited(register, request.actor), request.actor, body.dict())

    if register.imports:
        import_routes.add(routes, register, named)

    @routes.read("/views", right=may("view"), scope="self", **named("views"))
    def list_views(request: Request) -> HttpResponse:
        return answer(views.of(register.key, request.actor))

    @routes.act("/views", right=may("view"), scope="self", **named("save_view"))
    def save_view(request: Request, body: SavedView) -> HttpResponse:
        return answer(views.save(limited(register, request.actor), request.actor, body.dict()))

    @routes.remove("/views/{int:view_id}", right=may("view"), scope="self", **named("remove_view"))
    def remove_view(request: Request, view_id: int) -> HttpResponse:
        views.remove(register.key, request.actor, view_id)
        return answer({"id": view_id})

    ROUTES.append(routes)
    return routes


def acting(register: Register[Any], action: Action) -> Callable[[Request, Act], HttpResponse]:
    """The operation of one declared act."""

    def act(request: Request, body: Act) -> HttpResponse:
        return answer(changes.act(register, action, body.ids, body.values, request.actor))

    return act


def commanding(register: Register[Any], command: Command) -> Callable[[Request, Empty], HttpResponse]:
    """The operation of one declared command."""

    def run(request: Request, body: Empty) -> HttpResponse:
        said = command.run(request.actor)
        audit.record("act", actor=request.actor, subject=register.key, title=f"{command.title}（{register.title}）")
        return answer({"text": said})

    return run


SUMMARY = {
    "declaration": "声明",
    "list": "列表",
    "read": "详情",
    "history": "变更历史",
    "options": "选择",
    "create": "新增",
    "change": "修改",
    "delete": "删除",
    "reveal": "查看遮盖内容",
    "export": "导出",
    "template": "导入模板",
    "import": "导入",
    "views": "我的视图",
    "save_view": "保存视图",
    "remove_view": "删除视图",
}
