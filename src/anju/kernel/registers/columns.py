"""What a register shows: columns, and the sections of its side panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

RIGHT_ALIGNED = {"number", "money", "area"}


@dataclass(frozen=True)
class Link:
    """Makes a column lead to a row of another register; `id` is the own column that holds that row's id."""

    register: str
    id: str


@dataclass(frozen=True)
class Column:
    """One column. `key` is a field of the model or a path through foreign keys (`project.name`).

    `sort` names another own column to sort by, such as a pinyin key; a column can be sorted only where an index carries
    it. `masked` turns the stored value into what may be seen; the whole is shown by `reveal` only, which is recorded.
    `hidden`: off until the person chooses it. `listed=False`: shown in the side panel only. `expression` computes a
    column that the model does not have. `subject`: it holds marks such as `supply.units:12`, which are said in words.
    """

    key: str
    title: str = ""
    type: str = ""
    dictionary: str | None = None
    unit: str | None = None
    money: bool = False
    frozen: bool = False
    masked: Callable[[str], str] | None = None
    width: int | None = None
    hidden: bool = False
    listed: bool = True
    link: Link | None = None
    sort: str = ""
    expression: Any = None
    subject: bool = False

    @property
    def path(self) -> str:
        """The name by which Django reaches the value."""
        return self.key.replace(".", "__")


@dataclass(frozen=True)
class Section:
    """A group of columns in the side panel."""

    title: str
    keys: Sequence[str]


@dataclass(frozen=True)
class Related:
    """Rows of another register that belong to a row: those for which `filter` has the row's id.

    Columns that the row says of itself are left out there: those reached through `filter`, and those named in `same`.
    """

    key: str
    title: str
    register: str
    filter: str
    same: Sequence[str] = ()


def field_at(model: type[models.Model], path: str) -> models.Field[Any, Any] | None:
    """The model field at the end of a path, or None for what is no field."""
    found: Any = None
    for part in path.split("__"):
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        if found.is_relation and found.related_model is not None:
            model = found.related_model
    return found if isinstance(found, models.Field) else None


def type_of(column: Column, field: models.Field[Any, Any] | None) -> str:
    """How a column is shown, from its declaration and the field behind it."""
    if column.type:
        return column.type
    if column.masked:
        return "masked"
    if column.subject:
        return "subject"
    if column.dictionary:
        return "badge"
    if column.money:
        return "money"
    if column.unit == "㎡":
        return "area"
    if column.link:
        return "link"
    if isinstance(field, models.DateTimeField):
        return "moment"
    if isinstance(field, models.DateField):
        return "date"
    if isinstance(field, models.BooleanField):
        return "boolean"
    if isinstance(field, models.IntegerField | models.DecimalField | models.FloatField):
        return "number"
    return "text"
