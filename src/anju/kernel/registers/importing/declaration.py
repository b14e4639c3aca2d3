"""What an import declares: the sheet's fields, the levels of records they make, and how rows find existing records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from anju.kernel.registers.fields import Field, Wrong

UPDATE, REFUSE = "update", "refuse"


class RowWrong(Wrong):
    """A refusal by `derive`, with the sheet field that it concerns."""

    def __init__(self, field: str, code: str, message: str, suggestion: str | None = None) -> None:
        super().__init__(code, message, suggestion)
        self.field = field


@dataclass(frozen=True)
class Level:
    """One kind of record that a row of the sheet makes or finds.

    `values` maps columns of the model to sheet fields, `parents` foreign keys to earlier levels. `match` are the
    columns that identify a record (a unique constraint over them must exist); `unique` further columns that must be
    unique. A level whose matching cells are empty is absent from the row. `existing` says what happens when the record
    is there already: it is updated, or the row is refused; records of levels above the row's last one are simply found.
    """

    key: str
    title: str
    model: type[models.Model]
    register: str
    match: Sequence[str]
    values: Mapping[str, str]
    parents: Mapping[str, str] | None = None
    unique: Sequence[str] = ()
    existing: str = UPDATE

    @property
    def own_match(self) -> list[str]:
        """The sheet fields that identify the record within its parents."""
        return [self.values[name] for name in self.match if name in self.values]


@dataclass(frozen=True)
class Import:
    """A spreadsheet's shape. `derive` fills computed values from the cells of a row and may raise `RowWrong`.

    `derived` declares the types of what it fills. `identify` is the sheet field shown as the row's name in errors.
    """

    key: str
    title: str
    fields: Sequence[Field]
    levels: Sequence[Level]
    identify: str
    derived: Sequence[Field] = ()
    derive: Callable[[dict[str, Any], Mapping[str, Any]], None] | None = None
    notes: Sequence[str] = ()

    def __post_init__(self) -> None:
        known = {item.key for item in (*self.fields, *self.derived)}
        for level in self.levels:
            if missing := set(level.values.values()) - known:
                raise ImproperlyConfigured(f"import {self.key}: level {level.key} uses unknown {missing}")

    def describe(self) -> dict[str, Any]:
        """The import as the page offers it."""
        return {"key": self.key, "title": self.title, "notes": list(self.notes)}

    def field(self, key: str) -> Field:
        """The sheet field or derived field of a key."""
        return next(item for item in (*self.fields, *self.derived) if item.key == key)
