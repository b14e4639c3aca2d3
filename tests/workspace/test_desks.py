"""Work views: whose they are, what they count, how a person arranges them (SH-001); the big screen (PR-02)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.kernel import clock
from anju.kernel.scope import Actor, Reach
from anju.site.roles import ROLES
from anju.supply.cards import count_estates
from anju.supply.seed import seed_supply
from anju.workspace.cards import VIEWS
from anju.workspace.doors import fetch_doors
from anju.workspace.models import DoorEvent, Layout, ScreenEstate
from anju.workspace.screen import screen
from tests.casework import Town
from tests.conftest import Api
from tests.sandbox_fixture import Sandbox
from tests.workspace.test_tasks import as_party

__all__ = ["as_party"]

CITY, DISTRICT, OTHER_DISTRICT, OPERATOR = "gaoyuan", "zhoumin", "zhoumin.np", "fangting"


def entrances(api: Api, view: str) -> dict[str, str]:
    opened = api.get(f"/workspace/views/{view}").json()
    return {each["title"]: each["path"] for each in opened["entrances"]}


def figure(api: Api, view: str, key: str) -> Any:
    found = api.get(f"/workspace/views/{view}/cards/figures").json()["figures"]
    return next(each["value"] for each in found if each["key"] == key)


@pytest.mark.covers("SH-001.1", "SH-001.3", "SH-001.6")
@pytest.mark.parametrize(
    ("who", "view", "named"),
    [
        (CITY, "city", {"政策制定与发布", "房源统筹管理", "监督与考核"}),
        (DISTRICT, "district", {"申请受理", "审核", "房源分配与管理", "政策执行"}),
        (OPERATOR, "operator", {"申请资料核验", "公租网签合同备案"}),
    ],
)
def test_signing_in_opens_ones_own_view_with_its_entrances_and_each_opens(
    town: Town, who: str, view: str, named: set[str]
) -> None:
    api = town.staff(who)
    assert api.get("/workspace/views").json()["views"][0]["key"] == view
    found = entrances(api, view)
    assert named <= set(found)
    # what the page behind an entrance reads is not refused
    for path in found.values():
        if path.startswith("/registers/"):
            assert api.get(f"{path.partition('?')[0]}/rows").status_code == 200, path
        if path.startswith("/notices"):
            assert api.get("/workspace" + path.partition("?")[0].replace("/manage", "/managed")).status_code == 200, (
                path
            )
        if path.startswith("/cases/todo"):
            assert api.get(path).status_code == 200


@pytest.mark.covers("SH-001.8")
def test_a_view_of_another_role_is_refused_with_everything_on_it(town: Town) -> None:
    owners = {role.key: {right for right in role.rights if right.startswith("workspace.view.")} for role in ROLES}
    assert set().union(*owners.values()) == {view.right for view in VIEWS.values()} - {""}
    for who, own in ((CITY, "city"), (DISTRICT, "district"), (OPERATOR, "operator"), ("shenji", "auditor")):
        api = town.staff(who)
        for key in VIEWS:
            allowed = key in (own, "personal")
            layout = {"cards": [{"key": "todo", "width": 8}]}
            assert api.get(f"/workspace/views/{key}").status_code == (200 if allowed else 403), (who, key)
            if not allowed:
                assert api.get(f"/workspace/views/{key}/cards/figures").status_code == 403
                assert api.put(f"/workspace/views/{key}", layout).status_code == 403
    assert not Layout.objects.exists()


@pytest.mark.covers("SH-001.2", "SH-001.4", "SH-001.5")
def test_the_city_covers_every_district_and_a_district_itself_and_what_one_records_the_city_sees(town: Town) -> None:
    for division, count in (("339901", 2), ("339902", 1)):
        for _ in range(count):
            who = town.household()
            from tests.casework import pages

            case = town.apply(who)
            if division != "339901":
                from anju.identity.models import Organisation
                from anju.kernel.cases.models import Case

                office = Organisation.objects.get(code="LZ-OP-02")
                Case.objects.filter(pk=case.pk).update(division=division, org_path=office.path)
            assert pages
    assert figure(town.staff(CITY), "city", "open") == 3
    assert figure(town.staff(DISTRICT), "district", "open") == 2
    assert figure(town.staff(OTHER_DISTRICT), "district", "open") == 1
    districts = town.staff(CITY).get("/workspace/views/city/cards/districts").json()["rows"]
    assert {each["title"]: each["count"] for each in districts} == {"江湾区": 2, "南屏区": 1}
    town.apply()
    assert figure(town.staff(DISTRICT), "district", "open") == 3
    assert figure(town.staff(CITY), "city", "open") == 4


@pytest.mark.covers("SH-001.7")
def test_what_the_operator_verifies_the_department_sees_and_the_other_way_round(town: Town, sandbox: Sandbox) -> None:
    case = town.apply()
    town.go(case, "first_review")
    seen = town.staff(DISTRICT).get(f"/cases/{case.pk}").json()
    assert any(entry["actor"] == "方婷" for entry in seen["timeline"])
    town.go(case, "first_approval")
    back = town.staff(OPERATOR).get(f"/cases/{case.pk}").json()
    assert any(entry["actor"] == "周敏" for entry in back["timeline"])


def test_a_person_arranges_his_cards_and_nobody_elses(town: Town) -> None:
    mine, colleague = town.staff(OPERATOR), town.second_clerk()
    before = mine.get("/workspace/views/operator").json()["cards"]
    wanted = [{"key": "efficiency", "width": 6}, {"key": "todo", "width": 12}]
    mine.put("/workspace/views/operator", {"cards": wanted})
    kept = mine.get("/workspace/views/operator").json()
    assert [(each["key"], each["width"]) for each in kept["cards"]] == [("efficiency", 6), ("todo", 12)]
    assert "figures" in {each["key"] for each in kept["more"]}
    assert colleague.get("/workspace/views/operator").json()["cards"] == before
    for wrong in (
        [{"key": "nope", "width": 4}], [{"key": "todo", "width": 5}], [*wanted, wanted[0]],
    ):  # fmt: skip
        assert mine.put("/workspace/views/operator", {"cards": wrong}).json()["code"] == "view.bad_layout"
    assert mine.get("/workspace/views/operator").json()["cards"] == kept["cards"]
    assert mine.delete("/workspace/views/operator").json()["cards"] == before


def test_every_card_of_every_view_answers(town: Town) -> None:
    for who, view in ((CITY, "city"), (DISTRICT, "district"), (OPERATOR, "operator"), ("guanli", "administrator"),
                      ("shenji", "auditor")):  # fmt: skip
        api = town.staff(who)
        opened = api.get(f"/workspace/views/{view}").json()
        for card in (*opened["cards"], *opened["more"]):
            answer = api.get(f"/workspace/views/{view}/cards/{card['key']}")
            assert answer.status_code == 200, (view, card, answer.content)
        assert api.get(f"/workspace/views/{view}/cards/none").status_code == 404


@pytest.fixture
def supplied(town: Town) -> Town:
    from anju.identity.models import Organisation

    seed_supply(org_paths=dict(Organisation.objects.filter(kind="operator").values_list("code", "path")))
    count_estates()
    # dead rows of tests before, which nothing has swept away yet, would make the planner expect thousands
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE supply_project, supply_estate, supply_room, supply_unit")
    return town


@pytest.mark.covers("PR-02.1")
def test_the_screen_says_what_the_registers_say(supplied: Town) -> None:
    api, totals = supplied.staff("gaoyuan"), supplied.staff("gaoyuan").get("/workspace/screen").json()["totals"]

    def register(key: str, **filters: Any) -> int:
        page = api.get(f"/registers/supply.{key}/rows", limit=1, **filters).json()
        assert page["exact"]
        return int(page["about"])

    assert totals["projects"] == register("projects") > 0
    assert totals["estates"] == register("estates") > 0
    assert totals["rooms"] == register("rooms")
    gone = register("units", **{"f.status": ["split", "merged"]})
    assert totals["units"] == register("units") - gone > 0
    let = register("units", **{"f.status": "let"}) + register("units", **{"f.status": "leaving"})
    assert totals["occupied"] == let > 0
    assert totals["occupancy"] == round(100 * let / totals["units"], 1)


@pytest.mark.covers("PR-02.2")
def test_every_district_has_its_number_and_density_and_an_outline_and_estates_and_kinds_stand_beside(
    supplied: Town,
) -> None:
    api = supplied.staff("gaoyuan")
    told = api.get("/workspace/screen").json()
    shapes = {each["properties"]["code"]: each for each in api.get("/workspace/screen/outlines").json()["features"]}
    assert sum(each["units"] for each in told["districts"]) == told["totals"]["units"]
    for each in told["districts"]:
        area = shapes[each["code"]]["properties"]["area_km2"]
        assert each["density"] == round(each["units"] / area, 1)
    assert sum(each["units"] for each in told["programmes"]) == told["totals"]["units"]
    assert told["estates"]
    assert told["estates"] == sorted(told["estates"], key=lambda each: -each["units"])


def test_the_screen_of_a_district_holds_its_own_only(supplied: Town) -> None:
    told = supplied.staff("shenliqun").get("/workspace/screen").json()
    assert {each["code"] for each in told["districts"]} == {"339901"}
    assert supplied.staff("fangting").get("/workspace/screen").status_code == 403


@pytest.mark.covers("PR-02.3")
def test_door_records_run_on_and_a_silent_source_is_told(town: Town, sandbox: Sandbox) -> None:
    api = town.staff("gaoyuan")
    silent = {each["key"]: each["silent"] for each in api.get("/workspace/screen").json()["sources"]}
    assert silent["doors"] is True
    fetch_doors()
    first = api.get("/workspace/screen").json()
    assert first["doors"]
    assert {each["key"]: each["silent"] for each in first["sources"]}["doors"] is False
    newest = DoorEvent.objects.order_by("-at").first()
    assert newest is not None
    newest.delete()
    fetch_doors()
    assert DoorEvent.objects.filter(key=newest.key).count() == 1
    before = DoorEvent.objects.count()
    sandbox.behave("doors", "fail")
    fetch_doors()
    assert DoorEvent.objects.count() == before
    DoorEvent.objects.update(received_at=clock.now() - timedelta(seconds=61))
    assert {each["key"]: each["silent"] for each in api.get("/workspace/screen").json()["sources"]}["doors"] is True


def test_a_connected_system_reports_door_events_once(
    db: None, as_party: Callable[[Actor], None], anonymous: Any
) -> None:
    as_party(Actor(kind="party", id=3, name="门禁", grants={"open.door.event": Reach.OWN}))
    event = {"key": "E1", "at": clock.now(), "place": "1 号楼", "division": "339901", "person": "王*华", "way": "face"}
    assert anonymous.post("/open/door-events", {"events": [event]}).json() == {"new": 1}
    assert anonymous.post("/open/door-events", {"events": [event, {**event, "key": "E2"}]}).json() == {"new": 1}
    for wrong in ({"division": "110101"}, {"at": clock.now() + timedelta(days=1)}):
        answer = anonymous.post("/open/door-events", {"events": [{**event, "key": "E3", **wrong}]})
        assert answer.status_code == 422
    assert DoorEvent.objects.count() == 2


def test_the_screen_of_a_full_city_is_read_at_once(town: Town) -> None:
    viewer = town.actor("gaoyuan")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO workspace_screenestate (project_id, estate_id, estate, programme, units, rooms, occupied,
                   vacant, org_path, division, created_by, counted_at)
               SELECT n / 3, n, '小区' || n, CASE n % 3 WHEN 0 THEN 'public_rental' ELSE 'affordable_rental' END, 150, 300,
                   140, 5, '/1/' || n % 430 || '/', '33990' || 1 + n % 4, 'system:0', now()
                 FROM generate_series(1, 3000) AS n"""
        )
        cursor.execute(
            """INSERT INTO workspace_doorevent (source, key, at, place, division, org_path, person_masked, way, passed,
                   received_at)
               SELECT 'doors', 'D' || n, now() - n * interval '1 second', '1 号楼', '339901', '/', '王*', 'face', true, now()
                 FROM generate_series(1, 20000) AS n"""
        )
        cursor.execute("ANALYZE workspace_screenestate, workspace_doorevent")
    with CaptureQueriesContext(connection) as few:
        screen(viewer)
    assert len(few) <= 8
    started = time.perf_counter()
    told = screen(viewer)
    assert time.perf_counter() - started < 0.05
    assert told["totals"]["units"] == 450_000
    assert ScreenEstate.objects.count() == 3000
