"""Viewing appointments and the choice of a unit: one click, half-hours, one household a home."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from anju.kernel import clock
from anju.supply.models import Unit
from anju.waiting.models import Appointment, Batch, Choice
from tests.casework import Household, Town
from tests.support import pass_days
from tests.waiting.kit import Homes, choose, entry, homes, place, published, queued


def called(town: Town, households: int = 1) -> tuple[list[Household], Batch, Homes]:
    """Households that were called to a batch of three alike."""
    some, today = homes(), clock.today()
    people = [queued(town, on=today - timedelta(days=20 - n)) for n in range(households)]
    return people, published(town.staff("fangting"), some.ids[:3], {"one_one": households}), some


def slot(day: int = 1, hour: int = 10, minute: int = 0) -> datetime:
    """A time of a later day, in Shanghai."""
    return clock.start_of(clock.today() + timedelta(days=day)) + timedelta(hours=hour, minutes=minute)


def book(who: Household, batch: Batch, unit_id: int, at: datetime | None = None, key: str = "") -> Any:
    sent = {"unit_id": unit_id, "viewing_at": at or slot(), "key": key or uuid.uuid4().hex}
    return who.api.post(f"/citizen/batches/{batch.pk}/request", sent)


@pytest.mark.covers("SH-057.1", "SH-057.2")
def test_request_and_viewing_time_are_one_click_and_the_desk_has_it_at_once(town: Town) -> None:
    (who,), batch, some = called(town)
    key = uuid.uuid4().hex
    made = book(who, batch, some.ids[0], key=key)
    assert made.status_code == 200, made.content
    assert book(who, batch, some.ids[0], key=key).json()["id"] == made.json()["id"]
    (row,) = town.staff("fangting").get("/registers/waiting.appointments/rows").json()["rows"]
    assert (row["household"], row["unit_code"], row["state"]) == (who.name, "JW-0101", "booked")
    assert datetime.fromisoformat(row["viewing_at"]) == slot()
    assert town.staff("fangting.np").get("/registers/waiting.appointments/rows").json()["rows"] == []
    again = book(who, batch, some.ids[0], slot(hour=11))
    assert (again.status_code, again.json()["code"]) == (409, "appointment.exists")


@pytest.mark.covers("SH-057.3", "SH-057.4")
def test_the_household_moves_and_cancels_and_so_does_the_desk(town: Town) -> None:
    (who,), batch, some = called(town)
    first, second = (book(who, batch, unit).json()["id"] for unit in some.ids[:2])
    desk, other = town.staff("fangting"), town.staff("fangting.np")
    moved = who.api.patch(f"/citizen/appointments/{first}", {"viewing_at": slot(hour=14, minute=30)})
    assert datetime.fromisoformat(moved.json()["viewing_at"]) == slot(hour=14, minute=30)
    assert desk.patch(f"/waiting/appointments/{second}", {"viewing_at": slot(2)}).status_code == 200
    assert Appointment.objects.get(pk=second).viewing_at == slot(2)
    assert other.patch(f"/waiting/appointments/{second}", {"viewing_at": slot(3)}).status_code == 404
    assert other.delete(f"/waiting/appointments/{second}").status_code == 404
    stranger = town.household()
    assert stranger.api.patch(f"/citizen/appointments/{first}", {"viewing_at": slot(3)}).status_code == 404
    assert stranger.api.delete(f"/citizen/appointments/{first}").status_code == 404
    assert who.api.delete(f"/citizen/appointments/{first}").json()["state"] == "cancelled"
    assert desk.delete(f"/waiting/appointments/{second}").json()["state"] == "cancelled"
    assert who.api.patch(f"/citizen/appointments/{first}", {"viewing_at": slot(3)}).status_code == 404
    assert book(who, batch, some.ids[0]).status_code == 200


def test_times_are_half_hours_in_office_hours_ahead_and_one_household_at_a_time(town: Town) -> None:
    (who, other), batch, some = called(town, 2)
    for wrong in (
        slot(hour=8, minute=30), slot(hour=17), slot(minute=15), slot(-1), slot(31), slot() + timedelta(seconds=5),
    ):  # fmt: skip
        assert book(who, batch, some.ids[0], wrong).status_code == 422
    assert book(who, batch, some.ids[0], slot(hour=16, minute=30)).status_code == 200
    clash = book(other, batch, some.ids[0], slot(hour=16, minute=30))
    assert (clash.status_code, clash.json()["code"]) == (409, "appointment.slot_taken")
    free = {
        row["at"] for row in other.api.get(f"/citizen/batches/{batch.pk}/slots", unit_id=some.ids[0]).json()["rows"]
    }
    taken = slot(hour=16, minute=30)
    assert all(datetime.fromisoformat(at) != taken for at in free)
    assert book(other, batch, some.ids[0], datetime.fromisoformat(sorted(free)[0])).status_code == 200
    for broken in ("tomorrow", "2026-12-01T10:00:00", "", None):
        sent = {"unit_id": some.ids[0], "viewing_at": broken, "key": "x" * 10}
        assert who.api.post(f"/citizen/batches/{batch.pk}/request", sent).status_code == 422


def test_only_the_called_book_and_choose_and_only_units_of_the_batch(town: Town) -> None:
    (who,), batch, some = called(town)
    later, nobody = queued(town), town.household()
    for stranger in (later, nobody):
        assert book(stranger, batch, some.ids[0]).json()["code"] == "batch.not_called"
        assert choose(stranger, batch, some.ids[0]).json()["code"] == "batch.not_called"
    assert choose(who, batch, some.ids[3]).json()["code"] == "batch.no_unit"
    assert book(who, batch, some.ids[3]).json()["code"] == "batch.no_unit"
    assert choose(who, Batch(pk=10**9), some.ids[0]).status_code == 404
    assert not Choice.objects.exists()


def test_a_choice_is_made_once_whatever_the_network_does(town: Town) -> None:
    (who, other), batch, some = called(town, 2)
    key = uuid.uuid4().hex
    made = choose(who, batch, some.ids[0], key)
    assert made.status_code == 200, made.content
    assert choose(who, batch, some.ids[0], key).json()["id"] == made.json()["id"]
    second = choose(who, batch, some.ids[1])
    assert (second.status_code, second.json()["code"]) == (409, "choice.already")
    late = choose(other, batch, some.ids[0])
    assert (late.status_code, late.json()["code"]) == (409, "choice.unit_taken")
    assert place(other) == 2
    seen = {u["id"]: u["taken"] for u in other.api.get(f"/citizen/batches/{batch.pk}").json()["units"]}
    assert seen == {some.ids[0]: True, some.ids[1]: False, some.ids[2]: False}
    assert book(other, batch, some.ids[0]).json()["code"] == "choice.unit_taken"
    assert choose(other, batch, some.ids[1]).status_code == 200
    statuses = set(Unit.objects.filter(pk__in=some.ids[:2]).values_list("status", flat=True))
    assert statuses == {"held"}


def test_the_appointment_of_the_chosen_home_is_marked_and_others_stay(town: Town) -> None:
    (who,), batch, some = called(town)
    book(who, batch, some.ids[0])
    book(who, batch, some.ids[1], slot(hour=11))
    choose(who, batch, some.ids[0])
    states = dict(Appointment.objects.values_list("unit_id", "state"))
    assert states == {some.ids[0]: "chosen", some.ids[1]: "booked"}


def test_with_a_certificate_that_ran_out_nobody_chooses(town: Town) -> None:
    some, today = homes(), clock.today()
    who = queued(town, on=today - timedelta(days=5), until=today + timedelta(days=3))
    batch = published(town.staff("fangting"), some.ids[:1], {"one_one": 1})
    pass_days(4)
    assert choose(who, batch, some.ids[0]).json()["code"] == "certificate.expired"
    assert entry(who).state == "called"
