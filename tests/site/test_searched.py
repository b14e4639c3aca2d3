"""What is searched for may come in a header instead of the address; a view keeps no number of a person."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from anju.kernel.registers.models import SavedView
from tests.casework import Town

pytestmark = pytest.mark.django_db
ROWS = "/registers/cases.cases/rows"


def searched(api: Any, path: str, header: str) -> Any:
    return api.client.get(f"/api{path}", headers={"X-Anju-Search": header})


def test_a_header_finds_what_the_parameter_finds(town: Town) -> None:
    found, _ = town.apply(town.household("周晓芳")), town.apply(town.household("何秀兰"))
    clerk = town.staff("fangting")
    by_address = clerk.get(ROWS, q="周晓芳").json()["rows"]
    assert [row["number"] for row in by_address] == [found.number]
    assert searched(clerk, ROWS, quote("周晓芳")).json()["rows"] == by_address
    todo = searched(clerk, "/cases/todo?view=todo", found.number).json()["rows"]
    assert [row["number"] for row in todo] == [found.number]


@pytest.mark.parametrize("header", ["%00", "%ff%fe", "%E5" * 10, quote("周") * 500])
def test_a_header_that_is_no_text_is_refused(town: Town, header: str) -> None:
    answer = searched(town.staff("fangting"), ROWS, header)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed")


@pytest.mark.parametrize("number", ["339901199001010026", "33990119900101002X", "13912345678", "339901 19900101 0026"])
def test_a_view_keeps_no_number_of_a_person(town: Town, number: str) -> None:
    clerk = town.staff("fangting")
    view = {"title": "找人", "filters": {"state": ["open"]}, "q": f"周晓芳 {number}", "sort": ""}
    assert clerk.post("/registers/cases.cases/views", view).json()["q"] == ""
    assert SavedView.objects.get(title="找人").q == ""
    view["q"] = "GZ3399012026000001"
    assert clerk.post("/registers/cases.cases/views", view).json()["q"] == "GZ3399012026000001"
