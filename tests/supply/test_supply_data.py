"""Supply data of units: entered singly and for many at once with a price a unit, and never without a channel (SH-184)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anju.kernel.scope import Actor
from anju.supply.models import Unit
from tests.spreadsheets import Desk, workbook
from tests.supply.samples import Supply, make_supply, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(city: Any) -> Supply:
    made = make_supply("A", city.path)
    for number in (2, 3):
        make_unit(made.building, f"A-010{number}", f"10{number}", status="unconfirmed")
    return made


@pytest.fixture
def clerk(branch: Supply, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Any:
    return client_as(staff(*(f"supply.unit.{verb}" for verb in ("view", "change", "import")), reach="org_and_below"))


def prices() -> dict[str, Decimal]:
    return dict(Unit.objects.order_by("code").values_list("code", "rent"))


@pytest.mark.covers("SH-184.1")
def test_a_price_a_unit_is_entered_for_one_and_for_many_at_once(clerk: Any, branch: Supply) -> None:
    one = Unit.objects.get(code="A-0102")
    path = f"/registers/supply.units/rows/{one.pk}"
    done = clerk.patch(path, {"version": one.version, "values": {"rent": "1300.50", "released_on": "2026-12-01"}})
    assert done.status_code == 200, done.json()
    assert prices() == {"A-0101": Decimal("1205.10"), "A-0102": Decimal("1300.50"), "A-0103": Decimal("1205.10")}
    desk = Desk(clerk)
    rows = [["房源编码", "月租金"], ["A-0102", 1411.20], ["A-0103", 1520], ["A-0101", -1], ["A-0199", 900]]
    checked = desk.upload("supply.units", workbook(rows), kind="rents")
    assert {(item["row"], item["code"]) for item in desk.failed(checked["id"])} == {(4, "too_small"), (5, "not_found")}
    assert desk.run(checked["id"])["done"] == 2
    assert prices() == {"A-0101": Decimal("1205.10"), "A-0102": Decimal("1411.20"), "A-0103": Decimal("1520.00")}


@pytest.mark.covers("SH-184.5")
def test_a_unit_has_a_channel_always_and_it_is_one_of_the_known(clerk: Any, branch: Supply) -> None:
    path = f"/registers/supply.units/rows/{branch.unit.pk}"
    for channel, code in (("", "required"), ("pigeon", "not_in_dictionary")):
        refused = clerk.patch(path, {"version": branch.unit.version, "values": {"channel": channel}})
        assert [(e["field"], e["code"]) for e in refused.json()["details"]["errors"]] == [("channel", code)]
    ids = list(Unit.objects.values_list("pk", flat=True))
    many = clerk.post("/registers/supply.units/actions/channel", {"ids": ids, "values": {"channel": "offline"}})
    assert many.json()["done"] == 3, many.json()
    assert set(Unit.objects.values_list("channel", flat=True)) == {"offline"}
    with pytest.raises(IntegrityError, match="supply_unit_channel"), transaction.atomic():
        Unit.objects.update(channel="")
