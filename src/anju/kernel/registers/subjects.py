"""Subjects in words: records name what they are about by a mark, such as `supply.units:12`; people read 房源 人民路 1 号.

A mark is a kind and, behind a colon, numbers of rows (`*` or nothing: the ledger as a whole; other text is said as it is).
Every register is a kind, by its key and its `subjects`; what has none is told by `subject_kind`. The names of a page are
found by one statement a kind. A row that the reader may not see shows kind and number only; but whoever reads the audit
trail is told every name that is no personal data (units, projects, organisations, roles, accounts of staff, imports),
without a way into the row: our choice, for an auditor must know what was done to what, and needs no ledger for it. Persons,
residents, cases and their papers stay numbers to him.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.lookups import In

from anju.kernel.registers.columns import Column
from anju.kernel.registers.dictionaries import titles
from anju.kernel.registers.filters import BadFilter, Choice
from anju.kernel.registers.limited import limited
from anju.kernel.registers.marks import Start
from anju.kernel.registers.register import REGISTERS, Register
from anju.kernel.scope import Actor

# whoever holds this right is told names that are no personal data
WATCHES = "audit.entry.view"
# how many rows of one mark are named, how long a mark may be, and how long a row's number
SHOWN = 3
LONGEST = 120
DIGITS = 18
TOLD = "_told"


@dataclass(frozen=True)
class Kind:
    """What marks with some beginnings are about.

    `rows` are those that somebody may see, named by the field `name` and shown on `page`; `every` are all of them, where
    their names are no personal data; `words` says what stands behind the colon where there are no rows. `acts`: it names
    who acted, and nothing is about it.
    """

    key: str
    title: str
    marks: tuple[str, ...]
    register: str = ""
    rows: Callable[[Actor], QuerySet[Any]] | None = None
    name: str = ""
    page: str = ""
    unit: str = "条"
    words: Callable[[str], str] | None = None
    every: Callable[[], QuerySet[Any]] | None = None
    acts: bool = False


@dataclass(frozen=True)
class Mark:
    """A mark taken apart: its kind, the numbers of its rows, what else it says."""

    kind: Kind
    ids: tuple[int, ...] = ()
    more: bool = False
    rest: str = ""


_DECLARED: dict[str, Kind] = {}


def subject_kind(
    key: str,
    title: str,
    *,
    marks: Sequence[str] = (),
    rows: Callable[[Actor], QuerySet[Any]] | None = None,
    name: str = "",
    page: str = "",
    unit: str = "条",
    words: Callable[[str], str] | None = None,
    every: Callable[[], QuerySet[Any]] | None = None,
    acts: bool = False,
) -> None:
    """Declares what marks that begin with `key`, or one of `marks`, are about, where no register says it."""
    _DECLARED[key] = Kind(
        key, title, (key, *marks), rows=rows, name=name, page=page, unit=unit, words=words, every=every, acts=acts
    )


def kinds() -> dict[str, Kind]:
    """All kinds by the beginnings of their marks; raises `ImproperlyConfigured` where two claim the same."""
    return _kinds(len(REGISTERS), len(_DECLARED))


@lru_cache(maxsize=1)
def _kinds(registers: int, declared: int) -> dict[str, Kind]:
    known = {mark: kind for kind in _DECLARED.values() for mark in kind.marks}
    for each in REGISTERS.values():
        if each.key in known:
            continue
        kind = Kind(
            each.key, each.title, (each.key, *each.subjects), register=each.key, unit=each.unit,
            words=partial(said, each.subject_words),
        )  # fmt: skip
        for mark in kind.marks:
            if mark in known:
                raise ImproperlyConfigured(f"{each.key}: subjects {mark} are {known[mark].title} already")
            known[mark] = kind
    return known


def said(words: Mapping[str, str], rest: str) -> str:
    """What stands behind a colon, in a register's words where it has some for it."""
    return words.get(rest, rest)


def taken_apart(subject: str) -> Mark | None:
    """What a mark says, or None for one of no kind."""
    start, _, rest = subject.partition(":")
    kind = kinds().get(start)
    if kind is None:
        return None
    parts = rest.split(",")
    # of many rows the record holds the first ones, and the last of these may be cut off
    cut = len(parts) > 1 and len(subject) >= LONGEST
    parts = parts[:-1] if cut else parts
    numbered = bool(kind.register or kind.rows)
    if numbered and all(part.isascii() and part.isdigit() and len(part) <= DIGITS for part in parts):
        return Mark(kind, tuple(map(int, parts[:SHOWN])), more=cut or len(parts) > SHOWN)
    return Mark(kind, rest="" if rest == "*" else rest)


def tell(columns: Iterable[Column], rows: Sequence[dict[str, Any]], actor: Actor) -> None:
    """Adds to rows what the marks in some of their columns say, under the column's key and `_told`."""
    for column in columns:
        if column.subject:
            told = told_of([str(row.get(column.key) or "") for row in rows], actor)
            for row, words in zip(rows, told, strict=True):
                row[column.key + TOLD] = words


def told_of(subjects: Sequence[str], actor: Actor) -> list[dict[str, Any] | None]:
    """What marks say to an actor, one for each; None for a mark without a word."""
    taken = [taken_apart(subject) for subject in subjects]
    wanted: dict[str, set[int]] = {}
    for mark in taken:
        if mark is not None:
            wanted.setdefault(mark.kind.key, set()).update(mark.ids)
    by_key = {mark.kind.key: mark.kind for mark in taken if mark is not None}
    named = {key: names_of(by_key[key], sorted(ids), actor) for key, ids in wanted.items() if ids}
    open_ = {key: opened(by_key[key], names, actor) for key, names in named.items()}
    return [
        as_json(mark, named.get(mark.kind.key, {}), open_.get(mark.kind.key, set()))
        if mark is not None
        else unknown(subject)
        for mark, subject in zip(taken, subjects, strict=True)
    ]


def unknown(subject: str) -> dict[str, Any] | None:
    """A mark of no kind is said as it stands."""
    return {"title": "", "rows": [], "more": "", "rest": subject} if subject else None


def as_json(mark: Mark, names: Mapping[int, str], open_: Container[int]) -> dict[str, Any]:
    """A mark as the page draws it; only rows that are open to the actor have a page."""
    kind = mark.kind
    page = kind.page or (f"/registers/{kind.register}?row={{}}" if kind.register else "")
    return {
        "title": kind.title,
        "rows": [
            {"name": names.get(row) or str(row), "page": page.format(row) if page and row in open_ else ""}
            for row in mark.ids
        ],
        "more": f"等多{kind.unit}" if mark.more else "",
        "rest": kind.words(mark.rest) if kind.words and mark.rest else mark.rest,
    }


def words_of(told: dict[str, Any] | None) -> str:
    """What a mark says as one line of text."""
    if told is None:
        return ""
    named = "、".join(row["name"] for row in told["rows"]) + told["more"]
    return " ".join(part for part in (told["title"], named, told["rest"]) if part)


def names_of(kind: Kind, ids: Sequence[int], actor: Actor) -> dict[int, str]:
    """The names of those of some rows that the actor is told of, by one statement."""
    rows = told_rows(kind, actor)
    if rows is None:
        return {}
    found = rows.filter(pk__in=ids)
    if kind.rows is not None:
        return {pk: str(name) for pk, name in found.values_list("pk", kind.name)}
    return names_in(limited(REGISTERS[kind.register], actor), found)


def opened(kind: Kind, names: Collection[int], actor: Actor) -> Collection[int]:
    """Those of the rows named to an actor that he may see too."""
    if not names or not (told_openly(kind) and actor.may(WATCHES)):
        return names
    rows = seen_rows(kind, actor)
    return set(rows.filter(pk__in=names).values_list("pk", flat=True)) if rows is not None else set()


def told_openly(kind: Kind) -> bool:
    """Whether the names of a kind's rows are no personal data."""
    known = REGISTERS.get(kind.register)
    return kind.every is not None or (known is not None and known.open_names)


def told_rows(kind: Kind, actor: Actor) -> QuerySet[Any] | None:
    """The rows of a kind whose names the actor is told; None where there are none such."""
    if told_openly(kind) and actor.may(WATCHES):
        return kind.every() if kind.every is not None else REGISTERS[kind.register].base()
    return seen_rows(kind, actor)


def seen_rows(kind: Kind, actor: Actor) -> QuerySet[Any] | None:
    """The rows of a kind that the actor may see; None where there are none such."""
    if kind.rows is not None:
        return kind.rows(actor)
    known = REGISTERS.get(kind.register)
    return known.rows(actor) if known is not None and known.may(actor, "view") else None


def names_in(register: Register[Any], found: QuerySet[Any]) -> dict[int, str]:
    """The names of rows of a register as its reader sees it: covered where the column is, none where it is hidden."""
    columns = [register.own.get(key) for key in (register.called or register.heading[0], register.beside) if key]
    known = [column for column in columns if column is not None]
    if columns[:1] == [None]:
        return dict.fromkeys(found.values_list("pk", flat=True), "")
    places = []
    for at, column in enumerate(known):
        if column.expression is not None:
            found = found.annotate(**{f"named_{at}": column.expression})
        places.append(column.path if column.expression is None else f"named_{at}")
    names = {}
    for row, *values in found.values_list("pk", *places):
        name, *more = (shown(column, value) for column, value in zip(known, values, strict=True))
        names[row] = f"{name}（{more[0]}）" if more and more[0] else name
    return names


def shown(column: Column, value: Any) -> str:
    """A value as a name has it."""
    text = "" if value is None else str(value)
    if column.masked:
        return column.masked(text) if text else ""
    return titles(column.dictionary).get(text, text) if column.dictionary else text


def choices() -> list[tuple[str, str]]:
    """All kinds of what records are about, for a filter."""
    found = {kind.key: kind.title for kind in kinds().values() if not kind.acts}
    return sorted(found.items(), key=lambda one: (one[1], one[0]))


@dataclass(frozen=True)
class OfKind(Choice):
    """Narrows by the kind of what the marks in a column are about; a whole mark asks for its own records."""

    column: str = "subject"
    options: Sequence[tuple[str, str]] | Callable[[], Sequence[tuple[str, str]]] | None = choices

    @property
    def path(self) -> str:
        return self.column

    def condition(self, field: models.Field[Any, Any], values: Sequence[str]) -> Q:
        starts = [Value(mark) for mark in self.starts(values)]
        whole = [value for value in values if ":" in value]
        return (Q(In(Start(F(self.column)), starts)) if starts else Q()) | (
            Q(**{f"{self.column}__in": whole}) if whole else Q()
        )

    def apart(self, values: Sequence[str]) -> list[tuple[Func, str]]:
        whole = any(":" in value for value in values)
        return [] if whole else [(Start(F(self.column)), mark) for mark in self.starts(values)]

    def starts(self, values: Sequence[str]) -> list[str]:
        """The beginnings of the marks of chosen kinds; raises `BadFilter`."""
        known = {kind.key: kind for kind in kinds().values()}
        chosen = [value for value in values if ":" not in value]
        for value in chosen:
            if value not in known:
                raise BadFilter(f"没有“{value[:40]}”这类对象", field=f"f.{self.key}")
        return list(dict.fromkeys(mark for value in chosen for mark in known[value].marks))
