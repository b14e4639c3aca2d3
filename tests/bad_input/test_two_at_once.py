"""Two clerks at one row at the same moment: one is heard, the other is told, sees both versions, and loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import close_old_connections, connections

from anju.kernel.registers.models import RegisterHistory
from anju.kernel.scope import Reach
from anju.supply.models import Unit
from tests.matrix.conftest import every_right
from tests.matrix.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Does the acts at the same moment, each on a connection of its own; their answers, the good one first."""
    together = threading.Barrier(len(acts))

    def do(act: Callable[[], Any]) -> Any:
        close_old_connections()
        try:
            together.wait(30)
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(do, acts), key=lambda answer: int(answer.status_code))


def test_a_form_changed_by_two_clerks_at_once(world: World, staff_with: Any) -> None:
    unit = Unit.objects.filter(status="vacant").order_by("id")[0]
    path = f"/registers/supply.units/rows/{unit.pk}"
    first, second = (staff_with(*every_right(), reach=Reach.ALL) for _ in range(2))
    good, refused = at_once(
        lambda: first.patch(path, {"version": unit.version, "values": {"rent": "1001.00"}}),
        lambda: second.patch(path, {"version": unit.version, "values": {"rent": "2002.00"}}),
    )
    assert (good.status_code, refused.status_code) == (200, 409)
    told = refused.json()
    unit.refresh_from_db()
    won = str(unit.rent)
    assert told["details"]["current"]["rent"] == won
    assert told["details"]["mine"]["rent"] in {"1001.00", "2002.00"} - {won}
    assert unit.version == 2
    assert RegisterHistory.objects.filter(register="supply.units", row_id=unit.pk).count() == 1
    again = second.patch(path, {"version": unit.version, "values": {"rent": told["details"]["mine"]["rent"]}})
    assert again.status_code == 200


def test_a_step_taken_by_two_clerks_at_once(world: World, staff_with: Any) -> None:
    world.case.state = "open"
    world.case.save()
    path, body = f"/cases/{world.case.pk}", {"task_id": world.task_id}
    first, second = (staff_with(*every_right(), reach=Reach.ALL) for _ in range(2))
    claimed, refused = at_once(lambda: first.post(f"{path}/claim", body), lambda: second.post(f"{path}/claim", body))
    assert (claimed.status_code, refused.status_code, refused.json()["code"]) == (200, 409, "task.taken")
    assert claimed.json()["task"]["mine"]
    clerk, other = (first, second) if first.get(path).json()["task"]["mine"] else (second, first)
    page = claimed.json()
    step = {
        **body,
        "version": page["version"],
        "outcome": "refuse",
        "opinion": "不符合",
        "reason": "材料不齐，无法核实家庭情况与住房情况",
    }
    types = next(each for each in page["task"]["outcomes"] if each["key"] == "refuse")["needs"]["reason_type"]
    step["reason_type"] = types[0]["code"]
    answers = at_once(lambda: clerk.post(f"{path}/act", step), lambda: clerk.post(f"{path}/act", step))
    codes = [(answer.status_code, answer.json().get("code")) for answer in answers]
    assert codes[0] == (200, None), codes
    assert codes[1][0] in {200, 409}, codes
    late = other.post(f"{path}/act", step)
    assert (late.status_code, late.json()["code"]) == (409, "case.moved")
    assert late.json()["details"]["by"] == "测试员"
    world.case.refresh_from_db()
    assert world.case.state == "refused"
    assert world.case.entries.filter(is_opinion=True).count() == 1
