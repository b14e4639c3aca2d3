"""Operations on reports: which there are, and each one's table. Who may see figures may see those whose rows he may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse

from anju.kernel import audit, clock
from anju.kernel.files import file_answer
from anju.kernel.http import Request, Routes
from anju.kernel.reports.choices import choices
from anju.kernel.reports.declaration import REPORTS, Report, find
from anju.kernel.reports.sheets import workbook
from anju.kernel.reports.sources import Asked
from anju.kernel.reports.tables import build
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
    """报表数据；维度、指标以逗号分隔，`columns=-` 不分列，`f.维度=值` 筛选；`compare` 为 year 或 month；`opening` 取打开时的时段"""
    if opening and find(key).opens:
        start, end = opens(find(key))
    return table(request, key, rows, columns, measures, start, end, compare)


@routes.read("/{key}/values", right=VIEW, scope="dataset's org_path")
def list_values(
    request: Request, key: str, dimension: str, q: str = "", start: date | None = None, end: date | None = None
) -> list[dict[str, Any]]:
    """可以用来筛选一个维度的值；`f.维度=值` 是已选的"""
    report = allowed(request, key)
    chosen = filters_of(request)
    others = {name: values for name, values in chosen.items() if name != dimension}
    asked = Asked(filters=others, start=start, end=end)
    return choices(report, request.actor, dimension, asked, q, chosen.get(dimension, ()))


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
    report = allowed(request, key)
    asked = Asked(
        rows=listed(rows),
        columns=None if columns is None else listed(columns),
        measures=listed(measures),
        filters=filters_of(request),
        start=start,
        end=end,
        compare=compare,
    )
    return build(report, request.actor, asked)


def allowed(request: Request, key: str) -> Report:
    """A report whose rows the actor may see."""
    report = find(key)
    request.actor.require(report.dataset.right)
    return report


def opens(report: Report) -> tuple[date, date]:
    """The days that a report shows first; one by months begins with a whole one."""
    end = clock.today()
    start = end - timedelta(days=report.opens - 1)
    monthly = any(report.dataset.dimension(name).monthly for name in (*report.rows, *report.columns))
    return (start.replace(day=1) if monthly else start), end


def filters_of(request: Request) -> dict[str, list[str]]:
    """The filters of an address, by dimension."""
    found = {name[2:]: request.GET.getlist(name) for name in request.GET if name.startswith("f.")}
    return {name: kept for name, values in found.items() if (kept := [value for value in values if value][:100])}


def listed(text: str) -> list[str]:
    """Keys separated by commas; `-` stands for none, where leaving it out means the report's own."""
    return [key for key in text.split(",") if key not in ("", "-")]
