"""Which fields of which registers a role may limit: all that the registers declare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from anju.kernel.cases.editing import FIELDS
from anju.kernel.cases.types import all_types
from anju.kernel.forms import Field, load
from anju.kernel.registers import REGISTERS
from anju.kernel.registers.attributes import extended


def fields_that_can_be_limited() -> list[dict[str, Any]]:
    """Every register with its columns and fields, as the page of a role offers them."""
    told = []
    for register in sorted(map(extended, REGISTERS.values()), key=lambda each: (each.group, each.key)):
        entered = {item.key for item in register.form}
        keys = dict.fromkeys([*(column.key for column in register.columns), *(item.key for item in register.form)])
        told.append(
            {
                "base": register.rights.base,
                "title": register.title,
                "group": register.group,
                "fields": [{"key": key, "title": register.title_of(key), "entered": key in entered} for key in keys],
            }
        )
    return [*told, *of_cases()]


def of_cases() -> list[dict[str, Any]]:
    """The fields of the forms of cases; they are limited under the base of cases, by `section.field`."""
    found: dict[str, dict[str, Any]] = {}

    def walk(fields: Iterable[Field], path: str) -> None:
        for field in fields:
            name = f"{path}.{field.key}"
            found.setdefault(name, {"key": name, "title": field.title, "entered": False})
            walk(field.fields, name)

    for kind in all_types():
        for section in load(kind.form).sections:
            walk(section.fields, section.key)
    return [{"base": FIELDS, "title": "办件表单", "group": "案件", "fields": list(found.values())}]
