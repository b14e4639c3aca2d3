"""项目建设进度: early procedures, buildings and delivery, reviewed by district and city (SH-177)."""

from __future__ import annotations

from collections.abc import Iterator

from anju.construction.kinds import matter
from anju.construction.models import BuildingProgress, Progress
from anju.construction.models.project import Stage
from anju.construction.projects import advance
from anju.construction.records import answer
from anju.kernel.cases.filing import Data
from anju.kernel.cases.models import Case
from anju.kernel.errors import FieldError


def strange_deliveries(data: Data) -> Iterator[FieldError]:
    """Deliveries of buildings that the report does not have (SH-177.4)."""
    known = {row.get("name") for row in answer(data, "building.buildings") or []}
    for at, row in enumerate(answer(data, "delivery.deliveries") or []):
        if (name := row.get("name")) and name not in known:
            said = f"“项目建设情况”里没有“{name}”，请填那里的楼幢名称"
            yield FieldError(f"delivery.deliveries.{at}.name", "building.unknown", said)


def buildings(data: Data) -> list[dict[str, object]]:
    """Each building with the day and the certificates of its delivery, if it was delivered."""
    delivered = {row["name"]: row for row in answer(data, "delivery.deliveries") or []}
    found = []
    for row in answer(data, "building.buildings") or []:
        handed = delivered.get(row["name"], {})
        certificates = {key: handed.get(key) or "" for key in ("delivery_permit", "master_title")}
        found.append({**row, **certificates, "delivered_on": handed.get("delivered_on")})
    return found


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
    examine=strange_deliveries,
    changed=spread,
    confirmed=confirmed,
)
