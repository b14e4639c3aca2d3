"""Datasets and reports of supply."""

from __future__ import annotations

from django.db.models import Q, Sum

from anju.kernel.reports import Dataset, Dimension, Drill, Measure, Ratio, Report, Snapshots, declare
from anju.supply.models import GONE, DayCount, UnitCount, UnitStatus

GROUP = "房源管理"
NOTE = "出租率 = 在租套数（含待退）÷ 房源套数；已拆分、合并而不再存在的房源不计"
OCCUPIED = Q(status__in=[UnitStatus.LET, UnitStatus.LEAVING])

units = Dataset(
    "supply.units",
    "房源",
    UnitCount,
    right="supply.unit.view",
    owner="project__created_by",
    snapshots=Snapshots(DayCount),
    dimensions=(
        Dimension("division", "行政区划", "division", dictionary="division"),
        Dimension("programme", "保障类别", "programme", dictionary="programme"),
        Dimension("sector", "板块", "project__sector"),
        Dimension("layout", "户型", "layout", dictionary="layout"),
        Dimension("status", "状态", "status", dictionary="unit_status"),
        Dimension("project", "项目", "project_id", title_path="project__name"),
        Dimension("operator", "运营机构", "project__operator_id", title_path="project__operator__name"),
    ),
    measures=(
        Measure("units", "房源套数", Sum("units"), "套"),
        Measure("vacant", "可供应套数", Sum("units", filter=Q(status=UnitStatus.VACANT)), "套"),
        Measure("occupied", "在租套数", Sum("units", filter=OCCUPIED), "套"),
        Measure("floor_area", "建筑面积", Sum("floor_area"), "㎡", places=2),
        Measure("rent", "月应收租金", Sum("rent", filter=OCCUPIED), "元", places=2),
        Ratio("occupancy", "出租率", "occupied", "units"),
    ),
)

UNITS = Drill(
    "supply.units",
    {key: key for key in ("division", "status", "programme", "project", "layout")} | {"sector": "project.sector"},
    otherwise={"status": tuple(status for status in UnitStatus.values if status not in GONE)},
)

declare(
    Report(
        "supply.units_by_division_status",
        "各区房源状态",
        units,
        rows=["division"],
        columns=["status"],
        measures=["units", "vacant", "occupied", "occupancy"],
        group=GROUP,
        drill=UNITS,
        note=NOTE,
    )
)
declare(
    Report(
        "supply.units_by_project",
        "项目房源与出租率",
        units,
        rows=["project"],
        measures=["units", "vacant", "occupied", "occupancy", "floor_area", "rent"],
        group=GROUP,
        drill=UNITS,
        note=NOTE,
    )
)

declare(
    Report(
        "supply.units_by_layout",
        "各户型房源",
        units,
        rows=["layout"],
        columns=["programme"],
        measures=["units", "vacant", "occupied", "occupancy"],
        group=GROUP,
        drill=UNITS,
        note=NOTE,
    )
)
