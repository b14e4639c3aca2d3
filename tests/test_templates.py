"""A city's first data out of spreadsheets: each kind from the template that its page offers (PR-03.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db.models import Model

from anju.households.models import Person
from anju.kernel.scope import Actor, system
from anju.supply.models import Building, Operator, Project, Unit
from anju.supply.services import confirm_unit, publish_unit
from anju.tenancy.models import Contract
from tests.spreadsheets import Desk, filled

KINDS = ("supply.project", "supply.estate", "supply.building", "supply.unit", "households.person", "tenancy.contract")
NUMBER = "339901197105050023"
# Register, kind of import, what the row says beside the template's own examples, and the table it fills.
SHEETS: list[tuple[str, str, Mapping[str, Any], type[Model]]] = [
    ("supply.projects", "projects", {}, Project),
    ("supply.units", "supply", {"房间号": "", "房间使用面积": "", "床位号": "", "床位月租金": ""}, Building),
    ("supply.units", "rents", {"月租金": 2050.5}, Unit),
    ("households.persons", "persons", {"证件号码": NUMBER, "性别": ""}, Person),
    ("tenancy.contracts", "contracts", {"资格证号": "", "证件号码": NUMBER}, Contract),
]


@pytest.fixture
def desk(city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Desk:
    Operator.objects.create(code="OP-001", name="江湾住房租赁有限公司", org_path=city.path, division="339901")
    rights = [f"{kind}.{verb}" for kind in KINDS for verb in ("view", "import")]
    return Desk(client_as(staff(*rights, reach="org_and_below", name="周敏")))


@pytest.mark.django_db
@pytest.mark.covers("PR-03.1")
def test_projects_buildings_persons_rents_and_contracts_come_in_from_their_templates(desk: Desk) -> None:
    for register, kind, row, table in SHEETS:
        offered = {each["key"] for each in desk.api.get(f"/registers/{register}").json()["imports"]}
        assert kind in offered, "the page offers it"
        file = filled(desk.template(register, kind), [row])
        checked = desk.upload(register, file, kind=kind)
        assert (checked["total"], checked["failed"]) == (1, 0), desk.failed(checked["id"])
        assert desk.run(checked["id"])["done"] == 1
        assert table._default_manager.count() == 1
        if kind == "rents":
            confirm_unit(actor=system(), unit_id=Unit.objects.get().pk)
            publish_unit(actor=system(), unit_id=Unit.objects.get().pk)
        again = desk.upload(register, file, kind=kind)
        desk.run(again["id"])
        assert table._default_manager.count() == 1, "a repeat doubles nothing"
    unit, contract = Unit.objects.get(), Contract.objects.get()
    assert (str(unit.rent), unit.status, unit.contract_id) == ("2050.50", "let", contract.pk)
    assert (contract.state, contract.tenant_number, contract.unit_id) == ("filed", NUMBER, unit.pk)
    assert Person.objects.get().document_number == NUMBER, "the contract's tenant is the person imported before"
