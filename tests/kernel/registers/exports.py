"""Exports as a clerk takes them: asked for, made, fetched; and read back against the list they come from."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from python_calamine import CalamineWorkbook

from anju.kernel.jobs.models import Job
from anju.kernel.jobs.watched import run as run_job
from anju.kernel.registers.dictionaries import titles

NUMBERS = {"number", "money", "area"}


def exported(clerk: Any, register: str = "supply.units", **wanted: Any) -> tuple[bytes, Job]:
    """The file of an export and its job."""
    answer = clerk.post(f"/registers/{register}/exports", wanted)
    assert answer.status_code == 200, answer.json()
    run_job(job_id=answer.json()["id"])
    job = Job.objects.get(pk=answer.json()["id"])
    assert job.state == "done", job.error
    return clerk.get(f"/files/{job.file_id}").content, job


def sheet(content: bytes) -> list[list[Any]]:
    """The rows of a workbook's first sheet: the mark, the heads, then what was exported."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def cell(column: dict[str, Any], value: Any) -> Any:
    """What a workbook holds of a value that the list answers."""
    if value is None or value == "":
        return ""
    if column["dictionary"]:
        return titles(column["dictionary"])[str(value)]
    if column["type"] in NUMBERS:
        return float(value)
    return date.fromisoformat(value) if column["type"] == "date" else str(value)


def assert_exported_as_listed(clerk: Any, register: str, *, sort: str, **filters: list[str]) -> list[list[Any]]:
    """Exports all columns and compares heads, rows and order with the list; gives the rows for a closer look."""
    columns = clerk.get(f"/registers/{register}").json()["columns"]
    asked = {f"f.{key}": values for key, values in filters.items()}
    listed = clerk.get(f"/registers/{register}/rows", sort=sort, **asked).json()["rows"]
    keys = [column["key"] for column in columns]
    content, job = exported(clerk, register, sort=sort, filters=filters, columns=keys)
    mark, heads, *rows = sheet(content)
    assert "导出，仅限工作使用" in mark[0]
    assert heads == [column["title"] + (f"（{column['unit']}）" if column["unit"] else "") for column in columns]
    assert rows == [[cell(column, row[column["key"]]) for column in columns] for row in listed]
    assert job.result["rows"] == len(listed)
    return rows
