"""Datasets and reports of supply."""

from __future__ import annotations

from django.db.models import Q, Sum

from anju.kernel.reports import Dataset, Dimension, Drill, Measure, Ratio, Report, declare
from anju.supply.models import UnitCount, UnitStatus

GROUP = "房源管理"
OCCUPIED = Q(status__in=[UnitStatus.LET, UnitStatus.LEAVING])

units = Dataset(
    "supply.units",
    "房源",
    UnitCount,
    right="supply.unit.view",
    path="project__org_path",
    division="project__division",
    owner="project__created_by",
    dimensions=(
        Dimension("division", "行政区划", "project__division", dictionary="division"),
        Dimension("programme", "保障类别", "project__programme", dictionary="programme"),
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

declare(
    Report(
        "supply.units_by_division_status",
        "各区房源状态",
        units,
        rows=["division"],
        columns=["status"],
        measures=["units", "vacant", "occupied", "occupancy"],
        group=GROUP,
        drill=Drill("supply.units", {"division": "division", "status": "status", "project": "project"}),
        note="出租率 = 在租套数（含待退）÷ 房源套数",
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
        drill=Drill("supply.units", {"project": "project"}),
        note="出租率 = 在租套数（含待退）÷ 房源套数",
    )
)
