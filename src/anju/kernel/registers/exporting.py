"""Export in the background: the filtered rows as a workbook or CSV, with who and when on it, and in the audit trail."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import mogrify
from django.db.models import QuerySet
from psycopg import sql as pg

from anju.kernel import audit, clock
from anju.kernel.errors import DomainError
from anju.kernel.files import Draft, draft, store
from anju.kernel.jobs import Context, start, work
from anju.kernel.registers.columns import Column, type_of
from anju.kernel.registers.dictionaries import titles
from anju.kernel.registers.limited import limited
from anju.kernel.registers.lists import Query, Reader, narrowed, sort_of
from anju.kernel.registers.paging import order_of
from anju.kernel.registers.register import Register, find
from anju.kernel.registers.subjects import TOLD, tell, words_of
from anju.kernel.registers.views import listed
from anju.kernel.scope import Actor
from anju.kernel.spreadsheets import XLSX

MAX_ROWS = 1_000_000
PORTION = 5000
# after how many rows an export tells how far it is, and looks whether it is still wanted
EVERY = 20_000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def start_export(register: Register[Any], actor: Actor, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Checks what is wanted and starts the job; a wrong filter or order is refused here, not in the job."""
    sort_of(register, wanted["sort"])
    narrowed(register, register.rows(actor, "export"), Query(listed(wanted["filters"]), wanted["q"]), actor)
    unknown = [key for key in wanted["columns"] if key not in register.own]
    if unknown:
        raise DomainError(f"没有“{unknown[0][:40]}”这一列", code="register.unknown_column", field="columns")
    job = start("registers.export", actor, title=f"导出{register.title}", register=register.key, wanted=dict(wanted))
    return {"id": job.pk, "kind": job.kind, "title": job.title, "state": job.state}


@work("registers.export", title="导出")
def run_export(context: Context, register: str, wanted: dict[str, Any]) -> None:
    """Writes the file, stores it for whoever asked, and records the export. Run again, it makes the file anew."""
    actor = context.actor
    ledger = limited(find(register), actor)
    columns = [ledger.own[key] for key in wanted["columns"]] or [
        column for column in ledger.columns if column.listed and not column.hidden
    ]
    sort = sort_of(ledger, wanted["sort"])
    rows = narrowed(ledger, ledger.rows(actor, "export"), Query(listed(wanted["filters"]), wanted["q"]), actor)
    rows = rows.order_by(*order_of(sort, backward=False))[: min(wanted["limit"] or MAX_ROWS, MAX_ROWS)]
    heads = [ledger.title_of(column.key) + (f"（{column.unit}）" if column.unit else "") for column in columns]
    mark = f"{actor.org_name} {actor.name}（{actor.account or actor.ref}）{moment(clock.now())} 导出，仅限工作使用"
    writer = write_csv if wanted["format"] == "csv" else write_xlsx
    with draft() as out, transaction.atomic():
        total = rows.count()
        context.tell(0, total)
        count = writer(Progress(context, total), ledger, columns, rows, heads, mark, out)
        name = f"{ledger.title}_{clock.today():%Y%m%d}.{wanted['format']}"
        mime = "text/csv; charset=utf-8" if wanted["format"] == "csv" else XLSX
        file = store(out, name=name, mime=mime, actor=actor, purpose="export", owner=actor.ref)
        audit.record(
            "export",
            actor=actor,
            subject=f"{register}:*",
            title=f"导出{ledger.title} {count} {ledger.unit}",
            detail={
                "filters": wanted["filters"],
                "q": bool(wanted["q"]),
                "columns": [c.key for c in columns],
                "rows": count,
            },
        )
    context.progress(count, count)
    context.finish(result={"rows": count, "name": name}, file=file.pk)


@dataclass(frozen=True)
class Progress:
    """Whom an export tells how far it is. A COPY keeps its connection busy, so this goes over another one."""

    context: Context
    total: int

    def at(self, number: int) -> None:
        """Tells now and then; raises `Cancelled` when the person asked for the end."""
        if number % EVERY == 0:
            self.context.tell(number, self.total)


def moment(value: datetime) -> str:
    """A moment as people in China write it."""
    return value.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


@contextmanager
def streamed(
    register: Register[Any], columns: Sequence[Column], rows: QuerySet[Any], actor: Actor
) -> Iterator[Iterator[list[Any]]]:
    """The rows' columns from a server-side cursor, portion by portion, so that size costs no memory."""
    reader = Reader(register, columns)
    keys = [column.key for column in columns]
    statement = reader.sql(rows)

    def portions() -> Iterator[list[Any]]:
        if statement is None:
            return
        with connection.chunked_cursor() as cursor:
            cursor.execute(*statement)
            while fetched := cursor.fetchmany(PORTION):
                shaped = reader.shape(fetched)
                tell(columns, shaped, actor)
                for row in shaped:
                    yield [words_of(row[key + TOLD]) if key + TOLD in row else row[key] for key in keys]

    yield portions()


def write_xlsx(
    progress: Progress,
    register: Register[Any],
    columns: Sequence[Column],
    rows: QuerySet[Any],
    heads: Sequence[str],
    mark: str,
    out: Draft,
) -> int:
    """A workbook, row by row, with the mark above the table and in head and foot of every printed page; gives the rows."""
    words = [titles(column.dictionary) if column.dictionary else None for column in columns]
    kinds = [type_of(column, register.field_of[column.key]) for column in columns]
    buffer = io.BytesIO()
    with TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(
            buffer, {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        )
        sheet = book.add_worksheet(register.title[:31])
        head = book.add_format({"bold": True, "bg_color": "#EEF3FB", "border": 1, "border_color": "#D8DEE8"})
        date_format = book.add_format({"num_format": "yyyy-mm-dd"})
        money_format = book.add_format({"num_format": "#,##0.00"})
        sheet.set_header(f"&C{mark.replace('&', '&&')[:200]}")
        sheet.set_footer(f"&L{mark.replace('&', '&&')[:200]}&R第 &P 页，共 &N 页")
        sheet.freeze_panes(2, 0)
        for position, column in enumerate(columns):
            sheet.set_column(position, position, (column.width or 120) / 8)
        sheet.write_string(0, 0, mark)
        for position, title in enumerate(heads):
            sheet.write_string(1, position, title, head)
        number = 0
        with streamed(register, columns, rows, progress.context.actor) as values:
            for number, row in enumerate(values, start=1):
                for position, value in enumerate(row):
                    if value is None or value == "":
                        continue
                    known = words[position]
                    kind = kinds[position]
                    if known is not None:
                        sheet.write_string(number + 1, position, known.get(str(value), str(value)))
                    elif kind in {"number", "area"}:
                        sheet.write_number(number + 1, position, value)
                    elif kind == "money":
                        sheet.write_number(number + 1, position, value, money_format)
                    elif kind == "date":
                        sheet.write_datetime(number + 1, position, value, date_format)
                    elif isinstance(value, datetime):
                        sheet.write_string(number + 1, position, moment(value))
                    elif isinstance(value, bool):
                        sheet.write_string(number + 1, position, "是" if value else "否")
                    else:
                        sheet.write_string(number + 1, position, str(value))
                progress.at(number)
        book.close()
    out.write(buffer.getbuffer())
    return number


def write_csv(
    progress: Progress,
    register: Register[Any],
    columns: Sequence[Column],
    rows: QuerySet[Any],
    heads: Sequence[str],
    mark: str,
    out: Draft,
) -> int:
    """CSV by COPY where the database can write every column; else row by row. Excel reads it as UTF-8. Gives the rows."""
    reader = Reader(register, columns)
    out.write("\ufeff".encode())
    out.write(f'"{mark}"\r\n'.encode())
    out.write((",".join(f'"{title}"' for title in heads) + "\r\n").encode())
    if reader.readers or any(column.subject for column in columns):
        return write_csv_slowly(progress, register, columns, rows, out)
    statement = reader.sql(rows)
    count = 0
    if statement is not None:
        skip = len(reader.keys) - len(columns)
        names = [f"c{i}" for i in range(len(reader.keys))]
        shown = pg.SQL(", ").join(
            copied(name, column, type_of(column, register.field_of[column.key]))
            for name, column in zip(names[skip:], columns, strict=True)
        )
        with connection.cursor() as cursor:
            inner = pg.SQL(mogrify(*statement, connection))
            query = pg.SQL("COPY (SELECT {} FROM ({}) AS source ({})) TO STDOUT (FORMAT csv)").format(
                shown, inner, pg.SQL(", ").join(map(pg.Identifier, names))
            )
            with cursor.copy(query) as copy:
                for number, line in enumerate(copy, start=1):
                    out.write(line)
                    progress.at(number)
            count = max(cursor.cursor.rowcount, 0)
    return count


def copied(name: str, column: Column, kind: str) -> pg.Composable:
    """The expression that writes a column for people: dictionary titles, Shanghai time, no formula."""
    value: pg.Composable = pg.Identifier(name)
    if column.dictionary:
        cases = pg.SQL(" ").join(
            pg.SQL("WHEN {} THEN {}").format(pg.Literal(code), pg.Literal(title))
            for code, title in titles(column.dictionary).items()
        )
        return pg.SQL("CASE {0} {1} ELSE {0}::text END").format(value, cases)
    if kind == "moment":
        return pg.SQL("to_char({} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')").format(value)
    if kind == "boolean":
        return pg.SQL("CASE {} WHEN true THEN '是' WHEN false THEN '否' END").format(value)
    if kind in {"text", "link"}:
        return pg.SQL("regexp_replace({}::text, {}, {})").format(
            value, pg.Literal(r"^([=+\-@\t\r])"), pg.Literal(r"'\1")
        )
    return value


def write_csv_slowly(
    progress: Progress, register: Register[Any], columns: Sequence[Column], rows: QuerySet[Any], out: Draft
) -> int:
    """CSV through Python, for columns that only Python can write; gives the rows."""
    words = [titles(column.dictionary) if column.dictionary else {} for column in columns]
    line = io.StringIO()
    writer = csv.writer(line)
    number = 0
    with streamed(register, columns, rows, progress.context.actor) as values:
        for number, row in enumerate(values, start=1):
            writer.writerow([told(value, known) for value, known in zip(row, words, strict=True)])
            out.write(line.getvalue().encode())
            line.seek(0)
            line.truncate()
            progress.at(number)
    return number


def told(value: Any, words: Mapping[str, str]) -> Any:
    """A value as CSV holds it; text that a spreadsheet would run as a formula is made text."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        shown = words.get(value, value)
        return f"'{shown}" if shown.startswith(DANGEROUS) else shown
    return value
