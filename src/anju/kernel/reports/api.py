"""Operations on reports: which there are, and each one's table. Who may see figures may see those whose rows he may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse

from anju.kernel import audit, clock
from anju.kernel.files import file_answer
from anju.kernel.http import Request, Routes
from anju.kernel.reports.declaration import REPORTS, find
from anju.kernel.reports.sheets import workbook
from anju.kernel.reports.tables import Asked, build
from anju.kernel.spreadsheets import XLSX

VIEW = "reports.view"
routes = Routes("/reports", title="报表")


@routes.read("", right=VIEW, scope="none")
def list_reports(request: Request) -> list[dict[str, Any]]:
    """可用的报表"""
    return [
        {"key": report.key, "title": report.title, "group": report.group, "path": f"/reports/{report.key}"}
        for report in REPORTS.values()
        if request.actor.may(report.dataset.right)
    ]


@routes.read("/{key}", right=VIEW, scope="dataset's org_path")
def read_report(
    request: Request,
    key: str,
    rows: str = "",
    columns: str | None = None,
    measures: str = "",
    start: date | None = None,
    end: date | None = None,
    compare: str = "",
    opening: bool = False,
) -> dict[str, Any]:
    """报表数据；维度、指标以逗号分隔，`f.维度=值` 筛选；`compare` 为 year 或 month；`opening` 取打开时的时段"""
    if opening and (days := find(key).opens):
        end = clock.today()
        start = end - timedelta(days=days - 1)
    return table(request, key, rows, columns, measures, start, end, compare)


@routes.read("/{key}/sheet", right=VIEW, scope="dataset's org_path")
def download_report(
    request: Request,
    key: str,
    rows: str = "",
    columns: str | None = None,
    measures: str = "",
    start: date | None = None,
    end: date | None = None,
    compare: str = "",
) -> HttpResponse:
    """下载报表（电子表格），条件与报表数据相同"""
    told = table(request, key, rows, columns, measures, start, end, compare)
    audit.record(
        "export", actor=request.actor, subject=f"report:{key}", title=f"导出报表{told['title']}",
        detail={"rows": len(told["rows"]), "start": start, "end": end},
    )  # fmt: skip
    name = f"{told['title']}_{clock.today():%Y%m%d}.xlsx"
    return file_answer(workbook(told, request.actor), name=name, mime=XLSX, download=True)


def table(
    request: Request, key: str, rows: str, columns: str | None, measures: str, start: date | None, end: date | None,
    compare: str,
) -> dict[str, Any]:  # fmt: skip
    """The table that an address asks for, for who may see the dataset's rows."""
    report = find(key)
    request.actor.require(report.dataset.right)
    filters = {
        name[2:]: [value for value in request.GET.getlist(name) if value][:100]
        for name in request.GET
        if name.startswith("f.")
    }
    asked = Asked(
        rows=listed(rows),
        columns=None if columns is None else listed(columns),
        measures=listed(measures),
        filters={name: values for name, values in filters.items() if values},
        start=start,
        end=end,
        compare=compare,
    )
    return build(report, request.actor, asked)


def listed(text: str) -> list[str]:
    """Keys separated by commas."""
    return [key for key in text.split(",") if key]
