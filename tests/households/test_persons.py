"""Persons are the same by document type and number; numbers are sealed; facts and snapshots stay."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from anju.households.models import Fact, HouseholdSnapshot, Person
from anju.households.services import (
    ImpossibleNumber,
    Member,
    UnusableHousehold,
    add_fact,
    applicant_of,
    clean_number,
    fact_on,
    find_or_make_person,
    find_person,
    members_of,
    subjects_of,
    take_snapshot,
)
from anju.households.synthetic import synthetic_id
from anju.kernel.scope import system

MOTHER = synthetic_id("339901", date(1964, 3, 2), 2)
FATHER = synthetic_id("339901", date(1962, 7, 9), 11)
CHILD = synthetic_id("339902", date(1999, 11, 30), 24)


def household(*numbers: str) -> list[Member]:
    relations = ["self", "spouse", "child"]
    return [Member("id_card", number, f"成员{at}", relations[at]) for at, number in enumerate(numbers)]


def test_synthetic_numbers_are_possible_and_tell_birth_and_gender(db: None) -> None:
    person = find_or_make_person("id_card", MOTHER, "周桂芳")
    assert (person.birth_on, person.gender) == (date(1964, 3, 2), "female")
    assert find_or_make_person("id_card", FATHER, "陈立民").gender == "male"


def test_the_number_is_sealed_in_the_row_and_found_by_its_blind_index(db: None) -> None:
    person = find_or_make_person("id_card", MOTHER, "周桂芳")
    with connection.cursor() as cursor:
        cursor.execute("SELECT document_number, number_blind FROM households_person WHERE id = %s", [person.pk])
        sealed, index = cursor.fetchone()
    assert MOTHER.encode() not in bytes(sealed) + bytes(index)
    assert find_person("id_card", f" {MOTHER.lower()} ") == person
    assert find_person("passport", "E12345678") is None


def test_fifteen_digits_are_the_same_person_as_eighteen(db: None) -> None:
    long = synthetic_id("339901", date(1951, 4, 6), 120)
    short = long[:6] + long[8:17]
    assert clean_number("id_card", short) == long
    assert find_or_make_person("id_card", short, "王芳").pk == find_or_make_person("id_card", long, "王芳").pk
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("id_card", MOTHER[:-1] + ("0" if MOTHER[-1] != "0" else "1")),
        ("id_card", "33990120301301002X"),
        ("id_card", "339901"),
        ("driving_licence", "12345"),
        ("passport", "护照一二三"),
        ("hk_macao_permit", "Z123"),
    ],
)
def test_impossible_numbers_are_refused_and_nobody_is_made(db: None, kind: str, number: str) -> None:
    with pytest.raises(ImpossibleNumber):
        find_or_make_person(kind, number, "某人")
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_callers_at_once_get_one_person() -> None:
    start, found = Barrier(6), []

    def ask() -> None:
        start.wait()
        try:
            found.append(find_or_make_person("id_card", MOTHER, "周桂芳").pk)
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert set(found) == set(Person.objects.values_list("pk", flat=True))
    assert Person.objects.count() == 1


def test_a_household_is_kept_as_it_was_on_the_day(db: None) -> None:
    take_snapshot("case:1", household(MOTHER, FATHER), on=date(2026, 3, 1))
    person = find_person("id_card", FATHER)
    assert person is not None
    Person.objects.filter(pk=person.pk).update(name="改了名")
    first = members_of("case:1")
    assert [(m.name, m.relation, m.document_number) for m in first] == [
        ("成员0", "self", MOTHER),
        ("成员1", "spouse", FATHER),
    ]
    assert first[1].masked_number == f"{FATHER[:6]}********{FATHER[-4:]}"
    take_snapshot("case:1", household(MOTHER, FATHER, CHILD), on=date(2026, 4, 1))
    assert len(members_of("case:1")) == 3
    assert HouseholdSnapshot.objects.filter(subject="case:1").count() == 2
    assert applicant_of("case:1").document_number == MOTHER
    assert subjects_of(person.pk) == ["case:1"]


def test_rows_of_a_form_become_members_with_the_rest_as_details(db: None) -> None:
    row = {
        "relation": "self", "name": "周桂芳", "document_type": "id_card", "document_number": MOTHER,
        "phone": "13900000001", "income": "2100.00",
    }  # fmt: skip
    take_snapshot("case:2", [row], on=date(2026, 3, 1))
    assert members_of("case:2")[0].details == {"phone": "13900000001", "income": "2100.00"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_details FROM households_snapshotmember")
        assert b"13900000001" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize("listed", [[], [MOTHER, MOTHER]])
def test_a_household_without_applicant_or_with_somebody_twice_is_refused(db: None, listed: list[str]) -> None:
    with pytest.raises(UnusableHousehold):
        take_snapshot("case:3", household(*listed), on=date(2026, 3, 1))
    assert members_of("case:3") == []
    assert not HouseholdSnapshot.objects.exists()


def test_two_applicants_are_refused(db: None) -> None:
    two = [Member("id_card", MOTHER, "甲", "self"), Member("id_card", FATHER, "乙", "self")]
    with pytest.raises(UnusableHousehold):
        take_snapshot("case:4", two, on=date(2026, 3, 1))


def test_facts_are_appended_and_answer_what_held_on_a_day(db: None) -> None:
    person = find_or_make_person("id_card", MOTHER, "周桂芳")
    add_fact(person.pk, "marriage", "single", holds_from=date(1990, 1, 1), source="民政", actor=system())
    add_fact(person.pk, "marriage", "married", holds_from=date(1995, 5, 20), source="民政", actor=system())
    before, after = fact_on(person.pk, "marriage", date(1994, 1, 1)), fact_on(person.pk, "marriage", date(2026, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.value, after.value) == ("single", "married")
    assert fact_on(person.pk, "marriage", date(1980, 1, 1)) is None


@pytest.mark.parametrize(
    "change", ["UPDATE households_fact SET source = 'x'", "DELETE FROM households_fact"], ids=["update", "delete"]
)
def test_the_database_refuses_to_change_what_was_known(db: None, change: str) -> None:
    person = find_or_make_person("id_card", MOTHER, "周桂芳")
    add_fact(person.pk, "marriage", "single", holds_from=date(1990, 1, 1), source="民政", actor=system())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Fact.objects.get().value == "single"
