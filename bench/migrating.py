"""The records of an earlier system, one spreadsheet of units after another.

A light migration has more spreadsheets than the whole one and takes of each only some records of every building, under the
names that they all have in the whole one: what a name makes of a record, and what a spreadsheet costs beside its rows,
is met all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from bench.bulk import brought_in, first_project, records, written
from bench.figures import Figure, Goal, below, in_the_books, median_of
from bench.installation import Person
from bench.machine import database_server, with_children, workers
from bench.measuring import Bench

# An earlier system's records, and the hour that they may take (NF-01.3).
RECORDS, RECORDS_SECONDS = 2_000_000, 3600.0
A_FILE = 100_000
# How many times the first quarter's processor time a spreadsheet of the last may take.
SLOWED = 1.3


def migration(bench: Bench, person: Person) -> Figure:
    """All spreadsheets, each checked row by row before it is written; then the register is asked for every record."""
    files, numbers = bench.effort.spreadsheets, range(0, A_FILE, bench.effort.every)
    meant = files * len(numbers)
    figure = Figure("migration", f"migration of {meant} records in {files} spreadsheets", unit="s", meant=meant)
    project = first_project(bench.own)
    sheets = [f"迁入测速{number}号小区" for number in range(1, files + 1)]
    working = workers(bench.installation.url) | database_server(bench.own.info.backend_pid)
    bench.quiet()
    for estate in sheets:
        content, before = written(records(project, estate, numbers)), with_children(working)
        _, took, record = brought_in(person, content)
        figure.parts.append(round(took, 2))
        figure.parts_cpu.append(round(with_children(working) - before, 2))
        if record["failed"]:
            figure.refused, figure.note = record["failed"], f"{estate} was refused; "
            break
    figure.one = round(sum(figure.parts), 1)
    figure.per_second = round(len(figure.parts) * len(numbers) / figure.one, 1)
    figure.done = sum(registered(bench.own, list(records(project, estate, numbers))) for estate in sheets)
    figure.note += f"the first spreadsheet took {figure.parts[0]:.1f} s, the last {figure.parts[-1]:.1f}"
    in_the_books(figure)
    rate = round(RECORDS / RECORDS_SECONDS)
    figure.goals.append(Goal(f"at least {rate} a second, {RECORDS} within the hour", figure.per_second >= rate))
    below(figure, slowed(figure.parts_cpu), SLOWED, f"processor time of the last quarter < {SLOWED} × the first")
    if meant == RECORDS:
        below(figure, figure.one, RECORDS_SECONDS, "within the hour")
    return figure


def slowed(parts: Sequence[float]) -> float:
    """How many times as much as one of the first quarter a spreadsheet of the last took, in the median."""
    quarter = max(1, len(parts) // 4)
    return round(median_of(parts[-quarter:]) / median_of(parts[:quarter]), 2)


def registered(own: psycopg.Connection[Any], rows: Sequence[tuple[Any, ...]]) -> int:
    """How many units the register holds just as these rows of a spreadsheet tell them."""
    told = [[row[place] for row in rows] for place in (0, 1, 2, 4, 6, 8)]
    found = own.execute(
        """SELECT count(DISTINCT unit.id)
             FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::numeric[], %s::numeric[])
                  AS told (project, estate, building, room_no, floor_area, rent)
             JOIN supply_project AS project ON project.code = told.project
             JOIN supply_estate AS estate ON estate.project_id = project.id AND estate.name = told.estate
             JOIN supply_building AS building ON building.estate_id = estate.id AND building.name = told.building
             JOIN supply_unit AS unit ON unit.building_id = building.id AND unit.room_no = told.room_no
                                     AND unit.floor_area = told.floor_area AND unit.rent = told.rent""",
        told,
    ).fetchone()
    return int(found[0]) if found else 0
