"""What the city's talent-housing platform is told: units with their marks and projects, and batches that are over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from anju.kernel import clock
from anju.kernel.connectors import ConnectorError
from anju.kernel.events import Event, on
from anju.kernel.jobs import background, defer
from anju.supply.connectors import (
    TalentBatchEnd,
    TalentBatchEnded,
    TalentBatchFacts,
    TalentProject,
    TalentPush,
    TalentUnitState,
    TalentUnitsTold,
    UnitState,
)
from anju.supply.models import (
    Project,
    System,
    TalentBatch,
    TalentBatchState,
    TalentPushState,
    TalentUnit,
    Unit,
    UnitDue,
)
from anju.supply.telling import digest


def tell(states: dict[int, UnitState], units: dict[int, Unit]) -> str:
    """Tells the platform states of units by id; gives its receipt. A failure is kept with the marks, and raised."""
    revision = max(state.revision for state in states.values())
    told = TalentUnitsTold(
        projects=projects_of({unit.project_id for unit in units.values()}, revision),
        units=tuple(with_marks(states)),
    )
    try:
        answer = TalentPush().call(told, subject="supply.units:talent", call_id=f"talent-{digest(told)}")
    except ConnectorError as failure:
        TalentUnit.objects.filter(unit_id__in=states, active=True).update(trouble=failure.message[:200])
        raise
    return answer.receipt


def with_marks(states: dict[int, UnitState]) -> list[TalentUnitState]:
    """The states with the special attributes of each unit, by the latest mark it carries or carried."""
    marks = TalentUnit.objects.select_related("batch").filter(unit_id__in=states).order_by("unit_id", "active", "pk")
    latest = {held.unit_id: held for held in marks}
    told = []
    for unit_id, state in states.items():
        held = latest.get(unit_id)
        attributes = {
            "batch_year": held.batch.year, "batch_number": held.batch.number, "level": held.level,
            "category": held.category, "word": held.word, "managing_division": held.managing_division,
        } if held else {}  # fmt: skip
        told.append(TalentUnitState(**(asdict(state) | attributes)))
    return told


def projects_of(project_ids: set[int], revision: int) -> tuple[TalentProject, ...]:
    """The projects with their batches."""
    batches: dict[int, list[TalentBatchFacts]] = {}
    for batch in TalentBatch.objects.filter(project_id__in=project_ids).order_by("year", "number"):
        facts = TalentBatchFacts(
            year=batch.year, number=batch.number, managing_division=batch.managing_division,
            open=batch.state == TalentBatchState.OPEN,
        )  # fmt: skip
        batches.setdefault(batch.project_id, []).append(facts)
    return tuple(
        TalentProject(
            code=project.code, revision=revision, name=project.name, programme=project.programme,
            division=project.division, address=project.address, operator=project.operator.name,
            batches=tuple(batches.get(project.pk, ())),
        )
        for project in Project.objects.select_related("operator").filter(pk__in=project_ids).order_by("code")
    )  # fmt: skip


def taken(unit_ids: Iterable[int], receipt: str) -> None:
    """The platform has them: what was being pushed is pushed, unless something newer of it is still to be told."""
    told = list(unit_ids)
    newer = UnitDue.objects.filter(system=System.TALENT, unit_id__in=told).values("unit_id")
    there = TalentUnit.objects.filter(unit_id__in=told, active=True).exclude(unit_id__in=newer)
    there.exclude(push_state=TalentPushState.NONE).update(told_at=clock.now(), receipt=receipt, trouble="")
    there.filter(push_state=TalentPushState.PUSHING).update(push_state=TalentPushState.PUSHED)


@on("supply.talent_batch_ended", name="supply.tell_talent_batch_end")
def when_ended(event: Event) -> None:
    """The end of a batch is told after its units were taken back."""
    defer("supply.tell_talent_batch_end", batch_id=event["batch_id"])


@background("supply.tell_talent_batch_end", atomic=False)
def tell_end(batch_id: int) -> None:
    """Tells the platform of the end of a batch; a repeat of the same changes nothing there."""
    batch = TalentBatch.objects.select_related("project").get(pk=batch_id)
    assert batch.ended_at  # an ended batch has the moment, by constraint
    told = TalentBatchEnded(
        push_id=f"talent-batch-{batch.pk}", project_code=batch.project.code, year=batch.year, number=batch.number,
        ended_on=clock.local_date(batch.ended_at),
        units=tuple(batch.units.order_by("unit__code").values_list("unit__code", flat=True).distinct()),
    )  # fmt: skip
    TalentBatchEnd().call(told, subject=f"talent-batch:{batch.pk}", call_id=told.push_id)
    TalentBatch.objects.filter(pk=batch.pk).update(told_at=clock.now())
