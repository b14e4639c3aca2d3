"""Reports of supply: equal to the register after every act, as of an earlier day, beside the month before."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.kernel import clock
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor, system
from anju.supply import services
from anju.supply.jobs import fold_counts, keep_day_counts
from anju.supply.models import GONE, DayCount, Unit
from tests.supply.samples import Supply, make_supply, make_unit

pytestmark = pytest.mark.django_db
PATH = "/reports/supply.units_by_layout"
DIMENSIONS = {"status": "status", "layout": "layout", "division": "division", "programme": "programme"}


@pytest.fixture
def branch(city: Any) -> Supply:
    made = make_supply("A", city.path)
    for number in range(2, 6):
        make_unit(made.building, f"A-010{number}", f"10{number}", layout=("one_one", "two_one")[number % 2])
    return made


@pytest.fixture
def clerk(branch: Supply, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Any:
    return client_as(staff("supply.unit.view", "reports.view"))


ACTS: list[Callable[[int], object]] = [
    lambda unit: services.lock_unit(actor=system(), unit_id=unit, note="查验"),
    lambda unit: services.unlock_unit(actor=system(), unit_id=unit),
    lambda unit: services.hold_unit(actor=system(), unit_id=unit, held_for="choice:1"),
    lambda unit: services.release_unit(actor=system(), unit_id=unit, held_for="choice:1"),
    lambda unit: services.repair_unit(actor=system(), unit_id=unit, note="换锁"),
    lambda unit: services.confirm_unit(actor=system(), unit_id=unit),
    lambda unit: fold_counts(),
]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(range(len(ACTS)))), max_size=8))
def test_totals_equal_the_register_after_every_act(clerk: Any, branch: Supply, steps: list[tuple[int, int]]) -> None:
    units = list(Unit.objects.order_by("id").values_list("pk", flat=True))
    for unit, act in [*steps, (0, len(ACTS) - 1)]:
        with contextlib.suppress(DomainError):
            ACTS[act](units[unit])
        for key, column in DIMENSIONS.items():
            table = clerk.get(PATH, rows=key, columns="", measures="units").json()
            told = {row["keys"][key]: row["values"]["units"] for row in table["rows"] if row["values"]["units"]}
            assert told == dict(Counter(Unit.objects.exclude(status__in=GONE).values_list(column, flat=True)))


def test_the_way_down_leaves_out_what_was_split_as_the_figures_do(clerk: Any, branch: Supply) -> None:
    Unit.objects.filter(pk=branch.unit.pk).update(status="split")
    table = clerk.get("/reports/supply.units_by_project").json()
    (row,), drill = table["rows"], table["drill"]
    filters = {f"f.{filter}": row["keys"][key] for key, filter in drill["filters"].items() if key in row["keys"]}
    filters |= {f"f.{filter}": values for filter, values in drill["otherwise"].items()}
    behind = clerk.get(f"/registers/{drill['register']}/rows", **filters).json()
    assert len(behind["rows"]) == row["values"]["units"] == 4


def test_a_day_that_is_over_is_read_as_it_stood(clerk: Any, branch: Supply) -> None:
    keep_day_counts()
    keep_day_counts()
    assert DayCount.objects.values("on").distinct().count() == 1
    yesterday = clock.today() - timedelta(days=1)
    services.lock_unit(actor=system(), unit_id=branch.unit.pk, note="查验")
    asked = {"rows": "status", "columns": "", "measures": "units"}
    then = clerk.get(PATH, **asked, end=yesterday.isoformat()).json()
    assert {row["keys"]["status"]: row["values"]["units"] for row in then["rows"]} == {"vacant": 5}
    DayCount.objects.update(on=clock.today() - timedelta(days=40))
    now = clerk.get(PATH, **asked, compare="month").json()
    assert {row["keys"]["status"]: row["values"]["units"] for row in now["rows"] if row["values"]["units"]} == {
        "vacant": 4, "locked": 1,
    }  # fmt: skip
    assert [row["values"]["units"] for row in now["compared"]["rows"]] == [5]
    assert clerk.get(PATH, **asked, compare="year").json()["compared"]["rows"] is None
    assert clerk.get(PATH, **asked, end="2001-01-01").json()["code"] == "report.bad_request"


def test_days_go_after_two_months_but_the_ends_of_months_stay(branch: Supply) -> None:
    keep_day_counts()
    row = DayCount.objects.first()
    assert row is not None
    month_end = clock.today().replace(day=1) - timedelta(days=1)
    old_end = (month_end - timedelta(days=100)).replace(day=1) - timedelta(days=1)
    for on in (old_end, old_end - timedelta(days=1)):
        row.pk, row.on = None, on
        row.save(force_insert=True)
    DayCount.objects.filter(on=clock.today() - timedelta(days=1)).delete()
    keep_day_counts()
    assert set(DayCount.objects.values_list("on", flat=True)) == {old_end, clock.today() - timedelta(days=1)}
