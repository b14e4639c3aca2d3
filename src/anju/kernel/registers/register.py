"""The declaration of a register: one class says what a list of records is, and everything else follows from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q, QuerySet

from anju.kernel.errors import NotFound
from anju.kernel.registers.columns import Column, Related, Section, field_at
from anju.kernel.registers.fields import Field
from anju.kernel.registers.filters import Choice, Filter
from anju.kernel.registers.importing import Import
from anju.kernel.registers.paging import Sort
from anju.kernel.registers.search import Search
from anju.kernel.scope import Actor, restrict

M = TypeVar("M", bound=models.Model)
# change and deletion, as the page names them beside a register's own acts
CHANGE, DELETE = "@change", "@delete"


@dataclass(frozen=True)
class Rights:
    """The rights of a register: `<base>.view`, `.create`, `.change`, `.delete`, `.import`, `.export`, `.reveal`.

    `path`, `division` and `owner` name the columns (paths allowed) that place a row in an office.
    """

    base: str
    path: str = "org_path"
    division: str = "division"
    owner: str = "created_by"

    def of(self, verb: str) -> str:
        return f"{self.base}.{verb}"


@dataclass(frozen=True)
class View:
    """A named set of filters that everybody has."""

    key: str
    title: str
    filters: Mapping[str, Sequence[str]]
    sort: str = ""


@dataclass(frozen=True)
class Action:
    """An act on one or several rows beyond change and delete; `run` gets the actor, the locked row and the values.

    It raises a `DomainError` to refuse, and may return a sentence to show the person once. The right is
    `<base>.<right>`; `batch` offers it for a selection too. `when` says for which rows the page offers it; the act
    refuses the others by itself, in its own words. `form` names a form of one section that asks for what `fields` cannot,
    such as a table; its answers are judged as the form says and handed over beside those of `fields`.
    """

    key: str
    title: str
    run: Callable[[Actor, Any, dict[str, Any]], str | None]
    right: str = "change"
    tone: str = "default"
    confirm: str = ""
    batch: bool = False
    fields: Sequence[Field] = ()
    when: Q | None = None
    form: str = ""


@dataclass(frozen=True)
class Command:
    """An act on a register as a whole, such as reading it from an outside system; `run` says what was done.

    It runs outside of a transaction, for departments are asked there, and sees to its own. The right is
    `<base>.<right>`.
    """

    key: str
    title: str
    run: Callable[[Actor], str]
    right: str = "change"


@dataclass(frozen=True)
class Guard:
    """Why a row may not be deleted: called with the locked row, returns the sentence or an empty text."""

    reason: Callable[[Any], str]
    code: str = "register.in_use"
    advice: str = ""


class Register(Generic[M]):
    """A ledger of records. Subclass, fill in the declaration, and put `@declare` above it.

    `extensible`: a city may add attributes of its own (`attributes.py`); `attributes_of`: those of another register, whose
    rows come of this one's. `changes_when` and `deletes_when` say for which
    rows the page offers it. `subjects`: other beginnings of the marks by which records name its rows (`subjects.py`);
    `called`: the own column by which a row is named there, the heading's first if none, and `beside` one that stands behind
    it in brackets; `open_names`: these names are no personal data; `subject_words`: what a mark says that names no rows.
    Hooks: `base` narrows the rows,
    `fill` derives columns before saving, `check` refuses a change.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    model: type[M]
    rights: ClassVar[Rights]
    group: ClassVar[str] = ""
    icon: ClassVar[str] = "table-2"
    unit: ClassVar[str] = "条"
    # where rows come from, said while there are none: for registers to which nobody adds by hand
    empty: ClassVar[str] = ""
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    search: ClassVar[Search | None] = None
    order: ClassVar[str] = "-id"
    form: ClassVar[Sequence[Field]] = ()
    can_create: ClassVar[bool] = True
    can_change: ClassVar[bool] = True
    can_delete: ClassVar[bool] = True
    changes_when: ClassVar[Q | None] = None
    deletes_when: ClassVar[Q | None] = None
    guards: ClassVar[Sequence[Guard]] = ()
    imports: ClassVar[Sequence[Import]] = ()
    exports: ClassVar[bool] = True
    actions: ClassVar[Sequence[Action]] = ()
    commands: ClassVar[Sequence[Command]] = ()
    views: ClassVar[Sequence[View]] = ()
    heading: ClassVar[tuple[str, str]] = ("", "")
    called: ClassVar[str] = ""
    beside: ClassVar[str] = ""
    open_names: ClassVar[bool] = False
    subjects: ClassVar[Sequence[str]] = ()
    subject_words: ClassVar[Mapping[str, str]] = {}
    badges: ClassVar[Sequence[str]] = ()
    detail: ClassVar[Sequence[Section]] = ()
    related: ClassVar[Sequence[Related]] = ()
    extensible: ClassVar[bool] = False
    attributes_of: ClassVar[str] = ""
    # what people read in the history for the values of fields that are marks, by field
    words: ClassVar[Mapping[str, Callable[[Any], str]]] = {}
    # the page that a row leads to, and the own column whose value takes the place of {} in its address
    page: ClassVar[tuple[str, str]] = ("", "")
    # the title of the paper that a row may have, and the own column that holds the paper's id
    paper: ClassVar[tuple[str, str]] = ("", "")

    def __init__(self) -> None:
        self.own: dict[str, Column] = {column.key: column for column in self.columns}
        self.field_of = {
            column.key: None if column.expression is not None else field_at(self.model, column.path)
            for column in self.columns
        }
        self.filter_of = {item.key: item for item in self.filters}
        self.action_of = {action.key: action for action in self.actions}
        self.import_of = {item.key: item for item in self.imports}
        self.filter_field = {
            item.key: found for item in self.filters if (found := field_at(self.model, item.path)) is not None
        }
        self.versioned = field_at(self.model, "version") is not None
        self._indexed = indexed_columns(self.model)
        linked = [column.link.id for column in self.columns if column.link]
        wanted = [*linked, *(key for key in (self.page[1], self.paper[1]) if key)]
        self.extra = tuple(dict.fromkeys(key for key in wanted if key not in self.own))
        offers = [(CHANGE, self.changes_when), (DELETE, self.deletes_when), *((a.key, a.when) for a in self.actions)]
        # what is offered for some rows only, by its name on the page
        self.offers: dict[str, Q] = {key: when for key, when in offers if when is not None}
        self.variant: tuple[tuple[str, str], ...] = ()
        self.barred: frozenset[str] = frozenset()
        self.locked_out: tuple[Field, ...] = ()
        self.aliases: Mapping[str, Any] = {}
        self._verify()

    # -- hooks ---------------------------------------------------------------------------------------------------

    def base(self) -> QuerySet[M]:
        """All rows of the register, before anybody's scope."""
        return self.model._default_manager.all()

    def fill(self, row: M, actor: Actor) -> None:
        """Derives columns of a row that is about to be saved."""

    def check(self, values: dict[str, Any], actor: Actor, old: M | None) -> None:
        """Refuses a change that the fields alone cannot judge, by raising a `DomainError`."""

    def after(self, row: M, actor: Actor, action: str) -> None:
        """What follows from a change, in its transaction."""

    # -- what the rest of the block asks ---------------------------------------------------------------------------

    def rows(self, actor: Actor, verb: str = "view") -> QuerySet[M]:
        """The rows that the actor's right of this verb opens to him; the only way to rows of a register."""
        return self.within(self.base(), actor, self.rights.of(verb))

    def within(self, rows: QuerySet[M], actor: Actor, right: str) -> QuerySet[M]:
        """Those of some rows that a right opens to the actor; a register whose rows know no office says how."""
        rights = self.rights
        return restrict(rows, actor, right, path=rights.path, division=rights.division, owner=rights.owner)

    def leads(self, row_id: int, actor: Actor) -> bool:
        """Whether the page that a row leads to is open to whoever sees the row."""
        return True

    def may(self, actor: Actor, verb: str) -> bool:
        return actor.may(self.rights.of(verb))

    def sort_field(self, column: Column) -> str:
        """The field a column is sorted by, or nothing when no index carries the order or the actor does not see it."""
        if column.key in self.barred:
            return ""
        name = column.sort or (column.path if column.expression is None and "." not in column.key else "")
        return name if name in self._indexed else ""

    def sort(self, text: str) -> Sort | None:
        """The order that a text such as `-rent` names, or None."""
        key = text.removeprefix("-")
        if key == "id":
            return Sort("id", "id", text.startswith("-"))
        column = self.own.get(key)
        name = self.sort_field(column) if column else ""
        return Sort(key, name, text.startswith("-")) if name else None

    def title_of(self, key: str) -> str:
        """The Chinese title of a column, filter or field."""
        column = self.own.get(key)
        if column and column.title:
            return column.title
        for entry in self.form:
            if entry.key == key:
                return entry.title
        found = field_at(self.model, key.replace(".", "__"))
        return str(found.verbose_name) if found is not None else key

    def _verify(self) -> None:
        if self.sort(self.order) is None:
            raise ImproperlyConfigured(f"{self.key}: default order {self.order} has no index that carries it")
        for view in self.views:
            if view.sort and self.sort(view.sort) is None:
                raise ImproperlyConfigured(
                    f"{self.key}: view {view.key} is sorted by {view.sort}, which no index carries"
                )
        for column in self.columns:
            if column.sort and not self.sort_field(column):
                raise ImproperlyConfigured(f"{self.key}: sort {column.sort} of {column.key} has no index")
            if column.expression is None and self.field_of[column.key] is None:
                raise ImproperlyConfigured(f"{self.key}: {self.model.__name__} has no {column.key}")
        for name in self.search.fields if self.search else ():
            searched = field_at(self.model, name)
            if not isinstance(searched, models.CharField | models.TextField) or searched.null:
                raise ImproperlyConfigured(f"{self.key}: {name} cannot be searched; own NOT NULL text columns can")
        for item in self.filters:
            if item.key not in self.filter_field:
                raise ImproperlyConfigured(f"{self.key}: {self.model.__name__} has no {item.key} to filter by")
            if isinstance(item, Choice) and not (item.dictionary or item.options or item.register):
                raise ImproperlyConfigured(f"{self.key}: filter {item.key} offers nothing to choose from")
        for key in [
            *self.badges,
            *(name for name in (*self.heading, self.called, self.beside) if name),
            *(k for s in self.detail for k in s.keys),
        ]:
            if key not in self.own:
                raise ImproperlyConfigured(f"{self.key}: no column {key}")


def indexed_columns(model: type[models.Model]) -> set[str]:
    """Columns whose order an index carries: unique ones, and those with an index that begins (column, id)."""
    found = {"id"} | {item.name for item in model._meta.fields if item.unique}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and len(constraint.fields) == 1 and not constraint.condition:
            found.add(constraint.fields[0])
    for index in model._meta.indexes:
        names = [name.removeprefix("-") for name in index.fields]
        if len(names) > 1 and names[1] in {"id", "pk"} and not index.condition:
            found.add(names[0])
    return found


REGISTERS: dict[str, Register[Any]] = {}


def find(key: str) -> Register[Any]:
    """The register of a key; `NotFound` for one that does not exist."""
    if key not in REGISTERS:
        raise NotFound("没有这个登记册")
    return REGISTERS[key]
