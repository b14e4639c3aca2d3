"""Operations on imports of all registers: the log, the figures, the failed rows, corrections, the run (PR-03)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Schema

from anju.kernel import audit
from anju.kernel.files import file_answer
from anju.kernel.http import STAFF, Request, Routes
from anju.kernel.registers.importing import services
from anju.kernel.registers.importing.template import failures
from anju.kernel.registers.models import ImportRow
from anju.kernel.registers.register import REGISTERS
from anju.kernel.spreadsheets import XLSX

PAGE = 50
routes = Routes("/imports", title="导入")


class Correction(Schema):
    """Another value for a cell."""

    row: int
    field: str
    value: str | int | float | bool | None = None


class Columns(Schema):
    """What the headers of a file mean: a field's key, or nothing for a column that is left out."""

    columns: dict[str, str]


@routes.read("", right="registers.import.view", scope="org_path")
def list_imports(request: Request, of: str = "", kind: str = "", cursor: int | None = None) -> dict[str, Any]:
    """导入记录；`of` 只看一个登记册，`kind` 只看它的一种导入；`kinds` 是可以选的种类"""
    found = services.reachable(request.actor).order_by("-id")
    if of:
        found = found.filter(register=of)
    if kind:
        found = found.filter(kind=kind)
    if cursor is not None:
        found = found.filter(pk__lt=cursor)
    rows = list(found[: PAGE + 1])
    following = str(rows[PAGE - 1].pk) if len(rows) > PAGE else None
    told = {"rows": [services.as_json(row) for row in rows[:PAGE]], "next": following, "prev": None, "about": None}
    return told | {"kinds": services.kinds(request.actor)}


@routes.read("/{int:import_id}", right=STAFF, scope="org_path")
def read_import(request: Request, import_id: int) -> dict[str, Any]:
    """导入结果"""
    return services.describe(services.get(import_id, request.actor))


@routes.read("/{int:import_id}/rows", right=STAFF, scope="org_path")
def list_failed_rows(request: Request, import_id: int, reason: str = "", cursor: int = 0) -> dict[str, Any]:
    """未通过的行"""
    return services.failed_rows(services.get(import_id, request.actor), reason, cursor)


@routes.act("/{int:import_id}/corrections", right=STAFF, scope="org_path")
def correct_row(request: Request, import_id: int, body: Correction) -> dict[str, Any]:
    """更正一格并重新校验该行"""
    record = services.get(import_id, request.actor, lock=True)
    return services.correct(record, body.row, body.field, body.value, request.actor)


@routes.act("/{int:import_id}/run", right=STAFF, scope="org_path")
def run_import(request: Request, import_id: int) -> dict[str, Any]:
    """正式导入"""
    return services.run(services.get(import_id, request.actor, lock=True), request.actor)


@routes.act("/{int:import_id}/columns", right=STAFF, scope="org_path")
def map_columns(request: Request, import_id: int, body: Columns) -> dict[str, Any]:
    """说明文件里的列名对应哪一列"""
    record = services.get(import_id, request.actor, lock=True)
    return services.map_columns(record, body.columns, request.actor)


@routes.act("/{int:import_id}/undo", right=STAFF, scope="org_path")
def undo_import(request: Request, import_id: int) -> dict[str, Any]:
    """撤销整次导入"""
    return services.undo(services.get(import_id, request.actor, lock=True), request.actor)


@routes.read("/{int:import_id}/failures", right=STAFF, scope="org_path")
def download_failures(request: Request, import_id: int) -> HttpResponse:
    """下载失败文件"""
    record = services.get(import_id, request.actor)
    declared = services.declared_of(REGISTERS[record.register], record.kind)
    if declared.masks:
        audit.record(
            "read_personal",
            actor=request.actor,
            subject=f"import:{record.pk}",
            title=f"下载未通过的行：{record.file_name}",
        )
    rows = ImportRow.objects.filter(owner=record, state=ImportRow.BAD).order_by("number")
    return file_answer(
        failures(declared, rows.iterator(2000)),
        name=f"未通过_{record.file_name.rsplit('.', 1)[0]}.xlsx",
        mime=XLSX,
        download=True,
    )
