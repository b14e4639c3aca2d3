"""Attributes that a city adds to a register without code: from one row each follow column, filter, form field, the
columns of imports and exports, and the API.

The values lie in the rows' column `extra` under the attribute's key; everywhere else the attribute is `x_<key>`.
"""

from __future__ import annotations

import copy
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from anju.kernel.forms.dictionaries import Entry, provide_family
from anju.kernel.registers.columns import Column, Section
from anju.kernel.registers.fields import Field, Wrong
from anju.kernel.registers.filters import Between, Choice, DateBetween, Filter, Text
from anju.kernel.registers.importing.declaration import Derivation, Import, Level
from anju.kernel.registers.models import Attribute, AttributeType
from anju.kernel.registers.register import Register

PREFIX = "x_"
FAMILY = "attribute:"
STORE = "extra"
# How long a process may go on with what it has read of the attributes.
SECONDS = 2.0
NUMERIC = {AttributeType.NUMBER, AttributeType.MONEY}

Revision = tuple[tuple[int, int], ...]
_read: dict[str, Any] = {"at": 0.0, "attributes": {}}
_kept: dict[str, tuple[Revision, Register[Any]]] = {}


class DayText(models.CharField):  # type: ignore[type-arg]
    """A day as JSON keeps it; texts of days have the order of the days."""

    def to_python(self, value: Any) -> Any:
        """The text of a day; raises for what is none."""
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError as error:
            raise ValidationError("no day") from error


def name_of(attribute: Attribute) -> str:
    """The key of an attribute among the register's columns, filters and fields."""
    return f"{PREFIX}{attribute.key}"


def attributes() -> Mapping[str, Sequence[Attribute]]:
    """The active attributes by register, in their order; read anew every few seconds."""
    if time.monotonic() - _read["at"] > SECONDS:
        found: dict[str, list[Attribute]] = defaultdict(list)
        for each in Attribute.objects.filter(active=True).order_by("register", "position", "id"):
            found[each.register].append(each)
        _read.update(at=time.monotonic(), attributes=found)
    known: Mapping[str, Sequence[Attribute]] = _read["attributes"]
    return known


def forget() -> None:
    """Has the attributes read anew at the next question."""
    _read["at"] = 0.0


def extended(register: Register[Any]) -> Register[Any]:
    """The register with the attributes of the city; the register itself where it has none or takes none."""
    if not register.extensible:
        return register
    added = attributes().get(register.attributes_of or register.key, ())
    if not added:
        return register
    revision = tuple((each.pk, each.version) for each in added)
    kept = _kept.get(register.key)
    if kept is None or kept[0] != revision:
        kept = _kept[register.key] = revision, made(register, added, revision)
    return kept[1]


def made(register: Register[Any], added: Sequence[Attribute], revision: Revision) -> Register[Any]:
    """A copy of the register with more in it."""
    columns = [*register.columns, *map(column_of, added)]
    # the index that carries a filter is the attribute's own register's
    filtered = [each for each in added if each.filtered and not register.attributes_of]
    filters = [*register.filters, *map(filter_of, filtered)]
    imports = [with_attributes(item, register, added) for item in register.imports]
    more = copy.copy(register)
    vars(more).update(
        variant=(*register.variant, ("", repr(revision))),
        columns=columns,
        own={column.key: column for column in columns},
        field_of=register.field_of | {name_of(each): None for each in added},
        form=[*register.form, *map(field_of, added)] if register.form else register.form,
        filters=filters,
        filter_of={item.key: item for item in filters},
        filter_field=register.filter_field | {name_of(each): typed(each) for each in filtered},
        aliases={name_of(each): stored_value(each) for each in filtered},
        imports=imports,
        import_of={item.key: item for item in imports},
        detail=[*register.detail, Section("扩展信息", [name_of(each) for each in added])],
    )
    return more


# -- one attribute in each of its places ------------------------------------------------------------------------------


def dictionary_of(attribute: Attribute) -> str | None:
    """The dictionary that a choice is made from: a shared one, or that of the attribute's own options."""
    if attribute.type != AttributeType.CHOICE:
        return None
    return attribute.dictionary or f"{FAMILY}{attribute.register}.{attribute.key}"


def stored_value(attribute: Attribute) -> Any:
    """The value in SQL; the same expression as the index that carries its filter."""
    text = KeyTextTransform(attribute.key, STORE)
    if attribute.type == AttributeType.INTEGER:
        return Cast(text, models.BigIntegerField())
    if attribute.type in NUMERIC:
        return Cast(text, models.DecimalField(max_digits=20, decimal_places=2))
    return text


def typed(attribute: Attribute) -> models.Field[Any, Any]:
    """The field that judges a filter's values."""
    if attribute.type == AttributeType.INTEGER:
        return models.BigIntegerField()
    if attribute.type in NUMERIC:
        return models.DecimalField(max_digits=20, decimal_places=2)
    return DayText() if attribute.type == AttributeType.DATE else models.TextField()


def column_of(attribute: Attribute) -> Column:
    """As a column."""
    kinds = {
        AttributeType.INTEGER: "number", AttributeType.NUMBER: "number", AttributeType.MONEY: "money",
        AttributeType.DATE: "date", AttributeType.BOOLEAN: "boolean", AttributeType.CHOICE: "badge",
    }  # fmt: skip
    value = stored_value(attribute)
    if attribute.type == AttributeType.BOOLEAN:
        value = Cast(value, models.BooleanField())
    return Column(
        name_of(attribute), attribute.title, type=kinds.get(AttributeType(attribute.type), "text"),
        dictionary=dictionary_of(attribute), unit=attribute.unit or None, hidden=not attribute.listed, width=120,
        expression=value,
    )  # fmt: skip


def filter_of(attribute: Attribute) -> Filter:
    """As a filter."""
    key, kind = name_of(attribute), attribute.type
    if kind == AttributeType.CHOICE:
        return Choice(key, attribute.title, False, dictionary=dictionary_of(attribute))
    if kind == AttributeType.BOOLEAN:
        return Choice(key, attribute.title, False, options=(("true", "是"), ("false", "否")))
    if kind == AttributeType.DATE:
        return DateBetween(key, attribute.title, False)
    if kind in {*NUMERIC, AttributeType.INTEGER}:
        return Between(key, attribute.title, False, unit=attribute.unit or None)
    return Text(key, attribute.title, False)


def field_of(attribute: Attribute) -> Field:
    """As a field of the form and of imports."""
    long = attribute.type == AttributeType.TEXTAREA
    hint = "，".join(part for part in (attribute.unit, attribute.hint) if part)
    return Field(
        name_of(attribute), attribute.title, attribute.type, required=attribute.required,
        dictionary=dictionary_of(attribute), min=attribute.min, max=attribute.max,
        max_length=attribute.max_length or (500 if long else 100), pattern=attribute.pattern or None, hint=hint,
        kept_in=STORE,
    )  # fmt: skip


def with_attributes(declared: Import, register: Register[Any], added: Sequence[Attribute]) -> Import:
    """An import with the attributes as columns, where it fills records of the register."""
    if not declared.extensible or not any(level.register == register.key for level in declared.levels):
        return declared
    # what changes records that exist asks for nothing that it does not change
    optional = any(level.register == register.key and list(level.match) == ["id"] for level in declared.levels)
    fields = [replace(field_of(each), required=each.required and not optional) for each in added]

    def level_with(level: Level) -> Level:
        return replace(level, values={**level.values, STORE: STORE}) if level.register == register.key else level

    return replace(
        declared,
        fields=[*declared.fields, *fields],
        derived=[*declared.derived, Field(STORE, "扩展信息", "json")],
        derive=[*declared.derive, Derivation((), gathering(fields))],
        levels=[level_with(level) for level in declared.levels],
    )


def gathering(fields: Sequence[Field]) -> Callable[[dict[str, Any], Mapping[str, Any]], None]:
    """The filled attributes of a row as one value."""

    def derive(values: dict[str, Any], cells: Mapping[str, Any]) -> None:
        filled = {item.key: values[item.key] for item in fields if values.get(item.key) is not None}
        values[STORE] = {key.removeprefix(PREFIX): as_json(value) for key, value in filled.items()} or None

    return derive


# -- values in the row ------------------------------------------------------------------------------------------------


def as_json(value: Any) -> Any:
    """A checked value as `extra` keeps it: numbers with decimals and days as text, so that nothing is rounded."""
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def get(row: models.Model, item: Field) -> Any:
    """The value of a form's field in a row, an id for a row of another register."""
    if item.kept_in:
        return getattr(row, item.kept_in).get(item.key.removeprefix(PREFIX))
    return getattr(row, f"{item.key}_id" if item.type == "row" else item.key)


def checked(register: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What a row that a service makes keeps in `extra`, of values by `x_<key>`, and what is wrong with them, in sentences.

    The same is required and refused as in the register's form.
    """
    fields = {item.key: item for item in map(field_of, attributes().get(register, ()))}
    wrong = [f"没有“{key}”这一项" for key in given if key not in fields]
    kept: dict[str, Any] = {}
    for key, item in fields.items():
        try:
            value = item.clean(given.get(key))
        except Wrong as refusal:
            wrong.append(f"{item.title}：{refusal.message}")
            continue
        if value is not None:
            kept[key.removeprefix(PREFIX)] = as_json(value)
    return kept, wrong


def put(row: models.Model, item: Field, value: Any) -> None:
    """Sets the value of a field that lies in a JSON column; an empty one leaves it."""
    held = dict(getattr(row, item.kept_in))
    key = item.key.removeprefix(PREFIX)
    if value is None:
        held.pop(key, None)
    else:
        held[key] = as_json(value)
    setattr(row, item.kept_in, held)


def spread(changes: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Changes of `extra` as a whole (an import's) as changes of its attributes."""
    told: list[Mapping[str, Any]] = []
    for change in changes:
        if change["field"] != STORE:
            told.append(change)
            continue
        old, new = change["old"] or {}, change["new"] or {}
        told += [
            {"field": f"{PREFIX}{key}", "old": old.get(key), "new": value}
            for key, value in new.items()
            if old.get(key) != value
        ]
    return told


# -- options ----------------------------------------------------------------------------------------------------------


def options_of(attribute: Attribute) -> list[Entry]:
    """The choices of an attribute's own: one a line, `编码=名称` or the name alone."""
    found = []
    for line in filter(None, map(str.strip, attribute.options.splitlines())):
        code, _, title = line.partition("=")
        found.append(Entry(code.strip(), (title or code).strip()))
    return found


def own_dictionaries() -> dict[str, list[Entry]]:
    """The dictionaries of all attributes with options of their own."""
    return {
        key: options_of(each)
        for group in attributes().values()
        for each in group
        if (key := dictionary_of(each)) and key.startswith(FAMILY)
    }


provide_family(FAMILY, own_dictionaries)
