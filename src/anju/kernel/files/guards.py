"""Who may read a file: one guard a purpose, declared by whoever stores files for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from anju.kernel.files.models import StoredFile
from anju.kernel.scope import Actor

Check = Callable[[Actor, StoredFile], bool]


@dataclass(frozen=True)
class Guard:
    """The check of a purpose, and whether its files hold personal data, so that each reading is on the record."""

    check: Check
    personal: bool


_GUARDS: dict[str, Guard] = {}


def may_read(purpose: str, *, personal: bool = False) -> Callable[[Check], Check]:
    """Declares who may read the files of a purpose: `@may_read("material", personal=True)`."""

    def register(check: Check) -> Check:
        if purpose in _GUARDS and _GUARDS[purpose].check is not check:
            raise ValueError(f"the files of {purpose} have a guard already")
        _GUARDS[purpose] = Guard(check, personal)
        return check

    return register


def _who_stored_it(actor: Actor, file: StoredFile) -> bool:
    return actor.kind != "anonymous" and actor.ref == file.created_by


def guard_of(purpose: str) -> Guard:
    """The guard of a purpose; where none was declared, only whoever stored a file may read it."""
    return _GUARDS.get(purpose, Guard(_who_stored_it, personal=False))
