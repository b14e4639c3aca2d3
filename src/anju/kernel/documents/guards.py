"""Who may see a document, by the kind of its subject."""

from __future__ import annotations

from collections.abc import Callable

from anju.kernel.documents.models import Document
from anju.kernel.scope import Actor, admits

Check = Callable[[Actor, str], bool]
RIGHT = "documents.view"
_GUARDS: dict[str, Check] = {}


def may_see(kind: str) -> Callable[[Check], Check]:
    """Declares who may see documents about a kind of subject: `@may_see("case")` is asked with the actor and `12` for
    documents about `case:12`."""

    def register(check: Check) -> Check:
        if kind in _GUARDS and _GUARDS[kind] is not check:
            raise ValueError(f"documents about a {kind} have a guard already")
        _GUARDS[kind] = check
        return check

    return register


def sees(actor: Actor, document: Document) -> bool:
    """Whether an actor sees a document: within the reach of `documents.view`, or as its subject's guard decides."""
    if actor.kind == "system" or (actor.is_staff and admits(actor, RIGHT, document)):
        return True
    kind, _, number = document.subject.partition(":")
    guard = _GUARDS.get(kind)
    return guard is not None and actor.kind != "anonymous" and guard(actor, number)
