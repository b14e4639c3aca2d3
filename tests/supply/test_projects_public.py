"""What everybody may ask of projects and units, and the map of the offices: figures from kept counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.kernel import clock
from anju.kernel.scope import Actor, system
from anju.supply import information, wishes
from anju.supply.information import Parts
from anju.supply.models import Bed, Project, ProjectInformation, Room, Unit, UnitCount
from tests.supply.media import picture
from tests.supply.samples import Supply, make_supply, make_unit

ME = system()


def fill(project: Project, **changed: Any) -> None:
    """Supply information of a project that accepts applications now."""
    today = clock.today()
    usual: dict[str, Any] = {
        "allocation": "central", "supply_on": today, "price": Decimal("26"), "rent_from": Decimal(900),
        "rent_to": Decimal(1800), "accept_from": today, "accept_until": today + timedelta(days=9),
        "supply_from": today + timedelta(days=10), "supply_until": today + timedelta(days=20), "contact": "",
        "contact_phone": "0599-1", "hours": "9:00—17:00", "transport": "", "fittings": ["bed"], "rules": "", "notes": "",
        "conveniences": "菜场",
    }  # fmt: skip
    information.save(actor=ME, project_id=project.pk, version=0, parts=Parts(**(usual | changed)))


def settle() -> None:
    """Counts what can be let now, as a commit does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS supply_rentable_keep IMMEDIATE")
        cursor.execute("SET CONSTRAINTS supply_rentable_keep DEFERRED")


@pytest.fixture
def branches(city: Any) -> tuple[Supply, Supply, Supply]:
    first, second, third = (
        make_supply("A", city.path),
        make_supply("B", city.path, "339902"),
        make_supply("C", city.path),
    )
    for number in range(3):
        make_unit(first.building, f"A-030{number}", f"30{number}", layout="studio", rent=Decimal(900 + number), floor=3)
    Project.objects.filter(pk=first.project.pk).update(street="江湾镇")
    third.room.delete()
    third.unit.delete()
    fill(first.project)
    fill(
        second.project,
        allocation="regular",
        accept_from=None,
        accept_until=None,
        rent_from=Decimal(3000),
        rent_to=Decimal(4000),
    )
    settle()
    return first, second, third


@pytest.mark.django_db
class TestPublic:
    @pytest.mark.covers("SH-007.1", "SH-007.2")
    def test_projects_by_every_condition(
        self, anonymous: Any, branches: tuple[Supply, Supply, Supply], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wishes, "_COUNTERS", [lambda: {branches[0].project.pk: 7}])

        def codes(**wanted: Any) -> list[str]:
            answer = anonymous.get("/public/projects", **wanted)
            assert answer.status_code == 200, answer.json()
            return [row["code"] for row in answer.json()["rows"]]

        Unit.objects.filter(code="A-0300").update(floor_area=Decimal("30.20"))
        assert codes() == ["A01", "B01"], "C has neither units on offer nor information"
        for wanted, found in (
            ({"name": "A家"}, ["A01"]), ({"name": "b01"}, ["B01"]), ({"street": "江湾镇"}, ["A01"]),
            ({"division": "339902"}, ["B01"]), ({"division": "339900"}, ["A01", "B01"]), ({"layout": "studio"}, ["A01"]),
            ({"rent_max": 2000}, ["A01"]), ({"rent_min": 2000}, ["B01"]), ({"allocation": "regular"}, ["B01"]),
            ({"supply": "accepting"}, ["A01", "B01"]), ({"supply": "supplying"}, ["B01"]), ({"supply": "coming"}, []),
            ({"supply": "rentable"}, ["A01", "B01"]),
            ({"area_max": 45}, ["A01"]), ({"area_min": 31, "area_max": 45}, []), ({"area_min": 45}, ["A01", "B01"]),
            ({"area_max": 45, "layout": "studio"}, ["A01"]), ({"area_max": 45, "layout": "one_one"}, []),
            ({"codes": "B01,Z"}, ["B01"]), ({"programme": "low_rent"}, []),
        ):  # fmt: skip
            assert codes(**wanted) == found, wanted
        page = anonymous.get("/public/projects", limit=1).json()
        assert (page["next"], codes(limit=1, cursor=page["next"])) == ("A01", ["B01"])
        first = page["rows"][0]
        assert (first["rentable"], first["waiting"], first["accepting"], first["supplying"]) == (4, 7, True, False)
        assert (first["layouts"], first["fittings"], first["conveniences"]) == (
            {"one_one": 1, "studio": 3},
            ["bed"],
            "菜场",
        )
        second = anonymous.get("/public/projects/B01").json()
        assert (second["accepting"], second["supplying"]) == (True, True), "常态配租, while a unit can be let"
        Unit.objects.filter(pk=branches[1].unit.pk).update(status="locked")
        settle()
        assert (codes(supply="accepting"), codes(supply="coming")) == (["A01"], [])
        ProjectInformation.objects.filter(project=branches[1].project).update(supply_on=clock.today() + timedelta(3))
        assert codes(supply="coming") == ["B01"]
        ProjectInformation.objects.filter(project=branches[0].project).update(accept_from=clock.today() + timedelta(3))
        assert (codes(supply="coming"), codes(supply="accepting")) == (["A01", "B01"], [])
        for wrong in ({"supply": "soon"}, {"allocation": "none"}, {"rent_max": -1}, {"division": "3399"}):
            assert anonymous.get("/public/projects", **wrong).status_code == 422
        with CaptureQueriesContext(
            connection,
        ) as asked:
            anonymous.get("/public/projects")
        assert not [query for query in asked if '"supply_unit"' in query["sql"]], "counted, not scanned"

    def test_nearest_first_and_within_a_distance(self, anonymous: Any, branches: tuple[Supply, Supply, Supply]) -> None:
        for at, (longitude, latitude) in enumerate((("118.100000", "26.600000"), ("118.000000", "26.600000"))):
            Project.objects.filter(pk=branches[at].project.pk).update(longitude=longitude, latitude=latitude)
        fill(branches[2].project)
        here = {"longitude": "118.001", "latitude": "26.6"}

        def rows(**wanted: Any) -> list[tuple[str, int | None]]:
            answer = anonymous.get("/public/projects", **here, **wanted).json()
            return [(row["code"], row["distance"]) for row in answer["rows"]]

        assert rows() == [("B01", 99), ("A01", 9843), ("C01", None)]
        assert (rows(within_km=9), [code for code, _ in rows(within_km=10)]) == ([("B01", 99)], ["B01", "A01"])
        seen, cursor = [], ""
        for _ in range(3):
            page = anonymous.get("/public/projects", **here, limit=1, cursor=cursor).json()
            seen.append(page["rows"][0]["code"])
            cursor = page["next"]
        assert (seen, cursor) == (["B01", "A01", "C01"], None)
        for wrong, code in (({"cursor": "A01"}, "supply.page_unknown"), ({"latitude": "91"}, None)):
            answer = anonymous.get("/public/projects", **(here | wrong))
            assert answer.status_code == 422
            assert code in {answer.json()["code"], None}
        for halfway in ({"longitude": "118"}, {"within_km": "3"}):
            assert anonymous.get("/public/projects", **halfway).json()["code"] == "supply.spot_halfway"
        assert anonymous.get("/public/projects/streets", division="339900").json() == {"rows": ["江湾镇"]}

    @pytest.mark.covers("SH-006.1", "SH-006.2", "SH-006.3", "SH-006.4", "SH-006.5", "SH-007.9")
    def test_layouts_units_plans_pictures(
        self, anonymous: Any, branches: tuple[Supply, Supply, Supply], staff: Callable[..., Actor], client_as: Any
    ) -> None:
        first = branches[0]
        clerk = client_as(staff("supply.information.change"))
        for kind, fields in (
            ("plan", {"layout": "studio"}),
            ("room", {"layout": "studio"}),
            ("room", {"unit_code": "A-0301"}),
        ):
            body = {"kind": kind, "file": SimpleUploadedFile("a.png", picture()), **fields}
            assert clerk.upload(f"/supply/projects/{first.project.pk}/media", body).status_code == 200
        studio = next(
            row for row in anonymous.get("/public/projects/A01/layouts").json()["rows"] if row["layout"] == "studio"
        )
        assert (studio["remaining"], studio["rent_from"], studio["rent_to"], studio["area_from"]) == (
            3,
            "900.00",
            "902.00",
            "46.35",
        )
        assert anonymous.get(studio["plan"].removeprefix("/api"))["Content-Type"] == "image/png"
        assert [row["layout"] for row in anonymous.get("/public/projects/A01/plans").json()["rows"]] == ["studio"]
        listed = anonymous.get("/public/projects/A01/units", layout="studio", rent_max=901).json()
        assert [(row["code"], row["room_no"], row["floor_area"]) for row in listed["rows"]] == [
            ("A-0300", "300", "46.35"), ("A-0301", "301", "46.35"),
        ]  # fmt: skip
        page = anonymous.get("/public/projects/A01/units", limit=2).json()
        rest = anonymous.get("/public/projects/A01/units", limit=2, cursor=page["next"]).json()
        assert [row["code"] for row in [*page["rows"], *rest["rows"]]] == ["A-0101", "A-0300", "A-0301", "A-0302"]
        self.every_home_of_a_project_is_listed_with_how_it_stands(anonymous, first)
        room = Room.objects.create(unit_id=listed["rows"][0]["id"], number="B", floor_area="12.50")
        for number, usable, rent in (("2", True, None), ("1", True, "450.00"), ("3", False, "430.00")):
            Bed.objects.create(room=room, number=number, usable=usable, rent=rent)
        shared, own = (anonymous.get(f"/public/projects/units/{code}").json() for code in ("A-0300", "A-0301"))
        assert shared["rooms"] == [
            {"number": "B", "kind": "卧室", "floor_area": "12.50", "beds": ["1", "2"], "bed_rents": ["450.00", None]}
        ]
        assert (own["rooms"], shared["rent"], shared["supply"], shared["address"]) == (
            [], "900.00", "rentable", "A小区 1号楼 300室",
        )  # fmt: skip
        assert own["picture_number"] != shared["picture_number"]
        seen = anonymous.get(f"/public/projects/media/{own['picture_number']}")
        assert (seen.status_code, seen["Cache-Control"]) == (200, "public, max-age=86400")
        assert anonymous.get("/public/projects/A01/viewing").json() == {
            "operator": "A机构", "contact": "", "phone": "0599-1", "hours": "9:00—17:00",
        }  # fmt: skip
        whole = anonymous.get("/public/projects/A01").json()
        assert (whole["plans"][1]["layout"], whole["viewing"]["hours"]) == ("studio", "9:00—17:00")
        for gone in ("C01", "C01/layouts", "units/X", "media/999", "Z/viewing"):
            answer = anonymous.get(f"/public/projects/{gone}")
            assert (answer.status_code, bool(answer.json()["message"])) == (404, True)

    def every_home_of_a_project_is_listed_with_how_it_stands(self, anonymous: Any, first: Supply) -> None:
        """Published ones all, let ones without whom; offline ones are among those that can be let, as in the figure."""
        usual = {"occupant_name_masked": "王*华"}
        make_unit(first.building, "A-0401", "401", status="let", **usual)
        make_unit(first.building, "A-0402", "402", status="held", held_for="选房 3")
        make_unit(first.building, "A-0403", "403", status="repair")
        make_unit(first.building, "A-0404", "404", channel="offline")
        make_unit(first.building, "A-0405", "405", status="ready")
        make_unit(first.building, "A-0406", "406", status="merged")
        settle()
        listed = anonymous.get("/public/projects/A01/units").json()["rows"]
        assert [(row["code"], row["supply"]) for row in listed[4:]] == [
            ("A-0401", "let"), ("A-0402", "let"), ("A-0403", "not_rentable"), ("A-0404", "offline"),
        ]  # fmt: skip
        assert not {"occupant_name_masked", "held_for", "contract_id", "status"} & listed[4].keys()
        rentable = anonymous.get("/public/projects/A01/units", supply="rentable").json()["rows"]
        whole = anonymous.get("/public/projects/A01").json()
        assert [row["code"] for row in rentable[3:]] == ["A-0302", "A-0404"]
        assert len(rentable) == whole["rentable"] == sum(plan["remaining"] for plan in whole["plans"])
        assert anonymous.get("/public/projects/A01/units", supply="none").json()["code"] == "supply.condition_unknown"
        assert [row["picture"] for row in anonymous.get("/public/units", layout="studio").json()["rows"]].count(
            None
        ) == 0


@pytest.mark.django_db
class TestMap:
    def test_sums_by_district_and_sector(
        self, branches: tuple[Supply, Supply, Supply], staff: Callable[..., Actor], client_as: Any
    ) -> None:
        first = branches[0]
        Project.objects.filter(pk=first.project.pk).update(longitude="118.08", latitude="26.63", sector="江湾新城")
        clerk = client_as(staff("supply.project.view"))
        whole = clerk.get("/supply/map").json()
        assert [row["code"] for row in whole["projects"]] == ["A01", "B01"]
        assert (whole["units"], [one["division"] for one in whole["districts"]]) == (5, ["339901"])
        (sector,) = whole["sectors"]
        assert (sector["sector"], sector["projects"], sector["units"], sector["rentable"]) == ("江湾新城", 1, 4, 4)
        assert (sector["longitude"], sector["latitude"]) == ("118.080000", "26.630000")
        for wanted, found in (
            ({"layout": "studio"}, ["A01"]), ({"status": "let"}, []), ({"rent_max": 1000, "layout": "studio"}, ["A01"]),
            ({"rent_min": 1100}, ["B01"]), ({"area_min": 50}, []), ({"programme": "public_rental,low_rent"}, ["A01", "B01"]),
        ):  # fmt: skip
            assert [row["code"] for row in clerk.get("/supply/map", **wanted).json()["projects"]] == found, wanted
        near = client_as(staff("supply.project.view", reach="division"))
        assert [row["code"] for row in near.get("/supply/map").json()["projects"]] == ["A01", "B01"]

    def test_a_thousand_projects_are_one_query(
        self, branches: tuple[Supply, Supply, Supply], staff: Callable[..., Actor], client_as: Any
    ) -> None:
        operator = branches[0].operator
        made = Project.objects.bulk_create(
            Project(
                code=f"M{n}", name=f"M{n}", programme="public_rental", division="339901", operator=operator, sector=f"S{n % 40}",
                longitude=Decimal("118.0") + n % 50 / Decimal(100), latitude="26.6",
            )
            for n in range(1000)
        )  # fmt: skip
        UnitCount.objects.bulk_create(
            UnitCount(
                project=project, status=status, layout=layout, programme="public_rental", division="339901", units=45,
                floor_area=2000, rent=45000,
            )
            for project in made for status in ("vacant", "let") for layout in ("studio", "one_one", "two_one")
        )  # fmt: skip
        clerk = client_as(staff("supply.project.view"))
        with CaptureQueriesContext(connection) as asked:
            answer = clerk.get("/supply/map").json()
        assert len([query for query in asked if "supply_unitcount" in query["sql"]]) == 1
        assert (len(answer["projects"]), len(answer["sectors"])) == (1002, 40)
