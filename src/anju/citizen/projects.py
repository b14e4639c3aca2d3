"""收藏, 最近看过, 对比: a resident's projects, brought along from the device on which he looked before signing in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from anju.citizen.accounts import resident_of
from anju.citizen.models import KeptProjects
from anju.kernel.scope import Actor

MOST = {"favourite": 100, "seen": 30, "compare": 4}


@transaction.atomic
def keep(*, actor: Actor, shelves: Mapping[str, Sequence[str]], merge: bool) -> dict[str, list[str]]:
    """Keeps the shelves as given, or with `merge` what is given in front of what was kept; gives what is kept now."""
    resident = resident_of(actor)
    KeptProjects.objects.bulk_create([KeptProjects(resident=resident)], ignore_conflicts=True)
    row = KeptProjects.objects.select_for_update().get(resident=resident)
    for shelf, most in MOST.items():
        codes = [*shelves.get(shelf, ()), *(getattr(row, shelf) if merge else ())]
        setattr(row, shelf, list(dict.fromkeys(codes))[:most])
    row.save()
    return {shelf: getattr(row, shelf) for shelf in MOST}
