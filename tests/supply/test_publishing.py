"""Confirmation, publication and recovery of units, the number that can be let, the push to 'I want to rent'."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pydantic import TypeAdapter

from anju.kernel import clock
from anju.kernel.errors import DomainError
from anju.kernel.registers.models import RegisterHistory
from anju.kernel.scope import Actor, system
from anju.supply import comparing, market, pushing, services
from anju.supply.connectors import HubPush, UnitState, UnitsTold
from anju.supply.models import Publication, Rentable, SupplyReview, System, Unit, UnitDue, UnitPush
from tests.supply.samples import Supply, make_supply, make_unit
from tests.support import run_jobs

ME = system()
RIGHTS = [f"supply.unit.{verb}" for verb in ("view", "confirm", "publish", "reshape", "change", "lock")]


def rentable_now(project_id: int) -> int:
    """What the table says, once the transaction's own changes are counted in."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS supply_rentable_keep IMMEDIATE")
        cursor.execute("SET CONSTRAINTS supply_rentable_keep DEFERRED")
    return sum(Rentable.objects.filter(project_id=project_id).values_list("units", flat=True))


@pytest.fixture
def branch(city: Any) -> Supply:
    return make_supply("A", city.path)


@pytest.fixture
def clerk(staff: Callable[..., Actor], client_as: Callable[[Actor], Any], branch: Supply) -> Any:
    return client_as(
        staff(*RIGHTS, "supply.publication.view", "supply.review.view", reach="org_and_below", name="周敏")
    )


def fresh(branch: Supply, number: int) -> list[Unit]:
    """Units that wait for confirmation."""
    return [make_unit(branch.building, f"A-2{n:02d}", f"2{n:02d}", status="unconfirmed") for n in range(number)]


@pytest.mark.django_db
class TestPublication:
    @pytest.mark.covers("SH-184.7", "SH-184.8", "SH-187.1", "SH-187.2", "SH-187.3", "SH-187.5")
    def test_from_confirmation_to_offer_and_back(self, clerk: Any, branch: Supply) -> None:
        units = fresh(branch, 3)
        project, ids = branch.project.pk, [unit.pk for unit in units]
        path = f"/supply/publishing/{project}"

        def listed(view: str) -> set[int]:
            rows = clerk.get("/registers/supply.units/rows", **{"f.project": project, "f.status": view}).json()["rows"]
            return {row["id"] for row in rows}

        early = clerk.post(f"{path}/publish", {"unit_ids": ids})
        assert (early.status_code, early.json()["code"]) == (409, "supply.not_publishable")
        assert early.json()["details"] == {"units": [unit.code for unit in units], "count": 3}
        confirmed = clerk.post(f"{path}/confirm", {"unit_ids": ids}).json()
        assert confirmed == {"id": Publication.objects.get().pk, "units": 3, "rentable": 1}
        assert clerk.post(f"{path}/undo", {"unit_ids": ids[:1]}).json()["units"] == 1
        assert (listed("unconfirmed"), listed("ready")) == (set(ids[:1]), set(ids[1:]))
        assert clerk.post(f"{path}/confirm", {"unit_ids": ids[:1]}).status_code == 200
        published = clerk.post(f"{path}/publish", {}).json()
        assert (published["units"], published["rentable"], rentable_now(project)) == (3, 4, 4)
        assert (listed("ready"), listed("vacant")) == (set(), {*ids, branch.unit.pk})
        services.hold_unit(actor=ME, unit_id=ids[0], held_for="choice:1")
        assert rentable_now(project) == 3
        taken = clerk.post(f"{path}/withdraw", {"unit_ids": ids})
        assert (taken.json()["code"], taken.json()["details"]["units"]) == ("supply.not_withdrawable", [units[0].code])
        assert rentable_now(project) == 3, "all of the ticked or none"
        assert clerk.post(f"{path}/withdraw", {"unit_ids": ids[1:2]}).json()["rentable"] == 2
        assert clerk.post(f"{path}/recover", {"unit_ids": ids[2:], "note": "供应计划调整"}).json()["rentable"] == 1
        assert [Unit.objects.get(pk=one).status for one in ids] == ["held", "ready", "unconfirmed"]
        assert rentable_now(project) == 1
        nothing = clerk.post(f"{path}/undo", {"unit_ids": [ids[2]]})
        assert nothing.json()["code"] == "supply.not_undoable"
        acts = RegisterHistory.objects.filter(register="supply.units", row_id=ids[2]).order_by("id")
        assert [act.action for act in acts] == ["确认房源", "发布", "回收房源"]
        (listed_project,) = [one for one in clerk.get("/supply/publishing").json() if one["id"] == project]
        assert {key: n for key, n in listed_project["counts"].items() if n} == {
            "vacant": 1, "held": 1, "ready": 1, "unconfirmed": 1,
        }  # fmt: skip

    def test_another_offices_units_and_projects_are_not_there(self, clerk: Any, branch: Supply) -> None:
        theirs = make_supply("B", "/999/", "339902")
        unit = make_unit(theirs.building, "B-2", "202", status="unconfirmed")
        mine = fresh(branch, 1)[0]
        assert clerk.post(f"/supply/publishing/{theirs.project.pk}/confirm", {"unit_ids": [unit.pk]}).status_code == 404
        mixed = clerk.post(f"/supply/publishing/{branch.project.pk}/confirm", {"unit_ids": [mine.pk, unit.pk]})
        assert mixed.status_code == 404
        assert clerk.post(f"/supply/units/{unit.pk}/split", {"parts": []}).status_code == 404
        assert set(Unit.objects.filter(pk__in=[mine.pk, unit.pk]).values_list("status", flat=True)) == {"unconfirmed"}
        assert not Publication.objects.exists()

    @pytest.mark.covers("SH-184.9")
    def test_the_districts_opinion_stays_on_record(self, clerk: Any, branch: Supply) -> None:
        path = f"/supply/publishing/{branch.project.pk}/reviews"
        empty = clerk.post(path, {"result": "passed", "accuracy": "", "compliance": "合规"})
        assert empty.status_code == 422
        body = {"result": "passed", "accuracy": "面积与成果数据一致", "compliance": "租金符合标准"}
        assert clerk.post(path, body).json()["units"] == 1
        kept = SupplyReview.objects.get()
        assert (kept.by_name, kept.accuracy, kept.compliance) == ("周敏", "面积与成果数据一致", "租金符合标准")
        (row,) = clerk.get("/registers/supply.reviews/rows").json()["rows"]
        assert (row["result"], row["by_name"]) == ("passed", "周敏")
        other = make_supply("C", branch.project.org_path)
        Unit.objects.update(status="unconfirmed", confirmed=False, published=False)
        nothing = clerk.post(f"/supply/publishing/{other.project.pk}/reviews", body)
        assert nothing.json()["code"] == "supply.nothing_confirmed"

    def test_five_thousand_units_are_published_at_once(self, clerk: Any, branch: Supply) -> None:
        """In few statements, and in less than twice the time that writing them down took: however busy the machine is.

        How many seconds that is, `./dev bench` measures on a quiet one.
        """
        began = time.monotonic()
        Unit.objects.bulk_create(
            Unit(
                building=branch.building, code=f"M-{n:05d}", room_no=f"m{n}", floor=1, layout="studio", floor_area=30,
                rent=1, status="ready",
            )
            for n in range(5000)
        )  # fmt: skip
        written = time.monotonic()
        with CaptureQueriesContext(connection) as captured:
            answer = clerk.post(f"/supply/publishing/{branch.project.pk}/publish", {})
        published = time.monotonic()
        assert answer.json()["rentable"] == 5001
        assert len(captured) < 40, "a fixed number of statements"
        assert published - written < 2 * (written - began)
        assert rentable_now(branch.project.pk) == 5001
        assert RegisterHistory.objects.filter(register="supply.units", action="发布").count() == 5000

    def test_the_database_itself_keeps_units_off_the_market_that_were_not_published(self, branch: Supply) -> None:
        unit = fresh(branch, 1)[0]
        for status, code in (("vacant", "supply_unit_published"), ("ready", "supply_unit_published")):
            with pytest.raises(IntegrityError, match=code), transaction.atomic():
                Unit.objects.filter(pk=unit.pk).update(status=status)
        with pytest.raises(IntegrityError, match="supply_unit_channel"), transaction.atomic():
            Unit.objects.filter(pk=unit.pk).update(channel="")
        with pytest.raises(IntegrityError, match="supply_rentable_not_negative"), transaction.atomic():
            Rentable.objects.create(project=branch.project, layout="x", units=-1)


@pytest.mark.django_db
@pytest.mark.covers("SH-184.4")
def test_a_unit_with_a_market_contract_opens_on_the_day_after_its_end(branch: Supply) -> None:
    unit = branch.unit
    today = clock.today()
    with pytest.raises(DomainError, match=r"supply\.market_over"):
        market.occupy(actor=ME, unit_id=unit.pk, ends_on=today - timedelta(days=1))
    market.occupy(actor=ME, unit_id=unit.pk, ends_on=today)
    for refused in (services.unlock_unit, services.publish_unit, services.confirm_unit):
        with pytest.raises(DomainError):
            refused(actor=ME, unit_id=unit.pk)
    with pytest.raises(DomainError):
        services.hold_unit(actor=ME, unit_id=unit.pk, held_for="choice:1")
    with pytest.raises(IntegrityError, match="supply_unit_market"), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(status="vacant")
    market.open_ended()
    assert Unit.objects.get(pk=unit.pk).status == "locked", "the last day belongs to the contract"
    Unit.objects.filter(pk=unit.pk).update(market_ends_on=today - timedelta(days=1))
    for _ in range(2):
        market.open_ended()
        unit.refresh_from_db()
        assert (unit.status, unit.market_ends_on) == ("vacant", None)
    assert RegisterHistory.objects.filter(row_id=unit.pk, action="市场化合同到期").count() == 1


@pytest.mark.django_db(transaction=True)
class TestPush:
    @pytest.mark.covers("SH-184.6", "SH-187.4")
    def test_a_change_is_seen_at_the_hub_in_order_and_once(self, sandbox: Any) -> None:
        branch = make_supply("A")
        unit = branch.unit
        pushing.push_system("data_hub")
        there = sandbox.units("data_hub")[unit.code]
        assert (there["status"], there["rent"], there["published"]) == ("vacant", "1205.10", True)
        old = TypeAdapter(UnitState).validate_python(UnitPush.objects.get(unit=unit).content)
        Unit.objects.filter(pk=unit.pk).update(rent=Decimal("1300.00"))
        services.hold_unit(actor=ME, unit_id=unit.pk, held_for="choice:1")
        sandbox.behave("data_hub", "late", seconds=0, times=1)
        assert "supply.push_system" in run_jobs(), "the act itself asks for the push"
        there = sandbox.units("data_hub")[unit.code]
        assert (there["status"], there["rent"]) == ("held", "1300.00")
        assert not UnitDue.objects.exists()
        assert comparing.differences(ME, System.DATA_HUB)["rows"] == []
        receipt = HubPush().call(UnitsTold(units=(old,)))
        assert (receipt.taken, receipt.old) == (0, 1), "what is old comes too late"
        assert sandbox.units("data_hub")[unit.code]["status"] == "held"
        calls = len(sandbox.calls("data_hub"))
        pushing.push_system("data_hub")
        assert len(sandbox.calls("data_hub")) == calls, "nothing due, nothing said"

    def test_what_is_not_taken_stays_due(self, sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        unit = make_supply("A").unit
        monkeypatch.setattr(HubPush, "tries", 1)
        sandbox.behave("data_hub", "fail")
        with pytest.raises(DomainError):
            pushing.push_system("data_hub")
        assert UnitDue.objects.filter(unit_id=unit.pk).exists()
        sandbox.behave("data_hub", "ok")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM connectors_state")
        pushing.push_system("data_hub")
        assert unit.code in sandbox.units("data_hub")
