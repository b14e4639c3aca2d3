"""What is asked in the measurement of lists and pages: addresses, and the functions behind them for their bare SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connection

from anju.kernel import clock
from anju.kernel.cases.lists import todo
from anju.kernel.cases.models import Case
from anju.kernel.cases.page import page as case_page
from anju.kernel.crypto import open_text
from anju.kernel.registers.lists import Query, page, sort_of
from anju.kernel.registers.paging import Cursor
from anju.kernel.registers.register import find
from anju.kernel.reports.declaration import REPORTS, Report
from anju.kernel.reports.declaration import find as find_report
from anju.kernel.reports.sources import Asked as AskedReport
from anju.kernel.reports.tables import build
from anju.kernel.scope import Actor
from anju.supply.board import board
from anju.supply.map import MapFilter
from anju.supply.map import projects as projects_on_map

UNITS = "supply.units"
FILTERS: Sequence[dict[str, list[str]]] = (
    {"division": ["339901"], "status": ["vacant"]},
    {"status": ["vacant"], "layout": ["two_one"]},
    {"division": ["339904"], "rent": ["1000..2000"]},
    {"programme": ["public_rental"], "status": ["let"]},
)
# A unit's code, an estate, an estate with its building and room, and two characters that thousands of rows hold.
SEARCHES = ("{code}", "{estate}", "{estate} {room}", "文昌", "凤凰花园")
CASE_FILTERS = (
    Query(filters={"state": ["open", "supplement"], "division": ["339901"]}),
    Query(filters={"state": ["failed"], "division": ["339903"]}),
)
CONTRACT_FILTERS = (
    Query(filters={"state": ["filed"], "division": ["339901"]}),
    Query(filters={"state": ["terminated"], "division": ["339904"]}),
    Query(filters={"state": ["leaving"], "rent": ["1000..2000"]}),
)


@dataclass(frozen=True)
class Asked:
    """One kind of request: several addresses taken in turn, and what the server does for each."""

    key: str
    title: str
    paths: Sequence[str]
    functions: Sequence[Callable[[], Any]]


def lists(actor: Actor) -> list[Asked]:
    """The register of units: first page, deep pages, filtered, searched."""
    deep = [Query(cursor=cursor) for cursor in deep_cursors()]
    filtered = [Query(filters=each) for each in FILTERS]
    searched = [Query(q=text) for text in search_texts()]
    kinds = (
        ("list_first", "房源 register, first page", [Query()]),
        ("list_deep", "房源 register, deep page", deep),
        ("list_filtered", "房源 register, filtered", filtered),
        ("list_searched", "房源 register, searched", searched),
    )
    return [of_register(UNITS, actor, key, title, queries) for key, title, queries in kinds]


def of_register(key: str, actor: Actor, measured: str, title: str, queries: Sequence[Query]) -> Asked:
    """Pages of a register."""
    register = find(key)
    paths = [address(each, key) for each in queries]
    return Asked(measured, title, paths, [partial(page, register, actor, each) for each in queries])


def other_lists(actor: Actor) -> list[Asked]:
    """The long registers beside the units: cases and contracts; first page, filtered, searched."""
    contracts = "tenancy.contracts"
    return [
        of_register("cases.cases", actor, "cases_first", "案件 register, first page", [Query()]),
        of_register("cases.cases", actor, "cases_filtered", "案件 register, filtered", CASE_FILTERS),
        of_register(contracts, actor, "contracts_first", "合同 register, first page", [Query()]),
        of_register(contracts, actor, "contracts_filtered", "合同 register, filtered", CONTRACT_FILTERS),
        of_register(contracts, actor, "contracts_searched", "合同 register, searched", [*contract_searches()]),
    ]


def lists_of_persons(actor: Actor) -> list[Asked]:
    """The register of persons: first page, and searched by a name and by a whole identity number."""
    persons = "households.persons"
    return [
        of_register(persons, actor, "persons_first", "人员 register, first page", [Query()]),
        of_register(persons, actor, "persons_searched", "人员 register, searched", [*person_searches()]),
    ]


def contract_searches() -> Iterator[Query]:
    """A contract's number, a tenant's name and an address, from the middle of the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT number, tenant_name, address FROM tenancy_contract
                WHERE id >= (SELECT (min(id) + max(id)) / 2 FROM tenancy_contract) ORDER BY id LIMIT 1"""
        )
        for text in cursor.fetchone() or ():
            yield Query(q=text)


def person_searches() -> Iterator[Query]:
    """A name, and the number of the person who has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT name, document_number FROM households_person
                WHERE id >= (SELECT (min(id) + max(id)) / 2 FROM households_person) ORDER BY id LIMIT 1"""
        )
        for name, sealed in cursor.fetchall():
            yield Query(q=name)
            yield Query(q=open_text(bytes(sealed)))


def boards(actor: Actor) -> Asked:
    """The boards of all buildings of the project with the most units, one after another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT project_id, count(*) FROM supply_unit GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1")
        project, units = cursor.fetchone()
        cursor.execute("SELECT id FROM supply_building WHERE project_id = %s ORDER BY id", [project])
        buildings = [row[0] for row in cursor.fetchall()]
    return Asked(
        "board", f"boards of an estate of {units} units",
        [f"/supply/board?project={project}&building={each}" for each in buildings],
        [partial(board, actor, project, each) for each in buildings],
    )  # fmt: skip


def charts(actor: Actor) -> Asked:
    """The map of the whole city, as it opens and narrowed to what can be let."""
    kinds = (MapFilter(), MapFilter(status="vacant"), MapFilter(programme="public_rental", rent_max=2000))
    asked = ("", "?status=vacant", "?programme=public_rental&rent_max=2000")
    return Asked(
        "map", "map of the city",
        [f"/supply/map{each}" for each in asked], [partial(projects_on_map, actor, each) for each in kinds],
    )  # fmt: skip


def at_first(report: Report) -> AskedReport:
    """What is asked when the report's page is opened."""
    if not report.opens:
        return AskedReport()
    return AskedReport(start=clock.today() - timedelta(days=report.opens - 1), end=clock.today())


def reports(actor: Actor) -> list[Asked]:
    """Every report that the actor may see, as it opens."""
    return [
        Asked(
            f"report_{report.key}",
            f"report {report.title}",
            [f"/reports/{report.key}?opening=true"],
            [partial(build, report, actor, at_first(report))],
        )
        for report in REPORTS.values()
        if actor.may(report.dataset.right)
    ]


def address(query: Query, register: str = UNITS) -> str:
    """The address of a page of a register."""
    asked: list[tuple[str, Any]] = [("limit", query.limit)]
    asked += [(name, value) for name, value in (("cursor", query.cursor), ("q", query.q)) if value]
    asked += [(f"f.{key}", value) for key, values in query.filters.items() for value in values]
    return f"/registers/{register}/rows?{urlencode(asked, quote_via=quote)}"


def deep_cursors() -> list[str]:
    """Cursors from the middle to the end of the list, where a page counted by offset is slowest."""
    register = find(UNITS)
    sort = sort_of(register, "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM supply_unit")
        total = cursor.fetchone()[0]
        found = []
        for tenth in (5, 6, 7, 8, 9):
            cursor.execute(
                "SELECT code, id FROM supply_unit ORDER BY code, id OFFSET %s LIMIT 1", [total * tenth // 10]
            )
            code, row_id = cursor.fetchone()
            found.append(Cursor(False, code, row_id, total).encode(sort))
    return found


def search_texts() -> list[str]:
    """What people type: parts of a unit somewhere in the middle of the list."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT u.code, e.name, u.room_no FROM supply_unit u JOIN supply_estate e ON e.id = u.estate_id
                WHERE u.id = (SELECT percentile_disc(0.6) WITHIN GROUP (ORDER BY id) FROM supply_unit)"""
        )
        code, estate, room = cursor.fetchone()
    return [text.format(code=code, estate=estate, room=room) for text in SEARCHES]


def todos(reviewer: Actor, district: Actor) -> dict[str, Asked]:
    """To-do lists of a reviewer of the city and of one of a district, whole and of one step, by account."""

    def asked(actor: Actor, node: str) -> tuple[str, Callable[[], Any]]:
        path = "/cases/todo?view=todo" + (f"&node={node}" if node else "")
        return path, lambda: todo(actor, view="todo", node=node)

    found = {}
    for actor, node, where in ((reviewer, "second_review", "city"), (district, "first_review", "district")):
        pairs = [asked(actor, ""), asked(actor, node)]
        key, title = f"todo_{where}", f"to-do list, {where} reviewer"
        found[actor.account] = Asked(key, title, [path for path, _ in pairs], [run for _, run in pairs])
    return found


def case_pages(actor: Actor, count: int = 50) -> Asked:
    """Pages of cases all over the table, open and closed; none that a colleague has taken, for he alone sees it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS total
                                 FROM cases_case AS matter
                                WHERE NOT EXISTS (SELECT 1 FROM processes_token AS token
                                                   WHERE token.instance_id = matter.instance_id
                                                     AND token.state = 'waiting' AND token.claimed_by <> '')) AS placed
                WHERE place %% greatest(1, total / %s) = 0 ORDER BY id LIMIT %s""",
            [count, count],
        )
        ids = [row[0] for row in cursor.fetchall()]

    def shown(case_id: int) -> Callable[[], Any]:
        return lambda: case_page(Case.objects.get(pk=case_id), actor)

    return Asked("case_page", "case page", [f"/cases/{each}" for each in ids], [shown(each) for each in ids])


def count_by_district(actor: Actor) -> Asked:
    """The number of units of each district, from the report."""
    key = "supply.units_by_division_status"
    path = f"/reports/{key}?columns=-&measures=units"
    return Asked(
        "count", "units counted by district", [path],
        [lambda: build(find_report(key), actor, AskedReport(columns=[], measures=["units"]))],
    )  # fmt: skip
