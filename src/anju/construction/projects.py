"""The register of projects follows the matters: an approval brings a project in, later ones move it on or back."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import OuterRef, ProtectedError, Subquery

from anju.construction.models import (
    ArchiveItem,
    LargeEstate,
    MatterState,
    Permit,
    PermitState,
    Progress,
    Project,
    Recognition,
)
from anju.construction.models.project import ORDER, Stage
from anju.kernel.jobs import background, every


def advance(
    name: str, stage: str, *, division: str, org_path: str, base_name: str = "", plot_no: str = "", developer: str = "",
    floor_area: Decimal | None = None,
) -> Project:  # fmt: skip
    """The project of this name in the district, made if it is new, and moved on to a stage, not back."""
    project, made = Project.objects.select_for_update().get_or_create(
        division=division, name=name, defaults={"org_path": org_path, "stage": stage}
    )
    known = {"base_name": base_name, "plot_no": plot_no, "developer": developer, "floor_area": floor_area}
    for column, value in known.items():
        if value:
            setattr(project, column, value)
    if ORDER.index(stage) > ORDER.index(project.stage):
        project.stage = stage
    project.version += 0 if made else 1
    project.save()
    link_archive(division=division, project_name=name)
    return project


@background("construction.link_archive")
def link_archive(**of: str) -> None:
    """Links archived procedures to their project, as far as it is in the register by now; all of them, or those named."""
    project = Project.objects.filter(division=OuterRef("division"), name=OuterRef("project_name")).values("pk")[:1]
    found = ArchiveItem.objects.filter(**of, project_id=None).alias(found=Subquery(project)).exclude(found=None)
    found.update(project_id=Subquery(project))


every(minutes=1440)("construction.link_archive")


def settle(name: str, division: str) -> None:
    """Puts a project where what still stands has brought it, after something that moved it on no longer stands.

    Our choice: one that nothing stands behind any more goes, as it came; if a plan of a year is bound to it, it stays at
    the first stage.
    """
    project = Project.objects.select_for_update().filter(division=division, name=name).first()
    if project is None:
        return
    found = reached(name, division)
    if found is None:
        try:
            gone = project.pk
            project.delete()
            ArchiveItem.objects.filter(project_id=gone).update(project_id=None)
            return
        except ProtectedError:
            found = Stage.APPROVED
    project.stage, project.version = found, project.version + 1
    project.save(update_fields=["stage", "version", "updated_at"])


def reached(name: str, division: str) -> Stage | None:
    """The latest stage that something in force says of a project."""
    of = {"project_name": name, "division": division}
    void = (PermitState.RETURNED, PermitState.VOID)
    standing = (
        (Stage.PRE_SALE, Permit.objects.filter(**of).exclude(state__in=void)),
        (Stage.BUILDING, Progress.objects.filter(**of, state=MatterState.CONFIRMED)),
        (Stage.RECOGNISED, Recognition.objects.filter(**of)),
        (Stage.APPROVED, LargeEstate.objects.filter(**of, state=MatterState.CONFIRMED)),
    )
    return next((stage for stage, rows in standing if rows.exists()), None)
