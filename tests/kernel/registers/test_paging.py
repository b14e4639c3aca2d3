"""Keyset paging as a property: walking forward and back gives the whole sorted list, each row once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.kernel.registers import lists
from anju.kernel.registers.lists import Query, about, page
from anju.kernel.registers.register import REGISTERS
from anju.kernel.scope import ANONYMOUS, system
from anju.supply.models import Unit
from tests.supply.samples import make_supply, make_unit

ME = system()
DAY = date(2026, 1, 1)


@pytest.fixture
def building(db: None) -> Any:
    return make_supply("A").building


def walk(query: Query, direction: str) -> Iterator[list[int]]:
    """Pages one after another by the cursors that the list gives."""
    register = REGISTERS["supply.units"]
    cursor = query.cursor
    for _ in range(500):
        answer = page(register, ME, Query(query.filters, query.q, query.sort, cursor, query.limit))
        yield [row["id"] for row in answer["rows"]]
        cursor = answer[direction]
        if cursor is None:
            return
    raise AssertionError("paging does not end")


def expected(sort: str) -> list[int]:
    """The order of the database without any paging."""
    name, sign = sort.removeprefix("-"), "-" if sort.startswith("-") else ""
    return list(Unit.objects.order_by(f"{sign}{name}", f"{sign}id").values_list("id", flat=True))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=1, max_size=25),
    limit=st.integers(1, 7),
    sort=st.sampled_from(["released_on", "-released_on", "rent", "-rent", "code", "-code", "id", "-id"]),
)
def test_forward_and_back_are_the_whole_list(building: Any, days: list[int | None], limit: int, sort: str) -> None:
    Unit.objects.exclude(code="A-0101").delete()
    for number, day in enumerate(days):
        make_unit(
            building, f"U{number:03d}", f"{number:03d}",
            released_on=None if day is None else DAY + timedelta(days=day), rent=(day or 0) * 100,
        )  # fmt: skip
    query = Query(sort=sort, limit=limit)
    forward = list(walk(query, "next"))
    assert [row for rows in forward for row in rows] == expected(sort)
    assert all(len(rows) == limit for rows in forward[:-1])
    register, cursor = REGISTERS["supply.units"], ""
    while following := page(register, ME, Query(sort=sort, limit=limit, cursor=cursor))["next"]:
        cursor = following
    backward = list(walk(Query(sort=sort, limit=limit, cursor=cursor), "prev"))
    assert [row for rows in reversed(backward) for row in rows] == expected(sort)


def test_rows_that_come_and_go_between_pages_shift_nothing(building: Any) -> None:
    for number in range(1, 10):
        make_unit(building, f"B-{number}", f"{number:03d}")
    register = REGISTERS["supply.units"]
    first = page(register, ME, Query(limit=4))
    make_unit(building, "A-0000", "000")
    Unit.objects.filter(code="B-2").delete()
    second = page(register, ME, Query(limit=4, cursor=first["next"]))
    assert [row["code"] for row in first["rows"]] == ["A-0101", "B-1", "B-2", "B-3"]
    assert [row["code"] for row in second["rows"]] == ["B-4", "B-5", "B-6", "B-7"]
    back = page(register, ME, Query(limit=4, cursor=second["prev"]))
    assert [row["code"] for row in back["rows"]] == ["A-0000", "A-0101", "B-1", "B-3"]


@pytest.mark.parametrize("sort", ["released_on", "-released_on", "code"])
def test_the_first_page_costs_at_most_four_queries_any_other_three(building: Any, sort: str) -> None:
    for number in range(12):
        make_unit(building, f"B-{number:02d}", f"{number:03d}", released_on=DAY if number % 2 else None)
    register = REGISTERS["supply.units"]
    cursor = ""
    while True:
        with CaptureQueriesContext(connection) as captured:
            answer = page(register, ME, Query(sort=sort, limit=5, cursor=cursor))
        assert len(captured) <= (3 if cursor else 4)
        assert not any(" OFFSET " in query["sql"] for query in captured.captured_queries)
        if not answer["next"]:
            break
        cursor = answer["next"]


def test_how_many_there_are_is_exact_for_few_and_never_a_full_count(building: Any) -> None:
    few = page(REGISTERS["supply.units"], ME, Query())
    assert (few["about"], few["exact"]) == (1, True)
    Unit.objects.bulk_create(
        Unit(building=building, code=f"M-{n:05d}", room_no=f"m{n}", floor=1, layout="studio", floor_area=30, rent=1)
        for n in range(7000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE supply_unit")
    with CaptureQueriesContext(connection) as captured:
        told = about(Unit.objects.all())
    assert 6000 < told < 8000
    assert [query["sql"][:7] for query in captured.captured_queries] == ["EXPLAIN"]
    assert page(REGISTERS["supply.units"], ME, Query())["exact"] is False
    assert about(Unit.objects.filter(code__startswith="M-0000")) == 10


def test_without_a_right_there_is_nothing_even_inside(building: Any) -> None:
    assert page(REGISTERS["supply.units"], ANONYMOUS, Query())["rows"] == []


def test_the_list_begins_at_an_index(building: Any) -> None:
    Unit.objects.bulk_create(
        Unit(building=building, code=f"M-{n:05d}", room_no=f"m{n}", floor=1, layout="studio", floor_area=30, rent=n)
        for n in range(5000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE supply_unit")
    register = REGISTERS["supply.units"]
    first = page(register, ME, Query(sort="rent", limit=50))
    with CaptureQueriesContext(connection) as captured:
        page(register, ME, Query(sort="rent", limit=50, cursor=first["next"]))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {captured.captured_queries[0]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "supply_unit_by_rent" in plan
    assert "Index Cond: (ROW(rent, id) > ROW(" in plan.replace("supply_unit.", "")


@pytest.mark.parametrize(("spread", "walked"), [("even", True), ("at the end", False)])
def test_what_many_rows_hold_is_met_on_a_walk_or_gathered_with_the_same_rows(
    building: Any, spread: str, walked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    holding = range(0, 6000, 4) if spread == "even" else range(4500, 6000)
    Unit.objects.bulk_create(
        Unit(
            building=building, code=f"{'WCL' if n in holding else 'WJL'}-{n:05d}", room_no=f"m{n}", floor=1, layout="studio",
            floor_area=30, rent=n,
        )
        for n in range(6000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE supply_unit")
    register, asked = REGISTERS["supply.units"], Query(q="wcl- 0", sort="rent", limit=50)
    with CaptureQueriesContext(connection) as captured:
        found = page(register, ME, asked)
    statements = [query["sql"] for query in captured.captured_queries]
    assert any(" AS met " in sql for sql in statements)
    assert any("ORDER BY (ARRAY[" in sql for sql in statements) is not walked
    monkeypatch.setattr(lists, "WALK_UP_TO", 0)
    gathered = page(register, ME, asked)
    assert [row["code"] for row in found["rows"]] == [row["code"] for row in gathered["rows"]]
    assert (len(found["rows"]), found["next"]) == (50, gathered["next"])
