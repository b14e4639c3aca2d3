"""The unit-status board, the public list of units, and the counts kept by trigger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from anju.kernel import clock
from anju.kernel.errors import NotFound
from anju.kernel.scope import Actor, Reach, system
from anju.supply import board, services
from anju.supply.jobs import fold_counts
from anju.supply.models import Building, Project, Unit, UnitCount
from tests.supply.samples import make_supply, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded() -> None:
    services.seed_supply()


@pytest.mark.covers("SH-077.1")
def test_the_board_shows_every_unit_building_after_building(
    seeded: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    clerk = client_as(staff("supply.unit.view"))
    shown: list[int] = []
    for project in clerk.get("/supply/board/projects").json():
        for building in project["buildings"]:
            drawn = clerk.get("/supply/board", project=project["id"], building=building["id"]).json()
            cells = [cell for floor in drawn["floors"] for cell in floor["cells"] if cell]
            assert len(cells) == drawn["summary"]["units"] == sum(drawn["summary"]["counts"].values())
            assert [floor["floor"] for floor in drawn["floors"]] == sorted(
                {cell["floor"] for cell in cells}, reverse=True
            )
            assert all(len(floor["cells"]) == len(drawn["columns"]) for floor in drawn["floors"])
            shown += [cell["id"] for cell in cells]
    assert sorted(shown) == sorted(Unit.objects.values_list("id", flat=True))


@pytest.mark.covers("SH-077.2")
def test_the_board_is_filtered_by_project_and_building(
    seeded: None, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    clerk = client_as(staff("supply.unit.view"))
    project = Project.objects.get(code="NP01")
    second = Building.objects.filter(project=project).order_by("id")[1]
    drawn = clerk.get("/supply/board", project=project.pk, building=second.pk).json()
    assert drawn["building"]["name"] == "2号楼"
    assert [building["name"] for building in drawn["buildings"]] == ["1号楼", "2号楼", "3号楼", "5号楼"]
    codes = {cell["code"] for floor in drawn["floors"] for cell in floor["cells"] if cell}
    assert codes == set(Unit.objects.filter(building=second).values_list("code", flat=True))
    only = clerk.get("/supply/board/projects", programme="low_rent").json()
    assert [item["code"] for item in only] == ["WC02"]
    other = Building.objects.exclude(project=project)[0]
    assert clerk.get("/supply/board", project=project.pk, building=other.pk).status_code == 404


def test_a_board_is_few_queries_and_another_offices_is_not_there(
    staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    ours, theirs = make_supply("A", "/1/2/"), make_supply("B", "/1/3/")
    actor = Actor(kind="staff", id=1, org_path="/1/2/", grants={board.RIGHT: Reach.ORG_AND_BELOW})
    with CaptureQueriesContext(connection) as captured:
        board.board(actor, ours.project.pk, None)
    assert len(captured) <= 4
    with pytest.raises(NotFound):
        board.board(actor, theirs.project.pk, None)
    assert [item["code"] for item in board.projects(actor)] == ["A01"]
    assert client_as(staff("other.right")).get("/supply/board/projects").status_code == 403


def test_a_let_unit_shows_its_tenant_masked_and_its_contract() -> None:
    branch = make_supply("A")
    services.let_unit(
        actor=system(),
        unit_id=branch.unit.pk,
        contract_id=77,
        occupant_name_masked="王*华",
        lease_end=clock.today() + timedelta(days=24),
    )
    drawn = board.board(system(), branch.project.pk, branch.building.pk)
    cell = drawn["floors"][0]["cells"][0]
    assert (cell["status"], cell["occupant_name_masked"], cell["contract_id"]) == ("let", "王*华", 77)
    assert (cell["days_left"], cell["expiring"]) == (24, True)
    assert drawn["summary"]["occupancy"] == 100


def test_rooms_of_one_place_stand_beside_each_other_and_a_mixed_column_names_no_layout() -> None:
    branch = make_supply("A")
    make_unit(branch.building, "A-1", "1", status="held", held_for="certificate:88")  # place 01 of the first floor too
    make_unit(branch.building, "A-201", "201", floor=2, layout="two_one")
    drawn = board.board(system(), branch.project.pk, branch.building.pk)
    cells = [cell for floor in drawn["floors"] for cell in floor["cells"] if cell]
    assert sorted(cell["code"] for cell in cells) == ["A-0101", "A-1", "A-201"], "none covers another"
    first = {column["key"]: column["layout"] for column in drawn["columns"]}
    assert first["01"] == "", "one room and two rooms stand in it"
    (held,) = [cell["held_for"] for cell in cells if cell["held_for"]]
    assert held == "轮候家庭（已选定，待签约）", "no number that people cannot read"


def test_a_programme_has_the_projects_of_the_units_that_changed_to_it(client_as: Any, staff: Any) -> None:
    branch = make_supply("A")
    unit = make_unit(branch.building, "A-201", "201", status="ready")
    Unit.objects.filter(pk=unit.pk).update(own_programme="low_rent")
    clerk = client_as(staff("supply.unit.view", "supply.project.view"))
    (found,) = clerk.get("/supply/board/projects", programme="low_rent").json()
    assert (found["code"], found["counts"]) == ("A01", {"ready": 1})
    mapped = clerk.get("/supply/map", programme="low_rent").json()
    assert [(one["code"], one["units"]) for one in mapped["projects"]] == [("A01", 1)]
    assert clerk.get("/supply/map", programme="affordable_rental").json()["projects"] == []


def test_buildings_stand_in_the_order_of_their_numbers() -> None:
    assert sorted(["10号楼", "2号楼", "A座"], key=board.by_number) == ["2号楼", "10号楼", "A座"]


def test_anybody_sees_vacant_units_and_nothing_about_people(seeded: None, anonymous: Any) -> None:
    listed = anonymous.get("/public/units", city="339900", limit=50).json()
    vacant = Unit.objects.filter(status="vacant", channel="online")
    assert listed["about"] == vacant.count()
    assert {row["code"] for row in listed["rows"]} <= set(vacant.values_list("code", flat=True))
    assert not {"occupant_name_masked", "contract_id", "held_for"} & set(listed["rows"][0])
    rents = [row["rent"] for row in anonymous.get("/public/units", division="339904", rent_max=700).json()["rows"]]
    assert rents
    assert all(float(rent) <= 700 for rent in rents)
    areas = [row["floor_area"] for row in anonymous.get("/public/units", city="339900", area_min=60).json()["rows"]]
    assert areas
    assert all(float(area) >= 60 for area in areas)
    band = anonymous.get("/public/units", city="339900", area_min=40, area_max=50).json()["rows"]
    assert {row["floor_area"] for row in band} == {"46.35"}
    assert {row["layout"] for row in anonymous.get("/public/units", layout="two_one,three_one").json()["rows"]} <= {
        "two_one",
        "three_one",
    }


def test_counts_kept_by_trigger_are_the_truth_after_every_kind_of_change(seeded: None) -> None:
    def counted() -> Counter[tuple[int, str]]:
        sums = UnitCount.objects.values_list("project_id", "status").annotate(n=Sum("units")).order_by()
        return Counter({(project, status): n for project, status, n in sums if n})

    def truth() -> Counter[tuple[int, str]]:
        return Counter(Unit.objects.values_list("project_id", "status"))

    assert counted() == truth()
    building = Building.objects.order_by("-id")[0]
    make_unit(building, "NEW-1", "9901")
    Unit.objects.filter(status="vacant", layout="studio").update(status="locked")
    Unit.objects.filter(project__code="YX01", status="vacant").delete()
    fold_counts()
    moved = Unit.objects.filter(building=building).order_by("id")[0]
    Unit.objects.filter(pk=moved.pk).update(building_id=Building.objects.order_by("id")[0].pk, room_no="moved")
    assert counted() == truth()
    area = UnitCount.objects.aggregate(n=Sum("floor_area"))["n"]
    assert area == Unit.objects.aggregate(n=Sum("floor_area"))["n"]
    fold_counts()
    assert counted() == truth()
    assert (
        UnitCount.objects.count()
        == Unit.objects.values("project_id", "status", "layout", "programme").distinct().count()
    )


def test_the_seed_is_the_same_twice() -> None:
    first = services.seed_supply()
    assert services.seed_supply() == first
    assert (len(first["operators"]), len(first["projects"])) == (4, 8)
    assert 850 <= len(first["units"]) <= 950


def test_anybody_may_look_at_a_published_unit_and_at_no_other(seeded: None, anonymous: Any) -> None:
    offered = anonymous.get("/public/units", city="339900", limit=1).json()["rows"][0]
    shown = anonymous.get(f"/public/units/{offered['id']}").json()
    assert (shown["code"], shown["rent"]) == (offered["code"], offered["rent"])
    project = Project.objects.get(code=shown["project.code"])
    assert (shown["project.address"], shown["project.sector"]) == (project.address, project.sector)
    assert shown["address"]
    secret = {"held_for", "contract_id", "org_path", "occupant_name_masked", "lease_end", "status", "status_note"}
    assert not secret & shown.keys()
    let = Unit.objects.filter(status="let")[0].pk
    held, withdrawn = Unit.objects.filter(status="vacant").exclude(pk=offered["id"]).values_list("pk", flat=True)[:2]
    Unit.objects.filter(pk=held).update(status="held", held_for="选房 3")
    told = anonymous.get(f"/public/units/{let}").json()
    assert (shown["supply"], told["supply"], told.keys()) == ("rentable", "let", shown.keys())
    Unit.objects.filter(pk=offered["id"]).update(channel="offline")
    Unit.objects.filter(pk=withdrawn).update(status="ready", published=False)
    assert anonymous.get(f"/public/units/{withdrawn}").status_code == 404
    ids = ",".join(map(str, (held, withdrawn, offered["id"], let, held)))
    shelf = anonymous.get("/public/units/chosen", ids=ids).json()["rows"]
    assert [(row["id"], row["supply"]) for row in shelf] == [(held, "let"), (offered["id"], "offline"), (let, "let")]
    assert not any(secret & row.keys() for row in shelf)
    for wrong in ("1,x", "1" * 19, ",".join(["1"] * 101), "²"):
        assert anonymous.get("/public/units/chosen", ids=wrong).json()["code"] == "supply.unit_numbers"
