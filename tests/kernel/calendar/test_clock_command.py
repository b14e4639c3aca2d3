"""The demonstration's clock goes forward only, and production's not at all."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from anju.kernel import clock
from anju.kernel.audit.models import AuditEntry
from anju.kernel.calendar.models import ClockOffset

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _real_time_again() -> Any:
    yield
    clock.forget_offset()


def run(*arguments: str) -> str:
    told = StringIO()
    call_command("clock", *arguments, stdout=told)
    return told.getvalue()


def test_it_moves_by_days_hours_and_to_a_date() -> None:
    before = clock.today()
    run("+3d")
    assert clock.today() == before + timedelta(days=3)
    moment = clock.now()
    run("+12h")
    assert timedelta(hours=12) <= clock.now() - moment < timedelta(hours=12, seconds=30)
    goal = clock.today() + timedelta(days=40)
    assert str(goal) in run(goal.isoformat())
    assert clock.today() == goal
    assert "比真实时间快" in run("--show")
    assert AuditEntry.objects.filter(subject="calendar.clock:1").count() == 3


def test_it_never_goes_back_but_to_the_real_time() -> None:
    run("+3d")
    with pytest.raises(CommandError, match=r"clock\.backwards"):
        run((clock.today() - timedelta(days=1)).isoformat())
    assert clock.offset() >= timedelta(days=2)
    run("--reset")
    assert clock.offset() == timedelta(0)
    assert "比真实时间快" not in run()


@pytest.mark.parametrize("wish", ["tomorrow", "+3", "3d", "2026-13-01", "+99999999d"])
def test_what_it_cannot_read_it_says(wish: str) -> None:
    with pytest.raises(CommandError, match="看不懂"):
        run(wish)


def test_an_act_of_the_past_is_done_at_its_date(settings: Any) -> None:
    day = date(2025, 3, 4)
    with clock.standing(clock.start_of(day)):
        assert (clock.now(), clock.today()) == (clock.start_of(day), day)
    assert clock.today() > day
    settings.ANJU_CLOCK_MOVABLE = False
    with pytest.raises(RuntimeError), clock.standing(clock.start_of(day)):
        pass


def test_production_s_clock_stands_firm(settings: Any) -> None:
    ClockOffset.objects.create(id=1, offset_seconds=86400)
    settings.ANJU_CLOCK_MOVABLE = False
    for wish in (["+3d"], [date(2099, 1, 1).isoformat()], ["--reset"]):
        with pytest.raises(CommandError, match=r"clock\.fixed"):
            run(*wish)
    clock.forget_offset()
    assert clock.offset() == timedelta(0), "even a row left from a demonstration counts for nothing"
