"""Talent housing of the demonstration: a batch that supplies, with units pushed and units to be pushed, and one that ended."""

from __future__ import annotations

from anju.kernel import clock
from anju.kernel.scope import system
from anju.supply import talent
from anju.supply.models import Project, TalentBatch, Unit, UnitStatus

CITY = talent.Attributes("city", "class_a", "ready_to_live")
DISTRICT = talent.Attributes("district", "youth_station", "shared")


def seed_talent() -> None:
    """Acts as the offices would do them; to be called once, after `seed_life`."""
    actor, year = system(), clock.today().year
    for code, attributes in (("JW02", CITY), ("NP02", DISTRICT)):
        project = Project.objects.get(code=code)
        vacant = list(Unit.objects.filter(project=project, status=UnitStatus.VACANT).order_by("-code")[:3])
        over = batch_of(project, year - 1)
        for unit in vacant[:2]:
            talent.mark(actor=actor, unit=unit, batch=over, attributes=attributes)
        talent.end(actor=actor, batch=over)
        running = batch_of(project, year)
        marks = [talent.mark(actor=actor, unit=unit, batch=running, attributes=attributes) for unit in vacant]
        for held in marks[:2]:
            talent.push(actor=actor, held=held)


def batch_of(project: Project, year: int) -> TalentBatch:
    """The first batch of a year."""
    return TalentBatch.objects.create(
        project=project, year=year, number=1, managing_division=project.division, org_path=project.org_path,
        division=project.division,
    )  # fmt: skip
