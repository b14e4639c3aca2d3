"""Units that go to another district, into the reserve, to other systems, into another programme."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum
from pypdf import PdfReader

from anju.identity.services import make_organisation
from anju.kernel import clock
from anju.kernel.documents.models import Document
from anju.kernel.errors import DomainError
from anju.kernel.scope import Actor, system
from anju.supply import comparing, handing, in_use, pushing, services
from anju.supply.cards import counts
from anju.supply.jobs import complete_units, fold_counts, keep_day_counts
from anju.supply.models import (
    DayCount,
    Project,
    Publication,
    Redistribution,
    ReserveHolding,
    ReservePlan,
    System,
    Unit,
    UnitCount,
    UnitPush,
)
from tests.kernel.registers.kit import Office, RegisterKit
from tests.supply.samples import Supply, make_supply, make_unit
from tests.support import run_jobs

ME = system()
ACTS = [
    "supply.project.view",
    *(f"supply.unit.{one}" for one in ("view", "change", "nature", "reserve", "order", "assign", "confirm", "publish")),
]
BOOKS = [
    f"supply.{book}.{verb}" for book in ("redistribution", "reserve") for verb in ("view", "create", "change", "delete")
]


class TestReservePlans(RegisterKit):
    key = "supply.reserve_plans"
    change = {"title": "年度储备（调整）"}

    def own(self, office: Office) -> Any:
        return ReservePlan.objects.create(
            year=2026, title="旧计划", size=1, first=1, org_path=office.path, division=office.division
        )

    def values(self, office: Office) -> dict[str, Any]:
        return {"year": 2027, "title": "年度储备", "size": 10, "first": 1, "second": 2, "third": 3, "fourth": 4}


def make_office(city: Any, division: str, name: str, code: str) -> Any:
    return make_organisation(name=name, kind="district", code=code, division=division, parent=city)


@pytest.fixture
def districts(city: Any) -> dict[str, Any]:
    """Two districts with their housing centres."""
    return {
        division: make_office(city, division, name, code)
        for division, name, code in (("339901", "江湾区中心", "JWC"), ("339902", "南屏区中心", "NPC"))
    }


@pytest.fixture
def branch(districts: dict[str, Any]) -> Supply:
    return make_supply("A", districts["339901"].path)


@pytest.fixture
def giver(staff: Callable[..., Actor], client_as: Any, districts: dict[str, Any], branch: Supply) -> Any:
    return client_as(staff(*ACTS, *BOOKS, reach="org_and_below", org=districts["339901"], name="周敏"))


@pytest.fixture
def taker(staff: Callable[..., Actor], client_as: Any, districts: dict[str, Any]) -> Any:
    return client_as(staff(*ACTS, *BOOKS, reach="org_and_below", org=districts["339902"]))


@pytest.fixture
def city_clerk(staff: Callable[..., Actor], client_as: Any, city: Any) -> Any:
    rights = ["supply.redistribution.view", "supply.redistribution.approve", "supply.redistribution.issue"]
    return client_as(staff(*rights, "supply.unit.view", name="何岚"))


def act(api: Any, register: str, name: str, ids: list[int], **values: Any) -> Any:
    return api.post(f"/registers/supply.{register}/actions/{name}", {"ids": ids, "values": values})


def offered(api: Any, order: int) -> set[str]:
    """What the page offers for an order, the same in the list as in the panel."""
    (listed,) = api.get("/registers/supply.redistributions/rows").json()["rows"]
    panel = api.get(f"/registers/supply.redistributions/rows/{order}").json()
    assert listed["shut"] == panel["shut"]
    return {"@change", "@delete", "submit", "approve", "issue"} - set(panel["shut"])


@pytest.mark.django_db
@pytest.mark.covers("SH-185.1", "SH-185.2", "SH-185.3", "SH-185.4", "SH-185.5", "SH-187.6")
def test_units_are_given_to_another_district_and_come_back(
    giver: Any, taker: Any, city_clerk: Any, branch: Supply, districts: dict[str, Any]
) -> None:
    unit, plain = (make_unit(branch.building, f"A-{n}", str(n), status="ready") for n in (201, 202))
    Unit.objects.filter(pk=unit.pk).update(transferable=True)
    rows = "/registers/supply.redistributions/rows"
    values = {"title": "支援南屏", "to_division": "339902", "reason": "南屏轮候家庭较多"}
    same = giver.post(rows, {"values": values | {"to_division": "339901"}})
    assert same.json()["details"]["errors"][0]["code"] == "supply.same_district"
    order = giver.post(rows, {"values": values}).json()["id"]
    empty = act(giver, "redistributions", "submit", [order])
    assert empty.json()["code"] == "supply.order_empty"
    assert act(giver, "units", "order", [plain.pk], redistribution=order).json()["code"] == "supply.not_transferable"
    both = act(giver, "units", "order", [plain.pk, unit.pk], redistribution=order).json()
    assert both["done"] == 1
    assert [(one["id"], one["advice"]) for one in both["failed"]] == [(plain.pk, "请先登记调配属性")], "and what to do"
    assert offered(giver, order) == {"@change", "@delete", "submit"}
    (line,) = giver.get("/registers/supply.redistribution_units/rows", **{"f.redistribution": order}).json()["rows"]
    assert line["shut"] == ["recover"]
    assert (line["unit.code"], line["from_division"]) == ("A-201", "339901")
    assert "paper" not in giver.get(f"{rows}/{order}").json(), "there is none before the issue"
    early = act(city_clerk, "redistributions", "issue", [order])
    assert early.json()["code"] == "supply.order_state"
    assert act(giver, "redistributions", "submit", [order]).json()["done"] == 1
    assert act(city_clerk, "redistributions", "issue", [order]).json()["code"] == "supply.order_state"
    assert offered(giver, order) == {"approve"}
    assert act(city_clerk, "redistributions", "approve", [order], approved=True, opinion="合理合规").json()["done"] == 1
    assert offered(giver, order) == {"issue"}
    with pytest.raises(IntegrityError, match="supply_redistribution_issued"), transaction.atomic():
        Redistribution.objects.filter(pk=order).update(state="issued")
    assert taker.get(f"/registers/supply.units/rows/{unit.pk}").status_code == 404
    issued = act(city_clerk, "redistributions", "issue", [order]).json()
    assert "已下达 1 套" in issued["told"][0]["text"]
    assert offered(giver, order) == set(), "nothing can be done to an issued order"
    assert giver.get(f"{rows}/{order}").json().get("form") is None
    late = giver.patch(f"{rows}/{order}", {"version": 4, "values": {"title": "改名"}})
    assert late.json()["details"]["errors"][0]["code"] == "supply.order_state"
    paper = Document.objects.get(subject=f"redistribution:{order}")
    shown = giver.get(f"{rows}/{order}").json()["paper"]
    assert shown == {"title": "下达单", "address": f"/documents/{paper.pk}/file"}
    file = giver.get(shown["address"], download=True)
    assert (file.status_code, file.headers["Content-Type"]) == (200, "application/pdf")
    assert file.headers["Content-Disposition"].startswith("attachment")
    said = PdfReader(io.BytesIO(file.content)).pages[0].extract_text()
    assert all(word in said for word in (paper.number, "支援南屏", "南屏区中心", "A-201", "合理合规"))
    area, rent = (f"{figure:,.2f}" for figure in (unit.floor_area, unit.rent))
    assert f"1 套，建筑面积 {area} ㎡，月租金 {rent} 元" in said, "with what they add up to"
    assert taker.get(shown["address"]).status_code == 404, "only who sees the order"
    unit.refresh_from_db()
    assert (unit.division, unit.org_path) == ("339902", districts["339902"].path)
    assert taker.get(f"/registers/supply.units/rows/{unit.pk}").status_code == 200
    assert giver.get(f"/registers/supply.units/rows/{unit.pk}").status_code == 404
    branch.building.name = "一号楼"
    branch.building.save()
    unit.refresh_from_db()
    assert unit.division == "339902", "a change of the building does not call it back"
    services.publish_unit(actor=ME, unit_id=unit.pk)
    used = act(city_clerk, "redistribution_units", "recover", [line["id"]])
    assert used.json()["code"] == "supply.not_recoverable"
    Unit.objects.filter(pk=unit.pk).update(status="split", published=False)
    split = act(city_clerk, "redistribution_units", "recover", [line["id"]]).json()
    assert (split["code"], split["advice"][:4]) == ("supply.not_recoverable", "请先合并")
    Unit.objects.filter(pk=unit.pk).update(status="ready")
    assert act(city_clerk, "redistribution_units", "recover", [line["id"]]).json()["done"] == 1
    unit.refresh_from_db()
    assert (unit.division, unit.org_path) == ("339901", districts["339901"].path)
    assert giver.get(f"/registers/supply.units/rows/{unit.pk}").status_code == 200


@pytest.mark.django_db
@pytest.mark.covers("SH-187.2")
def test_units_that_were_given_are_published_where_they_are_used(
    giver: Any,
    taker: Any,
    staff: Callable[..., Actor],
    client_as: Any,
    branch: Supply,
    districts: dict[str, Any],
    city: Any,
) -> None:
    """The receiver's page has the project with what it may publish there; the giver's has the rest of it."""
    lent, kept = (make_unit(branch.building, f"A-{n}", str(n), status="ready") for n in (201, 202))
    there = districts["339902"]
    Unit.objects.filter(pk=lent.pk).update(lent_path=there.path, lent_division=there.division)
    path = f"/supply/publishing/{branch.project.pk}"

    def page(api: Any) -> list[tuple[str, bool, dict[str, int]]]:
        return [
            (one["code"], one["own"], {status: n for status, n in one["counts"].items() if n})
            for one in api.get("/supply/publishing").json()
        ]

    nobody = client_as(staff(*ACTS, reach="org_and_below", org=make_office(city, "339903", "文昌区中心", "WCC")))
    assert page(nobody) == []
    assert nobody.post(f"{path}/publish", {}).status_code == 404
    assert page(giver) == [("A01", True, {"vacant": 1, "ready": 1})]
    assert page(taker) == [("A01", False, {"ready": 1})]
    waiting = {"f.project": branch.project.pk, "f.status": "ready"}
    listed = taker.get("/registers/supply.units/rows", **waiting).json()["rows"]
    assert [row["code"] for row in listed] == ["A-201"]
    assert taker.post(f"{path}/publish", {"unit_ids": [kept.pk]}).status_code == 404
    # the board too shows everybody his own
    for api, units, rooms in ((giver, 2, ["202", "101"]), (taker, 1, ["201"]), (nobody, 0, [])):
        listed = api.get("/supply/board/projects").json()
        assert [(one["units"], len(one["buildings"])) for one in listed] == ([(units, 1)] if units else [])
        board = api.get("/supply/board", project=branch.project.pk)
        assert board.status_code == (200 if units else 404)
        cells = [cell for floor in board.json().get("floors", []) for cell in floor["cells"] if cell]
        assert sorted(cell["room_no"] for cell in cells) == sorted(rooms)
        mapped = api.get("/supply/map").json()["projects"]
        assert [(one["units"], one["own"]) for one in mapped] == ([(units, api is giver)] if units else [])

    # the opinion on the project's data is its own district's, and counts for the lent unit too
    opinion = {"result": "returned", "accuracy": "面积与成果数据不符", "compliance": "合规"}
    assert taker.post(f"{path}/reviews", opinion).status_code == 404
    assert giver.post(f"{path}/reviews", opinion).status_code == 200
    stopped = taker.post(f"{path}/publish", {})
    assert (stopped.status_code, stopped.json()["code"]) == (409, "supply.review_returned")
    assert taker.get("/supply/publishing").json()[0]["review"]["result"] == "returned"
    assert giver.post(f"{path}/reviews", opinion | {"result": "passed"}).status_code == 200

    done = taker.post(f"{path}/publish", {}).json()
    assert (done["units"], done["rentable"]) == (1, 1)
    assert Unit.objects.get(pk=kept.pk).status == "ready", "what stayed with the giver is the giver's to publish"
    done = giver.post(f"{path}/publish", {}).json()
    assert (done["units"], done["rentable"]) == (1, 2)
    assert page(taker) == [("A01", False, {"vacant": 1})]
    everywhere = client_as(staff("supply.unit.view", "supply.unit.publish", reach="all"))
    done = everywhere.post(f"{path}/withdraw", {}).json()
    assert (done["units"], done["rentable"]) == (3, 0)
    lines = Publication.objects.order_by("pk").values_list("act", "units", "rentable", "division")
    assert list(lines) == [
        ("publish", 1, 1, "339902"), ("publish", 1, 2, "339901"), ("withdraw", 2, 0, "339901"),
        ("withdraw", 1, 0, "339902"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_nobody_approves_an_order_of_his_own(
    branch: Supply, staff: Callable[..., Actor], districts: dict[str, Any]
) -> None:
    actor = staff("supply.redistribution.approve")
    order = Redistribution.objects.create(
        number="TP1", title="x", to_division="339902", receiver=districts["339902"], reason="x", state="submitted",
        created_by=actor.ref,
    )  # fmt: skip
    with pytest.raises(DomainError, match="own_order"):
        handing.decide(actor=actor, order=order, approved=True, opinion="同意")


@pytest.mark.django_db
@pytest.mark.covers("SH-186.1", "SH-186.2", "SH-186.3")
def test_a_reserve_is_planned_held_and_released(giver: Any, taker: Any, branch: Supply) -> None:
    rows = "/registers/supply.reserve_plans/rows"
    values = {"year": 2027, "title": "2027年度储备", "size": 10, "first": 4, "second": 3, "third": 2, "fourth": 2}
    uneven = giver.post(rows, {"values": values})
    assert uneven.json()["details"]["errors"][0]["code"] == "supply.plan_quarters"
    plan = giver.post(rows, {"values": values | {"fourth": 1}}).json()["id"]
    units = [make_unit(branch.building, f"A-{n}", str(n), status="ready", layout="studio") for n in (201, 202)]
    on_offer = act(giver, "units", "reserve", [branch.unit.pk], plan=plan)
    assert on_offer.json()["code"] == "supply.not_reservable"
    assert act(giver, "units", "reserve", [unit.pk for unit in units], plan=plan).json()["done"] == 2

    def held() -> Any:
        (row,) = giver.get(rows).json()["rows"]
        return row["held"]

    assert held() == 2
    found = giver.get(
        "/registers/supply.units/rows", **{"f.status": "reserved", "f.division": "339901", "f.layout": "studio"}
    ).json()["rows"]
    assert {row["code"] for row in found} == {"A-201", "A-202"}
    assert {"rent", "address", "layout", "division"} <= set(found[0])
    holdings = "/registers/supply.reserve_holdings/rows"
    narrowed = {"f.plan": plan, "f.unit.layout": "studio", "f.unit.division": "339901", "f.plan.year": "2027..2027"}
    listed = giver.get(holdings, **narrowed).json()["rows"]
    assert {(row["unit.code"], row["unit.rent"], row["released_at"]) for row in listed} == {
        ("A-201", "1205.10", None), ("A-202", "1205.10", None),
    }  # fmt: skip
    assert all(row["since"] and row["unit.address"].startswith("A小区") for row in listed)
    assert giver.get(holdings, **{"f.plan": plan + 1}).json()["rows"] == []
    assert giver.get(rows, **{"f.year": "2028.."}).json()["rows"] == []
    assert giver.get(f"{rows}/{plan}").json()["related_counts"] == {"holdings": 2}
    assert taker.get(holdings).json()["rows"] == [], "another district's reserve is not there"
    assert act(giver, "units", "release", [units[0].pk]).json()["done"] == 1
    assert held() == 1
    now = giver.get(holdings, **{"f.unit.status": "reserved"}).json()["rows"]
    assert [row["unit.code"] for row in now] == ["A-202"]
    assert len([row for row in giver.get(holdings).json()["rows"] if row["released_at"]]) == 1
    assert UnitCount.objects.filter(status="reserved").aggregate(n=Sum("units"))["n"] == 1
    assert Unit.objects.get(pk=units[0].pk).status == "ready"
    stays = giver.delete(f"{rows}/{plan}?version=1")
    assert stays.json()["code"] == "supply.plan_in_use"
    with pytest.raises(IntegrityError, match="supply_reserveholding_once"), transaction.atomic():
        ReserveHolding.objects.create(plan_id=plan, unit=units[1], since=ReserveHolding.objects.all()[0].since)


@pytest.mark.django_db
def test_a_lent_unit_counts_where_it_is_managed(
    branch: Supply, districts: dict[str, Any], staff: Callable[..., Actor], client_as: Any
) -> None:
    lent = make_unit(branch.building, "A-201", "201", status="ready")
    make_unit(branch.building, "A-202", "202", status="ready")
    there = districts["339902"]
    Unit.objects.filter(pk=lent.pk).update(lent_path=there.path, lent_division=there.division)
    keep_day_counts()
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    for fold in (lambda: None, fold_counts, count_as_before):
        fold()
        for district, units in ((districts["339901"], 2), (there, 1)):
            actor = staff("supply.unit.view", "reports.view", reach="org_and_below", org=district)
            api = client_as(actor)
            assert len(api.get("/registers/supply.units/rows").json()["rows"]) == units
            for day in ({}, {"end": yesterday}):
                report = api.get("/reports/supply.units_by_project", measures="units", **day).json()
                told = [row["values"]["units"] for row in report["rows"] if row["values"]["units"]]
                assert told == [units], (fold, district.name, day)
            assert counts(actor)["whole"] == units


def count_as_before() -> None:
    """Counts of former triggers, which did not ask for the office, are counted anew; days of old get their project's."""
    UnitCount.objects.update(org_path=None)
    fold_counts()
    lent = DayCount.objects.exclude(org_path=F("project__org_path")).get()
    DayCount.objects.exclude(pk=lent.pk).update(org_path="")
    complete_units()
    assert set(DayCount.objects.values_list("org_path", flat=True)) == {lent.org_path, Project.objects.get().org_path}


@pytest.mark.django_db
@pytest.mark.covers("SH-189.1", "SH-189.2", "SH-189.3", "SH-189.4")
def test_only_units_that_are_not_supplied_change_their_nature(giver: Any, branch: Supply) -> None:
    unit = make_unit(branch.building, "A-201", "201", status="ready")

    def counted() -> dict[str, int]:
        sums = UnitCount.objects.values_list("programme").annotate(n=Sum("units")).order_by()
        return {programme: n for programme, n in sums if n}

    assert counted() == {"public_rental": 2}
    wrong = act(giver, "units", "nature", [unit.pk], old="low_rent", to="public_rental")
    assert wrong.json()["code"] == "supply.nature_used"
    used = act(giver, "units", "nature", [branch.unit.pk], old="public_rental", to="low_rent")
    assert used.json()["code"] == "supply.nature_used"
    with pytest.raises(IntegrityError, match="supply_unit_nature_used"), transaction.atomic():
        Unit.objects.filter(pk=branch.unit.pk).update(own_programme="low_rent")
    with pytest.raises(IntegrityError, match="supply_unit_nature"), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(own_programme="castle")
    now = "public_rental"
    for new in (
        "affordable_rental",
        "public_rental",
        "shared_ownership",
        "resettlement",
        "affordable_rental",
        "low_rent",
    ):
        assert act(giver, "units", "nature", [unit.pk], old=now, to=new).json()["done"] == 1
        now = new
        assert Unit.objects.get(pk=unit.pk).programme == new
        for sold in ("shared_ownership", "resettlement") if now == "affordable_rental" else ():
            forbidden = act(giver, "units", "nature", [unit.pk], old=now, to=sold)
            assert (forbidden.status_code, forbidden.json()["code"]) == (422, "supply.nature_forbidden")
            assert "变相销售" in forbidden.json()["advice"]
            assert Unit.objects.get(pk=unit.pk).programme == "affordable_rental"
    assert counted() == {"public_rental": 1, "low_rent": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("SH-188.1", "SH-188.2", "SH-188.3", "SH-188.4", "SH-188.5")
def test_resettlement_units_are_used_by_one_system_and_read_the_same_there(sandbox: Any) -> None:
    branch = make_supply("A", programme="resettlement")
    unit = make_unit(branch.building, "A-201", "201", status="ready")
    other = make_supply("B")
    rental = make_unit(other.building, "B-201", "201", status="ready")
    with pytest.raises(DomainError, match="not_assignable"):
        handing.assign(actor=ME, unit_id=rental.pk, system=System.LAND)

    def differing(using: System) -> list[str]:
        rows = comparing.differences(ME, using)["rows"]
        return [field["key"] for row in rows for field in row["fields"]]

    for using in (System.LAND, System.EXCHANGE, System.RESETTLEMENT):
        handing.assign(actor=ME, unit_id=unit.pk, system=using)
        for second in handing.USERS:
            with pytest.raises(DomainError, match="not_assignable"):
                handing.assign(actor=ME, unit_id=unit.pk, system=second)
        another = next(one for one in handing.USERS if one != using)
        UnitPush.objects.filter(unit=unit, system=another).delete()
        with pytest.raises(IntegrityError, match="supply_unitpush_one_user"), transaction.atomic():
            UnitPush.objects.create(unit=unit, system=another, active=True)
        pushing.push_system(using)
        assert sandbox.units(using)[unit.code]["floor_area"] == "46.35"
        assert differing(using) == []
        Unit.objects.filter(pk=unit.pk).update(floor_area="50.00")
        assert differing(using) == ["floor_area"]
        pushing.push_system(using)
        assert differing(using) == []
        Unit.objects.filter(pk=unit.pk).update(floor_area="46.35")
        handing.take_back(actor=ME, unit_id=unit.pk)
        pushing.push_system(using)
        assert sandbox.units(using)[unit.code]["gone"] is True
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM supply_unitdue WHERE system = %s", [using])
            assert cursor.fetchone()[0] == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("SH-188.1")
def test_what_the_resettlement_system_does_with_units_is_read_back(
    sandbox: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any], city: Any
) -> None:
    branch = make_supply("A", city.path, programme="resettlement")
    units = [make_unit(branch.building, f"A-20{n}", f"20{n}", status="ready") for n in (1, 2)]
    clerk = client_as(
        staff("supply.unit.view", "supply.unit.assign", "supply.push.view", "supply.push.again", reach="org_and_below")
    )
    using = {"system": "resettlement_system"}
    assert act(clerk, "units", "assign", [unit.pk for unit in units], **using).json()["done"] == 2
    run_jobs()
    sandbox.tell("/control/used", {"code": "A-202", "on": "2026-11-20"})

    def read() -> tuple[str, dict[str, tuple[str, str | None]]]:
        said = clerk.post("/registers/supply.pushes/commands/read", {}).json()
        rows = clerk.get("/registers/supply.pushes/rows", **{"f.system": "resettlement_system"}).json()["rows"]
        return str(said), {row["unit.code"]: (row["use"], row["used_on"]) for row in rows}

    said, states = read()
    assert "更新 2 套" in said
    assert states == {"A-201": ("received", None), "A-202": ("used", "2026-11-20")}
    assert "更新 0 套" in read()[0], "read again, nothing changes"
    kept = act(clerk, "units", "take_back", [units[1].pk])
    assert (kept.status_code, kept.json()["code"]) == (409, "supply.in_use_there")
    assert act(clerk, "units", "take_back", [units[0].pk]).json()["done"] == 1
    run_jobs()
    sandbox.tell("/control/used", {"code": "A-201", "on": "2026-11-21"})
    in_use.read_use()
    assert read()[1]["A-201"] == ("received", None), "it is not theirs any more"
    assert act(clerk, "units", "assign", [units[0].pk], **using).json()["done"] == 1
    assert read()[1]["A-201"] == ("", None), "handed over anew, nothing is known of it yet"
