"""The order of the measurement: seed, read, act, export, Directus, and last the import, which changes the list, and the books."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg

from bench import acts, asked, bulk, crowd, directus, many, migrating, work
from bench.directus import VERSION as DIRECTUS
from bench.figures import Figure, cells, faster_than_directus, list_goals, no_slower, under_load
from bench.installation import Installation
from bench.machine import say
from bench.measuring import LIGHT, QUICK, Bench, Effort

__all__ = ["DIRECTUS", "measure", "met", "noise", "prepare", "seed", "sizes"]
# What is opened by one person now and then.
BOARD_MS, MAP_MS, REPORT_MS = 300.0, 100.0, 1000.0
SMALL = ["--units", "20000", "--projects", "50", "--cases", "12000", "--accounts", "1000"]
# Units, offices and accounts of the tender, with fewer cases than a city has.
FEW_CASES = ["--cases", "20000"]
REVIEWER, DISTRICT, CLERK, KEEPER = "gaoyuan", "zhoumin", "fangting", "guanli"


def seed(*, size: str, quick: bool, light: bool = False) -> float | None:
    """Fills the database, unless it was filled before; the seconds that it took."""
    from anju.site.full_city.offices import is_grown

    if is_grown():
        say("the city is there already")
        return None
    began = time.monotonic()
    wanted = [
        sys.executable,
        "-m",
        "anju",
        "seed_city",
        "--size",
        size,
        *(SMALL if quick else FEW_CASES if light else []),
    ]
    subprocess.run(wanted, check=True, stdout=sys.stderr)
    return round(time.monotonic() - began, 1)


def prepare(installation: Installation, *, quick: bool, light: bool = False) -> Bench:
    """A bench with tables as autovacuum leaves them, and with what the clock's jobs had counted by now."""
    from anju.workspace.finished import count_finished

    count_finished()
    own = installation.connect()
    own.execute("VACUUM (ANALYZE)")
    return Bench(installation, own, QUICK if quick else LIGHT if light else Effort())


def measure(bench: Bench, only: set[str] | None, folder: Path | None) -> tuple[list[Figure], str]:
    """All figures, and why Directus is missing when it is."""
    installation = bench.installation
    reviewer, district = installation.person(REVIEWER), installation.person(DISTRICT)
    found: dict[str, Figure] = {}

    def take(key: str, make: Callable[[], Figure], goals: Callable[[Figure], None] = lambda figure: None) -> None:
        if only is None or key in only:
            say(f"measuring {key}")
            found[key] = make()
            goals(found[key])
            say("  " + " · ".join(cell for cell in cells(found[key])[1:] if cell))

    for each in asked.lists(reviewer.actor):
        take(each.key, lambda each=each: bench.measure(reviewer, each), list_goals)  # type: ignore[misc]
    people = {REVIEWER: reviewer, DISTRICT: district}
    for account, each in asked.todos(reviewer.actor, district.actor).items():
        take(each.key, lambda who=people[account], each=each: bench.measure(who, each), list_goals)  # type: ignore[misc]
    take("count", lambda: bench.measure(reviewer, asked.count_by_district(reviewer.actor)), under_load)
    take("case_page", lambda: bench.measure(reviewer, asked.case_pages(reviewer.actor)), under_load)
    for each in asked.other_lists(reviewer.actor):
        take(each.key, lambda each=each: bench.measure(reviewer, each), list_goals)  # type: ignore[misc]
    keeper = installation.person(KEEPER)
    for each in asked.lists_of_persons(keeper.actor):
        take(each.key, lambda each=each: bench.measure(keeper, each), list_goals)  # type: ignore[misc]
    seldom = [(asked.boards(reviewer.actor), BOARD_MS), (asked.charts(reviewer.actor), MAP_MS)]
    for each, limit in [*seldom, *((each, REPORT_MS) for each in asked.reports(reviewer.actor))]:
        take(each.key, lambda each=each, limit=limit: bench.alone(reviewer, each, limit))  # type: ignore[misc]
    take("tasks", lambda: crowd.full_desk(bench, district))
    take("overhead", lambda: crowd.overhead(bench, reviewer))
    take("online", lambda: crowd.online(bench))
    if only is None or not only.isdisjoint(work.KEYS):
        say("measuring a thousand people at work")
        found |= {each.key: each for each in work.at_work(bench, reviewer)}
    take("sign_in", lambda: acts.sign_in(bench, reviewer))
    take("case_step", lambda: acts.step(bench, reviewer))
    if "list_first" in found and "list_deep" in found:
        no_slower(found["list_deep"], found["list_first"])
    missing = compare(bench, found, folder) if folder else "left out on demand"
    take("export_csv", lambda: bulk.export(bench, keeper, "csv"))
    take("export_xlsx", lambda: bulk.export(bench, keeper, "xlsx"))
    take("publication", lambda: many.publication(bench, keeper))
    take("reviews", lambda: many.month(bench))
    take("import", lambda: bulk.import_units(bench, keeper))
    take("migration", lambda: migrating.migration(bench, keeper))
    take("books", lambda: many.books(bench))
    return list(found.values()), missing


def compare(bench: Bench, found: dict[str, Figure], folder: Path) -> str:
    """Directus beside the lists and the count; says why it could not be measured."""
    row = bench.own.execute("SELECT count(*) FROM supply_unit").fetchone()
    total = int(row[0]) if row else 0
    try:
        with directus.running(bench.installation, folder) as targets:
            pages = {
                "list_first": [directus.first_page()], "list_deep": directus.deep_pages(total),
                "count": [directus.count_by_district()],
                **{key: [directus.first_page(key)] for key in ("cases_first", "contracts_first")},
            }  # fmt: skip
            for key, paths in pages.items():
                if key in found:
                    say(f"measuring {key} with Directus")
                    bench.quiet()
                    bench.directus(found[key], targets, [targets[0].get(path) for path in paths])
                    faster_than_directus(found[key])
    except directus.Missing as reason:
        say(f"Directus: {reason}")
        return str(reason)
    return ""


def sizes(own: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows of the large tables after the measurement, and the database's size."""
    tables = (
        "supply_unit", "supply_project", "identity_organisation", "identity_account", "cases_case", "processes_token",
        "cases_entry", "cases_check", "households_person", "tenancy_contract",
    )  # fmt: skip
    found: dict[str, int] = {}
    for table in tables:
        row = own.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
        found[table] = int(row[0]) if row else 0
    kinds = own.execute("SELECT kind, count(*) FROM identity_organisation GROUP BY kind").fetchall()
    found |= {f"organisations_{kind}": int(number) for kind, number in kinds}
    row = own.execute("SELECT pg_database_size(current_database()) / 1048576").fetchone()
    found["database_mib"] = int(row[0]) if row else 0
    return found


def met(figures: Sequence[Figure]) -> str:
    """How many goals are met."""
    goals = [goal.met for figure in figures for goal in figure.goals if goal.met is not None]
    return f"{sum(goals)} of {len(goals)} goals met"


def noise(busy: Sequence[float]) -> str:
    """How busy others kept the machine between the measurements."""
    return f"{statistics.median(busy):.0%} (at most {max(busy):.0%})" if busy else "—"
