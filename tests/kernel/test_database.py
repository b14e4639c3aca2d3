"""Connections that died: noticed at the first question of a request, in a transaction never papered over."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from anju.kernel.database import steadily


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
