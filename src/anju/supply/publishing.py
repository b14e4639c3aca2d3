"""Confirmation, publication and recovery of a project's units: many at once, in one transaction (SH-184.7-9, SH-187).

Confirmed units await publication; published ones are on offer until they are taken back. How many can be let follows in
the same transaction. A unit that was given to another district (调配) is confirmed, published and recovered there: the
project is listed with what it has for the office that looks. The opinion on a project's data stays with the project's own
district (our choice), and counts for all of its units.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum

from anju.kernel import audit, clock
from anju.kernel.errors import Conflict, NotFound
from anju.kernel.scope import Actor, restrict
from anju.supply.models import (
    Project,
    Publication,
    PublicationAct,
    ReviewResult,
    SupplyReview,
    Unit,
    UnitCount,
    UnitStatus,
)
from anju.supply.moves import move_all

VIEW, CONFIRM, PUBLISH = "supply.unit.view", "supply.unit.confirm", "supply.unit.publish"
_TAKEN = "已选定、在租或待退的房源不能回退，请先办理解除保留或退租"


@dataclass(frozen=True)
class Step:
    """An act on many units: the right it takes, which it fits, what it changes, what is said when one does not fit."""

    right: str
    fits: Q
    changes: dict[str, Any]
    refusal: str
    code: str


STEPS = {
    PublicationAct.CONFIRM: Step(
        CONFIRM, Q(status=UnitStatus.UNCONFIRMED), {"status": UnitStatus.READY, "confirmed": True, "published": False},
        "有的房源不是待确认状态", "supply.not_confirmable",
    ),
    PublicationAct.UNDO: Step(
        CONFIRM, Q(status=UnitStatus.READY), {"status": UnitStatus.UNCONFIRMED, "confirmed": False},
        "只有已确认、没有发布的房源可以取消确认", "supply.not_undoable",
    ),
    PublicationAct.PUBLISH: Step(
        PUBLISH, Q(status=UnitStatus.READY), {"status": UnitStatus.VACANT, "published": True},
        "只有待发布的房源可以发布", "supply.not_publishable",
    ),
    PublicationAct.WITHDRAW: Step(
        PUBLISH, Q(status=UnitStatus.VACANT), {"status": UnitStatus.READY, "published": False}, _TAKEN,
        "supply.not_withdrawable",
    ),
    # What is withdrawn from supply for good is reviewed anew before it is offered again.
    PublicationAct.RECOVER: Step(
        PUBLISH, Q(status=UnitStatus.VACANT), {"status": UnitStatus.UNCONFIRMED, "published": False, "confirmed": False},
        _TAKEN, "supply.not_withdrawable",
    ),
}  # fmt: skip


def project_of(actor: Actor, project_id: int, right: str) -> Project:
    """A project within the reach of a right. Raises `NotFound`."""
    project = restrict(Project.objects.all(), actor, right).filter(pk=project_id).first()
    if project is None:
        raise NotFound("没有这个项目")
    return project


def project_for(actor: Actor, project_id: int, right: str) -> Project:
    """A project within the reach of a right, or one of another office that has units within it. Raises `NotFound`."""
    try:
        return project_of(actor, project_id, right)
    except NotFound:
        if not restrict(Unit.objects.filter(project_id=project_id), actor, right).exists():
            raise
    return Project.objects.get(pk=project_id)


def rentable(project_id: int, org_path: str, division: str) -> int:
    """How many units an office can let in a project now (可租套数), the present transaction's own changes included."""
    counted = UnitCount.objects.filter(
        project_id=project_id, status=UnitStatus.VACANT, org_path=org_path, division=division
    )
    return int(counted.aggregate(n=Sum("units"))["n"] or 0)


@dataclass(frozen=True)
class Done:
    """What came of an act: its lines in the record, one for each office whose units it was done on."""

    lines: Sequence[Publication]

    @property
    def units(self) -> int:
        return sum(line.units for line in self.lines)

    @property
    def rentable(self) -> int:
        return sum(line.rentable for line in self.lines)


@transaction.atomic
def act(
    *, actor: Actor, project_id: int, act: PublicationAct, unit_ids: Iterable[int] | None = None, note: str = ""
) -> Done:
    """Does one act on the ticked units of a project, or without `unit_ids` on all that it fits.

    One transaction: all of the ticked or none. Raises `NotFound` for what is out of reach, `Conflict` with the codes of
    those that it does not fit in `details.units`, and `supply.nothing_to_do` when there are none.
    """
    return carried_out(actor, project_for(actor, project_id, STEPS[act].right), act, unit_ids, note)


@transaction.atomic
def act_on(*, actor: Actor, unit: Unit, act: PublicationAct, note: str = "") -> Done:
    """Does one act on one unit."""
    return carried_out(actor, unit.project, act, [unit.pk], note, about={"status": unit.status})


def carried_out(
    actor: Actor, project: Project, act: PublicationAct, unit_ids: Iterable[int] | None, note: str,
    about: dict[str, Any] | None = None,
) -> Done:  # fmt: skip
    """The one way of all these acts, and their lines in the record: where the units are managed, a lent one there."""
    step = STEPS[act]
    if act == PublicationAct.PUBLISH:
        refuse_returned(project)
    rows = restrict(Unit.objects.filter(project_id=project.pk), actor, step.right)
    moved = move_all(
        rows, actor=actor, action=act.label, when=step.fits, changes=step.changes, ticked=unit_ids, note=note,
        refusal=Conflict(step.refusal, code=step.code, advice="请刷新后重新勾选", details=about),
    )  # fmt: skip
    if not moved:
        raise Conflict("没有可以办理的房源", code="supply.nothing_to_do", advice="请刷新后查看房源状态")
    offices = Unit.objects.filter(pk__in=moved).values_list("org_path", "division").annotate(n=Count("pk")).order_by()
    lines = Publication.objects.bulk_create(
        Publication(
            project=project, act=act, units=number, rentable=rentable(project.pk, org_path, division), at=clock.now(),
            by_name=actor.name, note=note, org_path=org_path, division=division, created_by=actor.ref,
        )
        for org_path, division, number in sorted(offices)
    )  # fmt: skip
    audit.record(
        "act",
        actor=actor,
        subject=f"supply.projects:{project.pk}",
        title=f"{act.label} {len(moved)} 套（{project.name}）",
    )
    return Done(lines)


def refuse_returned(project: Project) -> None:
    """Raises `Conflict` while the district's latest opinion asks for corrections; the database refuses it too."""
    last = SupplyReview.objects.filter(project=project).order_by("-at", "-pk").first()
    if last is not None and last.result == ReviewResult.RETURNED:
        raise Conflict(
            "区级审核意见为“需要更正”，不能发布", code="supply.review_returned", advice="请更正后由区级重新填写审核意见",
            details={"accuracy": last.accuracy, "compliance": last.compliance},
        )  # fmt: skip


@transaction.atomic
def review(*, actor: Actor, project_id: int, result: ReviewResult, accuracy: str, compliance: str) -> SupplyReview:
    """Puts the district's opinion on a project's confirmed units on record (SH-184.9); never changed afterwards."""
    project = project_of(actor, project_id, CONFIRM)
    confirmed = Unit.objects.filter(project_id=project.pk, confirmed=True).count()
    given = SupplyReview.objects.create(
        project=project, result=result, accuracy=accuracy.strip(), compliance=compliance.strip(), units=confirmed,
        at=clock.now(), by_name=actor.name, org_path=project.org_path, division=project.division, created_by=actor.ref,
    )  # fmt: skip
    audit.record("act", actor=actor, subject=f"supply.projects:{project.pk}", title=f"供应信息审核：{result.label}")
    return given


def projects(actor: Actor) -> list[dict[str, Any]]:
    """Projects with units within reach, and those by state, for the publication page; four queries for all of them.

    `own` says whether the project itself lies within reach, or only units that it gave to another office.
    """
    counts: dict[int, dict[str, int]] = {}
    within = restrict(UnitCount.objects.all(), actor, VIEW, owner="project__created_by")
    for project_id, status, number in within.values_list("project_id", "status").annotate(n=Sum("units")):
        counts.setdefault(project_id, {})[status] = number
    found = Project.objects.filter(pk__in=[pk for pk, states in counts.items() if any(states.values())])
    own = set(restrict(found, actor, VIEW).values_list("pk", flat=True))
    last = {
        row["project_id"]: row
        for row in SupplyReview.objects.filter(project__in=found)
        .order_by("project_id", "-at").distinct("project_id").values("project_id", "result", "at", "by_name")
    }  # fmt: skip
    rows = found.order_by("name_pinyin", "id").values("id", "code", "name", "programme", "division")
    return [
        {**row, "own": row["id"] in own, "counts": counts[row["id"]], "review": last.get(row["id"])} for row in rows
    ]
