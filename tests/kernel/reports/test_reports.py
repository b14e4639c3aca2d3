"""Reports on the supply of the demonstration: figures equal to the rows behind them, within the actor's reach."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db.models import Count, Sum
from python_calamine import CalamineWorkbook

from anju.kernel.audit.models import AuditEntry
from anju.kernel.reports import Dataset, Dimension, Measure, Report
from anju.kernel.reports.sources import Asked, BadReport, month_before, year_before
from anju.kernel.reports.tables import build
from anju.kernel.scope import Actor, system
from anju.supply.models import Unit
from anju.supply.services import seed_supply
from tests.reports import behind

pytestmark = pytest.mark.django_db
PATH = "/reports/supply.units_by_division_status"


@pytest.fixture
def clerk(staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Any:
    seed_supply()
    return client_as(staff("supply.unit.view", "reports.view"))


def test_every_figure_is_what_the_rows_say(clerk: Any) -> None:
    report = clerk.get(PATH).json()
    truth = Counter(Unit.objects.values_list("division", "status"))
    told = {
        (row["keys"]["division"], status): cell["units"]
        for row in report["rows"]
        for status, cell in row["cells"].items()
    }
    assert told == dict(truth)
    assert report["totals"]["values"]["units"] == sum(truth.values())
    assert [row["titles"] for row in report["rows"]] == [["江湾区"], ["南屏区"], ["文昌区"], ["云溪县"]]
    assert [column["code"] for column in report["columns"][0]["values"]][:2] == ["unconfirmed", "vacant"]


def test_a_rate_is_a_rate_of_sums(clerk: Any) -> None:
    report = clerk.get(PATH).json()
    occupied = Unit.objects.filter(status__in=["let", "leaving"]).count()
    assert report["totals"]["values"]["occupancy"] == f"{100 * occupied / Unit.objects.count():.1f}"


def test_the_way_down_leads_to_as_many_rows(clerk: Any, staff: Callable[..., Actor], client_as: Any) -> None:
    report = clerk.get(PATH).json()
    row, vacant = report["rows"][1], report["columns"][0]["values"][1]
    assert vacant["code"] == "vacant"
    assert len(behind(clerk, report, row, vacant)) == row["values"]["vacant"] == row["cells"]["vacant"]["units"]


def test_other_dimensions_measures_and_filters_can_be_chosen(clerk: Any) -> None:
    report = clerk.get(PATH, rows="project", columns="", measures="units,floor_area", **{"f.division": "339902"}).json()
    assert sorted(row["titles"][0] for row in report["rows"]) == sorted(["南屏里二期", "屏山青年公寓"])
    area = Unit.objects.filter(division="339902").aggregate(n=Sum("floor_area"))["n"]
    assert report["totals"]["values"]["floor_area"] == str(area)
    assert "cells" not in report["rows"][0]
    assert clerk.get(PATH, rows="nothing").status_code == 404
    assert clerk.get(PATH, rows="division,division").status_code == 422
    assert clerk.get(PATH, compare="week").status_code == 422
    assert clerk.get(PATH, **{"f.project": "x"}).status_code == 422
    assert clerk.get(PATH, **{"f.division": "(((00"}).status_code == 422


def test_a_report_shows_only_what_the_actor_reaches(
    city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]
) -> None:
    from anju.identity.services import make_organisation

    seed_supply()
    district = make_organisation(name="南屏区中心", kind="district", code="NP", division="339902", parent=city)
    report = client_as(staff("supply.unit.view", "reports.view", reach="division", org=district)).get(PATH).json()
    assert [row["keys"]["division"] for row in report["rows"]] == ["339902"]
    assert report["totals"]["values"]["units"] == Unit.objects.filter(division="339902").count()
    powerless = client_as(staff("other.right"))
    assert powerless.get(PATH).status_code == 403
    assert powerless.get("/reports").status_code == 403
    assert client_as(staff("reports.view")).get("/reports").json() == []
    assert client_as(staff("reports.view")).get(PATH).status_code == 403


def test_the_same_period_of_the_year_before_stands_beside() -> None:
    seed_supply()
    Unit.objects.filter(division="339904").update(released_on=date(2023, 9, 1))
    releases = Dataset(
        "t", "投放", Unit, "supply.unit.view", (Dimension("division", "区", "division", "division"),),
        (Measure("units", "套数", Count("id"), "套"),), period="released_on",
    )  # fmt: skip
    report = Report("t", "投放", releases, ["division"], ["units"])
    asked = Asked(start=date(2024, 1, 1), end=date(2024, 12, 31), compare="year")
    table = build(report, system(), asked)
    assert {row["keys"]["division"] for row in table["rows"]} == {"339901", "339902", "339903"}
    assert [row["keys"]["division"] for row in table["compared"]["rows"]] == ["339904"]
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    with pytest.raises(BadReport):
        build(report, system(), Asked(rows=["division"], compare="year"))


def test_the_month_before_keeps_the_ends_of_months() -> None:
    assert month_before(date(2026, 3, 15)) == date(2026, 2, 15)
    assert month_before(date(2026, 3, 31)) == date(2026, 2, 28)
    assert month_before(date(2026, 2, 28)) == date(2026, 1, 31)
    assert month_before(date(2026, 1, 1)) == date(2025, 12, 1)


def test_the_sheet_says_what_the_page_says_and_who_made_it(clerk: Any) -> None:
    report = clerk.get(PATH).json()
    answer = clerk.get(f"{PATH}/sheet")
    assert answer.status_code == 200
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert "测试员" in lines[1][0]
    heads = lines[3]
    assert heads[0] == "行政区划"
    position = heads.index("房源套数（套）")
    assert lines[4][0] == "合计"
    assert lines[4][position] == report["totals"]["values"]["units"]
    assert [(line[0], line[position]) for line in lines[5:9]] == [
        (row["titles"][0], row["values"]["units"]) for row in report["rows"]
    ]
    assert lines[5][heads.index("可供应 房源套数（套）")] == report["rows"][0]["cells"]["vacant"]["units"]
    assert AuditEntry.objects.filter(action="export", subject="report:supply.units_by_division_status").exists()
    assert clerk.get("/reports/nothing/sheet").status_code == 404


@pytest.mark.parametrize(("field", "day"), [("start", "0001-01-01"), ("end", "9999-12-31"), ("end", "0001-01-31")])
@pytest.mark.parametrize("compare", ["", "year", "month"])
def test_a_day_in_no_century_of_ours_is_refused_with_what_to_do(
    staff: Callable[..., Actor], client_as: Callable[[Actor], Any], field: str, day: str, compare: str
) -> None:
    reader = client_as(staff("supply.unit.view", "supply.publication.view", "reports.view"))
    for key in ("supply.units_by_division_status", "supply.units_by_month", "supply.publications_by_month"):
        other = "end" if field == "start" else "start"
        answer = reader.get(f"/reports/{key}?{field}={day}&{other}=2026-11-30&compare={compare}")
        assert (answer.status_code, answer.json()["field"]) == (422, field), key
        assert "1900" in answer.json()["message"]
