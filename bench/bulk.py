"""The large pieces of background work: the export of all units, and the import of a spreadsheet."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import xlsxwriter

from anju.kernel.registers.lists import Query, Reader, narrowed
from anju.kernel.registers.register import find
from bench.asked import UNITS
from bench.figures import Figure, Goal, below
from bench.installation import Person, until
from bench.machine import forget_peak, peak_mib, workers
from bench.measuring import Bench

IMPORT_SECONDS, EXPORT_SECONDS, EXPORT_MIB = 60.0, 60.0, 300.0
HEADS = ("项目编码", "小区名称", "楼栋", "地上层数", "室号", "户型", "建筑面积", "朝向", "月租金")
LAYOUTS = (("一室一厅", 46.35), ("两室一厅", 62.18), ("三室一厅", 78.23))
ROOMS_A_FLOOR, FLOORS = 10, 25


def export(bench: Bench, person: Person, form: str) -> Figure:
    """All units into a file; beside it COPY of the same rows."""
    figure = Figure(f"export_{form}", f"export of all units ({form})", unit="s")
    bench.quiet()
    working = workers(bench.installation.url)
    forget_peak(working)
    began = time.perf_counter()
    job = person.post(f"/registers/{UNITS}/exports", {"format": form})
    done = finished(person, job["id"])
    figure.one = round(time.perf_counter() - began, 1)
    peak = peak_mib(working)
    figure.note = f"{done['result']['rows']} rows; the worker held {peak:.0f} MiB at most"
    below(figure, figure.one, EXPORT_SECONDS, f"< {EXPORT_SECONDS:.0f} s")
    below(figure, peak or None, EXPORT_MIB, f"worker < {EXPORT_MIB:.0f} MiB ({peak:.0f})")
    figure.sql = round(copied_out(bench.own, person), 1)
    return figure


def finished(person: Person, job_id: int) -> dict[str, Any]:
    """A job that has ended well."""

    def ended() -> dict[str, Any] | None:
        job: dict[str, Any] = person.get(f"/jobs/{job_id}")
        return job if job["state"] in {"done", "failed", "cancelled"} else None

    job: dict[str, Any] = until(ended, f"job {job_id}", pause=0.05)
    if job["state"] != "done":
        raise SystemExit(f"job {job_id}: {job['state']} {job['error']}")
    return job


def copied_out(own: psycopg.Connection[Any], person: Person) -> float:
    """Seconds of COPY … TO STDOUT of the columns that the export holds."""
    register = find(UNITS)
    columns = [column for column in register.columns if column.listed and not column.hidden]
    rows = narrowed(register, register.rows(person.actor, "export"), Query(), person.actor).order_by("code")
    statement = Reader(register, columns).sql(rows)
    assert statement is not None
    with psycopg.ClientCursor(own) as cursor:
        inner = cursor.mogrify(*statement)
        began = time.perf_counter()
        with cursor.copy(f"COPY ({inner}) TO STDOUT (FORMAT csv)") as copy:
            for _ in copy:
                pass
    return time.perf_counter() - began


def records(project: str, estate: str, numbers: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    """New units by their numbers, in new buildings of a new estate, as an operator's clerk writes them under `HEADS`."""
    for number in numbers:
        building, room = divmod(number, ROOMS_A_FLOOR * FLOORS)
        floor, door = divmod(room, ROOMS_A_FLOOR)
        layout, area = LAYOUTS[door % len(LAYOUTS)]
        yield (
            project, estate, f"{building + 1}号楼", FLOORS, f"{floor + 1}{door + 1:02d}", layout, area, "南",
            round(area * 26, 2),
        )  # fmt: skip


def written(rows: Iterable[tuple[Any, ...]]) -> bytes:
    """A spreadsheet of these rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "units.xlsx"
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        sheet = book.add_worksheet()
        for line, cells in enumerate((HEADS, *rows)):
            for position, cell in enumerate(cells):
                sheet.write(line, position, cell)
        book.close()
        return path.read_bytes()


def import_units(bench: Bench, person: Person) -> Figure:
    """Upload, dry run and import of a spreadsheet of new units; beside it COPY of as many units through the triggers."""
    rows = bench.effort.import_rows
    figure = Figure("import", f"import of {rows} rows", unit="s")
    content = written(records(first_project(bench.own), "导入测速小区", range(rows)))
    bench.quiet()
    checked, whole, record = brought_in(person, content)
    if record["failed"]:
        raise SystemExit(f"the import was not clean: {record}")
    figure.one = round(whole, 1)
    figure.note = f"checked in {checked:.1f} s, then written; {record['new']} new"
    figure.sql = round(copied_in(bench.own, rows), 1)
    if rows == 100_000:
        below(figure, figure.one, IMPORT_SECONDS, f"< {IMPORT_SECONDS:.0f} s")
    else:
        figure.goals.append(Goal("measured with 100,000 rows only", None))
    return figure


def brought_in(person: Person, content: bytes) -> tuple[float, float, dict[str, Any]]:
    """A spreadsheet uploaded, checked and imported: seconds until it was checked, seconds in all, and its record.

    One in which the check finds something wrong is not imported.
    """
    began = time.perf_counter()
    made = person.post(f"/registers/{UNITS}/imports?kind=supply", files={"file": ("units.xlsx", content)})
    finished(person, made["job_id"])
    checked = time.perf_counter() - began
    record = person.get(f"/imports/{made['id']}")
    if record["state"] != "checked":
        raise SystemExit(f"the spreadsheet could not be read: {record}")
    if not record["failed"]:
        finished(person, person.post(f"/imports/{made['id']}/run")["id"])
        record = person.get(f"/imports/{made['id']}")
    return checked, time.perf_counter() - began, record


def first_project(own: psycopg.Connection[Any]) -> str:
    """The code of a project of the demonstration."""
    row = own.execute("SELECT code FROM supply_project ORDER BY id LIMIT 1").fetchone()
    assert row is not None
    return str(row[0])


def copied_in(own: psycopg.Connection[Any], rows: int) -> float:
    """Seconds in which as many units are copied in, with the table's indexes and triggers; undone."""
    with own.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'supply_unit' AND column_name <> 'id'"
        )
        names = [row[0] for row in cursor.fetchall()]
        listed = ", ".join(names)
        changed = {
            "code": "code || '-bench'",
            "room_no": "'x' || room_no",
            "contract_id": "NULL",
            "public_code": "NULL",
        }
        chosen = ", ".join(changed.get(name, name) for name in names)
        with cursor.copy(f"COPY (SELECT {chosen} FROM supply_unit ORDER BY id LIMIT {rows}) TO STDOUT") as out:
            lines = b"".join(bytes(portion) for portion in out)
        cursor.execute("BEGIN")
        began = time.perf_counter()
        with cursor.copy(f"COPY supply_unit ({listed}) FROM STDIN") as into:
            into.write(lines)
        took = time.perf_counter() - began
        cursor.execute("ROLLBACK")
    return took
