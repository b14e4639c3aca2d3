"""What a context declares of matters that offices file: who may, what is fetched, what is printed, which row it becomes.

    CaseType(..., filing=Filing(right="construction.estate.file", subtitle="…", title=named), fetches=(…,), papers=(…,))

The rest follows: the page of filing with its draft, corrections at the steps that allow them, the print list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anju.kernel.cases.models import Case
from anju.kernel.scope import Actor

Data = Mapping[str, Any]


def _organisation(data: Data, actor: Actor) -> str:
    return actor.org_name


def _no_answers(actor: Actor) -> Data:
    return {}


@dataclass(frozen=True)
class Filing:
    """Who may file a kind of matter, and what it is called.

    `group` is the part of the menu it belongs to. `title(data)` is the matter in a few words, such as the project's name;
    `applicant(data, actor)` the organisation that applies, by default the filer's. The case belongs to the filer's
    organisation and division. `back_at` is the step at which it is mended when it is sent back: nobody of another
    organisation takes it, whatever his right reaches.

    `begins(actor)` are sections with the answers that a new matter begins with; `own(actor)` those that can be no others
    as long as he fills it in: the server puts them in, whatever is sent, and the page does not let them be changed.
    """

    right: str
    group: str
    subtitle: str
    title: Callable[[Data], str]
    applicant: Callable[[Data, Actor], str] = _organisation
    back_at: str = ""
    begins: Callable[[Actor], Data] = _no_answers
    own: Callable[[Actor], Data] = _no_answers

    def fixed(self, actor: Actor) -> list[str]:
        """The answers that the actor cannot change, as `section.field`."""
        return [f"{section}.{key}" for section, answers in self.own(actor).items() for key in answers]


@dataclass(frozen=True)
class Found:
    """What an outside system knows: sections of the form, and files as (class, name, content)."""

    data: Mapping[str, Mapping[str, Any]]
    files: tuple[tuple[str, str, bytes], ...] = ()


@dataclass(frozen=True)
class Ask:
    """A condition of a question: typed, or chosen from what `options(actor)` knows."""

    key: str
    title: str
    options: Callable[[Actor], Sequence[str]] | None = None


@dataclass(frozen=True)
class Fetch:
    """A question to an outside system whose answer goes into the form.

    `asks` are the conditions; `at` the steps at which it is offered, an empty name being the filing;
    `run(actor, asked, data)` asks, outside of any transaction, and raises a `DomainError` where nothing is found.
    """

    key: str
    title: str
    run: Callable[[Actor, Mapping[str, str], Data], Found]
    asks: tuple[Ask, ...] = ()
    at: tuple[str, ...] = ("",)


@dataclass(frozen=True)
class Paper:
    """A paper of the print list.

    `waits(case)` says why it cannot be printed yet, or gives an empty text; `data(case, actor)` is what the template's
    head asks for; `number(case)` its number, where it has one of its own. `preview(data, actor)` gives the same from
    the form alone, gaps and all, for a look before it is filed or issued; `look(case, actor)` gives it where a case knows
    more than its form, None as long as there is nothing to see. Until the case has passed, one with a `right`
    is printed and opened only by who holds it: what an office draws up does not leave it before the end.
    """

    key: str
    title: str
    template: str
    data: Callable[[Case, Actor], Mapping[str, Any]]
    waits: Callable[[Case], str] = lambda case: ""
    number: Callable[[Case], str] = lambda case: ""
    preview: Callable[[Data, Actor], Mapping[str, Any]] | None = None
    look: Callable[[Case, Actor], Mapping[str, Any] | None] | None = None
    right: str = ""


def _nothing(*_: Any) -> None:
    return None


@dataclass(frozen=True)
class Record:
    """The typed row of a context that follows the declared data, each hook in the transaction of what happened.

    `filed(case, data, actor)` makes it, `edited(case, data, actor)` follows a correction, `closed(case, outcome)` the
    end.
    """

    filed: Callable[[Case, Data, Actor], None]
    edited: Callable[[Case, Data, Actor], None] = field(default=_nothing)
    closed: Callable[[Case, str], None] = field(default=_nothing)
