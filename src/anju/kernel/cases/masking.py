"""Form data with the numbers of persons masked: what a page shows before anyone asks for more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from anju.kernel.crypto import mask_id_number, mask_phone
from anju.kernel.forms import Field, Schema

MASKS = {"id_number": mask_id_number, "document_number": mask_id_number, "phone": mask_phone}


def masked(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a form's data in which identity, document and telephone numbers keep only their ends."""
    return {
        **data,
        **{section.key: level(section.fields, data[section.key]) for section in schema.sections if section.key in data},
    }


def level(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """One level of fields and values, groups within it row by row."""
    shown = dict(values)
    for field in fields:
        value = shown.get(field.key)
        if field.type == "group" and isinstance(value, list):
            shown[field.key] = [level(field.fields, row) for row in value]
        elif field.type in MASKS and isinstance(value, str):
            shown[field.key] = MASKS[field.type](value)
    return shown
