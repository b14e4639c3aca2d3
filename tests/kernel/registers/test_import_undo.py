"""An import is taken back whole while nothing rests on it, and not at all once something does."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from anju.kernel.audit.models import AuditEntry
from anju.kernel.jobs.watched import run as run_job
from anju.kernel.registers.models import Import, RegisterHistory
from anju.kernel.scope import Actor
from anju.supply.models import Building, Estate, Room, Unit, UnitCount
from tests.spreadsheets import Desk, workbook
from tests.supply.samples import Supply, make_supply

pytestmark = pytest.mark.django_db
HEADS = ["项目编码", "小区名称", "楼栋", "地上层数", "室号", "户型", "建筑面积", "月租金", "房间号"]
RIGHTS = [f"supply.unit.{verb}" for verb in ("view", "import", "change", "confirm")]


@pytest.fixture
def branch(city: Any) -> Supply:
    return make_supply("A", city.path)


@pytest.fixture
def desk(branch: Supply, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Desk:
    return Desk(client_as(staff(*RIGHTS, "supply.room.create", reach="org_and_below", name="周敏")))


def brought_in(desk: Desk) -> dict[str, Any]:
    rows = [["A01", "新苑", "1号楼", 9, "201", "两室一厅", 60, 1500, room] for room in ("A", "B")]
    rows.append(["A01", "A小区", "1号楼", 12, "202", "两室一厅", 60, 1500, ""])
    return desk.run(desk.upload("supply.units", workbook([HEADS, *rows]), kind="supply")["id"])


def undo(desk: Desk, import_id: int) -> Any:
    answer = desk.api.post(f"/imports/{import_id}/undo")
    if answer.status_code == 200 and answer.json()["state"] == "undoing":
        run_job(job_id=answer.json()["id"])
    return answer


def counted() -> int:
    return int(UnitCount.objects.aggregate(n=Sum("units"))["n"])


def test_what_it_made_is_gone_on_every_level_and_what_was_there_stays(desk: Desk, branch: Supply) -> None:
    done = brought_in(desk)
    assert (Unit.objects.count(), Room.objects.count(), Estate.objects.count(), counted()) == (3, 3, 2, 3)
    assert desk.read(done["id"])["can_undo"]
    assert undo(desk, done["id"]).status_code == 200
    assert desk.read(done["id"])["state"] == "undone"
    assert (Unit.objects.get(), Room.objects.get(), Estate.objects.get()) == (branch.unit, branch.room, branch.estate)
    assert (Building.objects.count(), counted()) == (1, 1)
    assert RegisterHistory.objects.filter(register="supply.units", action="delete").count() == 2
    assert AuditEntry.objects.filter(action="import", title__startswith="撤销导入").exists()
    assert undo(desk, done["id"]).json()["state"] == "undone"
    assert desk.api.post(f"/imports/{done['id']}/run").json()["code"] == "import.undone"


def test_what_it_changed_is_as_before(desk: Desk, branch: Supply) -> None:
    Unit.objects.filter(pk=branch.unit.pk).update(orientation="south", released_on="2026-01-02")
    rows = [["房源编码", "月租金", "朝向", "供应日期"], ["A-0101", "1500.50", "北", "2026-05-01"]]
    done = desk.run(desk.upload("supply.units", workbook(rows), kind="units")["id"])
    branch.unit.refresh_from_db()
    assert (branch.unit.rent, branch.unit.orientation) == (Decimal("1500.50"), "north")
    undo(desk, done["id"])
    version = branch.unit.version
    branch.unit.refresh_from_db()
    assert (branch.unit.rent, branch.unit.orientation, str(branch.unit.released_on)) == (
        Decimal("1205.10"), "south", "2026-01-02",
    )  # fmt: skip
    assert branch.unit.version == version + 1
    line = RegisterHistory.objects.filter(register="supply.units", row_id=branch.unit.pk).latest("id")
    assert (line.action, line.note.startswith("撤销导入"), len(line.changes)) == ("change", True, 3)


def test_once_somebody_changed_a_row_the_import_stays_as_it_is(desk: Desk) -> None:
    done = brought_in(desk)
    unit = Unit.objects.get(room_no="202")
    desk.api.patch(f"/registers/supply.units/rows/{unit.pk}", {"version": unit.version, "values": {"rent": 1}})
    undo(desk, done["id"])
    told = desk.read(done["id"])
    assert (told["state"], told["error"]["code"]) == ("done", "import.in_use")
    assert f"“{unit.code}”等记录在导入后又有 1 次变动" in told["error"]["message"]
    assert Unit.objects.count() == 3


def test_once_another_record_needs_a_row_the_import_stays_as_it_is(desk: Desk) -> None:
    done = brought_in(desk)
    Room.objects.create(unit=Unit.objects.get(room_no="202"), number="C")
    undo(desk, done["id"])
    told = desk.read(done["id"])
    assert (told["state"], told["error"]["message"]) == ("done", "“房间”已在使用这次导入的房源，不能整批撤销")
    assert (Unit.objects.count(), Room.objects.count()) == (3, 4)


def test_only_what_is_in_can_be_taken_back(desk: Desk, branch: Supply) -> None:
    checked = desk.upload("supply.units", workbook([["房源编码", "月租金"], ["A-0101", 1]]), kind="rents")
    assert not checked["can_undo"]
    assert desk.api.post(f"/imports/{checked['id']}/undo").json()["code"] == "import.not_undoable"
    Import.objects.filter(pk=checked["id"]).update(org_path="/999/")
    assert desk.api.post(f"/imports/{checked['id']}/undo").status_code == 404
