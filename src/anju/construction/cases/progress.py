"""项目建设进度: early procedures, buildings and delivery, reviewed by district and city (SH-177)."""

from __future__ import annotations

from anju.construction.kinds import matter
from anju.construction.models import BuildingProgress, Progress
from anju.construction.models.project import Stage
from anju.construction.projects import advance
from anju.construction.records import answer
from anju.kernel.cases.filing import Data
from anju.kernel.cases.models import Case


def buildings(data: Data) -> list[dict[str, object]]:
    """Each building with the certificates of its delivery, if it was delivered."""
    delivered = {row["name"]: row for row in answer(data, "delivery.deliveries") or []}
    return [
        {
            **row,
            "delivery_permit": delivered.get(row["name"], {}).get("delivery_permit") or "",
            "master_title": delivered.get(row["name"], {}).get("master_title") or "",
        }
        for row in answer(data, "building.buildings") or []
    ]


def spread(row: Progress, case: Case) -> None:
    """The buildings as rows, and what they come to."""
    found = buildings(case.data)
    row.rows.all().delete()
    BuildingProgress.objects.bulk_create(
        BuildingProgress(report=row, org_path=row.org_path, division=row.division, created_by=row.created_by, **each)
        for each in found
    )
    row.buildings = len(found)
    row.percent = round(sum(int(str(each["percent"])) for each in found) / max(len(found), 1))
    row.delivered = sum(bool(each["delivery_permit"]) for each in found)
    row.save()


def confirmed(row: Progress, case: Case) -> None:
    """A project that reports progress is being built."""
    advance(
        row.project_name, Stage.BUILDING, division=row.division, org_path=row.org_path, base_name=row.base_name,
        plot_no=row.plot_no,
    )  # fmt: skip


PROGRESS = matter(
    key="progress",
    right="construction.progress.file",
    title="项目建设进度",
    subtitle="前期手续、楼幢进度和交付使用，区级、市级审核",
    mark="JD",
    form="construction_progress",
    model=Progress,
    columns={
        "project_name": "base.project_name",
        "base_name": "base.base_name",
        "plot_no": "base.plot_no",
        "reported_on": "base.reported_on",
        "building_permit": "early.building_permit",
    },
    changed=spread,
    confirmed=confirmed,
)
