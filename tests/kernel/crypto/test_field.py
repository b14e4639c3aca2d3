"""The sealed column: plain in Python, unreadable in the database, not searchable by mistake."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models

from anju.kernel.crypto import EncryptedText, Unreadable, open_text


class Sealed(models.Model):
    """A table of this test."""

    number = EncryptedText(null=True)

    class Meta:
        app_label = "numbering"
        db_table = "test_sealed"
        managed = False


@pytest.fixture(autouse=True)
def _table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_sealed (id bigserial PRIMARY KEY, number bytea)")


def stored(row: Sealed) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM test_sealed WHERE id = %s", [row.pk])
        value = cursor.fetchone()[0]
        return None if value is None else bytes(value)


def test_it_is_plain_in_python_and_sealed_in_the_database() -> None:
    row = Sealed.objects.create(number="310115199003071234")
    held = stored(row)
    assert held is not None
    assert b"3101" not in held
    assert open_text(held) == "310115199003071234"
    assert Sealed.objects.get().number == "310115199003071234"
    assert list(Sealed.objects.values_list("number", flat=True)) == ["310115199003071234"]


def test_empty_and_absent_are_two_things() -> None:
    empty, absent = Sealed.objects.create(number=""), Sealed.objects.create(number=None)
    assert stored(empty) is not None
    assert stored(absent) is None
    assert Sealed.objects.get(number__isnull=True) == absent
    assert Sealed.objects.get(pk=empty.pk).number == ""


def test_bulk_ways_seal_too() -> None:
    Sealed.objects.bulk_create([Sealed(number="一"), Sealed(number="二")])
    Sealed.objects.filter(number__isnull=False).update(number="三")
    assert [row.number for row in Sealed.objects.all()] == ["三", "三"]
    assert all(stored(row) != "三".encode() for row in Sealed.objects.all())


def test_searching_it_is_an_error_not_an_empty_answer() -> None:
    for condition in ({"number": "1"}, {"number__contains": "1"}, {"number__in": ["1"]}):
        with pytest.raises(FieldError, match="blind index"):
            Sealed.objects.filter(**condition).exists()


def test_a_changed_row_is_noticed() -> None:
    row = Sealed.objects.create(number="1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE test_sealed SET number = set_byte(number, 20, get_byte(number, 20) # 1)")
    with pytest.raises(Unreadable):
        Sealed.objects.get(pk=row.pk)
