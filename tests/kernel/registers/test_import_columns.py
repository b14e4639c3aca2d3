"""Column names that a template does not know: asked for once, remembered for the office, never guessed silently."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from anju.kernel.jobs.watched import run as run_job
from anju.kernel.registers.models import HeaderName, ImportRow
from anju.kernel.scope import Actor
from anju.supply.models import Unit
from tests.spreadsheets import Desk, workbook
from tests.supply.samples import make_supply

pytestmark = pytest.mark.django_db
RIGHTS = ["supply.unit.view", "supply.unit.import", "supply.unit.confirm"]
SHEET = workbook([["房号代码", "每月租金（元）", "备注说明"], ["A-0101", 1300, "南向"]])
MEANT = {"房号代码": "unit", "每月租金（元）": "rent", "备注说明": ""}


@pytest.fixture
def desk(city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Desk:
    make_supply("A", city.path)
    return Desk(client_as(staff(*RIGHTS, reach="org_and_below", name="周敏")))


def told(desk: Desk, import_id: int, meant: dict[str, str]) -> Any:
    return desk.api.post(f"/imports/{import_id}/columns", {"columns": meant})


def test_foreign_names_are_asked_for_once_and_known_at_the_next_upload(desk: Desk) -> None:
    asked = desk.upload("supply.units", SHEET, kind="rents")
    assert asked["state"] == "mapping"
    headers = {item["header"]: item for item in asked["error"]["details"]["headers"]}
    assert headers["每月租金（元）"]["field"] == "rent", "a near title is proposed"
    assert headers["房号代码"]["samples"] == ["A-0101"]
    assert not ImportRow.objects.exists()

    answer = told(desk, asked["id"], MEANT)
    assert answer.status_code == 200, answer.json()
    run_job(job_id=answer.json()["id"])
    checked = desk.read(asked["id"])
    assert (checked["state"], checked["update"], checked["failed"], checked["error"]) == ("checked", 1, 0, None)
    assert desk.run(asked["id"])["done"] == 1
    assert Unit.objects.get(code="A-0101").rent == 1300

    again = desk.upload("supply.units", SHEET, kind="rents")
    assert (again["state"], again["total"], again["failed"]) == ("checked", 1, 0)
    assert told(desk, again["id"], MEANT).json()["code"] == "import.not_mapping"


def test_another_office_is_asked_itself(
    desk: Desk, city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    from anju.identity.services import make_organisation

    first = desk.upload("supply.units", SHEET, kind="rents")
    told(desk, first["id"], MEANT)
    office = make_organisation(name="乙机构", kind="operator", code="YI", division="339902", parent=city)
    other = Desk(client_as(staff(*RIGHTS, reach="org_and_below", org=office)))
    assert other.upload("supply.units", SHEET, kind="rents")["state"] == "mapping"
    assert told(other, first["id"], MEANT).status_code == 404


@pytest.mark.parametrize(
    ("meant", "code"),
    [
        (MEANT | {"房号代码": ""}, "import.missing"),
        (MEANT | {"备注说明": "rent"}, "import.doubled"),
        (MEANT | {"备注说明": "nothing"}, "import.unknown_field"),
        (MEANT | {"没有的列": "rent"}, "import.no_header"),
    ],
)
def test_an_answer_that_cannot_work_is_refused_and_nothing_is_remembered(
    desk: Desk, meant: dict[str, str], code: str
) -> None:
    asked = desk.upload("supply.units", SHEET, kind="rents")
    refused = told(desk, asked["id"], meant)
    assert refused.status_code == 422
    assert code in {error["code"] for error in refused.json()["details"]["errors"]}
    assert not HeaderName.objects.exists()
    assert desk.read(asked["id"])["state"] == "mapping"


def test_two_columns_of_one_name_cannot_be_told_apart(desk: Desk) -> None:
    sheet = workbook([["房源编码", "价", "价"], ["A-0101", 1, 2]])
    refused = desk.upload("supply.units", sheet, kind="rents")
    assert (refused["state"], refused["error"]["code"]) == ("failed", "import.wrong_columns")
