"""Talent housing: batches, marks, the push to the city's platform, roll-back before a split, the end of a batch."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from anju.kernel.connectors import ConnectorError
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor, system
from anju.supply import comparing, pushing, reshaping, talent, talent_pushing
from anju.supply.connectors import TalentPush
from anju.supply.models import System, TalentBatch, TalentUnit, Unit, UnitDue
from anju.supply.reshaping import Part
from tests.kernel.registers.kit import Office, RegisterKit
from tests.supply.samples import Supply, make_supply, make_unit

ME = system()
PLATFORM = str(System.TALENT)
RIGHTS = [f"supply.talent.{verb}" for verb in ("view", "create", "change", "delete", "push", "end")]
MORE = [*(f"supply.unit.{one}" for one in ("view", "change", "lock", "talent", "reshape")), "supply.project.view"]
TWO = [
    Part("201甲", "studio", Decimal("23.00"), Decimal("600.00")),
    Part("201乙", "studio", Decimal("23.35"), Decimal("605.10")),
]


def make_batch(supply: Supply, number: int = 1) -> TalentBatch:
    project = supply.project
    return TalentBatch.objects.create(
        project=project, year=2026, number=number, managing_division="339902", org_path=project.org_path,
        division=project.division,
    )  # fmt: skip


class TestTalentBatches(RegisterKit):
    key = "supply.talent_batches"
    change = {"number": 2}

    def own(self, office: Office) -> models.Model:
        return make_batch(make_supply(office.organisation.code, office.path, office.division))

    def values(self, office: Office) -> dict[str, Any]:
        project = make_supply(f"{office.organisation.code}N", office.path, office.division).project
        return {"project": project.pk, "year": 2026, "number": 1, "managing_division": "339901"}


class TestTalentUnits(RegisterKit):
    key = "supply.talent_units"
    change = {"category": "youth_station", "word": "shared"}

    def own(self, office: Office) -> models.Model:
        supply = make_supply(office.organisation.code, office.path, office.division)
        return TalentUnit.objects.create(
            batch=make_batch(supply), unit=supply.unit, level="city", category="class_a", managing_division="339901",
            org_path=office.path, division=office.division,
        )  # fmt: skip

    def values(self, office: Office) -> dict[str, Any]:
        supply = make_supply(f"{office.organisation.code}N", office.path, office.division)
        return {"batch": make_batch(supply).pk, "unit": supply.unit.pk, "level": "city", "category": "class_b"}


@pytest.fixture
def branch(city: Any) -> Supply:
    return make_supply("A", city.path)


@pytest.fixture
def clerk(staff: Callable[..., Actor], client_as: Any, city: Any) -> Any:
    return client_as(staff(*RIGHTS, *MORE, org=city, name="梁辰"))


def act(api: Any, register: str, name: str, ids: list[int], **values: Any) -> Any:
    return api.post(f"/registers/supply.{register}/actions/{name}", {"ids": ids, "values": values})


def state(unit: Unit) -> str:
    return TalentUnit.objects.filter(unit=unit).order_by("-active", "-id")[0].push_state


@pytest.mark.django_db
@pytest.mark.covers("SH-190.1", "SH-190.2", "SH-190.3", "SH-191.1")
def test_a_batch_is_kept_once_and_not_deleted_while_units_belong_to_it(clerk: Any, branch: Supply) -> None:
    rows = "/registers/supply.talent_batches/rows"
    values = {"project": branch.project.pk, "year": 2026, "number": 1, "managing_division": "339902"}
    made = clerk.post(rows, {"values": values})
    assert made.status_code == 200, made.json()
    (listed,) = clerk.get(rows).json()["rows"]
    assert (listed["project.name"], listed["year"], listed["number"]) == ("A家园", 2026, 1)
    assert (listed["managing_division"], listed["state"], listed["marked"]) == ("339902", "open", 0)
    twice = clerk.post(rows, {"values": values})
    assert (twice.status_code, twice.json()["code"]) == (409, "supply.talent_batch_taken")
    second = clerk.post(rows, {"values": values | {"number": 2}}).json()
    assert clerk.delete(f"{rows}/{second['id']}?version=1").status_code == 200, "nothing belongs to it"

    batch, units = made.json()["id"], [branch.unit, make_unit(branch.building, "A-201", "201")]
    used = make_unit(branch.building, "A-202", "202", status="let", occupant_name_masked="周*芳")
    elsewhere = make_supply("B", branch.project.org_path)
    told = act(
        clerk, "units", "talent", [*(unit.pk for unit in units), used.pk, elsewhere.unit.pk], batch=batch, level="city",
        category="class_a", word="ready_to_live",
    ).json()  # fmt: skip
    assert told["done"] == 2
    assert [one["code"] for one in told["failed"]] == ["supply.not_lockable", "supply.talent_other_project"]
    marks = clerk.get("/registers/supply.talent_units/rows", **{"f.batch": batch}).json()["rows"]
    assert {(m["unit.code"], m["level"], m["category"], m["word"], m["managing_division"]) for m in marks} == {
        ("A-0101", "city", "class_a", "ready_to_live", "339902"), ("A-201", "city", "class_a", "ready_to_live", "339902"),
    }  # fmt: skip
    one = f"/registers/supply.talent_units/rows/{marks[0]['id']}"
    assert clerk.patch(one, {"version": 1, "values": {"category": "youth_station"}}).status_code == 200
    act(clerk, "units", "talent", [units[0].pk], batch=batch, level="district", category="class_c")
    assert TalentUnit.objects.filter(unit=units[0]).values_list("level", "category").get() == ("district", "class_c")

    kept = clerk.delete(f"{rows}/{batch}?version=1")
    assert (kept.status_code, kept.json()["code"]) == (409, "supply.talent_batch_in_use")
    for wrong in (
        lambda: TalentBatch.objects.filter(pk=batch)._raw_delete("default"),
        lambda: TalentUnit.objects.filter(unit=units[0]).update(unit=elsewhere.unit),
        lambda: TalentBatch.objects.filter(pk=batch).update(state="ended", ended_at="2026-11-01T00:00Z"),
    ):
        with pytest.raises(IntegrityError, match="supply_talent"), transaction.atomic():
            wrong()


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("SH-191.2", "SH-191.3", "SH-191.4", "SH-191.5", "SH-192.1", "SH-192.2")
def test_a_unit_is_locked_pushed_rolled_back_split_and_pushed_again(
    clerk: Any, branch: Supply, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, unit = make_batch(branch), make_unit(branch.building, "A-201", "201")
    act(clerk, "units", "talent", [unit.pk], batch=batch.pk, level="city", category="class_b", word="family")
    held = TalentUnit.objects.get(unit=unit)
    assert act(clerk, "talent_units", "roll_back", [held.pk]).json()["code"] == "supply.talent_not_pushed"
    assert act(clerk, "talent_units", "push", [held.pk]).json()["done"] == 1
    assert (Unit.objects.get(pk=unit.pk).status, state(unit)) == ("locked", "pushing")
    assert act(clerk, "talent_units", "push", [held.pk]).json()["told"], "a second push is told to be one"
    assert UnitDue.objects.filter(system=PLATFORM, unit_id=unit.pk).count() == 1

    monkeypatch.setattr(TalentPush, "tries", 1)
    sandbox.behave(PLATFORM, "fail")
    with pytest.raises(ConnectorError):
        pushing.push_system(PLATFORM)
    (row,) = clerk.get("/registers/supply.talent_units/rows").json()["rows"]
    assert row["push_state"] == "pushing"
    assert row["trouble"]
    assert act(clerk, "talent_units", "retry", [held.pk]).status_code == 200
    sandbox.behave(PLATFORM, "ok")
    pushing.push_system(PLATFORM)
    (row,) = clerk.get("/registers/supply.talent_units/rows").json()["rows"]
    assert (row["push_state"], row["trouble"]) == ("pushed", "")
    assert row["told_at"]
    assert row["receipt"].startswith("RC")
    assert act(clerk, "talent_units", "retry", [held.pk]).json()["code"] == "supply.nothing_to_do"
    there = sandbox.units(PLATFORM)["A-201"]
    assert (there["floor_area"], there["rent"], there["status"], there["gone"]) == ("46.35", "1205.10", "locked", False)
    assert (there["batch_year"], there["level"], there["category"], there["word"]) == (
        2026,
        "city",
        "class_b",
        "family",
    )
    project = sandbox.units("talent_platform_projects")["A01"]
    assert (project["name"], project["operator"]) == ("A家园", "A机构")
    assert project["batches"] == [{"year": 2026, "number": 1, "managing_division": "339902", "open": True}]
    found = comparing.differences(system(), System.TALENT)
    assert (found["compared"], found["rows"]) == (1, [])

    body = {
        "parts": [{"room_no": p.room_no, "layout": p.layout, "floor_area": p.floor_area, "rent": p.rent} for p in TWO]
    }
    refused = clerk.post(f"/supply/units/{unit.pk}/split", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "supply.talent_pushed")
    assert "回退" in refused.json()["advice"]
    with pytest.raises(IntegrityError, match="supply_unit_talent_pushed"), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(status="split")
    assert act(clerk, "talent_units", "cancel", [held.pk]).json()["code"] == "supply.talent_pushed"
    assert clerk.delete(f"/registers/supply.talent_units/rows/{held.pk}?version={row['version']}").status_code == 409

    assert act(clerk, "talent_units", "roll_back", [held.pk]).json()["done"] == 1
    assert act(clerk, "talent_units", "roll_back", [held.pk]).json()["told"], "a second roll-back is told to be one"
    assert state(unit) == "rolled_back"
    pushing.push_system(PLATFORM)
    assert sandbox.units(PLATFORM)["A-201"]["gone"] is True
    assert state(unit) == "rolled_back"

    assert clerk.post(f"/supply/units/{unit.pk}/split", body).status_code == 200
    parts = list(TalentUnit.objects.filter(active=True).order_by("unit__code"))
    assert [(p.unit.code, p.push_state, p.category) for p in parts] == [
        ("A-201-1", "none", "class_b"), ("A-201-2", "none", "class_b"),
    ]  # fmt: skip
    assert act(clerk, "talent_units", "push", [p.pk for p in parts]).json()["done"] == 2
    pushing.push_system(PLATFORM)
    told = sandbox.units(PLATFORM)
    assert {code: told[code]["gone"] for code in ("A-201-1", "A-201-2")} == {"A-201-1": False, "A-201-2": False}
    assert told["A-201-1"]["parent"] == "A-201"
    assert {p.push_state for p in TalentUnit.objects.filter(active=True)} == {"pushed"}


@pytest.mark.django_db
@pytest.mark.covers("SH-191.2")
def test_a_unit_that_the_platform_has_stays_locked(clerk: Any, branch: Supply) -> None:
    held = talent.mark(
        actor=ME, unit=branch.unit, batch=make_batch(branch), attributes=talent.Attributes("city", "class_a")
    )
    talent.push(actor=ME, held=held)
    shut = clerk.get(f"/registers/supply.units/rows/{branch.unit.pk}").json()["shut"]
    assert {"unlock", "repair", "market"} <= set(shut)
    (listed,) = clerk.get("/registers/supply.units/rows").json()["rows"]
    assert listed["shut"] == shut
    for name, values in (("unlock", {}), ("repair", {"note": "门锁"}), ("market", {"ends_on": "2040-01-01"})):
        refused = act(clerk, "units", name, [branch.unit.pk], **values)
        assert (refused.status_code, refused.json()["code"]) == (409, "supply.talent_pushed"), name
        assert "回退" in refused.json()["advice"]
    with pytest.raises(IntegrityError, match="supply_unit_talent_locked"), transaction.atomic():
        Unit.objects.filter(pk=branch.unit.pk).update(status="vacant")
    assert Unit.objects.get(pk=branch.unit.pk).status == "locked"
    assert act(clerk, "talent_units", "roll_back", [held.pk]).json()["done"] == 1
    assert act(clerk, "units", "unlock", [branch.unit.pk]).json()["done"] == 1
    assert Unit.objects.get(pk=branch.unit.pk).status == "vacant"


@pytest.mark.django_db
def test_parts_put_together_again_carry_the_mark(branch: Supply) -> None:
    batch, unit = make_batch(branch), make_unit(branch.building, "A-201", "201")
    attributes = talent.Attributes("city", "class_a", managing_division="339901")
    talent.mark(actor=ME, unit=unit, batch=batch, attributes=attributes)
    parts = reshaping.split(actor=ME, unit_id=unit.pk, parts=TWO)
    whole = reshaping.merge(
        actor=ME, unit_ids=[p.pk for p in parts], whole=Part("201", "one_one", unit.floor_area, unit.rent)
    )
    assert whole.pk == unit.pk
    held = TalentUnit.objects.get(active=True)
    assert (held.unit_id, held.managing_division) == (unit.pk, "339901")
    one, other = make_unit(branch.building, "A-301", "301"), make_unit(branch.building, "A-302", "302")
    talent.mark(actor=ME, unit=one, batch=batch, attributes=attributes)
    part = Part("303", "one_one", one.floor_area * 2, one.rent * 2)
    mixed = reshaping.merge(actor=ME, unit_ids=[one.pk, other.pk], whole=part)
    assert not TalentUnit.objects.filter(unit__in=[one, mixed], active=True).exists(), "not all of it was for talents"


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("SH-192.3")
def test_the_end_of_a_batch_cancels_all_its_marks_and_is_told(clerk: Any, branch: Supply, sandbox: Any) -> None:
    batch, units = (
        make_batch(branch),
        [branch.unit, *(make_unit(branch.building, f"A-{n}", str(n)) for n in (201, 202))],
    )
    act(clerk, "units", "talent", [unit.pk for unit in units], batch=batch.pk, level="district", category="class_a")
    marks = list(TalentUnit.objects.order_by("unit_id").values_list("pk", flat=True))
    act(clerk, "talent_units", "push", marks[:2])
    pushing.push_system(PLATFORM)
    assert {code: unit["gone"] for code, unit in sandbox.units(PLATFORM).items()} == {"A-0101": False, "A-201": False}

    ended = act(clerk, "talent_batches", "end", [batch.pk]).json()
    assert "注销 3 套" in ended["told"][0]["text"]
    assert set(TalentUnit.objects.values_list("active", "push_state")) == {(False, "rolled_back"), (False, "none")}
    batch.refresh_from_db()
    assert (batch.state, batch.ended_by) == ("ended", "梁辰")
    pushing.push_system(PLATFORM)
    assert {unit["gone"] for unit in sandbox.units(PLATFORM).values()} == {True}
    for _ in range(2):
        talent_pushing.tell_end(batch_id=batch.pk)
    (told,) = [one["content"] for one in sandbox.received()["talent"]]
    assert (told["kind"], told["project_code"], told["number"]) == ("batch_end", "A01", 1)
    assert told["units"] == ["A-0101", "A-201", "A-202"]
    assert TalentBatch.objects.get(pk=batch.pk).told_at

    again = act(clerk, "talent_batches", "end", [batch.pk]).json()
    assert "已结束" in again["told"][0]["text"]
    late = act(clerk, "units", "talent", [units[2].pk], batch=batch.pk, level="city", category="class_a")
    assert late.json()["code"] == "supply.talent_batch_over"
    with pytest.raises(IntegrityError, match="is over"), transaction.atomic():
        TalentUnit.objects.filter(pk=marks[0]).update(active=True)
    over = clerk.patch(f"/registers/supply.talent_batches/rows/{batch.pk}", {"version": 2, "values": {"number": 5}})
    assert over.status_code == 422


@pytest.mark.django_db
def test_a_push_that_was_overtaken_is_not_taken_for_done(branch: Supply) -> None:
    batch = make_batch(branch)
    held = talent.mark(actor=ME, unit=branch.unit, batch=batch, attributes=talent.Attributes("city", "class_a"))
    talent.push(actor=ME, held=held)
    talent_pushing.taken([branch.unit.pk], "RC1")
    held.refresh_from_db()
    assert held.push_state == "pushing", "a change of it is still to be told"
    UnitDue.objects.all().delete()
    talent_pushing.taken([branch.unit.pk], "RC1")
    held.refresh_from_db()
    assert held.push_state == "pushed"
    Unit.objects.filter(pk=branch.unit.pk).update(status="locked", market_ends_on="2027-01-01")
    talent.roll_back(actor=ME, held=held)
    held.refresh_from_db()
    with pytest.raises(DomainError, match="not_lockable"):
        talent.push(actor=ME, held=held)
