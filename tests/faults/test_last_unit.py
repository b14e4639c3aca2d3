"""The last unit of a batch, wanted by 50 households at once.

First with the locks and the constraints off, to show that the race happens and more than one household is told it has
the unit; then with them on: one has it, the others hear that it is taken and keep their place.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connection, connections, transaction

from anju.citizen.accounts import actor_of
from anju.citizen.models import Resident
from anju.kernel import clock
from anju.kernel.errors import DomainError, NotFound
from anju.kernel.http.constraints import explained
from anju.supply import services as supply
from anju.supply.models import Unit
from anju.waiting import locks, services
from anju.waiting.models import Batch, BatchState, BatchUnit, Call, Choice, Entry, EntryState
from anju.waiting.queue import place_of
from tests.citizen.people import resident

HOUSEHOLDS = 50
CONSTRAINT = "waiting_choice_one_a_unit"


@pytest.fixture
def batch(transactional_db: None) -> Batch:
    """A published batch with one unit left, and fifty households called to it."""
    from anju.site.demo import seed

    seed()
    unit = Unit.objects.filter(division="339901", status="vacant").order_by("id")[0]
    today = clock.today()
    made = Batch.objects.create(
        number="PC1", title="最后一套", starts_on=today, ends_on=today + timedelta(days=9), state=BatchState.PUBLISHED,
        org_path=unit.org_path, division=unit.division, quotas={unit.layout: HOUSEHOLDS},
    )  # fmt: skip
    BatchUnit.objects.create(batch=made, unit_id=unit.pk, layout=unit.layout)
    for number in range(HOUSEHOLDS):
        someone = resident(f"139555{number:05d}")
        entry = Entry.objects.create(
            certificate_id=1000 + number, certificate_no=f"ZR{number}", certified_on=today, accepted_at=clock.now(),
            valid_until=today + timedelta(days=700), case_number=f"GZ{number:03d}", holder_ref=someone.ref,
            household="王", household_size=1, registered_at=clock.now(), state=EntryState.CALLED,
            org_path=unit.org_path, division=unit.division,
        )  # fmt: skip
        Call.objects.create(batch=made, entry=entry, layout=unit.layout, called_at=clock.now())
    return made


@pytest.fixture
def unguarded(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same without its guards: plain reads instead of locks, no constraint, the unit not held.

    Between looking and taking there is a pause, so that the race is not left to luck.
    """

    def read(batch_id: int, unit_id: int) -> BatchUnit:
        found = BatchUnit.objects.filter(batch_id=batch_id, unit_id=unit_id, open=True).first()
        if found is None:
            raise NotFound
        return found

    def look_and_hesitate(batch: Batch, unit_id: int) -> supply.UnitInfo:
        seen = free(batch, unit_id)
        time.sleep(0.1)
        return seen

    free = services.unit_of_batch
    monkeypatch.setattr(services, "unit_of_batch", look_and_hesitate)
    monkeypatch.setattr(locks, "batch_unit", read)
    monkeypatch.setattr(supply, "hold_unit", lambda **_: None)
    unique = next(each for each in Choice._meta.constraints if each.name == CONSTRAINT)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Choice, unique)
    yield
    Choice.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Choice, unique)


def all_at_once(batch: Batch) -> Counter[str]:
    """Every household chooses the unit at the same moment, each on a connection of its own; what each was told."""
    unit_id = batch.units.values_list("unit_id", flat=True)[0]
    together = threading.Barrier(HOUSEHOLDS)

    def choose(person: Resident) -> str:
        close_old_connections()
        try:
            actor = actor_of(person)
            connection.close()
            together.wait(60)
            try:
                with transaction.atomic():
                    services.choose(batch_id=batch.pk, unit_id=unit_id, key=f"tap-{person.pk}", actor=actor)
            except DomainError as refusal:
                return refusal.code
            except IntegrityError as error:
                return explained(error).code
            return "chosen"
        finally:
            connections.close_all()

    people = list(Resident.objects.filter(phone_masked__startswith="139", pk__in=callers(batch)))
    assert len(people) == HOUSEHOLDS
    with ThreadPoolExecutor(HOUSEHOLDS) as pool:
        return Counter(pool.map(choose, people))


def callers(batch: Batch) -> list[int]:
    refs = Call.objects.filter(batch=batch).values_list("entry__holder_ref", flat=True)
    return [int(ref.partition(":")[2]) for ref in refs]


def places(batch: Batch) -> dict[int, Any]:
    """Each household's place in the queue."""
    return {entry.pk: place_of(entry) for entry in Entry.objects.filter(calls__batch=batch)}


def test_without_lock_and_constraint_more_than_one_household_gets_the_unit(batch: Batch, unguarded: None) -> None:
    told = all_at_once(batch)
    assert told["chosen"] > 1, told
    assert Choice.objects.filter(active=True).count() == told["chosen"]


def test_with_them_one_gets_it_and_the_others_keep_their_place(batch: Batch) -> None:
    before = places(batch)
    told = all_at_once(batch)
    assert told == {"chosen": 1, "choice.unit_taken": HOUSEHOLDS - 1}
    winner = Choice.objects.get(active=True)
    unit = Unit.objects.get(pk=winner.unit_id)
    assert (unit.status, unit.held_for) == ("held", f"certificate:{winner.entry.certificate_id}")
    states = Counter(Entry.objects.filter(calls__batch=batch).values_list("state", flat=True))
    assert states == {EntryState.CHOSEN: 1, EntryState.CALLED: HOUSEHOLDS - 1}
    assert places(batch) == before
