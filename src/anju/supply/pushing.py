"""Telling other systems of units: what changed is told once it is committed, in order, as often as it takes.

A trigger notes each change of a unit for every system that follows it (`UnitDue`). One job a system takes the oldest
notes, tells the units' present state, and strikes the notes off; what changes meanwhile has a note of its own. The
number of the newest note goes along, so that a system ignores what is older than what it has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import orjson
from django.db import transaction

from anju.kernel import clock
from anju.kernel.http.json import default
from anju.kernel.jobs import background, defer, every
from anju.supply import talent_pushing
from anju.supply.connectors import PUSHES, UnitState, UnitsTold
from anju.supply.models import System, Unit, UnitDue, UnitPush
from anju.supply.telling import digest

AT_ONCE = 200
ROUNDS = 500


def state_of(unit: Unit, revision: int, *, gone: bool = False, marks: Iterable[str] = ()) -> UnitState:
    """What is told of a unit; expects project, estate, building and parent loaded with it."""
    return UnitState(
        code=unit.code, revision=revision, gone=gone, public_code=unit.public_code or "",
        project_code=unit.project.code, project=unit.project.name, estate=unit.estate.name, building=unit.building.name,
        room_no=unit.room_no, floor=unit.floor, address=unit.address, division=unit.division, programme=unit.programme,
        layout=unit.layout, floor_area=unit.floor_area, rent=unit.rent, orientation=unit.orientation,
        channel=unit.channel, status=unit.status, published=unit.published, released_on=unit.released_on,
        parent=unit.parent.code if unit.parent else "", marks=tuple(marks),
    )  # fmt: skip


def loaded(unit_ids: Iterable[int]) -> dict[int, Unit]:
    """Units with what is told of them, in one query."""
    units = Unit.objects.select_related("project", "estate", "building", "parent").filter(pk__in=list(unit_ids))
    return {unit.pk: unit for unit in units}


@background("supply.push_units", atomic=False)
def push_units() -> None:
    """Asks for the push to each system that has something due; a repeat finds nothing due."""
    for system in UnitDue.objects.values_list("system", flat=True).distinct():
        defer("supply.push_system", lock=f"supply.push:{system}", once=f"supply.push:{system}", system=system)


@background("supply.push_system", atomic=False)
def push_system(system: str) -> None:
    """Tells one system all that is due, portion by portion; repeated, the same portion changes nothing there."""
    for _ in range(ROUNDS):
        if not push_portion(System(system)):
            return


def push_portion(system: System) -> int:
    """Tells one portion; gives the number of units told."""
    due = list(UnitDue.objects.filter(system=system).order_by("pk")[:AT_ONCE].values_list("pk", "unit_id", "code"))
    if not due:
        return 0
    newest = {unit_id: (pk, code) for pk, unit_id, code in due}
    units = loaded(newest)
    following = set(
        UnitPush.objects.filter(system=system, unit__in=units, active=True).values_list("unit_id", flat=True)
    )
    states = {}
    for unit_id, (revision, code) in newest.items():
        unit = units.get(unit_id)
        if unit is None:
            states[unit_id] = UnitState(code=code, revision=revision, gone=True)
        else:
            states[unit_id] = state_of(unit, revision, gone=system != System.DATA_HUB and unit_id not in following)
    receipt = tell(system, states, units)
    with transaction.atomic():
        UnitPush.objects.bulk_create(
            [
                UnitPush(
                    system=system, unit_id=unit_id, active=not state.gone, revision=state.revision,
                    content=as_json(state), told_at=clock.now(),
                )
                for unit_id, state in states.items()
                if unit_id in units
            ],
            update_conflicts=True, unique_fields=["unit", "system"], update_fields=["revision", "content", "told_at"],
        )  # fmt: skip
        UnitDue.objects.filter(pk__in=[pk for pk, _, _ in due]).delete()
        if system == System.TALENT:
            talent_pushing.taken(states, receipt)
    return len(states)


def tell(system: System, states: dict[int, UnitState], units: dict[int, Unit]) -> str:
    """Tells a system states of units by id; gives its receipt, where it has such. Raises `ConnectorError`."""
    if system == System.TALENT:
        return talent_pushing.tell(states, units)
    told = UnitsTold(units=tuple(states.values()))
    PUSHES[system]().call(told, subject=f"supply.units:{system}", call_id=f"{system}-{digest(told)}")
    return ""


def as_json(state: UnitState) -> dict[str, object]:
    """A state as the table keeps it."""
    kept: dict[str, object] = orjson.loads(orjson.dumps(asdict(state), default=default))
    return kept


every(minutes=1)("supply.push_units")
