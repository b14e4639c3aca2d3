"""Datasets and reports of supply."""

from __future__ import annotations

from django.db.models import Count, Q, Sum

from anju.kernel.reports import Dataset, Dimension, Drill, Measure, Ratio, Report, Snapshots, declare
from anju.supply.models import GONE, DayCount, Publication, PublicationAct, UnitCount, UnitStatus

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
    present=Sum("units"),
    dimensions=(
        Dimension("division", "行政区划", "division", dictionary="division"),
        Dimension("programme", "保障类别", "programme", dictionary="programme"),
        Dimension("sector", "板块", "project__sector"),
        Dimension("layout", "户型", "layout", dictionary="layout"),
        Dimension("status", "状态", "status", dictionary="unit_status"),
        Dimension("project", "项目", "project_id", title_path="project__name"),
        Dimension("operator", "运营机构", "project__operator_id", title_path="project__operator__name"),
        Dimension("month", "月份", "on", monthly=True),
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
    {key: key for key in ("division", "status", "programme", "project", "layout")}
    | {"sector": "project.sector", "operator": "project.operator"},
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
declare(
    Report(
        "supply.units_by_month",
        "各月房源与出租率",
        units,
        rows=["month"],
        measures=["units", "vacant", "occupied", "occupancy"],
        group=GROUP,
        chart="line",
        drill=UNITS,
        note=f"每月按月末、本月按昨天的房源计算，系统从启用之日起留存；{NOTE}",
    )
)

# What was done with units, as the register of publications keeps it: one row an act, however many units it took.
publications = Dataset(
    "supply.publications",
    "房源发布",
    Publication,
    right="supply.publication.view",
    period="at",
    dimensions=(
        Dimension("month", "月份", "at", monthly=True),
        Dimension("act", "办理", "act", dictionary="publication_act"),
        Dimension("division", "行政区划", "division", dictionary="division"),
        Dimension("programme", "保障类别", "project__programme", dictionary="programme"),
        Dimension("sector", "板块", "project__sector"),
        Dimension("project", "项目", "project_id", title_path="project__name"),
        Dimension("operator", "运营机构", "project__operator_id", title_path="project__operator__name"),
    ),
    measures=(
        Measure("published", "发布套数", Sum("units", filter=Q(act=PublicationAct.PUBLISH)), "套"),
        Measure("withdrawn", "回退套数", Sum("units", filter=Q(act=PublicationAct.WITHDRAW)), "套"),
        Measure("recovered", "回收套数", Sum("units", filter=Q(act=PublicationAct.RECOVER)), "套"),
        Measure("confirmed", "确认套数", Sum("units", filter=Q(act=PublicationAct.CONFIRM)), "套"),
        Measure("acts", "办理次数", Count("id"), "次"),
    ),
)

declare(
    Report(
        "supply.publications_by_month",
        "各月房源发布与回退",
        publications,
        rows=["month"],
        measures=["published", "withdrawn", "recovered", "acts"],
        group=GROUP,
        opens=366,
        drill=Drill(
            "supply.publications",
            {key: key for key in ("act", "division", "project")}
            | {key: f"project.{key}" for key in ("programme", "sector", "operator")},
            period="at",
        ),
    )
)
