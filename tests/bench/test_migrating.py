"""What the benchmark of a migration says of it: how many records are there, and whether the last ones took longer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from bench.bulk import records
from bench.migrating import A_FILE, registered, slowed
from tests.supply.samples import make_supply, make_unit


@pytest.mark.django_db
def test_a_record_counts_when_the_register_holds_it_as_the_spreadsheet_has_it(city: Any) -> None:
    branch = make_supply("A", city.path)
    told = list(records("A01", branch.estate.name, (0, 1, 2)))
    make_unit(branch.building, "A-0102", told[1][4], layout="two_one", floor_area=told[1][6], rent=1)
    assert connection.connection is not None
    assert registered(connection.connection, told) == 1, "of the others one has another rent and one is not there"
    assert registered(connection.connection, [told[0], told[0]]) == 1, "a unit is one record"


def test_a_part_of_the_records_keeps_every_building_and_the_same_rooms_of_each() -> None:
    whole = {row[2] for row in records("A01", "小区", range(A_FILE))}
    part = list(records("A01", "小区", range(0, A_FILE, 125)))
    assert len(part) == 800
    assert {row[2] for row in part} == whole
    assert {row[4] for row in part} == {"101", "1306"}


def test_the_last_quarter_is_set_against_the_first() -> None:
    assert slowed([9.0, *[1.0] * 9, *[1.5] * 20, *[2.0] * 9, 9.0]) == 2.0
    assert slowed([3.0]) == 1.0
