"""A register's declaration as JSON, for the generic page."""

from __future__ import annotations

from typing import Any

from anju.kernel.forms import load
from anju.kernel.registers.columns import RIGHT_ALIGNED, Column, Related, type_of
from anju.kernel.registers.register import REGISTERS, Action, Register
from anju.kernel.scope import Actor


def describe(register: Register[Any], actor: Actor) -> dict[str, Any]:
    """What the page of a register shows and offers to this actor."""
    may = {
        "create": register.can_create
        and bool(register.form)
        and not register.locked_out
        and register.may(actor, "create"),
        "change": register.can_change and bool(register.form) and register.may(actor, "change"),
        "delete": register.can_delete and register.may(actor, "delete"),
        "import": bool(register.imports) and register.may(actor, "import"),
        "export": register.exports and register.may(actor, "export"),
        "reveal": any(column.masked and column.key not in register.barred for column in register.columns)
        and register.may(actor, "reveal"),
        "history": True,
    }
    return {
        "key": register.key,
        "title": register.title,
        "group": register.group,
        "icon": register.icon,
        "unit": register.unit,
        "empty": register.empty,
        "columns": [describe_column(register, column) for column in register.columns if column.listed],
        "filters": [
            item.describe() | {"title": item.title or register.title_of(item.key)} for item in register.filters
        ],
        "search": {"placeholder": register.search.placeholder} if register.search else None,
        "order": {"key": register.order.removeprefix("-"), "desc": register.order.startswith("-")},
        "views": [
            {"key": view.key, "title": view.title, "filters": view.filters, "sort": view.sort}
            for view in register.views
        ],
        "can": may,
        "imports": [item.describe() for item in register.imports] if may["import"] else [],
        "row_actions": actions(register, actor, batch=False),
        "commands": [
            {"key": each.key, "title": each.title} for each in register.commands if register.may(actor, each.right)
        ],
        "batch_actions": actions(register, actor, batch=True),
        "form": form(register) if may["create"] or may["change"] else None,
        "detail": [
            {"title": section.title, "fields": [describe_column(register, register.own[key]) for key in section.keys]}
            for section in register.detail
        ],
        "related": [
            {
                "key": item.key, "title": item.title, "register": item.register, "filter": item.filter,
                "same": same(item),
            }
            for item in register.related
        ],
    }  # fmt: skip


def same(item: Related) -> list[str]:
    """The columns of related rows that say of each what the row itself says: they need not stand in every line."""
    target = REGISTERS.get(item.register)
    columns = target.columns if target is not None else ()
    return [column.key for column in columns if column.key.startswith(f"{item.filter}.") or column.key in item.same]


def describe_column(register: Register[Any], column: Column) -> dict[str, Any]:
    """One column."""
    kind = type_of(column, register.field_of[column.key])
    return {
        "key": column.key,
        "title": register.title_of(column.key),
        "type": kind,
        "dictionary": column.dictionary,
        "unit": column.unit,
        "width": column.width,
        "frozen": column.frozen,
        "align": "right" if kind in RIGHT_ALIGNED else "left",
        "sortable": bool(register.sort_field(column)),
        "hidden": column.hidden,
        "link": {"register": column.link.register, "id": column.link.id} if column.link else None,
        "covered": column.key in register.barred,
    }


def form(register: Register[Any]) -> dict[str, Any]:
    """The form as a schema of one section."""
    fields = [item.describe() for item in register.form]
    return {"key": register.key, "title": register.title, "sections": [{"key": "main", "title": "", "fields": fields}]}


def asked_by_form(action: Action) -> list[dict[str, Any]]:
    """The fields of an act's form, as the renderer needs them."""
    return list(load(action.form).as_json()["sections"][0]["fields"]) if action.form else []


def actions(register: Register[Any], actor: Actor, *, batch: bool) -> list[dict[str, Any]]:
    """The acts that this actor may do on one row, or on a selection."""

    def told(action: Action) -> dict[str, Any]:
        return {
            "key": action.key,
            "title": action.title,
            "tone": action.tone,
            "confirm": action.confirm,
            "fields": [*(item.describe() for item in action.fields), *asked_by_form(action)],
        }

    return [
        told(action) for action in register.actions if register.may(actor, action.right) and (action.batch or not batch)
    ]
