"""Search by pairs: what is frequent is left to the text itself, and nothing that matches is missed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from django.db import connection

from anju.households.models import Person
from anju.kernel.registers import search
from anju.kernel.registers.search import Search, frequencies

NAMES = ["".join(signs) for signs in product("王李2", "小1建", "明国10")]
SEARCHED = Search(["name"])


@pytest.fixture
def persons(db: None) -> Iterator[None]:
    """Persons whose names share their pairs, and statistics of them."""
    Person.objects.bulk_create(
        [
            Person(document_type="id_card", document_number=str(n), number_blind=n.to_bytes(32, "big"), name=name)
            for n, name in enumerate(NAMES * 10)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE households_person")
    search._known.clear()
    yield
    search._known.clear()


def test_how_frequent_a_pair_is_comes_from_the_statistics(persons: None) -> None:
    known = frequencies(Person)
    holding = sum("王小" in name for name in NAMES) / len(NAMES)
    assert known["王小"] == pytest.approx(holding, abs=0.01)


@pytest.mark.parametrize("text", ["王小", "小明", "王小明", "2", "2 1", "王 建国", "210", "21 10", "李建 明", "明王"])
def test_rows_that_hold_every_term_are_found_and_no_others(persons: None, text: str) -> None:
    expected = sorted(name for name in NAMES * 10 if all(term in name for term in text.split()))
    found = Person.objects.filter(SEARCHED.condition(text, Person)).values_list("name", flat=True)
    assert sorted(found) == expected


def test_long_texts_look_up_few_pairs(persons: None) -> None:
    asked = str(Person.objects.filter(SEARCHED.condition("王小明国建李210", Person)).query)
    assert asked.count("strpos") == 1
    assert len(asked.split("@> ")[1].split("::")[0].split(",")) == search.MAX_GRAMS
