"""Connections that died: noticed at the first question of a request, in a transaction never papered over. Kept plans."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import uvloop
from django.db import NotSupportedError, OperationalError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.utils import connector_params

from anju.kernel.database import planned, planned_together, steadily
from anju.kernel.postgresql.base import DatabaseWrapper
from anju.kernel.postgresql.pools import LookingPool, still_open


def ask() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def kill(backend: int) -> None:
    """Ends a server process, as a restart of the database ends them all."""
    told = connection.settings_dict
    with psycopg.connect(
        host=told["HOST"], port=told["PORT"], dbname=told["NAME"], user=told["USER"], password=told["PASSWORD"],
        autocommit=True,
    ) as other:  # fmt: skip
        other.execute("SELECT pg_terminate_backend(%s)", [backend])


@pytest.mark.django_db(transaction=True)
def test_a_dead_connection_is_replaced_unseen() -> None:
    before = ask()
    kill(before)
    assert steadily(ask) != before


@pytest.mark.django_db(transaction=True)
def test_without_it_the_question_fails() -> None:
    kill(ask())
    with pytest.raises(OperationalError):
        ask()
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_the_loss_is_told() -> None:
    def in_one_transaction() -> None:
        with transaction.atomic():
            kill(ask())
            steadily(ask)

    with pytest.raises(OperationalError):
        in_one_transaction()
    connection.close()


LISTED = "SELECT name FROM planned_thing WHERE id = ANY(%s::bigint[]) ORDER BY id"


def send(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def kept() -> int:
    """How many plans this connection keeps of the statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%planned_thing%"])
        return int(cursor.fetchone()[0])


@pytest.fixture
def thing(transactional_db: None) -> Iterator[None]:
    send(
        "CREATE TABLE planned_thing (id bigint, name varchar(10))",
        "INSERT INTO planned_thing VALUES (1, 'a'), (2, 'b')",
    )
    yield
    send("DROP TABLE planned_thing")


def test_a_statement_is_planned_once_a_connection(thing: None) -> None:
    assert [planned(LISTED, [[2, 1]]) for _ in range(3)] == [[("a",), ("b",)]] * 3
    assert (planned(LISTED, [[2, 3]]), kept()) == ([("b",)], 1)


def test_it_is_counted_like_any_other(thing: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert planned(LISTED, [[2]]) == [("b",)]
    assert "ANY('{2}'::bigint[])" in captured.captured_queries[0]["sql"].replace("::int2[]", "")


def test_a_changed_column_makes_a_new_plan(thing: None) -> None:
    assert planned(LISTED, [[1]]) == [("a",)]
    send("ALTER TABLE planned_thing ALTER COLUMN name TYPE varchar(20)")
    assert planned(LISTED, [[1]]) == [("a",)]
    send("ALTER TABLE planned_thing ALTER COLUMN name TYPE varchar(30)")
    with pytest.raises(NotSupportedError), transaction.atomic():
        planned(LISTED, [[1]])
    assert planned(LISTED, [[1]]) == [("a",)]


COUNTED = "SELECT count(*) FROM planned_thing WHERE id = ANY(%s::bigint[])"


def test_several_are_sent_in_one_go_and_planned_like_one(thing: None) -> None:
    both = [(LISTED, [[2, 1]]), (COUNTED, [[1]]), (LISTED, [[3]])]
    for _ in range(2):
        assert planned_together(both) == [[("a",), ("b",)], [(1,)], []]
    assert kept() == 2
    with CaptureQueriesContext(connection) as captured:
        assert planned_together(both) == [[("a",), ("b",)], [(1,)], []]
    assert len(captured) == 3


def test_several_find_their_way_past_a_changed_column(thing: None) -> None:
    both = [(COUNTED, [[1]]), (LISTED, [[1]])]
    assert planned_together(both) == [[(1,)], [("a",)]]
    send("ALTER TABLE planned_thing ALTER COLUMN name TYPE varchar(20)")
    with pytest.raises(NotSupportedError), transaction.atomic():
        planned_together(both)
    assert planned_together(both) == [[(1,)], [("a",)]]
    send("ALTER TABLE planned_thing ALTER COLUMN name TYPE varchar(30)")
    assert planned_together(both) == [[(1,)], [("a",)]]
    assert planned(LISTED, [[1]]) == [("a",)]


def test_one_wrong_among_several_is_told_and_the_connection_serves_on(thing: None) -> None:
    with pytest.raises(ProgrammingError):
        planned_together([(COUNTED, [[1]]), ("SELECT nothing FROM planned_thing", []), (LISTED, [[1]])])
    assert planned_together([(COUNTED, [[1]]), (LISTED, [[1]])]) == [[(1,)], [("a",)]]


@pytest.fixture
def line() -> Iterator[psycopg.Connection[Any]]:
    """A connection as the pool holds it."""
    told = connection.settings_dict
    with psycopg.connect(
        host=told["HOST"], port=told["PORT"], dbname=told["NAME"], user=told["USER"], password=told["PASSWORD"],
        autocommit=True,
    ) as made:  # fmt: skip
        yield made


@pytest.mark.django_db(transaction=True)
def test_a_living_connection_is_given_out_unasked_and_a_dead_one_is_not(
    line: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask_it(statement: str) -> None:
        asked.append(statement)
        line.cursor().execute(statement.encode())

    monkeypatch.setattr(line, "execute", ask_it)
    still_open(line)
    assert asked == []
    kill(line.info.backend_pid)
    with pytest.raises(psycopg.OperationalError):
        eventually(lambda: still_open(line))
    assert asked


def eventually(look: Callable[[], None]) -> None:
    """Looks until it raises, for a moment."""
    for _ in range(200):
        look()
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_the_pool_gives_out_no_dead_connection() -> None:
    small = {**connection.settings_dict, "OPTIONS": {"pool": {"min_size": 1, "max_size": 1}}}
    pooled = DatabaseWrapper(small, "aside")
    pool = pooled.pool
    try:
        pool.open(wait=True)
        with pool.connection() as first:
            backend = first.info.backend_pid
        with pool.connection() as again:
            assert again is first
        kill(backend)
        time.sleep(0.1)
        with pool.connection() as other:
            assert other.info.backend_pid != backend
    finally:
        pooled.close_pool()


@pytest.mark.django_db(transaction=True)
def test_the_workers_pool_asks_after_no_living_connection_and_gives_out_no_dead_one() -> None:
    # as its queue makes it, with a check of its own that asks
    given = connector_params()
    asked: list[str] = []

    async def use() -> None:
        pool = LookingPool(kwargs=given, min_size=1, max_size=1, open=False, check=LookingPool.check_connection)
        async with pool:
            async with pool.connection() as first:
                backend = first.info.backend_pid
            first.execute = asked.append
            async with pool.connection() as again:
                assert again is first
            assert asked == []
            del first.execute
            kill(backend)
            await asyncio.sleep(0.1)
            async with pool.connection() as other:
                assert (await (await other.execute("SELECT 1")).fetchone()) == (1,)
                assert other is not first

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(use())
