"""What an import declares: the sheet's fields, the levels of records they make, and how rows find existing records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models

from anju.kernel.registers.fields import Field, Wrong
from anju.kernel.registers.importing.row import Row
from anju.kernel.scope import Actor

UPDATE, REFUSE, FIND = "update", "refuse", "find"


class RowWrong(Wrong):
    """A refusal by `derive`, with the sheet field that it concerns."""

    def __init__(self, field: str, code: str, message: str, suggestion: str | None = None) -> None:
        super().__init__(code, message, suggestion)
        self.field = field


@dataclass(frozen=True)
class Derivation:
    """Computes or judges values of a row: `run` gets its values and cells, and may raise `RowWrong`.

    It runs where none of the cells in `needs` is wrong, so that what is wrong elsewhere hides nothing that it would say.
    """

    needs: Sequence[str]
    run: Callable[[dict[str, Any], Mapping[str, Any]], None]


@dataclass(frozen=True)
class Examination:
    """Judges rows against what is stored, a set at a time: those of which none of the cells in `needs` is wrong.

    `again`: once more when they are written, with the records that they change locked (those of levels without parents),
    so that what became wrong since the dry run is not written.
    """

    needs: Sequence[str]
    run: Callable[[Sequence[Row], Actor], None]
    again: bool = False


@dataclass(frozen=True)
class Level:
    """One kind of record that a row of the sheet makes or finds.

    `values` maps columns of the model to sheet fields, `parents` foreign keys to earlier levels. `match` are the
    columns that identify a record (a unique constraint over them must exist); `unique` further columns that must be
    unique. A level whose matching cells are empty is absent from the row. `existing` says what happens when the record
    is there already: it is updated, the row is refused, or the record is found and left as it is, whoever made it;
    records of levels above the row's last one are simply found. `named` is the sheet field at which errors about the
    record stand, the last identifying one if not said. `after` follows from a portion of records, in its transaction.
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
    named: str = ""
    after: Callable[[Sequence[int], Actor], None] | None = None

    @property
    def own_match(self) -> list[str]:
        """The sheet fields that identify the record within its parents."""
        return [self.values[name] for name in self.match if name in self.values]

    @property
    def place(self) -> str:
        """The sheet field at which errors about the record stand."""
        return self.named or self.own_match[-1]


@dataclass(frozen=True)
class Import:
    """A spreadsheet's shape. `derive` fills computed values from the cells of a row and judges what they say together.

    `derived` declares the types of what it fills. `identify` is the sheet field shown as the row's name in errors.
    `examine` judges rows against what is stored, a set at a time, and notes what is wrong with each in the dry run.
    `write` brings in one row through the services of its context, where rows set by set would pass them by; it gives
    the record's id and raises `DomainError` to refuse. Such an import finds existing records in `examine`. `extensible`:
    it has a column for each attribute that the city adds to the register.
    """

    key: str
    title: str
    fields: Sequence[Field]
    levels: Sequence[Level]
    identify: str
    derived: Sequence[Field] = ()
    derive: Sequence[Derivation] = ()
    examine: Sequence[Examination] = ()
    write: Callable[[dict[str, Any], Actor], int] | None = None
    notes: Sequence[str] = ()
    extensible: bool = True

    def __post_init__(self) -> None:
        known = {item.key for item in (*self.fields, *self.derived)}
        for needs in [*(each.needs for each in self.derive), *(each.needs for each in self.examine)]:
            if missing := set(needs) - known:
                raise ImproperlyConfigured(f"import {self.key}: a check needs unknown {missing}")
        for level in self.levels:
            if missing := set(level.values.values()) - known:
                raise ImproperlyConfigured(f"import {self.key}: level {level.key} uses unknown {missing}")
            sealed = [name for name, key in level.values.items() if self.field(key).masked]
            if sealed and level.existing == UPDATE and self.write is None:
                raise ImproperlyConfigured(f"import {self.key}: sealed {sealed} cannot be compared, so not updated")
        if self.field(self.identify).masked:
            raise ImproperlyConfigured(f"import {self.key}: rows cannot be named by {self.identify}, it is masked")

    def describe(self) -> dict[str, Any]:
        """The import as the page offers it."""
        return {"key": self.key, "title": self.title, "notes": list(self.notes)}

    def field(self, key: str) -> Field:
        """The sheet field or derived field of a key."""
        return self._by_key[key]

    @cached_property
    def masks(self) -> dict[str, Callable[[str], str]]:
        """The masks of the fields that hold personal text."""
        return {key: item.masked for key, item in self._by_key.items() if item.masked}

    @cached_property
    def _by_key(self) -> dict[str, Field]:
        return {item.key: item for item in (*self.fields, *self.derived)}
