"""The two jobs of an import: the dry run, and the run. Both may be killed at any moment and begun again."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from anju.kernel import audit, clock, spreadsheets
from anju.kernel.errors import DomainError
from anju.kernel.files import open_file
from anju.kernel.jobs import Cancelled, Context, work
from anju.kernel.registers.attributes import extended
from anju.kernel.registers.importing import checking, mapping, running, staging, undoing
from anju.kernel.registers.importing.row import Row
from anju.kernel.registers.models import Import as ImportRecord
from anju.kernel.registers.models import ImportRow, ImportState
from anju.kernel.registers.register import Register, find


@work("registers.check_import", title="导入试运行")
def check_import(context: Context, import_id: int) -> None:
    """Reads and examines the file; writes staging rows only, all in one transaction at the end."""
    record = ImportRecord.objects.get(pk=import_id)
    if record.state != ImportState.CHECKING:
        return
    register = extended(find(record.register))
    declared = register.import_of[record.kind]
    try:
        table = spreadsheets.read(open_file(record.file_id), record.file_name)
        examiner = checking.Examiner(register, declared, context.actor)
        rows: list[Row] = []
        source = iter(checking.rows_of(declared, table, mapping.known(record)))
        while portion := list(islice(source, checking.PORTION)):
            for row in portion:
                checking.read_values(declared, row)
            examiner.examine(portion)
            rows += portion
            context.progress(len(rows), max(table.height - 1, len(rows)))
            context.raise_if_cancelled()
        if not rows:
            raise spreadsheets.NotReadable("表头下面没有数据", code="import.empty", advice="请填写后再上传")
    except spreadsheets.WrongColumns as refusal:
        # names that nobody has told the meaning of yet are asked for; what cannot be told apart is refused
        asked = mapping.question(declared, record, table, refusal)
        record.state = ImportState.MAPPING if asked else ImportState.FAILED
        record.headers, record.error = table.headers, refusal.as_json() | {"details": asked or refusal.details}
        record.finished_at = None if asked else clock.now()
        record.save(update_fields=["headers", "state", "error", "finished_at"])
        if not asked:
            raise
        context.finish(result=figures(record))
        return
    except DomainError as refusal:
        record.state, record.error, record.finished_at = ImportState.FAILED, refusal.as_json(), clock.now()
        record.save(update_fields=["state", "error", "finished_at"])
        raise
    except Cancelled:
        ImportRecord.objects.filter(pk=import_id).update(state=ImportState.CANCELLED, finished_at=clock.now())
        raise
    with transaction.atomic():
        ImportRow.objects.filter(owner=record).delete()
        staging.keep(record.pk, examiner, rows)
        record.headers, record.error = table.headers, None
        record.state = ImportState.CHECKED
        record.save(update_fields=["headers", "state", "error"])
        count(record)
    context.finish(result=figures(record))


@work("registers.run_import", title="导入")
def run_import(context: Context, import_id: int) -> None:
    """Brings the good rows in, portion by portion; begun again, it goes on where it stopped."""
    record = ImportRecord.objects.get(pk=import_id)
    if record.state == ImportState.DONE:
        context.finish(result=figures(record))
        return
    register = extended(find(record.register))
    portion = running.Portion(record, register, register.import_of[record.kind], context.actor)
    while True:
        with transaction.atomic():
            # two runs of the same import take turns; the second finds the rows marked
            ImportRecord.objects.select_for_update().get(pk=import_id)
            waiting = ImportRow.objects.filter(owner=record, state=ImportRow.GOOD).order_by("number")
            numbers = list(waiting.values_list("number", flat=True)[: running.size(portion.declared)])
            if numbers:
                running.bring_in(portion, numbers)
        if not numbers:
            break
        tell(record)
        context.progress(record.done, record.total - record.failed)
        try:
            context.raise_if_cancelled()
        except Cancelled:
            ImportRecord.objects.filter(pk=import_id).update(state=ImportState.CANCELLED, finished_at=clock.now())
            raise
    finish(record, register, context)


@work("registers.undo_import", title="撤销导入")
def undo_import(context: Context, import_id: int) -> None:
    """Takes a whole import back or nothing of it; run again after it was done, it changes nothing."""
    record = ImportRecord.objects.get(pk=import_id)
    if record.state != ImportState.UNDOING:
        return
    register = extended(find(record.register))
    try:
        with transaction.atomic():
            ImportRecord.objects.select_for_update().get(pk=import_id)
            taken = undoing.undo(record, register.import_of[record.kind], context.actor)
            ImportRecord.objects.filter(pk=import_id).update(state=ImportState.UNDONE, error=None)
            audit.record(
                "import",
                actor=context.actor,
                subject=f"{record.register}:*",
                title=f"撤销导入{register.title}：{record.file_name}",
                detail={"import": record.pk, **taken},
            )
    except DomainError as refusal:
        ImportRecord.objects.filter(pk=import_id).update(state=ImportState.DONE, error=refusal.as_json())
        raise
    context.finish(result=taken)


def finish(record: ImportRecord, register: Register[Any], context: Context) -> None:
    """Closes the import once and records it in the audit trail."""
    with transaction.atomic():
        closed = ImportRecord.objects.filter(pk=record.pk, state=ImportState.IMPORTING).update(
            state=ImportState.DONE, finished_at=clock.now()
        )
        count(record)
        if closed:
            audit.record(
                "import",
                actor=context.actor,
                subject=f"{record.register}:*",
                title=f"导入{register.title} {record.done} {register.unit}，未通过 {record.failed} 行",
                detail={"import": record.pk, **figures(record)},
            )
    context.finish(result=figures(record))


def tell(record: ImportRecord) -> None:
    """Notes how many rows are in so far."""
    record.done = ImportRow.objects.filter(owner=record, state=ImportRow.DONE).count()
    ImportRecord.objects.filter(pk=record.pk).update(done=record.done)


def count(record: ImportRecord) -> None:
    """Brings the import's figures in line with its rows."""
    rows = ImportRow.objects.filter(owner=record)
    figures_ = rows.aggregate(
        total=Count("id"),
        created=Count("id", filter=~Q(state=ImportRow.BAD) & Q(is_new=True)),
        updated=Count("id", filter=~Q(state=ImportRow.BAD) & Q(is_new=False)),
        failed=Count("id", filter=Q(state=ImportRow.BAD)),
        warned=Count("id", filter=~Q(warnings=[])),
        done=Count("id", filter=Q(state=ImportRow.DONE)),
    )
    ImportRecord.objects.filter(pk=record.pk).update(**figures_)
    for key, value in figures_.items():
        setattr(record, key, value)


def figures(record: ImportRecord) -> dict[str, int]:
    """How many rows of each kind."""
    return {
        "total": record.total,
        "new": record.created,
        "update": record.updated,
        "failed": record.failed,
        "warn": record.warned,
        "done": record.done,
    }
