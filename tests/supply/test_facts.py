"""Layout, area and rent after the confirmation: changed, they are confirmed anew; published, only who confirms changes them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from anju.kernel.registers.models import ImportRow, RegisterHistory
from anju.kernel.scope import Actor, system
from anju.supply import handing, publishing
from anju.supply.models import PublicationAct, ReservePlan, Unit
from tests.spreadsheets import Desk, workbook
from tests.supply.samples import Supply, make_supply, make_unit

pytestmark = pytest.mark.django_db
ME = system()
KEEP = [f"supply.unit.{verb}" for verb in ("view", "change", "import")]


@pytest.fixture
def branch(city: Any) -> Supply:
    return make_supply("A", city.path)


@pytest.fixture
def clerk(branch: Supply, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Any:
    return client_as(staff(*KEEP, reach="org_and_below", name="周敏"))


@pytest.fixture
def reviewer(branch: Supply, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Any:
    return client_as(staff(*KEEP, "supply.unit.confirm", "supply.unit.publish", reach="org_and_below", name="何岚"))


def state(unit: Unit) -> tuple[str, bool, bool, str]:
    unit.refresh_from_db()
    return unit.status, unit.confirmed, unit.published, str(unit.rent)


def change(api: Any, unit: Unit, **values: Any) -> Any:
    unit.refresh_from_db()
    return api.patch(f"/registers/supply.units/rows/{unit.pk}", {"version": unit.version, "values": values})


@pytest.mark.covers("SH-184.7")
def test_a_confirmed_unit_whose_price_changes_is_confirmed_anew(clerk: Any, branch: Supply) -> None:
    unit = make_unit(branch.building, "A-201", "201", status="ready")
    assert change(clerk, unit, orientation="south", rent="1205.10").status_code == 200
    assert state(unit) == ("ready", True, False, "1205.10"), "what is not confirmed may change"
    changed = change(clerk, unit, rent="1300.00")
    assert (changed.status_code, changed.json()["values"]["status"]) == (200, "unconfirmed")
    assert state(unit) == ("unconfirmed", False, False, "1300.00")
    lines = list(RegisterHistory.objects.filter(register="supply.units", row_id=unit.pk).order_by("id"))
    assert [line.action for line in lines] == ["change", "信息变更，取消确认", "change"]
    assert {one["field"] for one in lines[1].changes} == {"status", "confirmed"}
    assert change(clerk, unit, rent="1301.00").json()["version"] == unit.version + 1, "nothing is taken away twice"

    sheet = make_unit(branch.building, "A-202", "202", status="ready")
    desk = Desk(clerk)
    checked = desk.upload("supply.units", workbook([["房源编码", "月租金"], ["A-202", 1411.2]]), kind="rents")
    assert checked["failed"] == 0
    assert [one["code"] for one in ImportRow.objects.get().warnings] == ["supply.confirmed_again"]
    desk.run(checked["id"])
    assert state(sheet) == ("unconfirmed", False, False, "1411.20")


def test_a_reserved_unit_whose_area_changed_is_confirmed_after_its_release(clerk: Any, branch: Supply) -> None:
    plan = ReservePlan.objects.create(
        year=2026, title="储备", size=1, first=1, org_path=branch.project.org_path, division="339901"
    )
    units = [make_unit(branch.building, f"A-20{n}", f"20{n}", status="ready") for n in (1, 2)]
    for unit in units:
        handing.reserve(actor=ME, unit_id=unit.pk, plan=plan)
    assert change(clerk, units[0], floor_area="50.00").status_code == 200
    for unit in units:
        handing.release(actor=ME, unit_id=unit.pk)
    assert [state(unit)[0] for unit in units] == ["unconfirmed", "ready"]


def test_facts_of_a_published_unit_change_by_who_may_confirm_only(clerk: Any, reviewer: Any, branch: Supply) -> None:
    unit = branch.unit
    before = state(unit)
    for values in ({"rent": "1300.00"}, {"layout": "two_one"}, {"floor_area": "46.36"}):
        refused = change(clerk, unit, **values)
        assert (refused.status_code, refused.json()["code"]) == (409, "supply.published_facts")
        assert refused.json()["field"] == next(iter(values))
        assert "回退发布" in refused.json()["advice"]
    assert state(unit) == before
    assert change(clerk, unit, channel="offline").status_code == 200
    desk = Desk(clerk)
    rows = [["房源编码", "户型", "建筑面积", "月租金"], ["A-0101", "两室一厅", "", ""]]
    checked = desk.upload("supply.units", workbook(rows), kind="units")
    assert [item["code"] for item in desk.failed(checked["id"])] == ["supply.published_facts"]
    assert change(reviewer, unit, rent="1300.00").status_code == 200
    assert state(unit) == ("vacant", True, True, "1300.00")
    desk = Desk(reviewer)
    checked = desk.upload("supply.units", workbook([["房源编码", "月租金"], ["A-0101", 1350]]), kind="rents")
    assert desk.run(checked["id"])["done"] == 1
    assert state(unit) == ("vacant", True, True, "1350.00")


@pytest.mark.django_db(transaction=True)
def test_a_sheet_changes_no_unit_that_was_published_since_it_was_checked(
    clerk: Any, reviewer: Any, branch: Supply
) -> None:
    """One is published between the dry run and the run, another while the run waits for its row, a third is not."""
    early, late, never = (make_unit(branch.building, f"A-20{n}", f"20{n}", status="ready") for n in (1, 2, 3))
    rows = [["房源编码", "月租金"], *([unit.code, 1411.2] for unit in (early, late, never))]
    desk = Desk(clerk)
    checked = desk.upload("supply.units", workbook(rows), kind="rents")
    assert (checked["failed"], checked["warn"]) == (0, 3)
    path = f"/supply/publishing/{branch.project.pk}/publish"
    assert reviewer.post(path, {"unit_ids": [early.pk]}).json()["units"] == 1
    published = threading.Event()

    def publish_and_wait() -> bool:
        """Publishes, and lets go when somebody waits for it; whether somebody did."""
        try:
            with transaction.atomic():
                publishing.act(actor=ME, project_id=branch.project.pk, act=PublicationAct.PUBLISH, unit_ids=[late.pk])
                published.set()
                return any(somebody_waits() for _ in range(200))
        finally:
            published.set()
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        publishing_now = pool.submit(publish_and_wait)
        assert published.wait(20)
        done = desk.run(checked["id"])
        assert publishing_now.result(), "the run waited for the row"
    assert (done["done"], done["failed"]) == (1, 2)
    told = desk.failed(checked["id"])
    assert [(one["key"], one["field"], one["code"]) for one in told] == [
        (unit.code, "rent", "supply.published_facts") for unit in (early, late)
    ]
    assert "房源已发布，不能直接修改月租金" in told[0]["message"]
    assert [state(unit) for unit in (early, late, never)] == [
        ("vacant", True, True, "1205.10"), ("vacant", True, True, "1205.10"), ("unconfirmed", False, False, "1411.20"),
    ]  # fmt: skip
    assert not RegisterHistory.objects.filter(row_id__in=[early.pk, late.pk], action="import").exists()


def somebody_waits() -> bool:
    """Whether another connection waits for this one; looks every twentieth of a second."""
    time.sleep(0.05)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return cursor.fetchone() is not None


@pytest.mark.covers("SH-184.9")
def test_an_opinion_that_asks_for_corrections_stops_publication(reviewer: Any, branch: Supply) -> None:
    unit = make_unit(branch.building, "A-201", "201", status="ready")
    path = f"/supply/publishing/{branch.project.pk}"
    opinion = {"result": "returned", "accuracy": "201 室面积与成果数据不符", "compliance": "合规"}
    assert reviewer.post(f"{path}/reviews", opinion).status_code == 200
    act = {"ids": [unit.pk], "values": {}}
    for refused in (
        reviewer.post(f"{path}/publish", {"unit_ids": [unit.pk]}),
        reviewer.post("/registers/supply.units/actions/publish", act),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "supply.review_returned")
        assert refused.json()["details"]["accuracy"] == opinion["accuracy"]
    with pytest.raises(IntegrityError, match="supply_unit_review_returned"), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(status="vacant", published=True)
    assert state(unit)[0] == "ready"
    assert reviewer.post(f"{path}/reviews", opinion | {"result": "passed", "accuracy": "已更正"}).status_code == 200
    assert reviewer.post("/registers/supply.units/actions/publish", act).json()["done"] == 1
    assert state(unit)[:3] == ("vacant", True, True)


def test_the_register_and_the_publication_page_leave_the_same_record(
    reviewer: Any, branch: Supply, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    one, other = (make_unit(branch.building, f"A-20{n}", f"20{n}", status="unconfirmed") for n in (1, 2))
    keeper = client_as(staff("supply.publication.view", reach="org_and_below"))
    for act in ("confirm", "publish"):
        body = {"ids": [one.pk, other.pk], "values": {}}
        assert reviewer.post(f"/registers/supply.units/actions/{act}", body).json()["done"] == 2
    rows = keeper.get("/registers/supply.publications/rows").json()["rows"]
    assert sorted((row["act"], row["units"], row["by_name"]) for row in rows) == [
        ("confirm", 1, "何岚"), ("confirm", 1, "何岚"), ("publish", 1, "何岚"), ("publish", 1, "何岚"),
    ]  # fmt: skip
    assert max(row["rentable"] for row in rows) == 3
    Unit.objects.filter(pk=one.pk).update(status="repair")
    assert reviewer.post("/registers/supply.units/actions/confirm", {"ids": [one.pk], "values": {}}).json()["done"] == 1
    assert state(one)[0] == "vacant", "a repaired one goes back to where it was"
    assert len(keeper.get("/registers/supply.publications/rows").json()["rows"]) == 4, "and is not confirmed anew"
    assert Decimal(state(one)[3]) == one.rent
