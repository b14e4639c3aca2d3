"""Database constraints and the sentence a person reads when one of them stops him."""

from __future__ import annotations

from django.db import IntegrityError

from anju.kernel.errors import Conflict, DomainError

_EXPLAINED: dict[str, tuple[str, str, str, str | None]] = {}


def explain(constraint: str, code: str, message: str, advice: str = "", field: str | None = None) -> None:
    """Says what a violated constraint means; called beside the model that has it."""
    _EXPLAINED[constraint] = (code, message, advice, field)


def explained(error: IntegrityError) -> DomainError:
    """The refusal for a violated constraint; an unexplained one is still a conflict, never a server error."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
    if name in _EXPLAINED:
        code, message, advice, field = _EXPLAINED[name]
        return Conflict(message, code=code, advice=advice, field=field)
    return Conflict("与已有记录冲突", code="conflict.constraint", details={"constraint": name})
