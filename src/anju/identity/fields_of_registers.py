"""Which fields of which registers a role may limit: all that the registers declare."""

from __future__ import annotations

from typing import Any

from anju.kernel.registers import REGISTERS


def fields_that_can_be_limited() -> list[dict[str, Any]]:
    """Every register with its columns and fields, as the page of a role offers them."""
    told = []
    for register in sorted(REGISTERS.values(), key=lambda each: (each.group, each.key)):
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
    return told
