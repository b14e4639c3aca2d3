"""Field-level history of rows: written in the transaction of the change, read by the side panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from anju.kernel import clock
from anju.kernel.http.json import default
from anju.kernel.registers.attributes import spread
from anju.kernel.registers.columns import type_of
from anju.kernel.registers.dictionaries import titles
from anju.kernel.registers.models import RegisterHistory
from anju.kernel.registers.register import Register
from anju.kernel.scope import Actor
from anju.kernel.scope.fields import HIDDEN, MASKED, cover, level_of

PAGE = 50
ACTIONS = {"create": "新增", "change": "修改", "delete": "删除", "import": "导入", "reveal": "查看全文"}


def record(
    register: str,
    row_id: int,
    *,
    actor: Actor,
    action: str,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    note: str = "",
) -> RegisterHistory:
    """Records a change. `old` and `new` map fields to values; fields that did not change are left out.

    `action` is a verb of `ACTIONS` or a Chinese word of its own, such as 退租验收.
    """
    old, new = old or {}, new or {}
    changes = [
        {"field": key, "old": plain(old.get(key)), "new": plain(new.get(key))}
        for key in {**old, **new}
        if plain(old.get(key)) != plain(new.get(key))
    ]
    return RegisterHistory.objects.create(
        register=register,
        row_id=row_id,
        at=clock.now(),
        actor=actor.ref,
        actor_name=actor.name,
        action=action,
        changes=changes,
        note=note[:500],
    )


def plain(value: Any) -> Any:
    """A value as history keeps it: JSON, decimals with their places, nothing as null."""
    if value == "":
        return None
    return value if value is None or isinstance(value, str | int | bool | list | dict) else default(value)


def figure(value: Any) -> Any:
    """An amount or an area as the pages write it, 8,100.00; what is no figure stays as it is."""
    try:
        return f"{Decimal(str(value)):,.2f}"
    except InvalidOperation:
        return value


def read(register: Register[Any], row_id: int, cursor: int | None = None) -> dict[str, Any]:
    """A row's history, latest first. The caller has checked that the row may be seen."""
    entries = RegisterHistory.objects.filter(register=register.key, row_id=row_id).order_by("-id")
    if cursor:
        entries = entries.filter(pk__lt=cursor)
    found = list(entries[: PAGE + 1])
    rows = [
        {
            "at": entry.at,
            "actor": entry.actor_name or entry.actor,
            "action": ACTIONS.get(entry.action, entry.action),
            "changes": shown(register, entry.changes),
            "note": entry.note,
        }
        for entry in found[:PAGE]
    ]
    return {"rows": rows, "next": str(found[PAGE - 1].pk) if len(found) > PAGE else None, "prev": None, "about": None}


def shown(register: Register[Any], changes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Changes with Chinese titles; masked columns stay masked."""
    told = []
    for change in spread(changes):
        key = str(change["field"])
        level = level_of(dict(register.variant), key)
        if level == HIDDEN:
            continue
        column = register.own.get(key)
        dictionary = column.dictionary if column else None
        asked = next((item for item in register.form if item.key == key), None)
        dictionary = dictionary or (asked.dictionary if asked else None)
        kinds = {type_of(column, register.field_of[key]) if column else "", asked.type if asked else ""}
        words = titles(dictionary) if dictionary else {}
        mask: Any = column.masked if column else None
        if level == MASKED:
            mask = mask or cover

        said = register.words.get(key) or (figure if kinds & {"money", "area"} else None)

        def word(value: Any, words: Mapping[str, str] = words, mask: Any = mask, said: Any = said) -> Any:
            if value is None:
                return None
            if said and not mask:
                return said(value)
            return mask(str(value)) if mask else words.get(str(value), value)

        told.append(
            {"field": key, "title": register.title_of(key), "old": word(change["old"]), "new": word(change["new"])}
        )
    return told
