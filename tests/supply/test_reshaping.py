"""Units split and merged: nothing is gained or lost, families stay whole."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from anju.kernel.scope import Actor, system
from anju.supply import services
from anju.supply.models import Reshape, ReshapePart, Unit, UnitCount
from tests.supply.samples import Supply, make_supply, make_unit

pytestmark = pytest.mark.django_db
ME = system()


def part(room_no: str, area: str, rent: str, layout: str = "studio") -> dict[str, str]:
    return {"room_no": room_no, "layout": layout, "floor_area": area, "rent": rent}


@pytest.fixture
def branch(city: Any) -> Supply:
    return make_supply("A", city.path)


@pytest.fixture
def clerk(staff: Callable[..., Actor], client_as: Callable[[Actor], Any], branch: Supply) -> Any:
    return client_as(staff("supply.unit.view", "supply.unit.reshape", "supply.reshape.view", reach="org_and_below"))


HALVES = [part("101-1", "20.35", "605.05"), part("101-2", "26.00", "600.05")]


def whole() -> tuple[Decimal, Decimal, int]:
    """Area and rent of everything that counts."""
    sums = UnitCount.objects.aggregate(area=Sum("floor_area"), rent=Sum("rent"), units=Sum("units"))
    return sums["area"], sums["rent"], sums["units"]


@pytest.mark.covers("SH-184.2", "SH-184.3")
def test_split_and_merged_again_a_unit_is_what_it_was(clerk: Any, branch: Supply) -> None:
    unit = branch.unit
    area, rent, units = whole()
    made = clerk.post(f"/supply/units/{unit.pk}/split", {"parts": HALVES, "note": "按间供应"})
    assert made.status_code == 200, made.json()
    assert [one["code"] for one in made.json()] == ["A-0101-1", "A-0101-2"]
    unit.refresh_from_db()
    children = list(Unit.objects.filter(parent=unit).order_by("code"))
    assert (unit.status, [child.status for child in children]) == ("split", ["unconfirmed"] * 2)
    assert whole() == (area, rent, units + 1), "the parent is not counted beside its parts"
    with pytest.raises(services.UnitTaken):
        services.hold_unit(actor=ME, unit_id=unit.pk, held_for="choice:1")
    again = clerk.post(f"/supply/units/{children[0].pk}/split", {"parts": HALVES})
    assert again.json()["code"] == "supply.split_part"
    ids = [child.pk for child in children]
    alone = clerk.get("/supply/units/merge", unit_ids=ids[:1])
    assert alone.json()["code"] == "supply.merge_number"
    foreseen = clerk.get("/supply/units/merge", unit_ids=ids).json()
    assert (foreseen["floor_area"], foreseen["rent"], foreseen["parent"]["code"]) == ("46.35", "1205.10", "A-0101")
    body = {"unit_ids": [child.pk for child in children], "whole": part("101", "46.35", "1205.10", "one_one")}
    some = clerk.post("/supply/units/merge", body | {"unit_ids": [children[0].pk, branch.unit.pk]})
    assert some.json()["code"] == "supply.not_reshapable"
    merged = clerk.post("/supply/units/merge", body)
    assert merged.json()["id"] == unit.pk, merged.json()
    unit.refresh_from_db()
    assert (unit.status, whole()) == ("unconfirmed", (area, rent, units))
    assert set(Unit.objects.filter(parent=unit).values_list("status", flat=True)) == {"merged"}
    other_names = [half | {"room_no": f"101-{letter}"} for half, letter in zip(HALVES, "AB", strict=True)]
    third = clerk.post(f"/supply/units/{unit.pk}/split", {"parts": other_names})
    assert [one["code"] for one in third.json()] == ["A-0101-3", "A-0101-4"], "a code is never used twice"
    kinds = list(Reshape.objects.order_by("id").values_list("kind", "area_before", "area_after", "rent_after"))
    sums = (Decimal("46.35"), Decimal("46.35"), Decimal("1205.10"))
    assert kinds == [("split", *sums), ("merge", *sums), ("split", *sums)]
    assert ReshapePart.objects.filter(unit=unit).count() == 3


@pytest.mark.covers("SH-184.3")
@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([part("101-1", "20.35", "605.05"), part("101-2", "26.01", "600.05")], "supply.split_sum"),
        ([part("101-1", "20.35", "605.05"), part("101-2", "26.00", "600.04")], "supply.split_sum"),
        ([part("101-1", "46.35", "1205.10"), part("101-2", "0", "0")], "form.invalid"),
        ([part("101-1", "47.35", "1205.10"), part("101-2", "-1.00", "0")], "form.invalid"),
        ([part("101-1", "20.35", "1305.10"), part("101-2", "26.00", "-100.00")], "form.invalid"),
        ([part("101-1", "20.35", "605.05"), part("101-1", "26.00", "600.05")], "form.invalid"),
        ([part("101-1", "20.35", "605.05", "castle"), part("101-2", "26.00", "600.05")], "form.invalid"),
        ([part("101", "20.35", "605.05"), part("101-2", "26.00", "600.05")], "supply.room_no_taken"),
        ([part("101-1", "46.35", "1205.10")], "supply.split_number"),
        ([part("101-1", "20.354", "605.05"), part("101-2", "25.996", "600.05")], "request.invalid"),
    ],
)
def test_what_does_not_add_up_is_refused_and_changes_nothing(
    clerk: Any, branch: Supply, parts: list[dict[str, str]], code: str
) -> None:
    before = list(Unit.objects.order_by("pk").values())
    answer = clerk.post(f"/supply/units/{branch.unit.pk}/split", {"parts": parts})
    assert answer.status_code in {409, 422}
    assert answer.json()["code"] == code or code == "request.invalid", answer.json()
    if code == "supply.split_sum":
        assert set(answer.json()["details"]) == {"area_before", "area_after", "rent_before", "rent_after"}
    assert list(Unit.objects.order_by("pk").values()) == before
    assert not Reshape.objects.exists()


def test_neighbours_become_one_and_used_units_do_not(clerk: Any, branch: Supply) -> None:
    one, two = (make_unit(branch.building, f"A-{n}", str(n), status="ready") for n in (301, 302))
    body = {"unit_ids": [one.pk, two.pk], "whole": part("301-302", "92.70", "2410.20", "three_one")}
    services.publish_unit(actor=ME, unit_id=one.pk)
    services.hold_unit(actor=ME, unit_id=one.pk, held_for="choice:1")
    used = clerk.post("/supply/units/merge", body)
    assert (used.status_code, used.json()["details"]["units"]) == (409, ["A-301"])
    assert clerk.get("/supply/units/merge", unit_ids=body["unit_ids"]).json() == used.json()
    services.release_unit(actor=ME, unit_id=one.pk, held_for="choice:1")
    far = make_unit(branch.building, "A-0901", "901", floor=9, status="ready")
    away = clerk.post("/supply/units/merge", body | {"unit_ids": [one.pk, far.pk]})
    assert (away.status_code, away.json()["code"]) == (409, "supply.merge_floors"), (
        "one home lies on floors that adjoin"
    )
    foreseen = clerk.get("/supply/units/merge", unit_ids=body["unit_ids"]).json()
    assert (foreseen["floor_area"], foreseen["rent"], foreseen["parent"]) == ("92.70", "2410.20", None)
    made = clerk.post("/supply/units/merge", body).json()
    assert (made["code"], made["floor_area"]) == ("A-301-H", "92.70")
    assert set(Unit.objects.filter(pk__in=[one.pk, two.pk]).values_list("status", flat=True)) == {"merged"}
    elsewhere = make_unit(make_supply("B", branch.project.org_path).building, "B-9", "909")
    apart = clerk.post("/supply/units/merge", body | {"unit_ids": [made["id"], elsewhere.pk]})
    assert apart.json()["code"] == "supply.merge_apart"


def test_the_database_refuses_orphans_and_loops_of_families(branch: Supply) -> None:
    unit = branch.unit
    other = make_unit(branch.building, "A-2", "102")
    for change, constraint in (
        ({"parent_id": other.pk}, "supply_unit_family"),  # the parent is not split
        ({"parent_id": unit.pk}, "supply_unit_(family|own_parent)"),
        ({"parent_id": 10**9}, "supply_unit_family"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Unit.objects.filter(pk=unit.pk).update(**change)
    Unit.objects.filter(pk=other.pk).update(status="split")
    child = make_unit(branch.building, "A-3", "103", parent_id=other.pk)
    with pytest.raises(IntegrityError, match="supply_unit_split_kept"), transaction.atomic():
        Unit.objects.filter(pk=other.pk).update(status="vacant")
    with pytest.raises(IntegrityError, match="supply_unit_family"), transaction.atomic():
        Unit.objects.filter(pk=other.pk).update(parent_id=child.pk)
