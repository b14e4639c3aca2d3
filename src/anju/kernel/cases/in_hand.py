"""The case that a step has locked, so that all that the step causes works on the same object and not on a copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from anju.kernel.cases.models import Case

_HELD: ContextVar[Case | None] = ContextVar("case in hand", default=None)


@contextmanager
def in_hand(case: Case) -> Iterator[None]:
    """Within the block `case_at` gives this very object for the case."""
    held = _HELD.set(case)
    try:
        yield
    finally:
        _HELD.reset(held)


def is_in_hand(case: Case) -> bool:
    """Whether whoever has the case in hand will save what changes on it."""
    return _HELD.get() is case


def case_at(subject: str) -> Case:
    """The case of a subject such as `case:12`: the one in hand, else read from the database."""
    case_id, held = int(subject.partition(":")[2]), _HELD.get()
    return held if held is not None and held.pk == case_id else Case.objects.get(pk=case_id)
