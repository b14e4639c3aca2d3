"""The register of projects follows the matters: an approval brings a project in, later ones move it on."""

from __future__ import annotations

from decimal import Decimal

from anju.construction.models import Project
from anju.construction.models.project import ORDER


def advance(
    name: str, stage: str, *, division: str, org_path: str, base_name: str = "", plot_no: str = "", developer: str = "",
    floor_area: Decimal | None = None,
) -> Project:  # fmt: skip
    """The project of this name in the district, made if it is new, and moved on to a stage, never back."""
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
    return project
