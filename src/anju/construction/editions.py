"""What is kept by class in editions: a newer one of its class and project supersedes the one in force (SH-176.6, SH-179.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import models

from anju.construction.kinds import after_approval
from anju.construction.models import MatterState, SaleRecognition
from anju.construction.models.filings import Edition
from anju.kernel.cases.models import Case
from anju.kernel.cases.printing import revoke_papers
from anju.kernel.jobs import background, every
from anju.kernel.scope import system

E = TypeVar("E", bound=Edition)
SHEET = "sale_recognition_sheet"
AT_ONCE = 500


def takes_effect(template: str) -> Callable[[Edition, Case], None]:
    """What follows a confirmation: it is in force from now on, and the papers of the one before are void."""
    return lambda row, case: take_effect(row, template)


def take_effect(row: Edition, template: str) -> None:
    """Gives a confirmed matter its edition, after those of its class that were confirmed before and have none yet."""
    for each in [*_unnumbered(type(row)).filter(**_class(row)).exclude(pk=row.pk), row]:
        _follow(each, template)


def _follow(row: Edition, template: str) -> None:
    before = type(row)._default_manager.select_for_update().filter(**_class(row), standing="current").first()
    if before is not None:
        before.standing, before.version = "superseded", before.version + 1
        before.save()
        case = Case.objects.get(pk=before.case_id)
        revoke_papers(case, template, f"已由 {row.number} 替代", system())
    row.standing, row.edition = "current", (before.edition if before else 0) + 1
    row.save()


def _class(row: Edition) -> dict[str, str]:
    return {"division": row.division, "project_name": row.project_name, "kind": row.kind}


def _unnumbered(model: type[E]) -> models.QuerySet[E]:
    return model._default_manager.filter(state=MatterState.CONFIRMED, standing="draft").order_by("decided_on", "id")


def in_force(model: type[Edition]) -> Callable[[Case], str]:
    """Why the paper of an edition cannot be printed: it was not confirmed, or a newer one took its place."""

    def waits(case: Case) -> str:
        if reason := after_approval(case):
            return reason
        old = model._default_manager.filter(case_id=case.pk, standing="superseded").exists()
        return "已有新的版本，这一版不再出具" if old else ""

    return waits


@background("construction.number_sheets")
def number_sheets() -> None:
    """Sheets that were approved before editions were kept get theirs in that order; a repeat finds none."""
    for row in _unnumbered(SaleRecognition)[:AT_ONCE]:
        _follow(row, SHEET)


every(minutes=1440)("construction.number_sheets")
