"""收藏, 最近看过, 对比: a resident's projects and homes, brought along from the device on which he looked before signing in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import transaction

from anju.citizen.accounts import resident_of
from anju.citizen.models.kept import Shelves
from anju.kernel.scope import Actor

Kept = TypeVar("Kept", bound=Shelves)
MOST = {"favourite": 100, "seen": 30, "compare": 4}


@transaction.atomic
def keep(kind: type[Kept], *, actor: Actor, shelves: Mapping[str, Sequence[Any]], merge: bool) -> dict[str, list[Any]]:
    """Keeps the shelves of a kind as given, or with `merge` what is given in front of what was kept; gives what is kept."""
    resident = resident_of(actor)
    kind._default_manager.bulk_create([kind(resident=resident)], ignore_conflicts=True)
    row = kind._default_manager.select_for_update().get(resident=resident)
    for shelf, most in MOST.items():
        kept = [*shelves.get(shelf, ()), *(getattr(row, shelf) if merge else ())]
        setattr(row, shelf, list(dict.fromkeys(kept))[:most])
    row.save()
    return {shelf: getattr(row, shelf) for shelf in MOST}
