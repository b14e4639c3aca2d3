"""Organisations form a tree; what is kept under one keeps it from being deleted, and is named (PR-25.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from anju.households.models import Person
from anju.households.services import find_or_make_person, note_dealings
from anju.households.synthetic import synthetic_id
from anju.identity.holdings import _HOLDINGS, held_by, holdings
from anju.identity.models import Account, Organisation
from anju.identity.services import make_organisation
from anju.kernel.scope import Actor
from anju.supply.models import Building, Project
from tests.spreadsheets import Desk, filled
from tests.supply.samples import make_supply

BORN = date(1988, 5, 4)

RIGHTS = [f"{table}.{verb}" for table in ("identity.organisation", "identity.account", "supply.operator",
          "supply.project", "supply.estate", "supply.building") for verb in ("view", "create", "change", "delete")]  # fmt: skip


@pytest.fixture
def clerk(staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Any:
    return client_as(staff(*RIGHTS))


@pytest.fixture
def office(city: Organisation) -> Organisation:
    return make_organisation(name="西桥分中心", kind="operator", code="XQ", division="339901", parent=city)


def delete(clerk: Any, organisation: Organisation) -> Any:
    organisation.refresh_from_db()
    return clerk.delete(f"/registers/identity.organisations/rows/{organisation.pk}?version={organisation.version}")


def refused(clerk: Any, organisation: Organisation) -> str:
    """The sentence with which the deletion is refused; nothing has gone."""
    answer = delete(clerk, organisation)
    assert (answer.status_code, answer.json()["code"]) == (409, "organisation.in_use"), answer.json()
    assert Organisation.objects.filter(pk=organisation.pk).exists()
    return str(answer.json()["message"])


@pytest.mark.covers("PR-25.1")
def test_units_form_a_tree_whose_paths_lead_to_the_root(clerk: Any, city: Organisation, office: Organisation) -> None:
    values = {"code": "XQ-1", "name": "西桥一所", "kind": "operator", "division": "339901", "active": True}
    without = clerk.post("/registers/identity.organisations/rows", {"values": values})
    assert without.status_code == 422
    assert {error["field"] for error in without.json()["details"]["errors"]} == {"parent"}
    made = clerk.post("/registers/identity.organisations/rows", {"values": values | {"parent": office.pk}})
    assert made.status_code == 200, made.json()
    below = Organisation.objects.get(code="XQ-1")
    assert below.path == f"/{city.pk}/{office.pk}/{below.pk}/"
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=below.pk).update(parent=below)


@pytest.mark.covers("PR-25.1")
def test_a_unit_with_nothing_under_it_can_be_deleted(clerk: Any, office: Organisation) -> None:
    assert held_by(office) == []
    assert delete(clerk, office).status_code in (200, 204)
    assert not Organisation.objects.filter(pk=office.pk).exists()


@pytest.mark.covers("PR-25.1")
def test_children_and_accounts_keep_a_unit(clerk: Any, office: Organisation, staff: Callable[..., Actor]) -> None:
    below = make_organisation(name="西桥一所", kind="operator", code="XQ-1", division="339901", parent=office)
    staff("some.right", org=office)
    assert refused(clerk, office) == "西桥分中心下还有 1 个账号、1 个下级机构，不能删除"
    Account.objects.filter(organisation=office).delete()
    assert refused(clerk, office) == "西桥分中心下还有 1 个下级机构，不能删除"
    assert delete(clerk, below).status_code in (200, 204)
    assert delete(clerk, office).status_code in (200, 204)


@pytest.mark.covers("PR-25.1")
def test_data_of_the_contexts_keep_a_unit_and_are_named(clerk: Any, office: Organisation) -> None:
    make_supply("XQ", office.path)
    said = refused(clerk, office)
    for held in ("1 个运营机构", "1 个项目", "1 个小区", "1 栋楼", "1 套房源", "1 间房间"):
        assert held in said
    person = find_or_make_person("id_card", synthetic_id("339901", BORN, 3), "陈小满")
    other = make_organisation(name="东桥", kind="operator", code="DQ", division="339901", parent=office.parent)
    note_dealings([person.pk], org_path=other.path, division="339901")
    assert refused(clerk, other) == "东桥下还有 1 名人员，不能删除"


@pytest.mark.covers("PR-25.1")
def test_a_table_that_nobody_declared_keeps_a_unit_too(
    clerk: Any, office: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = {key: holding for key, holding in _HOLDINGS.items() if not key[0].startswith("supply.")}
    monkeypatch.setattr("anju.identity.holdings._HOLDINGS", left)
    make_supply("XQ", office.path)
    assert refused(clerk, office) == "西桥分中心下还有 6 条其他数据，不能删除"


@pytest.mark.covers("PR-25.1")
def test_what_is_declared_is_there(db: None) -> None:
    nowhere = Organisation(pk=1, path="/1/", name="某机构")
    assert {holding.count(nowhere) for holding in holdings()} == {0}


@pytest.mark.covers("PR-25.1")
def test_projects_buildings_and_persons_need_a_unit(clerk: Any, office: Organisation) -> None:
    """A project takes its unit from its operator and has a district, a building from its project, an account names
    one; a resident's record is reached through the offices that deal with him."""
    branch = make_supply("XQ", office.path)
    for register, values, missing in (
        ("supply.projects", {"code": "P9", "name": "新家园", "programme": "public_rental"}, {"operator", "division"}),
        ("supply.buildings", {"name": "9号楼", "floors": 6}, {"estate"}),
        ("identity.accounts", {"username": "xinren", "name": "新人"}, {"organisation"}),
    ):
        answer = clerk.post(f"/registers/{register}/rows", {"values": values})
        assert answer.status_code == 422, answer.json()
        assert missing <= {error["field"] for error in answer.json()["details"]["errors"]}
    assert not Project.objects.filter(code="P9").exists()
    assert not Account.objects.filter(username="xinren").exists()
    building = Building.objects.create(estate=branch.estate, name="2号楼", floors=3)
    building.refresh_from_db()
    assert (building.org_path, branch.project.org_path) == (office.path, office.path)
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.create(code="P8", name="无主", programme="public_rental", division="339901")
    with pytest.raises(IntegrityError), transaction.atomic():
        Building.objects.create(name="无主楼", floors=3)


@pytest.mark.covers("PR-25.1")
def test_a_person_registered_at_the_desk_belongs_to_the_desks_unit(
    office: Organisation, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    desk = Desk(client_as(staff("households.person.view", "households.person.import", org=office)))
    row = {"姓名": "林舒", "证件号码": synthetic_id("339901", BORN, 5), "性别": "", "出生日期": ""}
    checked = desk.upload("households.persons", filled(desk.template("households.persons"), [row]))
    assert desk.run(checked["id"])["done"] == 1
    person = Person.objects.get(name="林舒")
    assert [dealing.org_path for dealing in person.dealings.all()] == [office.path]
    assert held_by(office) == ["1 个账号", "1 次批量导入", "1 名人员"]
