"""Case types: what a context declares of a kind of matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from anju.kernel.compiled import Compiled
from anju.kernel.errors import FieldError

if TYPE_CHECKING:
    from anju.kernel.cases.filing import Fetch, Filing, Paper, Record
    from anju.kernel.cases.models import Case, Supplement
    from anju.kernel.scope import Actor


@dataclass(frozen=True)
class MaterialClass:
    """A class of materials and whether an application needs it."""

    key: str
    title: str
    required: bool = False


@dataclass(frozen=True)
class Block:
    """Why an outcome is not possible now, and the section of the page where that can be mended."""

    code: str
    message: str
    anchor: str = ""


@dataclass(frozen=True)
class Act:
    """One step that a person takes: what he chose and what he wrote."""

    node: str
    outcome: str
    opinion: str
    reason_type: str
    reason: str
    data: Mapping[str, Any]
    actor: Actor
    inform: bool = False


def _nothing(*_: Any) -> None:
    return None


@dataclass(frozen=True)
class CaseType:
    """A kind of matter: its process, form and number, and what its steps do.

    `blocked(case, node, outcome)` names a reason why an outcome cannot be chosen now. `before(case, act)` runs in the
    step's transaction before the process moves and may raise; it returns variables for the process. `entered(case,
    node)` runs when a step begins, `closed(case, outcome)` when the process ends, `supplement_asked(case, request,
    actor)` in the transaction in which the applicant is asked for papers. `extra(case, actor)` adds to the
    page what only this kind has; `reads` are queries by the case's key that it asks, read with the rest of the page.
    `outcome_forms` maps (node, outcome) to the form asked for with it, and
    `outcome_data(case, node, outcome)` gives the answers it begins with.

    A kind that offices file has a `filing`; `editable` names the sections of the form that may be corrected at a step,
    `fetches` what outside systems can put into them, `papers` the print list, and `record` the typed row that follows
    the declared data (`anju.kernel.cases.filing`). `examine(data)` names what is wrong between sections, which a form
    cannot say of itself; `derived(data, read)` fills in what the server knows better than who fills in, `read(key)`
    telling whether what that fetch said stands in the data unaltered. Both are asked at the filing and at corrections.
    """

    key: str
    title: str
    process: str
    form: str
    number: str
    numbering: str
    materials: tuple[MaterialClass, ...]
    days: int
    view_right: str
    closing: Mapping[str, str]
    outcome_forms: Mapping[tuple[str, str], str] = field(default_factory=dict)
    outcome_data: Callable[[Case, str, str], Mapping[str, Any]] = lambda case, node, outcome: {}
    blocked: Callable[[Case, str, str], Block | None] = _nothing
    before: Callable[[Case, Act], dict[str, Any] | None] = _nothing
    entered: Callable[[Case, str], None] = _nothing
    closed: Callable[[Case, str], None] = _nothing
    supplement_asked: Callable[[Case, Supplement, Actor], None] = _nothing
    extra: Callable[[Case, Actor], dict[str, Any]] = lambda case, actor: {}
    reads: tuple[Compiled[Any], ...] = ()
    filing: Filing | None = None
    editable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fetches: tuple[Fetch, ...] = ()
    papers: tuple[Paper, ...] = ()
    record: Record | None = None
    examine: Callable[[Mapping[str, Any]], Iterable[FieldError]] = lambda data: ()
    derived: Callable[[dict[str, Any], Callable[[str], bool]], dict[str, Any]] = lambda data, read: data

    def material_title(self, klass: str) -> str:
        """The Chinese name of a class of materials."""
        return next((each.title for each in self.materials if each.key == klass), klass)


_TYPES: dict[str, CaseType] = {}


def declare_type(declared: CaseType) -> CaseType:
    """Makes a case type known; called in a context's `cases.py`."""
    _TYPES[declared.key] = declared
    return declared


def case_type(key: str) -> CaseType:
    """The declared type of a case."""
    return _TYPES[key]


def all_types() -> list[CaseType]:
    """Every declared type."""
    return list(_TYPES.values())


Colleagues = Callable[[str], "Actor | None"]
_COLLEAGUES: list[Colleagues] = []


def colleagues(finder: Colleagues) -> Colleagues:
    """Declares who finds a member of staff by account name; identity does, which stands above this block."""
    _COLLEAGUES[:] = [finder]
    return finder


def find_colleague(account: str) -> Actor | None:
    """The member of staff with this account name, with the rights held now."""
    return _COLLEAGUES[0](account) if _COLLEAGUES else None
