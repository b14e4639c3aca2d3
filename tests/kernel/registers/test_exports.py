"""Exports: what was filtered, what may be seen, who took it; and what a spreadsheet must not run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from anju.kernel.audit.models import AuditEntry
from anju.kernel.jobs.models import Job
from anju.kernel.jobs.watched import Context
from anju.kernel.jobs.watched import run as run_job
from anju.kernel.registers import exporting
from anju.kernel.scope import Actor
from anju.supply.models import Estate, Unit
from tests.kernel.registers.exports import exported, sheet
from tests.supply.samples import make_supply, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Any:
    ours = make_supply("A", city.path)
    make_supply("B", "/999/")
    make_unit(ours.building, "A-0102", "102", rent=900, status="locked", released_on="2026-01-02")
    rights = ["supply.unit.view", "supply.unit.export", "supply.estate.export", "supply.estate.view"]
    return client_as(staff(*rights, reach="org_and_below", name="周敏"))


def test_a_workbook_holds_the_filtered_rows_in_order_with_who_and_when(clerk: Any) -> None:
    content, job = exported(clerk, sort="-rent", filters={"layout": ["one_one"]})
    rows = sheet(content)
    assert "周敏" in rows[0][0]
    assert "导出" in rows[0][0]
    assert rows[1][:2] == ["房源编码", "坐落"]
    assert [row[0] for row in rows[2:]] == ["A-0101", "A-0102"]
    status = rows[1].index("状态")
    assert [row[status] for row in rows[2:]] == ["可供应", "锁定"]
    assert job.result["rows"] == 2
    entry = AuditEntry.objects.get(action="export")
    assert (entry.detail["rows"], entry.detail["filters"]) == (2, {"layout": ["one_one"]})


def test_csv_says_the_same_and_runs_no_formula(clerk: Any) -> None:
    Estate.objects.filter(name="A小区").update(address='=HYPERLINK("http://x")')
    content, _ = exported(clerk, "supply.estates", format="csv", columns=["name", "division", "address"])
    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert "周敏" in rows[0][0]
    assert rows[1:] == [["小区名称", "行政区划", "地址"], ["A小区", "江湾区", '\'=HYPERLINK("http://x")']]


def test_a_limit_and_a_search_are_kept(clerk: Any) -> None:
    content, job = exported(clerk, format="csv", limit=1)
    assert job.result["rows"] == 1
    assert len(content.decode("utf-8-sig").strip().split("\r\n")[0:1]) == 1
    _, searched = exported(clerk, format="csv", q="A-0102")
    assert searched.result["rows"] == 1


def test_what_the_register_does_not_have_is_refused_at_the_door(clerk: Any) -> None:
    for wanted in ({"columns": ["secret"]}, {"sort": "address"}, {"filters": {"nothing": ["1"]}}, {"format": "pdf"}):
        assert clerk.post("/registers/supply.units/exports", wanted).status_code == 422
    assert not Job.objects.exists()


def test_another_person_cannot_fetch_the_file(clerk: Any, staff: Callable[..., Actor], client_as: Any) -> None:
    _, job = exported(clerk)
    stranger = client_as(staff("supply.unit.view", "supply.unit.export"))
    assert stranger.get(f"/files/{job.file_id}").status_code == 404


def test_rows_out_of_reach_are_not_in_the_file(clerk: Any) -> None:
    _, job = exported(clerk)
    assert Unit.objects.count() == 3
    assert job.result["rows"] == 2


@pytest.mark.django_db(transaction=True)
def test_an_export_tells_how_far_it_is_and_ends_when_it_is_not_wanted_any_more(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "EVERY", 1)
    told: list[tuple[int, int]] = []
    stopping = False
    tell = Context.tell

    def seen(context: Context, done: int, total: int) -> None:
        told.append((done, total))
        if stopping and done:
            other = connection.copy()
            with other.cursor() as cursor:
                cursor.execute("UPDATE jobs_job SET cancel_requested = true WHERE id = %s", [context.job.pk])
            other.close()
        tell(context, done, total)

    monkeypatch.setattr(Context, "tell", seen)
    for form in ("csv", "xlsx"):
        told.clear()
        stopping = False
        exported(clerk, format=form)
        assert told == [(0, 2), (1, 2), (2, 2)], form
        told.clear()
        stopping = True
        begun = clerk.post("/registers/supply.units/exports", {"format": form}).json()
        run_job(job_id=begun["id"])
        job = Job.objects.get(pk=begun["id"])
        assert (told, job.state, job.done, job.file_id) == ([(0, 2), (1, 2)], "cancelled", 1, None), form
    assert AuditEntry.objects.filter(action="export").count() == 2, "what was not taken is not recorded as taken"
