"""Acts on imports: upload, map columns, correct a row, run, undo, read the figures and the failed rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from anju.kernel.errors import Conflict, DomainError, NotFound
from anju.kernel.files import store
from anju.kernel.jobs import start
from anju.kernel.jobs.models import Job, JobState
from anju.kernel.registers.attributes import extended
from anju.kernel.registers.importing import checking, jobs, mapping, staging
from anju.kernel.registers.importing.declaration import Import
from anju.kernel.registers.importing.row import Row
from anju.kernel.registers.models import Import as ImportRecord
from anju.kernel.registers.models import ImportRow, ImportState
from anju.kernel.registers.register import REGISTERS, Register
from anju.kernel.scope import Actor, restrict
from anju.kernel.spreadsheets import XLSX
from anju.kernel.spreadsheets.reading import kind_of

PAGE = 50
REASONS = {
    "required": "必填未填",
    "not_found": "不存在",
    "repeated": "重复",
    "exists": "已存在",
    "out_of_reach": "不在管辖范围",
    "not_in_dictionary": "不在可选范围",
    "number": "不是数字",
    "integer": "不是整数",
    "date": "日期无效",
    "too_small": "过小",
    "too_large": "过大",
    "too_long": "过长",
    "too_precise": "小数位过多",
    "pattern": "格式不对",
    "formula_error": "公式出错",
    "boolean": "不是“是”或“否”",
    "type": "类型不对",
    "control_character": "含控制字符",
    "out_of_range": "超出可保存范围",
    "digits_lost": "后几位已丢失",
    "differs": "与登记的不一致",
    "future": "日期还没有到",
    "past": "日期已过",
    "no_right": "无权填写",
    "not_free": "不能使用",
    "overlap": "与已有记录冲突",
}


def declared_of(register: Register[Any], kind: str) -> Import:
    """The import of a kind, the register's first one when none is named."""
    found = extended(register).import_of.get(kind or register.imports[0].key)
    if found is None:
        raise NotFound("没有这种导入")
    return found


def begin(register: Register[Any], kind: str, name: str, content: bytes, actor: Actor) -> ImportRecord:
    """Keeps an uploaded file and starts its dry run. Raises `NotReadable` for what is no spreadsheet."""
    declared = declared_of(register, kind)
    shape = kind_of(content, name)
    mime = {"csv": "text/csv", "xls": "application/vnd.ms-excel"}.get(shape, XLSX)
    file = store(content, name=name, mime=mime, actor=actor, purpose="import", owner=actor.ref)
    record = ImportRecord.objects.create(
        register=register.key,
        kind=declared.key,
        title=declared.title,
        file_id=file.pk,
        file_name=name[-255:],
        actor_name=actor.name[:50],
        created_by=actor.ref,
        org_path=actor.org_path or "/",
        division=actor.division,
    )
    job = start("registers.check_import", actor, title=f"试运行：{name[-100:]}", import_id=record.pk)
    record.job_id = job.pk
    record.save(update_fields=["job_id"])
    return record


def reachable(actor: Actor) -> QuerySet[ImportRecord]:
    """The imports that the actor may see: those of his reach, register by register."""
    found = ImportRecord.objects.none()
    for register in REGISTERS.values():
        right = register.rights.of("import")
        if register.imports and actor.may(right):
            found = found | restrict(ImportRecord.objects.filter(register=register.key), actor, right)
    return found


def kinds(actor: Actor) -> list[dict[str, str]]:
    """The kinds of import that the actor may see in the log: register, key and title (PR-03.3)."""
    return [
        {"register": register.key, "kind": declared.key, "title": declared.title}
        for register in REGISTERS.values()
        if actor.may(register.rights.of("import"))
        for declared in register.imports
    ]


def get(import_id: int, actor: Actor, *, lock: bool = False) -> ImportRecord:
    """An import within the actor's reach, or `NotFound`."""
    found = reachable(actor).filter(pk=import_id).first()
    if found is None:
        raise NotFound
    return settled(ImportRecord.objects.select_for_update().get(pk=import_id) if lock else found)


def settled(record: ImportRecord) -> ImportRecord:
    """The import in the state that its job left it in, where the job could not say so itself (cancelled, broken off)."""
    if record.job_id and record.state in {ImportState.CHECKING, ImportState.IMPORTING, ImportState.UNDOING}:
        job = Job.objects.filter(pk=record.job_id).first()
        if job is not None and job.state in {JobState.CANCELLED, JobState.FAILED}:
            checking_failed = record.state == ImportState.CHECKING and job.state == JobState.FAILED
            undoing_ended = record.state == ImportState.UNDOING
            record.state = ImportState.FAILED if checking_failed else ImportState.CANCELLED
            if undoing_ended:
                record.state = ImportState.DONE
            if job.state == JobState.FAILED:
                record.error = {
                    "code": "import.broken_off",
                    "message": job.error,
                    "advice": "可以再试一次",
                    "details": {},
                }
    return record


def as_json(record: ImportRecord) -> dict[str, Any]:
    """An import as its page shows it, without the reasons."""
    return {
        "id": record.pk,
        "register": record.register,
        "kind": record.kind,
        "title": record.title,
        "file_name": record.file_name,
        "file_id": record.file_id,
        "actor": record.actor_name,
        "state": record.state,
        "error": record.error,
        **jobs.figures(record),
        "job": record.job_id,
        "can_undo": undoable(record),
        "created_at": record.created_at,
        "finished_at": record.finished_at,
    }


def describe(record: ImportRecord) -> dict[str, Any]:
    """An import with the reasons for which rows were not taken, and its columns."""
    declared = declared_of(REGISTERS[record.register], record.kind)
    titles = {item.key: item.title for item in declared.fields}
    reasons = [
        {
            "code": f"{field}:{code}",
            "title": f"{titles.get(field, '')}{REASONS.get(code, '不符合要求')}",
            "count": count,
        }
        for field, code, count in staging.reasons(record.pk)
    ]
    columns = [
        {
            "key": item.key,
            "title": item.title,
            "dictionary": item.dictionary,
            "type": item.type,
            "required": item.required,
        }
        for item in declared.fields
    ]
    return as_json(record) | {"reasons": reasons, "columns": columns}


def failed_rows(record: ImportRecord, reason: str, cursor: int) -> dict[str, Any]:
    """The failed rows after a row number, one entry an error; `reason` is a code of `describe`."""
    declared = declared_of(REGISTERS[record.register], record.kind)
    titles = {item.key: item.title for item in declared.fields}
    rows = ImportRow.objects.filter(owner=record, state=ImportRow.BAD, number__gt=cursor).order_by("number")
    field, _, code = reason.partition(":")
    if reason:
        rows = rows.filter(errors__contains=[{"field": field, "code": code}])
    found = list(rows[: PAGE + 1])
    told = [
        {
            "row": row.number,
            "key": row.key,
            "field": problem["field"],
            "field_title": titles.get(problem["field"], ""),
            "value": problem.get("value"),
            "code": problem["code"],
            "message": problem["message"],
            "suggestion": problem["suggestion"],
        }
        for row in found[:PAGE]
        for problem in row.errors
        if not reason or (problem["field"], problem["code"]) == (field, code)
    ]
    following = str(found[PAGE - 1].number) if len(found) > PAGE else None
    return {"rows": told, "next": following, "prev": None, "about": None}


def correct(record: ImportRecord, number: int, field: str, value: Any, actor: Actor) -> dict[str, Any]:
    """Puts another value into a cell of a failed row and examines the row again. Writes no record."""
    register = REGISTERS[record.register]
    declared = declared_of(register, record.kind)
    if record.state not in {ImportState.CHECKED, ImportState.DONE}:
        raise Conflict("这次导入现在不能更正", code="import.not_correctable", advice="请等试运行完成")
    if field not in {item.key for item in declared.fields}:
        raise DomainError("没有这一列", code="import.unknown_field", field="field")
    staged = ImportRow.objects.select_for_update().filter(owner=record, number=number).first()
    if staged is None:
        raise NotFound
    if staged.state == ImportRow.DONE:
        raise Conflict("这一行已经导入", code="import.row_done", advice="请到登记册里修改")
    cells = staging.opened(declared, staged.cells)
    row = Row(number, {**cells, field: value}, warnings=staged.warnings)
    if value is None or value == "":
        row.cells.pop(field)
    checking.read_values(declared, row)
    examiner = checking.Examiner(register, declared, actor)
    examiner.examine([row])
    mark = staging.fields_of(examiner, row)
    if not row.errors:
        others = (
            ImportRow.objects.filter(owner=record, makes=mark[4]).exclude(number=number).exclude(state=ImportRow.BAD)
        )
        twin = others.order_by("number").values_list("number", flat=True).first()
        if twin is not None:
            last = examiner.present(row)[-1]
            row.wrong(last.place, "repeated", f"{last.title}与第 {twin} 行重复")
    staged.state = ImportRow.BAD if row.errors else ImportRow.GOOD
    staged.is_new, staged.key, staged.makes = row.is_new, mark[3], mark[4]
    staged.cells = staging.kept(declared, row.cells)
    staged.values = staging.kept(declared, row.values)
    staged.errors = staging.told(declared, row.errors)
    staged.save()
    jobs.count(record)
    return {"row": number, "ok": not row.errors, "errors": staged.errors, **jobs.figures(record)}


def run(record: ImportRecord, actor: Actor) -> dict[str, Any]:
    """Starts the run; asked again, it answers with the run that there is. One that was broken off goes on."""
    resumable = (
        record.state == ImportState.DONE and ImportRow.objects.filter(owner=record, state=ImportRow.GOOD).exists()
    )
    if record.state in {ImportState.CHECKED, ImportState.CANCELLED} or resumable:
        if record.state == ImportState.CANCELLED and not record.rows.exists():
            raise Conflict("试运行已取消，没有可以导入的行", code="import.not_checked", advice="请重新上传")
        job = start("registers.run_import", actor, title=f"导入：{record.file_name[-100:]}", import_id=record.pk)
        record.state, record.job_id = ImportState.IMPORTING, job.pk
        record.save(update_fields=["state", "job_id"])
    elif record.state in {ImportState.UNDOING, ImportState.UNDONE}:
        raise Conflict("这次导入已经撤销", code="import.undone", advice="需要时请重新上传文件")
    elif record.state not in {ImportState.IMPORTING, ImportState.DONE}:
        raise Conflict("试运行还没有完成", code="import.not_checked", advice="请等试运行完成后再导入")
    return {"id": record.job_id, "import_id": record.pk, "state": record.state}


def undoable(record: ImportRecord) -> bool:
    """Whether an import may be taken back: it is in, and its rows were written by the block, not by services."""
    if record.state != ImportState.DONE or not record.done:
        return False
    declared = declared_of(REGISTERS[record.register], record.kind)
    return declared.write is None and not any(level.after for level in declared.levels)


def undo(record: ImportRecord, actor: Actor) -> dict[str, Any]:
    """Starts taking an import back; asked again, it answers with the work that there is."""
    if undoable(record):
        job = start("registers.undo_import", actor, title=f"撤销导入：{record.file_name[-100:]}", import_id=record.pk)
        record.state, record.job_id, record.error = ImportState.UNDOING, job.pk, None
        record.save(update_fields=["state", "job_id", "error"])
    elif record.state not in {ImportState.UNDOING, ImportState.UNDONE}:
        raise Conflict("这次导入不能整批撤销", code="import.not_undoable", advice="请到登记册里逐条处理")
    return {"id": record.job_id, "import_id": record.pk, "state": record.state}


def map_columns(record: ImportRecord, chosen: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """Takes what the file's own column names mean, remembers it for the office, and starts the dry run anew."""
    if record.state != ImportState.MAPPING:
        raise Conflict("这次导入不用再对应列", code="import.not_mapping", advice="请重新上传文件")
    declared = declared_of(REGISTERS[record.register], record.kind)
    mapping.remember(declared, record, chosen)
    job = start("registers.check_import", actor, title=f"试运行：{record.file_name[-100:]}", import_id=record.pk)
    record.state, record.job_id, record.error = ImportState.CHECKING, job.pk, None
    record.save(update_fields=["state", "job_id", "error", "columns"])
    return {"id": record.job_id, "import_id": record.pk, "state": record.state}
