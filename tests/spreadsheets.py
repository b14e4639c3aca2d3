"""Spreadsheets in tests: workbooks, templates filled in, and a clerk who imports them as a browser does."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from anju.kernel.jobs.watched import run as run_job


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook with these rows."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            sheet.write(number, position, cell)
    book.close()
    return buffer.getvalue()


def filled(template: bytes, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """A downloaded template with rows written under its own headers; what a row does not name takes the example."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(template))
    heads = [str(head) for head in book.get_sheet_by_name("数据").to_python()[0]]
    notes = book.get_sheet_by_name("填写说明").to_python(skip_empty_area=False)
    top = next(number for number, line in enumerate(notes) if line[0] == "列")
    example = {line[0]: line[4] for line in notes[top + 1 :]}
    known = {head.rstrip("*") for head in heads}
    assert {key for row in rows for key in row} <= known
    body = [[row.get(head.rstrip("*"), example[head.rstrip("*")]) for head in heads] for row in rows]
    return workbook([heads, *body])


class Desk:
    """A clerk with a client, who imports."""

    def __init__(self, api: Any) -> None:
        self.api = api

    def template(self, register: str, kind: str = "") -> bytes:
        """Presses 下载模板."""
        answer = self.api.get(f"/registers/{register}/template", **({"kind": kind} if kind else {}))
        assert answer.status_code == 200
        return bytes(answer.content)

    def upload(self, register: str, content: bytes, name: str = "数据.xlsx", kind: str = "") -> dict[str, Any]:
        """Uploads, lets the dry run happen, and reads the result."""
        file = SimpleUploadedFile(name, content)
        answer = self.api.upload(f"/registers/{register}/imports{f'?kind={kind}' if kind else ''}", {"file": file})
        assert answer.status_code == 200, answer.json()
        run_job(job_id=answer.json()["job_id"])
        return self.read(answer.json()["id"])

    def read(self, import_id: int) -> dict[str, Any]:
        return dict(self.api.get(f"/imports/{import_id}").json())

    def run(self, import_id: int) -> dict[str, Any]:
        """Presses 导入, lets the job happen, and reads the result."""
        answer = self.api.post(f"/imports/{import_id}/run")
        assert answer.status_code == 200, answer.json()
        run_job(job_id=answer.json()["id"])
        return self.read(import_id)

    def failed(self, import_id: int, **query: Any) -> list[dict[str, Any]]:
        return list(self.api.get(f"/imports/{import_id}/rows", **query).json()["rows"])
