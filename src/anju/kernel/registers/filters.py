"""What narrows a register: `f.<key>=value` in the address, checked before it reaches the database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Func, Q

from anju.kernel import clock
from anju.kernel.errors import DomainError
from anju.kernel.scope.filters import division_prefix

MAX_VALUES = 100
# the value that stands for rows without one
EMPTY = "@empty"


class BadFilter(DomainError):
    """A filter that the register does not have, or a value that it cannot use."""

    code, message = "register.bad_filter", "筛选条件无法识别"
    advice = "请清除筛选后重新选择"


def without(field: models.Field[Any, Any], path: str) -> Q:
    """The rows without a value in a field."""
    if not isinstance(field, models.CharField | models.TextField):
        return Q(**{f"{path}__isnull": True})
    return Q(**{path: ""}) | Q(**{f"{path}__isnull": True}) if field.null else Q(**{path: ""})


@dataclass(frozen=True)
class Filter:
    """A filter over the column `key` (a path with dots). `primary` ones stand in the row, the others behind 更多."""

    key: str
    title: str = ""
    primary: bool = True
    kind: ClassVar[str] = ""

    @property
    def path(self) -> str:
        return self.key.replace(".", "__")

    def condition(self, field: models.Field[Any, Any], values: Sequence[str]) -> Q:
        """The rows that the values keep; raises `BadFilter`."""
        raise NotImplementedError

    def apart(self, values: Sequence[str]) -> list[tuple[Func, str]]:
        """An expression and the value that it must have, of which each row meets one, where an index over (expression, id)
        exists; the list then walks each piece along it. None where the planner may choose."""
        return []

    def describe(self) -> dict[str, Any]:
        """The filter as the page needs it, without title."""
        return {"key": self.key, "kind": self.kind, "primary": self.primary}

    def typed(self, field: models.Field[Any, Any], text: str) -> Any:
        """A value in the type of the column; yes and no are `true` and `false`, as in JSON."""
        if isinstance(field, models.BooleanField):
            text = {"true": "True", "false": "False"}.get(text, text)
        try:
            return field.to_python(text)
        except (ValidationError, ValueError, ArithmeticError) as error:
            raise BadFilter(f"“{text[:40]}”不能用来筛选", field=f"f.{self.key}") from error


@dataclass(frozen=True)
class Choice(Filter):
    """One or several of the values of a dictionary, of given options, or of rows of another register.

    `tree` is for division codes: a code stands for all below it. `empty` offers the choice of rows without a value, which
    a link may ask for in any case.
    """

    dictionary: str | None = None
    options: Sequence[tuple[str, str]] | Callable[[], Sequence[tuple[str, str]]] | None = None
    register: str | None = None
    tree: bool = False
    empty: bool = False
    kind: ClassVar[str] = "choice"

    def condition(self, field: models.Field[Any, Any], values: Sequence[str]) -> Q:
        if EMPTY in values:
            others = [value for value in values if value != EMPTY]
            return without(field, self.path) | (self.condition(field, others) if others else Q())
        if self.tree:
            found = Q()
            for value in values:
                prefix = division_prefix(value)
                found |= Q(**{self.path: value}) if prefix == value else Q(**{f"{self.path}__startswith": prefix})
            return found
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        typed = [self.typed(target, value) for value in values]
        return Q(**{self.path: typed[0]}) if len(typed) == 1 else Q(**{f"{self.path}__in": typed})

    def describe(self) -> dict[str, Any]:
        options = self.options() if callable(self.options) else self.options
        return super().describe() | {
            "dictionary": self.dictionary,
            "register": self.register,
            "empty": self.empty,
            "options": None if options is None else [{"code": code, "title": title} for code, title in options],
        }


@dataclass(frozen=True)
class Between(Filter):
    """A number from..to, either side open."""

    unit: str | None = None
    kind: ClassVar[str] = "between"

    def condition(self, field: models.Field[Any, Any], values: Sequence[str]) -> Q:
        low, dots, high = values[0].partition("..")
        if not dots or not (low or high) or len(values) > 1:
            raise BadFilter(f"“{values[0][:40]}”不是区间，例如 1000..2000", field=f"f.{self.key}")
        found = Q()
        if low:
            found &= Q(**{f"{self.path}__gte": self.typed(field, low)})
        if high:
            found &= Q(**{f"{self.path}__lte": self.typed(field, high)})
        return found

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"unit": self.unit}


@dataclass(frozen=True)
class DateBetween(Between):
    """A day from..to, either side open; for moments the days are those of Shanghai."""

    kind: ClassVar[str] = "date_between"

    def condition(self, field: models.Field[Any, Any], values: Sequence[str]) -> Q:
        if not isinstance(field, models.DateTimeField):
            return super().condition(field, values)
        low, dots, high = values[0].partition("..")
        if not dots or not (low or high) or len(values) > 1:
            raise BadFilter(f"“{values[0][:40]}”不是日期区间，例如 2026-01-01..2026-12-31", field=f"f.{self.key}")
        day = models.DateField()
        found = Q()
        try:
            if low:
                found &= Q(**{f"{self.path}__gte": clock.start_of(self.typed(day, low))})
            if high:
                found &= Q(**{f"{self.path}__lt": clock.start_of(self.typed(day, high) + timedelta(days=1))})
        except OverflowError as error:
            raise BadFilter("日期超出范围", field=f"f.{self.key}") from error
        return found


@dataclass(frozen=True)
class Text(Filter):
    """The beginning of a text, or with `inside` any piece of it; `exact` for codes and blind indexes.

    `empty` offers the choice of rows without a value, which a link may ask for in any case.
    """

    inside: bool = False
    exact: bool = False
    empty: bool = False
    kind: ClassVar[str] = "text"

    def condition(self, field: models.Field[Any, Any], values: Sequence[str]) -> Q:
        lookup = "exact" if self.exact else "contains" if self.inside else "startswith"
        found = Q()
        for value in values:
            found |= without(field, self.path) if value == EMPTY else Q(**{f"{self.path}__{lookup}": value[:100]})
        return found

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"empty": self.empty}
