"""Form data with the numbers of persons masked: what a page shows, and the one value behind a mask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from anju.kernel.crypto import mask_id_number, mask_phone
from anju.kernel.forms import Field, Schema
from anju.kernel.scope.fields import COVER, HIDDEN, MASKED

MASKS = {"id_number": mask_id_number, "document_number": mask_id_number, "phone": mask_phone}


def masked(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a form's data in which identity, document and telephone numbers keep only their ends."""
    return {
        **data,
        **{section.key: level(section.fields, data[section.key]) for section in schema.sections if section.key in data},
    }


def limited(
    schema: dict[str, Any], data: Mapping[str, Any], limits: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A form, as its page gets it, and its masked data, without what a role hides and with what it masks covered.

    Fields are named `section.field`, those of a group `section.group.field`.
    """
    if not limits:
        return schema, dict(data)

    def within(fields: list[dict[str, Any]], values: Any, path: str) -> tuple[list[dict[str, Any]], Any]:
        kept, shown = [], dict(values) if isinstance(values, Mapping) else {}
        for field in fields:
            key, name = field["key"], f"{path}.{field['key']}"
            said = limits.get(name, limits.get(path, ""))
            if said == HIDDEN:
                shown.pop(key, None)
                continue
            if said == MASKED and shown.get(key) not in (None, "", []):
                shown[key] = COVER if not field.get("fields") else []
            elif field.get("fields") and isinstance(shown.get(key), list):
                rows = [within(field["fields"], row, name)[1] for row in shown[key]]
                field = field | {"fields": within(field["fields"], {}, name)[0]}
                shown[key] = rows
            kept.append(field)
        return kept, shown

    sections, told = [], dict(data)
    for section in schema["sections"]:
        fields, values = within(section["fields"], data.get(section["key"], {}), section["key"])
        sections.append(section | {"fields": fields})
        if section["key"] in data:
            told[section["key"]] = values
    return schema | {"sections": sections}, told


def closed(limits: Mapping[str, str], path: str) -> bool:
    """Whether a role hides or masks the field at a path such as `members.members.0.document_number`."""
    name = ".".join(part for part in path.split(".") if not part.isdigit())
    return any(
        level in {HIDDEN, MASKED} and (name == key or name.startswith(f"{key}.")) for key, level in limits.items()
    )


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


def unmasked(schema: Schema, given: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """Sections as they came back from a page: a number that still shows its mask is the one that is held."""
    sections = {section.key: section for section in schema.sections}
    return {
        key: _unmasked(sections[key].fields, values, held.get(key) or {})
        if key in sections and isinstance(values, Mapping)
        else values
        for key, values in given.items()
    }


def _unmasked(fields: Iterable[Field], given: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    whole = dict(given)
    for field in fields:
        value, kept = whole.get(field.key), held.get(field.key)
        if field.type == "group" and isinstance(value, list):
            rows = kept if isinstance(kept, list) else []
            whole[field.key] = [
                _unmasked(field.fields, row, rows[at] if at < len(rows) else {}) if isinstance(row, Mapping) else row
                for at, row in enumerate(value)
            ]
        elif field.type in MASKS and isinstance(kept, str) and value == MASKS[field.type](kept):
            whole[field.key] = kept
    return whole


def covered(schema: Schema, data: Mapping[str, Any], path: str) -> tuple[str, str] | None:
    """The title and the whole value of a masked field at a path such as `members.members.0.document_number`.

    None where the path leads nowhere, to a field that is not masked, or to an empty one.
    """
    section_key, *rest = path.split(".")
    section = next((each for each in schema.sections if each.key == section_key), None)
    fields: Iterable[Field] = section.fields if section else ()
    values: Any = data.get(section_key)
    while rest:
        field = next((each for each in fields if each.key == rest[0]), None)
        if field is None or not isinstance(values, Mapping):
            return None
        value, rest = values.get(field.key), rest[1:]
        if not rest:
            return (field.title, value) if field.type in MASKS and isinstance(value, str) and value else None
        # a group: the next key is the number of its row
        row = rest.pop(0)
        if field.type != "group" or not isinstance(value, list) or not row.isascii() or not row.isdigit():
            return None
        fields, values = field.fields, value[int(row)] if len(row) < 6 and int(row) < len(value) else None
    return None
