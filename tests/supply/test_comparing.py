"""What other systems hold of units beside what is here, portion by portion, and telling them again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from anju.kernel.audit.models import AuditEntry
from anju.kernel.scope import Actor, system
from anju.supply import comparing, handing, pushing
from anju.supply.models import System, Unit, UnitDue
from tests.supply.samples import make_supply, make_unit

pytestmark = pytest.mark.django_db
PATH = "/supply/pushes/differences"


@pytest.fixture
def clerk(city: Any, staff: Callable[..., Actor], client_as: Callable[[Actor], Any]) -> Any:
    return client_as(staff("supply.push.view", "supply.push.again", reach="org_and_below"))


@pytest.mark.covers("SH-188.4")
def test_what_differs_is_listed_with_both_values_and_told_again(
    clerk: Any, city: Any, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = make_supply("A", city.path)
    late = make_unit(ours.building, "A-0102", "102", status="ready")
    foreign = make_supply("B", "/999/").unit
    pushing.push_system("data_hub")
    assert clerk.get(PATH, system="data_hub").json() == {"compared": 2, "rows": [], "next": None}
    # what changes stays due until it is told; meanwhile it differs
    Unit.objects.filter(pk=ours.unit.pk).update(rent="1300.00", layout="two_one")
    (row,) = clerk.get(PATH, system="data_hub").json()["rows"]
    assert (row["code"], row["kind"], row["due"]) == ("A-0101", "differs", True)
    assert row["fields"] == [
        {"key": "layout", "title": "户型", "ours": "两室一厅", "theirs": "一室一厅"},
        {"key": "rent", "title": "月租金（元）", "ours": "1300.00", "theirs": "1205.10"},
    ]
    # a system that lost what it was told
    pushing.push_system("data_hub")
    sandbox.reset(everything=True)
    monkeypatch.setattr(comparing, "AT_ONCE", 1)
    first = clerk.get(PATH, system="data_hub").json()
    assert (first["compared"], first["next"]) == (1, first["rows"][0]["id"])
    second = clerk.get(PATH, system="data_hub", after=first["next"]).json()
    lost = first["rows"] + second["rows"]
    assert [(one["code"], one["kind"], one["due"]) for one in lost] == [
        ("A-0101", "missing", False), ("A-0102", "missing", False)
    ]  # fmt: skip
    again = {"system": "data_hub", "unit_ids": [one["id"] for one in lost]}
    assert clerk.post("/supply/pushes/again", again).json() == {"told": 2}
    assert AuditEntry.objects.filter(subject="supply.pushes:data_hub").count() == 1
    pushing.push_system("data_hub")
    assert set(sandbox.units("data_hub")) == {"A-0101", "A-0102"}
    assert clerk.get(PATH, system="data_hub", after=0).json()["rows"] == []
    # another office's unit, and a unit that a system does not use, are told to nobody
    for using, unit in (("data_hub", foreign), ("land_expropriation", late)):
        refused = clerk.post("/supply/pushes/again", {"system": using, "unit_ids": [ours.unit.pk, unit.pk]})
        assert refused.status_code == 404
    assert not UnitDue.objects.exists()


def test_only_units_that_a_system_uses_are_compared_with_it(clerk: Any, city: Any, sandbox: Any) -> None:
    branch = make_supply("A", city.path, programme="resettlement")
    used = make_unit(branch.building, "A-0201", "201", status="ready")
    handing.assign(actor=system(), unit_id=used.pk, system=System.LAND)
    found = clerk.get(PATH, system="land_expropriation").json()
    assert [(row["code"], row["kind"], row["due"]) for row in found["rows"]] == [("A-0201", "missing", True)]
    assert clerk.get(PATH, system="agreement_exchange").json()["compared"] == 0
    assert clerk.get(PATH, system="nobody").status_code == 422
    sandbox.behave("land_expropriation", "fail")
    assert clerk.get(PATH, system="land_expropriation").status_code == 503
