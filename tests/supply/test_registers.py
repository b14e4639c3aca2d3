"""The registers of supply through the register test kit (PR-04, PR-05)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from anju.kernel.registers.models import RegisterHistory
from anju.kernel.scope import Actor
from anju.supply.models import Bed, Building, Estate, Operator, Project, Room, Unit
from tests.kernel.registers.kit import Office, RegisterKit
from tests.supply.samples import Supply, make_supply, make_unit


def supply_of(office: Office) -> Supply:
    """The office's branch, made when first asked for."""
    mark = office.organisation.code
    if not Operator.objects.filter(code=f"{mark}-OP").exists():
        return make_supply(mark, office.path, office.division)
    unit = Unit.objects.get(code=f"{mark}-0101")
    return Supply(
        unit.project.operator, unit.project, unit.estate, unit.building, unit, Room.objects.get(unit=unit, number="A")
    )


class TestOperators(RegisterKit):
    key = "supply.operators"
    change = {"contact": "新联系人", "phone": "0599-6201 9999"}

    def own(self, office: Office) -> models.Model:
        code = f"{office.organisation.code}-OP2"
        return Operator.objects.create(code=code, name="某机构", org_path=office.path, division=office.division)

    def values(self, office: Office) -> dict[str, Any]:
        return {"code": "OP-9", "name": "新机构", "division": office.division}

    def test_an_operator_with_projects_stays(self) -> None:
        operator = supply_of(self.office).operator
        refused = self.clerk.delete(f"{self.path}/rows/{operator.pk}?version=1")
        assert (refused.status_code, refused.json()["code"]) == (409, "supply.operator_in_use")
        assert Operator.objects.filter(pk=operator.pk).exists()


class TestProjects(RegisterKit):
    key = "supply.projects"
    change = {"street": "新街道", "rent_standard": "26.50"}

    def own(self, office: Office) -> models.Model:
        branch = supply_of(office)
        return Project.objects.create(
            code=f"{branch.project.code}X",
            name="空项目",
            programme="public_rental",
            operator=branch.operator,
            division=office.division,
        )

    def values(self, office: Office) -> dict[str, Any]:
        return {
            "code": "NEW1",
            "name": "新项目",
            "programme": "public_rental",
            "division": office.division,
            "operator": supply_of(office).operator.pk,
        }

    @pytest.mark.covers("PR-04.1")
    def test_a_project_belongs_to_a_district_and_is_found_by_it(self) -> None:
        whole_city = self.clerk.post(f"{self.path}/rows", {"values": self.values(self.office) | {"division": "339900"}})
        assert whole_city.status_code == 422
        assert whole_city.json()["details"]["errors"][0]["field"] == "division"
        made = self.clerk.post(f"{self.path}/rows", {"values": self.values(self.office)}).json()
        found = self.clerk.get(f"{self.path}/rows", **{"f.division": self.office.division, "q": "新项目"}).json()[
            "rows"
        ]
        assert [row["id"] for row in found] == [made["id"]]
        assert self.clerk.get(f"{self.path}/rows", **{"f.division": "339904", "q": "新项目"}).json()["rows"] == []

    @pytest.mark.covers("PR-04.1")
    def test_a_project_with_buildings_cannot_be_deleted_and_the_message_says_why(self) -> None:
        project = supply_of(self.office).project
        refused = self.clerk.delete(f"{self.path}/rows/{project.pk}?version=1")
        assert (refused.status_code, refused.json()["code"]) == (409, "supply.project_in_use")
        assert "1 栋楼" in refused.json()["message"]
        assert Project.objects.filter(pk=project.pk).exists()

    @pytest.mark.covers("PR-04.1")
    def test_an_empty_project_is_created_changed_and_deleted(self) -> None:
        rows = f"{self.path}/rows"
        made = self.clerk.post(rows, {"values": self.values(self.office)}).json()["id"]
        record = self.clerk.get(f"{rows}/{made}").json()
        changed = self.clerk.patch(
            f"{rows}/{made}", {"version": record["version"], "values": {"name": "新项目二期", "street": "望江街道"}}
        )
        assert changed.status_code == 200
        (found,) = self.clerk.get(rows, q="新项目二期").json()["rows"]
        assert (found["id"], found["division"]) == (made, self.office.division)
        version = changed.json()["version"]
        # an estate without a building keeps it too; without it nothing does
        estate = Estate.objects.create(project_id=made, name="空小区")
        stays = self.clerk.delete(f"{rows}/{made}", version=version)
        assert (stays.status_code, stays.json()["code"]) == (409, "supply.project_in_use")
        assert stays.json()["message"] == "新项目二期下还有 1 个小区，不能删除"
        estate.delete()
        assert self.clerk.delete(f"{rows}/{made}", version=version - 1).status_code == 409, (
            "as it is now, not as it was"
        )
        assert self.clerk.delete(f"{rows}/{made}", version=version).status_code == 200
        assert not Project.objects.filter(pk=made).exists()
        assert self.clerk.get(rows, q="新项目二期").json()["rows"] == []
        assert self.clerk.get(f"{rows}/{made}").status_code == 404
        history = RegisterHistory.objects.filter(register=self.key, row_id=made).order_by("id")
        assert [line.action for line in history] == ["create", "change", "delete"]

    def test_a_row_may_not_be_moved_out_of_reach(self) -> None:
        theirs = supply_of(self.other).operator
        ours = self.own(self.office)
        refused = self.clerk.patch(f"{self.path}/rows/{ours.pk}", {"version": 1, "values": {"operator": theirs.pk}})
        assert refused.status_code == 422
        assert Project.objects.get(pk=ours.pk).operator_id != theirs.pk

    def test_a_code_that_is_taken_is_said_in_chinese(self) -> None:
        taken = self.clerk.post(
            f"{self.path}/rows", {"values": self.values(self.office) | {"code": supply_of(self.office).project.code}}
        )
        assert (taken.status_code, taken.json()["code"]) == (409, "supply.project_code_taken")

    def test_what_stands_below_follows_its_project_to_another_operator(self) -> None:
        branch, theirs = supply_of(self.office), supply_of(self.other)
        Project.objects.filter(pk=branch.project.pk).update(operator=theirs.operator, division="339903")
        for row in (branch.estate, branch.building, branch.unit, branch.room):
            row.refresh_from_db()
            assert (row.org_path, row.division) == (theirs.operator.org_path, "339903")


class TestEstates(RegisterKit):
    key = "supply.estates"
    change = {"address": "新地址 1 号"}

    def own(self, office: Office) -> models.Model:
        return Estate.objects.create(project=supply_of(office).project, name="空小区")

    def values(self, office: Office) -> dict[str, Any]:
        return {"project": supply_of(office).project.pk, "name": "新小区"}

    @pytest.mark.covers("PR-05.1")
    def test_an_estate_without_its_project_is_refused(self) -> None:
        answer = self.clerk.post(f"{self.path}/rows", {"values": {"name": "无主小区"}})
        assert answer.json()["details"]["errors"] == [
            {"field": "project", "code": "required", "message": "必填，请选择"}
        ]
        unknown = self.clerk.post(f"{self.path}/rows", {"values": {"name": "无主小区", "project": 10**9}})
        assert unknown.json()["details"]["errors"][0]["code"] == "not_found"


class TestBuildings(RegisterKit):
    key = "supply.buildings"
    change = {"floors": 18}

    def own(self, office: Office) -> models.Model:
        return Building.objects.create(estate=supply_of(office).estate, name="9号楼", floors=6)

    def values(self, office: Office) -> dict[str, Any]:
        return {"estate": supply_of(office).estate.pk, "name": "8号楼", "floors": 11}


class TestUnits(RegisterKit):
    key = "supply.units"
    change = {"rent": "1300.00", "orientation": "south"}

    def own(self, office: Office) -> models.Model:
        code = f"{office.organisation.code}-0102"
        return make_unit(supply_of(office).building, code, "102", status="unconfirmed")

    def values(self, office: Office) -> dict[str, Any]:
        return {
            "building": supply_of(office).building.pk,
            "code": "NEW-0201",
            "room_no": "201",
            "floor": 2,
            "layout": "two_one",
            "floor_area": "62.18",
            "rent": "1500.00",
            "channel": "online",
        }

    @pytest.mark.covers("PR-05.1")
    @pytest.mark.parametrize(
        ("values", "constraint"),
        [
            ({"floor_area": 0}, "supply_unit_floor_area"),
            ({"rent": -1}, "supply_unit_rent"),
            ({"status": "sold"}, "supply_unit_status"),
            ({"room_no": "101"}, "supply_unit_room_no"),
            ({"status": "held"}, "supply_unit_held"),
            ({"status": "let"}, "supply_unit_occupied"),
        ],
    )
    def test_the_table_itself_refuses_what_must_not_be(self, values: dict[str, Any], constraint: str) -> None:
        building = supply_of(self.office).building
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            make_unit(building, "BAD-1", values.pop("room_no", "999"), **values)

    @pytest.mark.covers("PR-05.1")
    def test_a_unit_without_its_building_is_refused(self) -> None:
        values = self.values(self.office)
        del values["building"]
        answer = self.clerk.post(f"{self.path}/rows", {"values": values})
        assert [error["field"] for error in answer.json()["details"]["errors"]] == ["building"]
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.create(code="X", room_no="1", floor=1, layout="studio", floor_area=30, rent=1)

    def test_a_batch_tells_each_refusal_with_its_row(self) -> None:
        vacant, held = (
            self.own(self.office),
            make_unit(supply_of(self.office).building, "HELD-1", "103", status="held", held_for="choice:1"),
        )
        path = f"{self.path}/actions/repair"
        answer = self.clerk.post(path, {"ids": [vacant.pk, held.pk], "values": {"note": "门锁"}}).json()
        assert answer["done"] == 1
        assert [(item["id"], item["code"]) for item in answer["failed"]] == [(held.pk, "supply.not_repairable")]
        assert Unit.objects.get(pk=vacant.pk).status == "repair"
        assert Unit.objects.get(pk=held.pk).status == "held"

    def test_an_action_on_another_offices_unit_does_nothing(self) -> None:
        theirs = self.own(self.other)
        answer = self.clerk.post(f"{self.path}/actions/repair", {"ids": [theirs.pk], "values": {"note": "门锁"}})
        assert answer.status_code == 404
        assert Unit.objects.get(pk=theirs.pk).status == "unconfirmed"

    def test_two_characters_find_an_estate_and_percent_signs_are_only_signs(self) -> None:
        unit = self.own(self.office)
        found = self.clerk.get(f"{self.path}/rows", q="小区 102").json()["rows"]
        assert [row["id"] for row in found] == [unit.pk]
        assert self.clerk.get(f"{self.path}/rows", q="1%2").json()["rows"] == []


class TestRooms(RegisterKit):
    key = "supply.rooms"
    change = {"kind": "客厅"}

    def own(self, office: Office) -> models.Model:
        return Room.objects.create(unit=supply_of(office).unit, number="B")

    def values(self, office: Office) -> dict[str, Any]:
        return {"unit": supply_of(office).unit.pk, "number": "C", "kind": "卧室", "floor_area": "12.50"}

    @pytest.mark.covers("PR-05.1")
    def test_a_room_without_its_unit_is_refused_and_numbers_do_not_repeat(self) -> None:
        orphan = self.clerk.post(f"{self.path}/rows", {"values": {"number": "Z"}})
        assert [error["field"] for error in orphan.json()["details"]["errors"]] == ["unit"]
        twice = self.clerk.post(f"{self.path}/rows", {"values": self.values(self.office) | {"number": "A"}})
        assert (twice.status_code, twice.json()["code"]) == (409, "supply.room_taken")


class TestBeds(RegisterKit):
    key = "supply.beds"
    change = {"usable": False}

    def own(self, office: Office) -> models.Model:
        return Bed.objects.create(room=Room.objects.create(unit=supply_of(office).unit, number="B"), number="1")

    def values(self, office: Office) -> dict[str, Any]:
        room, _ = Room.objects.get_or_create(unit=supply_of(office).unit, number="A")
        return {"room": room.pk, "number": "2", "rent": "420.00", "usable": True}

    def test_a_bed_needs_its_room_and_a_room_with_beds_stays(self, staff: Any, client_as: Any) -> None:
        bed = self.own(self.office)
        orphan = self.clerk.post(f"{self.path}/rows", {"values": {"number": "9"}})
        assert [error["field"] for error in orphan.json()["details"]["errors"]] == ["room"]
        twice = self.clerk.post(f"{self.path}/rows", {"values": {"room": bed.room_id, "number": "1"}})
        assert (twice.status_code, twice.json()["code"]) == (409, "supply.bed_taken")
        cleared = self.clerk.post(f"{self.path}/rows", {"values": self.values(self.office) | {"rent": "-1"}})
        assert [error["code"] for error in cleared.json()["details"]["errors"]] == ["too_small"]
        keeper = client_as(staff("supply.room.view", "supply.room.delete", reach="org", org=self.office.organisation))
        stays = keeper.delete(f"/registers/supply.rooms/rows/{bed.room_id}?version=1")
        assert stays.json()["code"] == "supply.room_in_use"

    def test_a_bed_goes_where_its_unit_goes(self) -> None:
        bed = self.own(self.office)
        Unit.objects.filter(pk=bed.room.unit_id).update(
            lent_path=self.other.path, lent_division=self.other.division, status="ready", published=False
        )
        bed.refresh_from_db()
        assert (bed.org_path, bed.division) == (self.other.path, self.other.division)
        assert self.clerk.get(f"{self.path}/rows/{bed.pk}").status_code == 404


@pytest.mark.django_db
def test_an_operators_organisation_reaches_all_that_it_runs(
    city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    from anju.identity.services import make_organisation

    company = make_organisation(name="丙机构", kind="operator", code="BING", division="339903", parent=city)
    branch = make_supply("C", "/")
    keeper = client_as(staff("supply.operator.view", "supply.operator.change", "identity.organisation.view"))
    clerk = client_as(staff("supply.unit.view", reach="org_and_below", org=company))
    assert clerk.get("/registers/supply.units/rows").json()["rows"] == []
    path = f"/registers/supply.operators/rows/{branch.operator.pk}"
    changed = keeper.patch(path, {"version": 1, "values": {"organisation": company.pk}})
    assert changed.status_code == 200, changed.json()
    assert [row["code"] for row in clerk.get("/registers/supply.units/rows").json()["rows"]] == ["C-0101"]
